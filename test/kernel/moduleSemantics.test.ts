/** ES modules and CommonJS of the notebook's folder mean what Node says they mean: the same files, run by both. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

beforeAll(async () => {
  kernel = await KernelUnderTest.start();
});

afterAll(() => kernel.stop());

/** Programs by name: their files; `main.mjs` is run and prints. */
const PROGRAMS: Record<string, Record<string, string>> = {
  'bindings stay alive, and cannot be assigned to': {
    'main.mjs': `
      import { n, bump, set, type as kind } from './n.mjs';
      import * as all from './n.mjs';
      const seen = [n, all.n]; bump(); seen.push(n, all.n); set(9); seen.push(n, all.n, kind);
      for (const wrong of [() => { n = 1; }, () => { all.n = 1; }, () => { delete all.n; }, () => { all.other = 1; }]) {
        try { wrong(); seen.push('allowed'); } catch (error) { seen.push(error.name); }
      }
      console.log(JSON.stringify(seen), Object.keys(all), Object.prototype.toString.call(all), 'n' in all, 'x' in all);`,
    'n.mjs': `
      export let n = 1; export const bump = () => n++; export function set(x) { n = x; }
      const type = 'kind'; export { type, type as "a name with blanks" };`,
  },
  'functions and constants in a circle': {
    'main.mjs': `
      import { a, early } from './a.mjs'; import { b } from './b.mjs';
      console.log(a, b(), early);`,
    'a.mjs': `
      import { b, tried } from './b.mjs';
      export const a = 'a' + b(); export function hoisted() { return 'hoisted'; } export const early = tried;`,
    'b.mjs': `
      import { a, hoisted } from './a.mjs';
      export function b() { return hoisted(); }
      let found; try { found = a; } catch (error) { found = error.name; }
      export const tried = found;`,
  },
  'order of evaluation': {
    'main.mjs': `
      console.log('main starts'); import './one.mjs'; import './two.mjs'; import './one.mjs'; console.log('main ends');`,
    'one.mjs': "import './deep.mjs'; console.log('one');",
    'two.mjs': "import './deep.mjs'; import './common.cjs'; console.log('two');",
    'deep.mjs': "console.log('deep');",
    'common.cjs': "console.log('common');",
  },
  'await at top level': {
    'main.mjs': `
      import { v } from './waits.mjs'; import { w } from './after.mjs';
      for await (const x of (async function* () { yield v; yield w; })()) console.log(x);
      const { v: again } = await import('./waits.mjs'); console.log(again === v);`,
    'waits.mjs': "console.log('waits'); export const v = await new Promise((done) => setTimeout(() => done('v'), 5));",
    'after.mjs': "import { v } from './waits.mjs'; console.log('after', v); export const w = v + 'w';",
  },
  'default exports and their names': {
    'main.mjs': `
      import f from './f.mjs'; import g from './g.mjs'; import h from './h.mjs'; import i from './i.mjs';
      import k, { K } from './k.mjs'; import l from './l.mjs'; import m from './m.mjs'; import n from './n.mjs';
      console.log([f, g, h, i, k, l, m].map((one) => one.name), f(), new i().x, K === k, k.again(), n, await m().next());`,
    'f.mjs': 'export default function () { return typeof this; }',
    'g.mjs': 'export default () => {};',
    'h.mjs': 'export default class {}',
    'i.mjs': 'export default class Named { x = 1; static { this.y = 2; } }',
    'k.mjs': 'export default function K() {} K.again = () => "again"; export { K };',
    'l.mjs': 'export default (class {})',
    'm.mjs': 'export default async function* () { yield 1; }',
    'n.mjs': 'const n = 1\nexport default n\n;[2].map(String)',
  },
  'exports of every form': {
    'main.mjs': `
      import * as all from './all.mjs';
      const shown = Object.entries(all).filter(([name]) => name !== 'module.exports').map(([name, value]) => [name, typeof value === 'object' && value ? Object.keys(value) : String(value)]);
      console.log(JSON.stringify(shown));`,
    'all.mjs': `
      export * from './star.mjs'; export * from './star2.mjs'; export * as ns from './star.mjs'; export * from './c.cjs';
      export { default } from './star.mjs'; export { default as other, s1 as renamed } from './star.mjs';
      export const { p, q: [r, ...rest], ...others } = { p: 1, q: [2, 3, 4], u: 5 };
      export var v1, v2 = 2; export let s2 = 'own'; export function* gen() {} export async function asy() {} export class C {}
      export default_; const default_ = 1;`.replace('export default_;', 'export { default_ };'),
    'star.mjs': "export const s1 = 's1', s2 = 'star'; export default 'default';",
    'star2.mjs': "export const s3 = 's3', s2 = 'star2'; export * from './star3.mjs';",
    'star3.mjs': "export const s4 = 's4'; export * from './star2.mjs';",
    'c.cjs': 'exports.c1 = 1;',
  },
  'names that are shadowed': {
    'main.mjs': `
      import { a, b, tag } from './x.mjs';
      const f = (a) => a + b; const g = ({ b }) => [a, b]; function h() { var a = 'var'; { let b = 'let'; return a + b; } }
      class P { a = a; b() { return b; } static [a] = 'computed'; }
      const o = { a, b: b, [a]: 1, c: { a: 2 }.a, get() { return a; } };
      for (const a of [1]) console.log(a); try { throw 1 } catch (a) { console.log(a); }
      a: for (;;) break a;
      console.log(f(1), g({ b: 3 }), h(), new P().a, new P().b(), P.a, o, typeof a, tag\`x\${a}\`, o?.a, (() => { const tag = (x) => x; return tag\`y\`; })());
      const named = function b() { return typeof b; }; console.log(named(), (class a { static n = typeof a; }).n);
      switch (a) { case 'a': let b = 'switch'; console.log(b); }
      function outer() { return inner(); function inner() { return a; } } console.log(outer());
      export { a as again };`,
    'x.mjs':
      "export const a = 'a', b = 'b'; export function tag(parts, ...values) { return [this === undefined, parts.raw, values]; }",
  },
  'calls without a receiver, and lines without semicolons': {
    'main.mjs': [
      "import { who, make } from './who.mjs'",
      'let x = 1',
      'who()',
      'const y = x',
      'who`tagged`',
      'if (x)',
      '  who()',
      'else who()',
      'do who()',
      'while (false)',
      'for (let i = 0; i < 1; i++)',
      '  who()',
      'console.log(who(), new make().made, make.call({ t: 1 }, 2)?.t, who?.(), x ? who() : 0, [who()], typeof who())',
      'const z = () =>',
      '  who()',
      'switch (1) { case 1:',
      '  who() }',
      'console.log(z(), y)',
    ].join('\n'),
    'who.mjs': `
      let calls = 0;
      export function who() { calls++; return this === undefined ? 'nobody ' + calls : 'somebody'; }
      export function make() { if (new.target) this.made = true; return this; }`,
  },
  'import.meta and import()': {
    'main.mjs': `
      import { meta } from './sub/inner.mjs';
      console.log(meta.url === new URL('./sub/inner.mjs', import.meta.url).href, import.meta.url.endsWith('main.mjs'));
      console.log(meta.dirname.endsWith('sub'), meta.filename.endsWith('inner.mjs'), import.meta.resolve('./sub/inner.mjs') === meta.url);
      console.log(import.meta.resolve('node:fs'), import.meta.resolve('fs'), import.meta.resolve('./not/there.mjs').endsWith('/not/there.mjs'));
      const [x, y] = await Promise.all([import('./sub/inner.mjs'), import(meta.url)]); console.log(x.meta === meta, y.meta === meta);
      for (const wrong of ['./nowhere.mjs', 'no-such-package']) await import(wrong).catch((error) => console.log(error.code));
      await import('./throws.mjs').catch((error) => console.log(error.message));`,
    'sub/inner.mjs': 'export const meta = import.meta;',
    'throws.mjs': "throw new Error('thrown');",
  },
  'CommonJS that is imported': {
    'main.mjs': `
      import c, { a, b } from './c.cjs'; import * as all from './c.cjs'; import f from './f.cjs'; import o from './late.cjs';
      console.log(c, a, b, all.a, all.default === c, f(2), o);
      import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);
      console.log(require('./c.cjs') === c);`,
    'c.cjs': 'exports.a = 1; module.exports.b = 2; exports.self = module.id === __filename; this.t = this === exports;',
    'f.cjs': 'module.exports = (x) => x + 1;',
    'late.cjs': `
      const path = require('node:path');
      module.exports = [path.basename(__filename), path.basename(__dirname).length > 0, require.resolve('./c.cjs').endsWith('c.cjs'),
        typeof require.cache, require('./data.json').d, module.loaded, module.children?.length >= 0, require('./sub').s];`,
    'data.json': '{ "d": [1, { "e": null }] }',
    'sub/package.json': '{ "main": "lib/entry" }',
    'sub/lib/entry.js': 'exports.s = "sub";',
  },
  'CommonJS in a circle': {
    'main.mjs': "import a from './a.cjs'; console.log(a);",
    'a.cjs': "exports.early = 1; const b = require('./b.cjs'); exports.b = b.seen; exports.late = 2;",
    'b.cjs': "const a = require('./a.cjs'); exports.seen = Object.keys(a);",
  },
  'errors in CommonJS': {
    'main.mjs': "import c from './c.cjs'; console.log(c);",
    'c.cjs': `
      const found = [];
      for (const name of ['./none', './throws.cjs', './throws.cjs', 'no-such-package']) {
        try { require(name); } catch (error) { found.push(error.code ?? error.message); }
      }
      module.exports = [found, global.count, typeof import('./x.mjs').then];`,
    'throws.cjs': "global.count = (global.count ?? 0) + 1; throw new Error('thrown');",
    'x.mjs': '',
  },
  'strings, comments and regular expressions that look like imports': {
    'main.mjs': `#!/usr/bin/env node
      // import { x } from './nowhere.mjs'
      import { a } from /* here */ './a.mjs'; /* export */
      const text = "import x from './nowhere'; export { y }", regular = /import\\(['"]x/, template = \`export \${a} import(\`;
      console.log(text, regular.source, template, { import: 1, export: 2, from: 3 }.import, a.import);`,
    'a.mjs': 'export const a = { import: () => {}, toString: () => "a" };',
  },
};

let native = 0;

describe('modules mean what Node says', () => {
  it.each(Object.entries(PROGRAMS))('%s', async (_name, files) => {
    const folder = `program-${++native}`;
    for (const [name, text] of Object.entries(files)) kernel.write(path.join(folder, name), text);
    // Values are shown at full length and width, whatever the terminal.
    const main = path.join(kernel.folder, folder, 'main.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [main]);
    const { printed, error } = await kernel.run(`await import('./${folder}/main.mjs');`);
    expect(error?.stack).toBeUndefined();
    expect(printed.map(({ text }) => text).join('')).toBe(stdout);
  });
});

import { symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

beforeAll(async () => {
  kernel = await KernelUnderTest.start();
  kernel.write('package.json', '{ "name": "own", "imports": { "#helper": "./helper.ts" }, "exports": "./helper.ts" }');
  kernel.write('deep.ts', 'export const k: number = 1;');
  kernel.write('helper.ts', 'import { k } from "./deep.js";\nexport enum Z { A, B }\nexport const next = k + 1;');
  kernel.write(
    'broken.ts',
    'export const a = 1;\nexport function boom(): never {\n  throw new Error("from the helper");\n}',
  );
  kernel.write('wrong.ts', 'export const a = ;');
  kernel.write('imports-nothing.ts', "import './nothing';");
  kernel.write('imports-package.ts', "import 'no-package';");
  kernel.write('imports-name.ts', "\n  import { nope } from './helper'; nope;");
  kernel.write('style.css', 'b {}');
  kernel.write('awaits.ts', 'export const a = await 1;');
  kernel.write('wrong.json', '{ wrong }');
  kernel.write('twice.mjs', 'const twice = 1;\nconst twice = 2;');
  kernel.write('common.js', 'const path = require("node:path"); module.exports = { sep: path.sep, n: 5 };');
  kernel.write('table.json', '{"rows": [1, 2, 3]}');
  kernel.write(
    'node_modules/esm-package/package.json',
    '{"name": "esm-package", "type": "module", "exports": "./i.js"}',
  );
  kernel.write('node_modules/esm-package/i.js', 'export const e = "esm"; export default class Named {}');
  kernel.write('node_modules/cjs-package/package.json', '{"name": "cjs-package", "main": "./i.js"}');
  kernel.write('node_modules/cjs-package/i.js', 'module.exports = Object.assign(() => "called", { c: "cjs" });');
});

afterAll(() => kernel.stop());

/** Changes a file as an editor would, with a time stamp that surely differs. */
function edit(name: string, content: string): void {
  kernel.write(name, content);
  const later = new Date(Date.now() + 5000);
  utimesSync(path.join(kernel.folder, name), later, later);
}

describe('imports of cells', () => {
  it('load TypeScript, JSON and CommonJS from the notebook’s folder', async () => {
    const { text, error } = await kernel.run(`
      import { Z, next } from './helper';
      import table, { rows } from './table.json';
      import { sep, n } from './common.js';
      [Z.B, next, rows.length, table.rows[2], sep, n]`);
    expect(error).toBeUndefined();
    expect(text).toBe("[ 1, 2, 3, 3, '/', 5 ]");
  });

  it('load npm packages of both kinds, and Node’s own modules', async () => {
    const { text, error } = await kernel.run(`
      import Named, { e } from 'esm-package';
      import call, { c } from 'cjs-package';
      import { basename } from 'node:path';
      const { c: required } = require('cjs-package');
      [Named.name, e, call(), c, required, basename(import.meta.filename)]`);
    expect(error).toBeUndefined();
    expect(text).toBe("[ 'Named', 'esm', 'called', 'cjs', 'cjs', 'cell.ts' ]");
  });

  it('give files of the folder the same library and tensors as cells', async () => {
    kernel.write(
      'shared.ts',
      "import { tf } from 'latentlab';\nimport * as own from '@tensorflow/tfjs';\nexport const one = tf.scalar(1);\nexport const same = own.engine() === tf.engine();",
    );
    const { text, error } = await kernel.run(`
      import { tf } from 'latentlab';
      import { one, same } from './shared';
      import * as direct from '@tensorflow/tfjs';
      [one instanceof tf.Tensor, same, direct.engine() === tf.engine()]`);
    expect(error).toBeUndefined();
    expect(text).toBe('[ true, true, true ]');
  });

  it('see files that were edited since, also behind other files', async () => {
    await kernel.run("import { next } from './helper'; require('./common.js')");
    edit('deep.ts', 'export const k = 41;');
    edit('common.js', 'module.exports = { n: 6 };');
    const { text } = await kernel.run(
      "import { next } from './helper'; [next, require('./common.js').n, require('./deep.ts').k]",
    );
    expect(text).toBe('[ 42, 6, 41 ]');
  });

  it('lead errors in files back to their TypeScript source', async () => {
    const { error } = await kernel.run("import { boom } from './broken'; boom()");
    expect(error!.stack).toContain(`at boom (${path.join(kernel.folder, 'broken.ts')}:3:9)`);
  });
});

/** What a cell shows, blanks evened out; or how it failed. */
async function shown(code: string): Promise<string | undefined> {
  const { text, error } = await kernel.run(code);
  return error?.stack ?? text?.replaceAll(/\s+/g, ' ');
}

describe('names of modules', () => {
  it('may lack their extension, name what they are compiled to, or be a folder', async () => {
    kernel.write('find/a.tsx', "export const a = 'tsx';");
    kernel.write('find/b.mts', "export const b = 'mts';");
    kernel.write('find/c.cts', "export = { c: 'cts' };");
    kernel.write('find/d/index.ts', "export const d = 'index.ts';");
    kernel.write('find/e/package.json', '{ "main": "lib/entry" }');
    kernel.write('find/e/lib/entry.js', "exports.e = 'main';");
    kernel.write('find/f.jsx', "export const f = 'jsx';");
    kernel.write('find/g.mjs', "export const g = 'mjs';");
    kernel.write('find/h.ts', "export const h = 'file';");
    kernel.write('find/h/index.ts', "export const h = 'folder';");
    expect(
      await shown(`
        import { a } from './find/a'; import { a as a2 } from './find/a.js'; import { a as a3 } from './find/a.jsx';
        import { b } from './find/b'; import { b as b2 } from './find/b.mjs'; import { b as b3 } from './find/b.mts';
        import { c } from './find/c'; import { c as c2 } from './find/c.cjs';
        import { d } from './find/d'; import { d as d2 } from './find/d/'; import { e } from './find/e';
        import { f } from './find/f'; import { g } from './find/g'; import { h } from './find/h'; import { h as h2 } from './find/h/';
        String([a, a2, a3, b, b2, b3, c, c2, d, d2, e, f, g, h, h2])`),
    ).toBe("'tsx,tsx,tsx,mts,mts,mts,cts,cts,index.ts,index.ts,main,jsx,mjs,file,folder'");
  });

  it('may hold what URLs give a meaning to, as it stands or escaped, and a version', async () => {
    kernel.write('odd names/a b#1%20é?.ts', 'export const odd = {};');
    kernel.write('plain.ts', 'export const object = {};');
    expect(
      await shown(`
        import { odd } from './odd names/a b#1%20é?'; import { odd as again } from './odd%20names/a%20b%231%2520%C3%A9%3F.ts';
        import { pathToFileURL } from 'node:url';
        const byUrl = await import(pathToFileURL(__dirname + '/odd names/a b#1%20é?.ts').href);
        const [one, two, same] = [await import('./plain?v=1'), await import('./plain?v=2'), await import('./plain.ts?v=1')];
        [odd === again, byUrl.odd === odd, one.object === two.object, one.object === same.object]`),
    ).toBe('[ true, true, false, true ]');
  });

  it('are resolved as Node does for packages: subpaths, conditions, imports of the own package, links', async () => {
    const exports = {
      '.': { import: './m.mjs', require: './c.cjs' },
      './sub': './sub.mjs',
      './*.txt': null,
      './package.json': './package.json',
    };
    kernel.write('node_modules/dual/package.json', JSON.stringify({ name: 'dual', version: '1.2.3', exports }));
    kernel.write('node_modules/dual/m.mjs', "export const way = 'import';");
    kernel.write('node_modules/dual/c.cjs', "exports.way = 'require';");
    kernel.write('node_modules/dual/sub.mjs', "export const sub = 'sub';");
    kernel.write('node_modules/legacy/package.json', '{ "name": "legacy" }');
    kernel.write('node_modules/legacy/lib/deep.js', "exports.deep = 'deep';");
    kernel.write(
      'package.json',
      '{ "name": "own", "imports": { "#helper": "./helper.ts" }, "exports": "./helper.ts" }',
    );
    kernel.write('uses.ts', "import { way } from 'dual';\nexport const used = [way, require('dual').way];");
    expect(
      await shown(`
        import { way } from 'dual'; import { sub } from 'dual/sub'; import { deep } from 'legacy/lib/deep';
        import { next } from '#helper'; import { next as own } from 'own'; import { used } from './uses';
        import manifest from 'dual/package.json' with { type: 'json' };
        const { default: again } = await import('dual/package.json', { with: { type: 'json' } });
        String([way, require('dual').way, sub, deep, next === own, used, manifest.version, again.version])`),
    ).toBe("'import,require,sub,deep,true,import,require,1.2.3,1.2.3'");
    expect((await kernel.run("import 'dual/hidden'")).error?.message).toMatch(
      /.\.\/hidden. is not defined by "exports"/,
    );
  });

  it('lead to a linked package’s sources, which are the user’s', async () => {
    kernel.write('workspace/lib/package.json', '{ "name": "linked", "main": "src/index.ts" }');
    kernel.write('workspace/lib/src/index.ts', 'export const l: number = 1;');
    symlinkSync(path.join(kernel.folder, 'workspace', 'lib'), path.join(kernel.folder, 'node_modules', 'linked'));
    expect(await shown("import { l } from 'linked'; l")).toBe('1');
    kernel.write('workspace/lib/src/index.ts', 'export const l: number = 2;');
    expect(await shown("import { l } from 'linked'; l")).toBe('2');
  });

  it('of the place where a cell stands are there: __dirname, __filename, require.resolve, import.meta', async () => {
    const file = path.join(kernel.folder, 'helper.ts');
    expect(
      await shown(`
        const at = [__dirname === process.cwd(), __filename === __dirname + '/cell.ts', require.resolve('./helper'),
          import.meta.resolve('./helper'), import.meta.resolve('fs'), import.meta.resolve('./not-there.ts').slice(-13),
          import.meta.dirname === __dirname, import.meta.filename === __filename, import.meta.url.slice(-8)];
        String(at)`),
    ).toBe(
      `'true,true,${file},file://${file},node:fs,not-there.ts,true,true,/cell.ts'`.replace(
        'not-there.ts',
        '/not-there.ts',
      ),
    );
    expect(
      await shown("const __dirname = 'mine'; function f(__filename) { return __filename } [__dirname, f(1)]"),
    ).toBe("[ 'mine', 1 ]");
    expect(await shown('[__dirname, typeof globalThis.__dirname]')).toBe("[ 'mine', 'undefined' ]");
    kernel.write(
      'where/m.ts',
      'export const m = [__dirname, __filename, require.resolve("../helper"), import.meta.dirname];',
    );
    const folder = path.join(kernel.folder, 'where');
    expect(await shown("import { m } from './where/m'; String(m)")).toBe(
      `'${folder},${folder}/m.ts,${file},${folder}'`,
    );
  });
});

describe('types that are imported as if they were values', () => {
  beforeAll(() => {
    kernel.write(
      'kinds.ts',
      'export interface I { a: number }\nexport type T = I;\nexport declare const c: I;\nexport const v = 1;',
    );
    kernel.write('passes.ts', "export { I } from './kinds';\nexport * from './kinds';");
    kernel.write('only.d.ts', 'export interface Only { a: number }');
    kernel.write('node_modules/typed/package.json', '{ "name": "typed", "main": "i.js", "types": "i.d.ts" }');
    kernel.write('node_modules/typed/i.js', 'exports.value = 1;');
    kernel.write('node_modules/typed/i.d.ts', "export { P } from './p';\nexport declare const value: number;");
    kernel.write('node_modules/typed/p.d.ts', 'export interface P { p: number }');
    kernel.write('node_modules/@types/just-types/package.json', '{ "name": "@types/just-types", "types": "i.d.ts" }');
    kernel.write('node_modules/@types/just-types/i.d.ts', 'export interface J { j: number }\nexport type K = J;');
  });

  it.each([
    ["import { I, T, v } from './kinds'; const i: I = { a: v }; const t: T = i; t", '{ a: 1 }'],
    ["import { I as J, v } from './passes'; const i: J = { a: v }; i", '{ a: 1 }'],
    ["import { Only } from './only'; const o: Only = { a: 1 }; o", '{ a: 1 }'],
    ["import { P, value } from 'typed'; const p: P = { p: value }; p", '{ p: 1 }'],
    ["import { J, K } from 'just-types'; const j: K = { j: 1 }; j", '{ j: 1 }'],
  ])('are no error in a cell, nor in a file: %s', async (code, expected) => {
    expect(await shown(code)).toBe(expected);
    const [, imports, rest, value] = /^(.*?;) (.*); (\w+)$/.exec(code)!;
    kernel.write('types-in-file.ts', `${imports}\n${rest};\nexport const result = ${value};`);
    expect(await shown("(await import('./types-in-file')).result")).toBe(expected);
  });

  it.each(["import { v, w } from './kinds'", "import { Q } from 'typed'", "import { J, value } from 'just-types'"])(
    'differ from names that are nowhere: %s',
    async (code) => {
      expect((await kernel.run(code)).error?.message).toMatch(
        /no export named "(w|Q)"|Package "just-types" was not found/,
      );
    },
  );
});

describe('imports that cannot be', () => {
  it.each([
    ["import x from 'not-there/sub'", /Package "not-there" was not found from .*npm install not-there/],
    ["import x from './missing'", /"\.\/missing" was not found from/],
    ["import { loadDat } from 'latentlab'", /"latentlab" has no export named "loadDat" \(did you mean "loadData"\?\)$/],
    [
      "import { display } from 'latentlab'",
      /"latentlab" has no export named "display"\. Every cell has display by itself: do not import it$/,
    ],
    ["import { nope } from './helper'", /"\.\/helper" has no export named "nope".*import \{ type nope \}/],
    ["import './imports-nothing'", /"\.\/nothing" was not found from .*imports-nothing\.ts/],
    ["import './imports-package'", /Package "no-package", which .*imports-package\.ts imports, was not found/],
    ["import './imports-name'", /"\.\/helper" has no export named "nope" \(.*imports-name\.ts:2:3\)/],
    ["import './style.css'", /style\.css is neither a script nor JSON\. Read it as a file/],
    ["import 'latentlab/nothing'", /LatentLab has no file "latentlab\/nothing"/],
    ['require(5)', /require takes the name of a module, a string that is not empty; it got 5/],
    ["import ''", /import takes the name of a module.*it got ''/],
    ["require('./awaits')", /awaits\.ts awaits at its top level: write await import/],
    ["import './wrong.json'", /wrong\.json is no JSON: /],
    ["import './twice.mjs'", /'twice' has already been declared \(.*twice\.mjs:2:\d+\)/],
    ["import { a } from './wrong'", /Expression expected\. \(.*wrong\.ts:1:18\)/],
  ])('%s', async (code, message) => {
    const { error } = await kernel.run(code);
    expect(error!.message).toMatch(message);
    expect(error!.line).toBe(1);
  });
});

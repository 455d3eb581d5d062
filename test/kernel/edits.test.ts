/** What cells import after their files were edited: always what stands in the files, through whatever lies between. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

beforeAll(async () => {
  kernel = await KernelUnderTest.start();
});

afterAll(() => kernel.stop());

/** How a file exports a value, and how the next file on the way takes it over. */
const KINDS = {
  json: { name: 'v.json', text: (value: string) => JSON.stringify({ value }) },
  cjs: { name: 'v.cjs', text: (value: string) => `module.exports = { value: ${value} };` },
  'common .js': { name: 'v.js', text: (value: string) => `exports.value = ${value};` },
  cts: { name: 'v.cts', text: (value: string) => `const value: unknown = ${value};\nexport = { value };` },
  mjs: { name: 'v.mjs', text: (value: string) => `export const value = ${value};` },
  'module .js': { name: 'w.js', text: (value: string) => `export const value = ${value};` },
  ts: { name: 'v.ts', text: (value: string) => `export const value: unknown = ${value};` },
  mts: { name: 'v.mts', text: (value: string) => `export const value: unknown = ${value};` },
  tsx: { name: 'v.tsx', text: (value: string) => `export const value: unknown = ${value};` },
};

const WAYS = {
  'import of a cell': (name: string) => `import { value } from './${name}'; value`,
  'default import of a cell': (name: string) => `import * as all from './${name}'; all.default?.value ?? all.value`,
  'import() of a cell': (name: string) => `(await import('./${name}')).value`,
  'require of a cell': (name: string) => `require('./${name}').value`,
};

let folders = 0;

/** Files in a separate folder; the cell that looks at them, before and after an edit. */
async function afterEdit(
  files: Record<string, string>,
  edits: Record<string, string>,
  cell: (folder: string) => string,
) {
  const folder = `edited-${++folders}`;
  const write = (some: Record<string, string>) => {
    for (const [name, text] of Object.entries(some)) kernel.write(path.join(folder, name), text);
  };
  const look = async () => {
    const { text, error } = await kernel.run(cell(folder));
    return error?.message ?? text;
  };
  write(files);
  const before = await look();
  write(edits);
  return { before, after: await look(), folder };
}

describe('a file that was edited', () => {
  for (const [kind, { name, text }] of Object.entries(KINDS)) {
    it.each(Object.entries(WAYS))(`is new after one edit: ${kind} by %s`, async (_way, cell) => {
      const at = (folder: string) => cell(`${folder}/${name}`);
      const { before, after } = await afterEdit({ [name]: text('1') }, { [name]: text('2') }, at);
      const quoted = kind === 'json' ? ["'1'", "'2'"] : ['1', '2'];
      expect([before, after]).toEqual(quoted);
    });
  }

  const read = {
    import: (name: string) => `import * as inner from './${name}';\nexport const value = inner.value;`,
    'export *': (name: string) => `export * from './${name}';`,
    'import()': (name: string) => `export const { value } = await import('./${name}');`,
    'import() later': (name: string) =>
      `const load = () => import('./${name}');\nexport const value = (await load()).value;`,
    require: (name: string) => `exports.value = require('./${name}').value;`,
    'require in TypeScript': (name: string) => `import inner = require('./${name}');\nexport = { value: inner.value };`,
  };
  const names = { 'require in TypeScript': 'm.cts', require: 'm.cjs' } as Record<string, string>;

  for (const [way, text] of Object.entries(read)) {
    it.each(Object.entries(KINDS))(`is new behind a file that takes it by ${way}: %s`, async (kind, last) => {
      // What cannot be required for a reason of the language: nothing here.
      const between = names[way] ?? 'm.ts';
      const { before, after } = await afterEdit(
        { [last.name]: last.text('1'), [between]: text(last.name) },
        { [last.name]: last.text('2') },
        (folder) => `import { value } from './${folder}/${between}'; value`,
      );
      expect([before, after]).toEqual(kind === 'json' ? ["'1'", "'2'"] : ['1', '2']);
    });
  }

  it('is new behind a long way of files of every kind', async () => {
    const { before, after } = await afterEdit(
      {
        'a.ts': "export { b as a } from './b';",
        'b.tsx': "import c from './c.cjs';\nexport const b = c.c + 1;",
        'c.cjs': "exports.c = require('./d').d + 1;",
        'd.ts': "import e = require('./e.cjs');\nexport const d: number = e.e + 1;",
        'e.cjs': "module.exports = { e: require('./f.json').f + 1 };",
        'f.json': '{ "f": 10 }',
      },
      { 'f.json': '{ "f": 20 }' },
      (folder) => `import { a } from './${folder}/a'; a`,
    );
    expect([before, after]).toEqual(['14', '24']);
  });

  it('is new in a circle of files, whichever of them changed', async () => {
    const files = {
      'a.ts': "import { b } from './b';\nexport const a = 1;\nexport const both = () => [a, b, 'A'];",
      'b.ts': "import { a } from './a';\nexport const b = 2;\nexport const sum = () => a + b;",
    };
    const { before, after, folder } = await afterEdit(
      files,
      { 'b.ts': files['b.ts'].replace('= 2', '= 20') },
      (at) => `import { both } from './${at}/a'; import { sum } from './${at}/b'; [...both(), sum()]`,
    );
    expect([before, after]).toEqual(["[ 1, 2, 'A', 3 ]", "[ 1, 20, 'A', 21 ]"]);
    kernel.write(`${folder}/a.ts`, files['a.ts'].replace("'A'", "'B'"));
    const again = `import { both } from './${folder}/a'; import { sum } from './${folder}/b'; [...both(), sum()]`;
    expect((await kernel.run(again)).text).toBe("[ 1, 20, 'B', 21 ]");
  });

  it('is new in a circle of CommonJS files', async () => {
    const { before, after } = await afterEdit(
      {
        'a.cjs': "exports.a = 1; const b = require('./b.cjs'); exports.sum = () => exports.a + b.b;",
        'b.cjs': "const a = require('./a.cjs'); exports.b = 10; exports.seen = a.a;",
      },
      { 'b.cjs': "const a = require('./a.cjs'); exports.b = 20; exports.seen = a.a;" },
      (folder) => `const { sum } = require('./${folder}/a.cjs'); sum()`,
    );
    expect([before, after]).toEqual(['11', '21']);
  });

  it('is new for a function that imports it when it is called in a later cell', async () => {
    const { folder } = await afterEdit(
      {
        'a.ts':
          "export const load = async () => (await import('./b')).b;\nexport const now = () => require('./c.cjs').c;",
        'b.ts': 'export const b = 1;',
        'c.cjs': 'exports.c = 1;',
      },
      {},
      (at) => `import { load, now } from './${at}/a'; [await load(), now()]`,
    );
    kernel.write(`${folder}/b.ts`, 'export const b = 2;');
    kernel.write(`${folder}/c.cjs`, 'exports.c = 2;');
    expect((await kernel.run('[await load(), now()]')).text).toBe('[ 2, 2 ]');
  });

  it('is new within the cell that edits it', async () => {
    const { text } = await kernel.run(`
      import { writeFileSync } from 'node:fs';
      const seen = [];
      for (const n of [1, 2, 3]) {
        writeFileSync('within.ts', 'export const n = ' + n);
        writeFileSync('within.cjs', 'exports.n = ' + n);
        seen.push((await import('./within')).n, require('./within.cjs').n);
      }
      seen`);
    expect(text).toBe('[ 1, 1, 2, 2, 3, 3 ]');
  });

  it('runs again where what it imports changed, and only there', async () => {
    const { folder } = await afterEdit(
      {
        'counted.ts': "import { d } from './dep';\nglobalThis.loads = (globalThis.loads ?? 0) + 1;\nexport { d };",
        'dep.ts': 'export const d = 1;',
        'other.ts': 'export const o = 1;',
      },
      { 'other.ts': 'export const o = 2;' },
      (at) => `import { d } from './${at}/counted'; import { o } from './${at}/other'; [d, o, globalThis.loads]`,
    );
    const cell = `import { d } from './${folder}/counted'; import { o } from './${folder}/other'; [d, o, globalThis.loads]`;
    expect((await kernel.run(cell)).text).toBe('[ 1, 2, 1 ]');
    // Saved without a change.
    kernel.write(`${folder}/dep.ts`, 'export const d = 1;');
    expect((await kernel.run(cell)).text).toBe('[ 1, 2, 1 ]');
    kernel.write(`${folder}/dep.ts`, 'export const d = 5;');
    expect((await kernel.run(cell)).text).toBe('[ 5, 2, 2 ]');
  });

  it('is tried again after it failed, repaired or not', async () => {
    const wrong =
      'globalThis.tries = (globalThis.tries ?? 0) + 1;\nif (globalThis.tries < 3) throw new Error("not yet");';
    const { before, after, folder } = await afterEdit(
      { 'a.ts': "export { b } from './b';", 'b.ts': `${wrong}\nexport const b = 1;` },
      {},
      (at) => `import { b } from './${at}/a'; b`,
    );
    expect([before, after]).toEqual(['not yet', 'not yet']);
    expect((await kernel.run(`import { b } from './${folder}/a'; b`)).text).toBe('1');
    const broken = await afterEdit(
      { 'c.ts': 'export const c = ;' },
      { 'c.ts': 'export const c = 3;' },
      (at) => `import { c } from './${at}/c'; c`,
    );
    expect(broken.before).toMatch(/Expression expected/);
    expect(broken.after).toBe('3');
  });

  it('is missed when it is gone, and found when it comes', async () => {
    const cell = (folder: string) => `import { b } from './${folder}/a'; b`;
    const { before, after, folder } = await afterEdit(
      { 'a.ts': "export { b } from './b';" },
      { 'b.ts': 'export const b = 1;' },
      cell,
    );
    expect(before).toMatch(/"\.\/b" was not found from .*a\.ts/);
    expect(after).toBe('1');
    rmSync(path.join(kernel.folder, folder, 'b.ts'));
    expect((await kernel.run(cell(folder))).error?.message).toMatch(/"\.\/b" was not found/);
    kernel.write(`${folder}/b.json`, '{ "b": 2 }');
    expect((await kernel.run(cell(folder))).text).toBe('2');
  });

  it('is one file for import and require, and gone from require.cache', async () => {
    kernel.write('one.ts', 'export const object = {};');
    kernel.write('one.cjs', 'exports.object = {};');
    const { text } = await kernel.run(`
      import { object } from './one'; import common from './one.cjs';
      const first = require('./one.cjs');
      delete require.cache[require.resolve('./one.cjs')];
      [require('./one').object === object, first.object === common.object, require('./one.cjs').object === common.object]`);
    expect(text).toBe('[ true, true, false ]');
  });

  it('is new for a require that the user made, TypeScript included', async () => {
    const { before, after } = await afterEdit(
      {
        'a.cjs': "exports.b = require('./b.cjs').b; exports.c = require('./c.ts').c;",
        'b.cjs': 'exports.b = 1;',
        'c.ts': 'export const c: number = 1;',
      },
      { 'b.cjs': 'exports.b = 2;', 'c.ts': 'export const c: number = 2;' },
      (folder) => `
        import { createRequire } from 'node:module'; const made = createRequire(__dirname + '/${folder}/x.js');
        const { b, c } = made('./a.cjs'); [b, c, made('./c').c]`,
    );
    expect([before, after]).toEqual(['[ 1, 1, 1 ]', '[ 2, 2, 2 ]']);
  });

  it('is loaded anew after an interrupt while it loaded', async () => {
    kernel.write('waits.ts', 'if (globalThis.waits !== false) await new Promise(() => {});\nexport const w = 1;');
    const { id, finished } = kernel.begin(
      "globalThis.waits = true; console.log('loads'); import('./waits').then(({ w }) => w)",
    );
    await kernel.next('stream', (message) => message.id === id);
    kernel.client.interrupt();
    expect((await finished).error?.kind).toBe('interrupt');
    expect((await kernel.run("globalThis.waits = false; (await import('./waits')).w")).text).toBe('1');
  });
});

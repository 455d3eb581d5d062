import { utimesSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

beforeAll(async () => {
  kernel = await KernelUnderTest.start();
  kernel.write('deep.ts', 'export const k: number = 1;');
  kernel.write('helper.ts', 'import { k } from "./deep.js";\nexport enum Z { A, B }\nexport const next = k + 1;');
  kernel.write(
    'broken.ts',
    'export const a = 1;\nexport function boom(): never {\n  throw new Error("from the helper");\n}',
  );
  kernel.write('wrong.ts', 'export const a = ;');
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

describe('imports that cannot be', () => {
  it.each([
    ["import x from 'not-there/sub'", /Package "not-there" was not found from .*npm install not-there/],
    ["import x from './missing'", /"\.\/missing" was not found from/],
    ["import { nope } from './helper'", /"\.\/helper" has no export named "nope".*import \{ type nope \}/],
    ["import { a } from './wrong'", /Expression expected\. \(.*wrong\.ts:1:18\)/],
  ])('%s', async (code, message) => {
    const { error } = await kernel.run(code);
    expect(error!.message).toMatch(message);
    expect(error!.line).toBe(1);
  });
});

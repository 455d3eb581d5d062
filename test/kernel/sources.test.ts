/** Sources that are hard to compile, against the real kernel: what matters is what they evaluate to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

beforeAll(async () => {
  kernel = await KernelUnderTest.start();
});

afterAll(() => kernel.stop());

describe('a cell that declares what the kernel lives on', () => {
  it.each([
    ['function process(batch: number) { return batch * 2; }', 'process(4)', '8'],
    ['let process = 3;', 'process', '3'],
    ['function performance() { return "mine"; }', 'performance()', "'mine'"],
    ['const Map = [[0, 1], [1, 0]];', 'Map[0]', '[ 0, 1 ]'],
    ['const Promise = 1, Error = 2, Object = 3, Array = 4;', '[Promise, Error, Object, Array].length', '4'],
    ['var { console, Symbol } = { console: 1, Symbol: 2 };', 'console + Symbol', '3'],
    ['class Set { size = "own"; static make() { return new Set(); } }', 'Set.make().size + Set.name', "'ownSet'"],
    ['enum Event { A = 5 }', 'Event.A', '5'],
    ['const __latentlab__ = await 7;', '__latentlab__', '7'],
    ['const globalThis = 9;', 'globalThis', '9'],
  ])('keeps the kernel well: %s', async (declaration, use, value) => {
    const own = await KernelUnderTest.start();
    try {
      expect((await own.run(declaration)).error).toBeUndefined();
      expect((await own.run(use)).text).toBe(value);
      expect((await own.run('await new Date(0).toJSON()')).text).toBe("'1970-01-01T00:00:00.000Z'");
      expect((await own.run('import { tf } from "latentlab"; tf.tensor1d([1, 2]).sum().arraySync()')).text).toBe('3');
    } finally {
      await own.stop();
    }
  });

  it('leaves the timers of an interrupt alone', async () => {
    await kernel.run("import { setTimeout } from 'node:timers/promises';");
    expect((await kernel.run('await setTimeout(1, "slept")')).text).toBe("'slept'");
    const waiting = kernel.begin('await new Promise(() => {})');
    await kernel.next('started', (message) => message.id === waiting.id);
    kernel.client.interrupt();
    expect((await waiting.finished).error).toMatchObject({ kind: 'interrupt' });
  });

  it('changes what its own cells see, and nothing of what modules see', async () => {
    kernel.write('reader.ts', 'export const read = () => typeof URL;');
    await kernel.run('const URL = 5;');
    const { text } = await kernel.run(
      "import { read } from './reader'; const local = (URL: string) => URL; [URL, typeof URL, { URL }, local('x'), read(), typeof globalThis.URL]",
    );
    expect(text).toBe("[ 5, 'number', { URL: 5 }, 'x', 'function', 'function' ]");
  });

  it('hides no global when it fails before the binding has a value', async () => {
    expect((await kernel.run("import { fetch } from './missing';")).success).toBe(false);
    expect((await kernel.run('let crypto = (() => { throw new Error("no"); })();')).success).toBe(false);
    expect((await kernel.run('typeof fetch + typeof crypto')).text).toBe("'functionobject'");
    await kernel.run('const fetch = 1;');
    expect((await kernel.run('fetch')).text).toBe('1');
  });

  it('may declare the name again, as anything', async () => {
    await kernel.run('const Blob = 1;');
    await kernel.run('function Blob() { return 2; }');
    expect((await kernel.run('Blob() + Blob.name')).text).toBe("'2Blob'");
  });
});

describe('values', () => {
  it.each([
    ['const q = 7; namespace N { var q = 1; export const z = q } q', '7'],
    [
      'namespace A { var r = 1; export const z = r } namespace B { var r = 2; export const z = r } [A.z, B.z]',
      '[ 1, 2 ]',
    ],
    ['function d(v: unknown, c: unknown) { return v }\n@d class A2 { x = 1 }\nnew A2().x', '1'],
    ['function e(v: unknown, c: unknown) { return v }\n@e export class A3 { x = 2 }\nnew A3().x', '2'],
    ["class CK { async [await Promise.resolve('m')]() { return await 4 } }\nnew CK().m()", '4'],
    ["({ async [await Promise.resolve('n')]() { return await 5 } }).n()", '5'],
    ['export default function () { return 3 }', '[Function (anonymous)]'],
    ['export default 2 + 2', '4'],
    ["import os = require('node:os'); typeof os.cpus", "'function'"],
  ])('%s', async (source, value) => {
    const { error, text } = await kernel.run(source);
    expect(error).toBeUndefined();
    expect(text).toBe(value);
  });
});

describe('errors', () => {
  it('name line and column of an await in a function that is not async', async () => {
    expect((await kernel.run('let one = 1;\nfunction na() { await 1 }')).error).toMatchObject({
      kind: 'syntax',
      line: 2,
      column: 17,
      message: expect.stringContaining('write: async function na(…) { … }'),
    });
  });

  it('point to the cell past renamed bindings and decorators', async () => {
    const source = 'const atob = 1;\n@((v: unknown) => v) class D2 { x = 1 }\nif (atob) throw new Error("here");';
    const { error } = await kernel.run(source.replace('(v: unknown) => v', '(v: unknown, _: unknown) => v as never'));
    expect(error).toMatchObject({ message: 'here', line: 3, column: 17 });
  });
});

describe('an interrupt', () => {
  it('is thrown once in a function, so that its finally block may await', async () => {
    const { id, finished } = kernel.begin(
      'let closed = 0; try { await new Promise((done) => setImmediate(done)); await display(0); for (;;) await new Promise((done) => setImmediate(done)); }\n' +
        'finally { await null; await null; closed = 1; }',
    );
    await kernel.next('display', (message) => message.id === id);
    kernel.client.interrupt();
    expect((await finished).error).toMatchObject({ kind: 'interrupt' });
    expect((await kernel.run('closed')).text).toBe('1');
  });
});

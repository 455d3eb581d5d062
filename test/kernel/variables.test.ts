import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Findings, Variable } from '../../kernel/protocol';
import { KernelUnderTest } from './kernelUnderTest';

let kernel: KernelUnderTest;

beforeAll(async () => {
  kernel = await KernelUnderTest.start({ device: 'traced-cpu' });
  await kernel.run("import { Dataset, tf, VAE } from 'latentlab'; var series = [0, 1, 2, 3, 4, 5, 6, 7];");
});

afterAll(() => kernel.stop());

const list = async (): Promise<Record<string, Variable>> => {
  const { variables } = await kernel.client.inspect({ kind: 'variables' });
  return Object.fromEntries(variables.map((variable) => [variable.name, variable]));
};

const children = (...path: [string, ...(string | number)[]]): Promise<Findings['children']> =>
  kernel.client.inspect({ kind: 'children', path, start: 0, count: 100 });

describe('the variables of a notebook', () => {
  it('are what cells declared, with shape, type and memory, and nothing of the kernel’s own', async () => {
    await kernel.run(`
const x = tf.tensor2d([[1, 2, 3], [4, 5, 6]]);
let process = 'a name of a global';
function double(a: number) { return 2 * a; }
class Point { x = 1; }
enum Colour { red, blue }
await null;
const vae = new VAE({ input: 4, latent: 2, hidden: [3], seed: 1 });`);
    const variables = await list();
    expect(Object.keys(variables).sort()).toEqual(
      ['Colour', 'Point', 'double', 'process', 'series', 'vae', 'x'].sort(),
    );
    expect(variables.x).toMatchObject({ type: 'Tensor', kind: 'tensor', shape: [2, 3], dtype: 'float32', bytes: 24 });
    expect(variables.x!.device).toMatch(/wasm|cpu|tensorflow|webgpu/);
    expect(variables.series).toMatchObject({ type: 'Array', shape: [8], dtype: 'number', expandable: true });
    expect(variables.series!.sparkline).toMatchObject({ text: '▁▂▃▄▅▆▇█', shows: 'series', low: 0, high: 7, of: 8 });
    expect(variables.process).toMatchObject({ type: 'string', text: "'a name of a global'" });
    expect(variables.double).toMatchObject({ kind: 'function', text: '1 parameter' });
    expect(variables.Point!.kind).toBe('class');
    // Encoder 4·3+3, its two heads 2·(3·2+2), decoder 2·3+3, its head 3·4+4.
    expect(variables.vae!.model).toEqual({ parameters: 15 + 16 + 9 + 16, steps: 0, epochs: 0, training: false });
    expect(variables.vae).toMatchObject({ type: 'VAE', kind: 'model', bytes: 4 * 56 });
    expect(variables.vae!.text).toMatch(/^4 → 3 → 2/);
  });

  it('change with the cells, and a name whose cell failed before it has no value', async () => {
    await kernel.run('const x = "now a text"; throw new Error("stop"); const never = 1;');
    const variables = await list();
    expect(variables.x).toMatchObject({ type: 'string', text: "'now a text'" });
    expect(variables.never).toBeUndefined();
  });

  it('are opened step by step, as their expressions say', async () => {
    await kernel.run(`
const deep = { 'a b': [{ c: 1 }], map: new Map<unknown, unknown>([['k', { v: 2 }], [{}, 3]]), set: new Set([4]) };
deep['self'] = deep;`);
    const { variables } = await children('deep');
    expect(variables.map(({ expression }) => expression)).toEqual(['deep["a b"]', 'deep.map', 'deep.set', 'deep.self']);
    expect((await children('deep', 'a b', 0)).variables).toMatchObject([{ expression: 'deep["a b"][0].c', text: '1' }]);
    const map = await children('deep', 'map');
    expect(map.variables.map(({ name, expression }) => [name, expression])).toEqual([
      ["'k'", 'deep.map.get("k")'],
      ['Object', undefined],
    ]);
    expect((await children('deep', 'map', 0)).variables[0]).toMatchObject({ name: 'v', text: '2' });
    // A value that contains itself is opened as often as somebody likes.
    expect((await children('deep', 'self', 'self', 'set')).variables[0]).toMatchObject({ text: '4' });
    await expect(children('deep', 'gone')).rejects.toThrow('deep holds no "gone" now.');
    await expect(children('nothing')).rejects.toThrow('nothing has no value now.');
  });

  it('run no code of the user’s: no getter, no trap, no way of its own to be shown', async () => {
    await kernel.run(`
let ran: string[] = [];
const note = (what: string): never => { ran.push(what); throw new Error(what); };
const handler = new Proxy({}, { get: (_, trap) => () => note(String(trap)) });
const proxy = new Proxy({}, handler);
const behindProxy = Object.create(proxy);
class Counting extends Array { get length2() { return note('length2'); } static get [Symbol.species]() { return note('species'); } }
class Odd { static get name() { return note('name'); } get value() { return note('value'); } toJSON() { return note('toJSON'); }
  [Symbol.for('nodejs.util.inspect.custom')]() { return note('inspect'); } get [Symbol.toStringTag]() { return note('tag'); } }
const odd = Object.defineProperty(new Odd(), 'own', { get: () => note('own'), enumerable: true });
const list = Object.defineProperty([1, 2, 3], 1, { get: () => note('item'), enumerable: true });
class OwnMap extends Map { get size() { return note('size'); } entries() { return note('entries'); } [Symbol.iterator]() { return note('iterator'); } }
const ownMap = Reflect.construct(Map, [], OwnMap); Map.prototype.set.call(ownMap, 'k', 1);
const counting = new Counting();`);
    const variables = await list();
    expect(variables.proxy).toMatchObject({ type: 'Proxy', expandable: false });
    for (const name of ['proxy', 'behindProxy', 'odd', 'list', 'ownMap', 'counting', 'Odd', 'Counting']) {
      await children(name);
      await kernel.client.inspect({ kind: 'details', path: [name] });
      await kernel.client.inspect({ kind: 'value', path: [name], as: 'json' });
      await kernel.client.inspect({ kind: 'value', path: [name], as: 'text' });
      await kernel.client.inspect({ kind: 'members', expression: name });
    }
    expect((await children('odd')).variables).toMatchObject([{ name: 'own', kind: 'getter', text: '(…)' }]);
    expect((await children('ownMap')).variables).toMatchObject([{ name: "'k'", text: '1' }]);
    expect((await kernel.client.inspect({ kind: 'members', expression: 'odd' })).members).toContainEqual({
      name: 'value',
      kind: 'getter',
      type: '',
    });
    await kernel.client.inspect({ kind: 'memory' });
    expect((await kernel.run('ran')).text).toBe('[]');
  });

  it('are copied as text and as JSON', async () => {
    await kernel.run('const both = { t: tf.tensor2d([[1, 2], [3, 4]]), n: NaN, m: new Map([["k", new Date(0)]]) };');
    const copied = async (as: 'text' | 'json', ...path: [string, ...string[]]) =>
      (await kernel.client.inspect({ kind: 'value', path, as })).text;
    expect(JSON.parse(await copied('json', 'both'))).toEqual({
      t: [
        [1, 2],
        [3, 4],
      ],
      n: null,
      m: [['k', '1970-01-01T00:00:00.000Z']],
    });
    expect(await copied('text', 'both', 't')).toBe('Tensor [2, 2] float32\n[[1., 2.],\n [3., 4.]]');
    await kernel.run('const large = new Float32Array(200_000); const loop: unknown[] = []; loop.push(loop);');
    await expect(copied('json', 'large')).rejects.toThrow('at most 100,000 values. It has 200,000; copy a part of it.');
    await expect(copied('json', 'loop')).rejects.toThrow('contains itself');
  });

  it('give the members of the value at a chain of names, bounded, and of nothing that would have to run', async () => {
    await kernel.run(`
class Base { inherited() {} get computed() { return {}; } }
class Derived extends Base { field = { inner: [1] }; own(a: number, b: number) {} }
const derived = new Derived();
const wide = Object.fromEntries(Array.from({ length: 700 }, (_, i) => ['p' + i, i]));`);
    const members = (expression: string) => kernel.client.inspect({ kind: 'members', expression });
    expect((await members('derived')).members).toEqual([
      { name: 'field', kind: 'property', type: 'Object' },
      { name: 'own', kind: 'method', type: '(2)' },
      { name: 'inherited', kind: 'method', type: '(0)' },
      { name: 'computed', kind: 'getter', type: '' },
    ]);
    expect((await members('derived.field')).members).toEqual([{ name: 'inner', kind: 'property', type: 'Array' }]);
    expect((await members('derived.field.inner')).members).toContainEqual({ name: 'map', kind: 'method', type: '(1)' });
    expect((await members('series[0]')).members).toContainEqual({ name: 'toFixed', kind: 'method', type: '(1)' });
    const wide = await members('wide');
    expect([wide.members.length, wide.total]).toEqual([500, 700]);
    expect((await members('tf')).members).toContainEqual({ name: 'tidy', kind: 'method', type: '(2)' });
    await expect(members('derived.own(1)')).rejects.toThrow('is not a chain of names');
    await expect(members('derived.computed')).rejects.toThrow('has a getter, which LatentLab does not call');
  });
});

describe('large tensors', () => {
  it('are read in part, keep no tensor, and are pictures where they are images', async () => {
    await kernel.run(`
const large = tf.tidy(() => tf.range(0, 1_000_000).div(999_999).reshape([1000, 1000]));
const images = tf.ones([20, 28, 28, 1]);
const tensorsBefore = tf.memory().numTensors;`);
    const { large } = await list();
    expect(large).toMatchObject({ bytes: 4e6, hasPicture: true });
    expect(large!.sparkline).toMatchObject({ shows: 'histogram', read: 4096, of: 1e6 });
    // Equal steps fill all bins alike.
    expect(large!.sparkline!.text).toMatch(/^[▇█]{16}$/);
    const { statistics, picture } = await kernel.client.inspect({ kind: 'details', path: ['large'] });
    expect(statistics).toMatchObject({ read: 65_536, of: 1e6, notFinite: 0 });
    expect(statistics!.mean).toBeCloseTo(0.5, 3);
    expect(statistics!.deviation).toBeCloseTo(1 / Math.sqrt(12), 3);
    expect(picture).toMatchObject({ shown: 1, of: 1, black: 0, white: 1 });
    const many = await kernel.client.inspect({ kind: 'details', path: ['images'] });
    expect(many.picture).toMatchObject({ shown: 16, of: 20 });
    expect(Buffer.from(many.picture!.png, 'base64').subarray(1, 4).toString()).toBe('PNG');
    expect((await kernel.run('tf.memory().numTensors - tensorsBefore')).text).toBe('0');
  });
});

describe('a kernel at work', () => {
  it('answers while a cell awaits', async () => {
    const { finished } = kernel.begin(
      'const early = 1; console.log("waits"); await new Promise((r) => (globalThis.goOn = r)); const lateName = 2;',
    );
    await kernel.next('stream', ({ text }) => text === 'waits\n');
    const variables = await list();
    expect(variables.early).toMatchObject({ text: '1' });
    expect(variables.lateName).toBeUndefined();
    kernel.client.interrupt();
    await finished;
  });

  it('answers while a training runs, which learns the same as without a look', async () => {
    const TRAINED = `
const rows = Dataset.from(Array.from({ length: 512 }, (_, i) => [Math.sin(i), Math.cos(i), i % 2, 1]));
const model = new VAE({ input: 4, latent: 2, hidden: [64], likelihood: 'gaussian', seed: 3 });`;
    await kernel.run(TRAINED);
    // Its last epoch lasts until it has been looked at.
    const { id, finished } = kernel.begin(`
const epochEnded = async ({ epoch }) => {
  while (epoch === 30 && !require('node:fs').existsSync('looked')) await new Promise((r) => setTimeout(r, 5));
};
await model.fit(rows, { epochs: 30, batchSize: 32, callbacks: { epochEnded } }); 0`);
    await kernel.next('progress', (message) => message.id === id);
    const seen: Variable[] = [];
    for (let look = 0; look < 20; look++) {
      const { model } = await list();
      seen.push(model!);
      const weights = await kernel.client.inspect({
        kind: 'children',
        path: ['model', 'parameters'],
        start: 0,
        count: 9,
      });
      for (const { path } of weights.variables) await kernel.client.inspect({ kind: 'details', path });
    }
    kernel.write('looked', '');
    expect(seen.every(({ model }) => model!.training && model!.steps > 0)).toBe(true);
    expect((await finished).success).toBe(true);
    expect((await list()).model!.model).toMatchObject({ steps: 480, epochs: 30, training: false });
    const sum = 'Object.values(model.parameters).map((v) => v.abs().sum().dataSync()[0]).join()';
    const looked = (await kernel.run(sum)).text;
    await kernel.run(`${TRAINED}; await model.fit(rows, { epochs: 30, batchSize: 32 }); 0`);
    expect((await kernel.run(sum)).text).toBe(looked);
  });

  it('answers once a busy cell has ended', async () => {
    const { id, finished } = kernel.begin('const busyUntil = Date.now() + 400; while (Date.now() < busyUntil); 0');
    await kernel.next('started', (message) => message.id === id);
    const variables = list();
    await finished;
    expect(await variables).toHaveProperty('busyUntil');
  });
});

describe('tensors without a name', () => {
  it('differ from those that names lead to, and are reported when they pile up', async () => {
    const other = await KernelUnderTest.start({ device: 'wasm' });
    const memory = () => other.client.inspect({ kind: 'memory' });
    await other.run(`import * as tf from '@tensorflow/tfjs';
const kept = { a: [tf.zeros([10, 10])], b: new Map([['t', tf.zeros([5])]]) };`);
    const before = await memory();
    expect(before).toMatchObject({ tensors: 2, bytes: 420, unnamed: 0, unnamedBytes: 0 });
    expect(before.largest).toMatchObject([{ expression: 'kept.a[0]', bytes: 400 }, { expression: 'kept.b.get("t")' }]);
    for (let cell = 0; cell < 3; cell++) await other.run('for (let i = 0; i < 60; i++) tf.scalar(i); 0');
    expect(await other.next('tensorsPileUp')).toMatchObject({ unnamed: 180, bytes: 720, cellName: 'cell 4' });
    // Not after every cell.
    other.forget();
    await other.run('for (let i = 0; i < 60; i++) tf.scalar(i); 0');
    expect(await memory()).toMatchObject({ unnamed: 240 });
    expect(other.messages.filter(({ type }) => type === 'tensorsPileUp')).toEqual([]);
    await other.stop();
  });
});

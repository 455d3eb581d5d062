/** Series of steps on XLA. What every runtime does is in `trainingStep.test.ts`. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { VAE } from '../../../../../kernel/autoencoders/index';
import { randomStream } from '../../../../../kernel/autoencoders/random';
import {
  ADAM_DEFAULTS,
  NonFiniteError,
  type StepDefinition,
  type StepInputs,
} from '../../../../../kernel/engine/index';
import { EagerStep } from '../../../../../kernel/engine/runtimes/eager';
import { RowTable, tensorOfRows } from '../../../../../kernel/engine/runtimes/residence';
import { TracedOrEagerStep } from '../../../../../kernel/engine/runtimes/tracedOrEager';
import { XlaStep } from '../../../../../kernel/engine/runtimes/xla/xlaStep';
import { setRuntime } from '../../../../../kernel/engine/runtime';
import { useWasm } from '../../backends';
import { PLUGIN, sayWithoutPlugin, xlaTestDevice, xlaTestGpu } from '../../xlaPlugin';

sayWithoutPlugin('series of steps on XLA');

describe.skipIf(!PLUGIN).each([
  ['on XLA', xlaTestDevice],
  ['on XLA as on a GPU', xlaTestGpu],
])('a series of steps %s', (_, device) => {
  beforeAll(useWasm);

  const definition = (w: tf.Variable): StepDefinition => ({
    trainable: { w },
    state: {},
    terms: ({ x }) => ({ losses: { fit: w.sub(x!).square().sum(), root: w.sqrt().sum().mul(1e-3) } }),
    optimizer: ADAM_DEFAULTS,
  });
  const start = () => tf.variable(tf.tensor1d([1, 2, 0.5]));
  const given = (x: number[], learningRate = 0.1): StepInputs => ({
    tensors: { x: tf.tensor1d(x) },
    weights: { fit: 0.5 },
    learningRate,
  });

  /** Runs single steps until the device has compiled a series. */
  async function warm(step: XlaStep, inputs: StepInputs): Promise<number> {
    let steps = 0;
    while (!step.series || step.series.length < 4) {
      await step.run(inputs);
      steps += 1;
    }
    return steps;
  }

  it('is to the bit what the same steps are one by one, whatever the lengths', async () => {
    const batches = Array.from({ length: 40 }, (_, t) => given([t % 3, 1 / (t + 1), 2], 0.1 / (t + 1)));
    const [together, alone] = [start(), start()];
    const [series, single] = [new XlaStep(definition(together), device), new XlaStep(definition(alone), device)];
    const warmUp = given([1, 1, 1], 0);
    const steps = await warm(series, warmUp);
    for (let t = 0; t < steps; t++) await single.run(warmUp);
    const reports = [];
    for (const [from, to] of [
      [0, 3],
      [3, 4],
      [4, 8],
      [8, 8 + Math.min(32, series.series!.length)],
    ] as const) {
      reports.push(...(await series.series!.run(batches.slice(from, to))));
    }
    for (const [i, report] of reports.entries()) expect(report).toEqual(await single.run(batches[i]!));
    expect([...(await together.data())]).toEqual([...(await alone.data())]);
    expect(series.optimizerState().step).toBe(steps + reports.length);
    series.dispose();
    single.dispose();
  });

  it('ends before a step that is not finite, with what was done until then', async () => {
    const [broken, whole] = [start(), start()];
    const [series, two] = [new XlaStep(definition(broken), device), new XlaStep(definition(whole), device)];
    const good = given([1, 2, 3]);
    const steps = await warm(series, given([1, 1, 1], 0));
    for (let t = 0; t < steps; t++) await two.run(given([1, 1, 1], 0));
    const failed = series.series!.run([good, good, given([NaN, 0, 0]), good]);
    await expect(failed).rejects.toThrow(NonFiniteError);
    await expect(failed).rejects.toMatchObject({ quantity: 'fit', done: [{}, {}] });
    for (let t = 0; t < 2; t++) await two.run(good);
    expect([...(await broken.data())]).toEqual([...(await whole.data())]);
    expect(series.optimizerState().step).toBe(steps + 2);
    series.dispose();
    two.dispose();
  });

  it('keeps states that are one value, or depend on each other, as they were before a step that is not finite', async () => {
    const made = () => {
      const w = start();
      const state = {
        one: tf.variable(tf.scalar(1)),
        same: tf.variable(tf.scalar(2)),
        twice: tf.variable(tf.scalar(3)),
      };
      const step: StepDefinition = {
        trainable: { w },
        state,
        terms: ({ x }) => {
          const one = state.one.mul(0.9).add(x!.sum().mul(0.1));
          return {
            losses: { fit: w.sub(x!).square().sum() },
            updates: { one, same: one, twice: one.mul(2).add(w.sum()) },
          };
        },
        optimizer: ADAM_DEFAULTS,
      };
      return { step, all: () => Promise.all([w, ...Object.values(state)].map(async (v) => [...(await v.data())])) };
    };
    const [onXla, eager] = [made(), made()];
    const [series, plain] = [new XlaStep(onXla.step, device), new EagerStep(eager.step)];
    const [good, bad] = [given([1, 2, 3]), given([1, Infinity, 3])];
    const steps = await warm(series, good);
    for (let t = 0; t < steps + 2; t++) await plain.run(good);
    await expect(series.series!.run([good, good, bad, good])).rejects.toThrow(NonFiniteError);
    const [found, expected] = [(await onXla.all()).flat(), (await eager.all()).flat()];
    expect(found).toHaveLength(expected.length);
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 4);
    series.dispose();
    plain.dispose();
  });

  it('goes on operation by operation where a step cannot be traced', async () => {
    const w = tf.variable(tf.tensor1d([3, 1]));
    const untraceable: StepDefinition = {
      trainable: { w },
      state: {},
      // The first element is read: right for this step alone.
      terms: () => ({ losses: { fit: w.square().mul(w.dataSync()[0]!).sum() } }),
      optimizer: ADAM_DEFAULTS,
    };
    const step = new TracedOrEagerStep(untraceable, new XlaStep(untraceable, device));
    const { losses } = await step.run({ tensors: {}, weights: {}, learningRate: 0.1 });
    expect(losses['fit']).toBeCloseTo(30, 4);
    expect(step.eagerBecause).toMatch(/reads the variable/);
    step.dispose();
  });

  it('takes its batches from a table on the device as if they had been gathered', async () => {
    setRuntime('xla-cpu');
    const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
    const table = new RowTable(randomStream(1, 'pixels', 0).uniforms(100 * 64), 64);
    const model = () => new VAE({ input: image, hidden: [16], latent: 4, seed: 3 });
    const [xla, eager] = [model(), model()];
    const fast = new XlaStep(xla.stepDefinition, device);
    const slow = new EagerStep(eager.stepDefinition);
    for (let t = 0; t < 6; t++) {
      const rows = Int32Array.from({ length: 10 }, (_, i) => (37 * t + 7 * i) % 100);
      const noise = (owner: VAE) => owner.inputs(randomStream(1, 'noise', t), 10, t);
      const rest = { weights: {}, learningRate: 0.01 };
      const found = await fast.run({ tensors: { ...noise(xla), x: tensorOfRows(table, rows) }, ...rest });
      setRuntime('eager');
      const expected = await slow.run({ tensors: { ...noise(eager), x: tensorOfRows(table, rows) }, ...rest });
      setRuntime('xla-cpu');
      for (const [name, value] of Object.entries(expected.losses)) {
        expect(Math.abs(found.losses[name]! - value), name).toBeLessThan(1e-5 * Math.abs(value) + 1e-6);
      }
    }
    setRuntime('eager');
    fast.dispose();
    slow.dispose();
  });

  it('leaves the table of one training when the next brings another, and its own when it is disposed of', async () => {
    setRuntime('xla-cpu');
    const w = start();
    const step = new XlaStep(definition(w), device);
    const { tables } = await device();
    const before = tables.count;
    for (const seed of [1, 2, 3]) {
      const table = new RowTable(randomStream(seed, 'rows', 0).uniforms(12), 3);
      const x = tensorOfRows(table, Int32Array.of(seed));
      const { losses } = await step.run({ tensors: { x }, weights: {}, learningRate: 0 });
      const row = table.gather(Int32Array.of(seed));
      const expected = [1, 2, 0.5].reduce((sum, value, i) => sum + (value - row[i]!) ** 2, 0);
      expect(losses['fit']).toBeCloseTo(expected, 5);
      expect(tables.count).toBe(before + 1);
    }
    step.dispose();
    expect(tables.count).toBe(before);
    setRuntime('eager');
  });

  it('lets others read, assign and compute with the weights between two runs', async () => {
    const w = start();
    const step = new XlaStep(definition(w), device);
    await step.run(given([1, 2, 3]));
    const before = await w.data();
    expect([...w.add(1).dataSync()]).toEqual([...before].map((value) => Math.fround(value + 1)));
    w.assign(tf.tensor1d([4, 4, 4]));
    const { losses } = await step.run(given([4, 4, 4], 0));
    expect(losses['fit']).toBe(0);
    expect(losses['root']).toBeCloseTo(6e-3, 8);
    step.dispose();
    expect([...(await w.data())]).toEqual([4, 4, 4]);
  });
});

describe.skipIf(!PLUGIN)('steps with convolutions on XLA', () => {
  // The wasm backend has no gradients of convolutions.
  beforeAll(() => tf.setBackend('cpu'));

  const made = () => {
    const filter = tf.variable(tf.tensor4d([0.5, -0.25, 0.125, 1], [2, 2, 1, 1]));
    const definition: StepDefinition = {
      trainable: { filter },
      state: {},
      terms: ({ x }) => ({ losses: { fit: tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same').sub(x!).square().mean() } }), // prettier-ignore
      optimizer: ADAM_DEFAULTS,
    };
    return { filter, definition };
  };
  const given = (t: number): StepInputs => ({
    tensors: { x: tf.tensor4d(randomStream(1, 'x', t).normals(2 * 9), [2, 3, 3, 1]) },
    weights: {},
    learningRate: 0.1,
  });
  const RUNS = 12;

  it('run one by one on a processor, and in a loop on a GPU, with the same results', async () => {
    const [processor, gpu, plain] = [made(), made(), made()];
    const [alone, loop] = [new XlaStep(processor.definition, xlaTestDevice), new XlaStep(gpu.definition, xlaTestGpu)];
    const eager = new EagerStep(plain.definition);
    for (let t = 0; t < RUNS; t++) {
      const inputs = given(t);
      const [expected, ...found] = [await eager.run(inputs), await alone.run(inputs), await loop.run(inputs)];
      for (const { losses } of found) expect(losses['fit']).toBeCloseTo(expected!.losses['fit']!, 5);
      expect(alone.series).toBeUndefined();
      expect(await alone.rehearse(inputs)).toBe(1);
    }
    const expected = await plain.filter.data();
    for (const { filter } of [processor, gpu]) {
      (await filter.data()).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    }
    while (!loop.series) await loop.run(given(RUNS));
    for (const step of [alone, loop, eager]) step.dispose();
  });

  it('change nothing where they are not finite', async () => {
    const { filter, definition } = made();
    const step = new XlaStep(definition, xlaTestDevice);
    await step.run(given(0));
    const before = [...(await filter.data())];
    const inputs = { ...given(1), tensors: { x: tf.fill([2, 3, 3, 1], NaN) } };
    await expect(step.run(inputs)).rejects.toThrow(NonFiniteError);
    expect([...(await filter.data())]).toEqual(before);
    expect(step.optimizerState().step).toBe(1);
    step.dispose();
  });
});

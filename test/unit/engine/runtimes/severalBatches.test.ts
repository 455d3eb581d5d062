import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { NonFiniteError, optimizerSchema, UpdateRestart } from '../../../../kernel/engine/index';
import type { StepDefinition, StepInputs } from '../../../../kernel/engine/index';
import { CpuStep } from '../../../../kernel/engine/runtimes/onnx/cpuStep';
import { TracedOrEagerStep } from '../../../../kernel/engine/runtimes/tracedOrEager';
import { alive, useWasm } from '../backends';
import { RUNTIMES } from '../everyRuntime';

beforeAll(useWasm);

const ROWS = [
  [0.3, -1],
  [2, 0.5],
  [-0.7, 1.1],
  [0.2, 0.9],
  [1.4, -0.3],
];
/** Batches of two, two and the one that is left. */
const BATCHES = [ROWS.slice(0, 2), ROWS.slice(2, 4), ROWS.slice(4)];

const inputs = (rows: number[][]): StepInputs => ({
  tensors: { x: tf.tensor2d(rows) },
  weights: { size: 0.3 },
  learningRate: 0.05,
});
const part = (i: number) => ({ share: BATCHES[i]!.length / ROWS.length, last: i === BATCHES.length - 1 });

const optimizer = optimizerSchema.parse({
  ...{ name: 'adam', clipNorm: 0.5, averageWeights: { decay: 0.9 } },
  groups: [{ parameters: 'b', optimizer: { name: 'sgd' }, learningRateScale: 2 }],
});

describe.each(RUNTIMES)('an update by several batches, %s,', (_, stepOf) => {
  /** Means over the batch; the state is a sum of what came before, which the loss looks at where `reads` says so. */
  function start(reads = false) {
    const w = tf.tidy(() => tf.variable(tf.tensor2d([[0.5], [-1]])));
    const b = tf.tidy(() => tf.variable(tf.tensor1d([0.2])));
    const seen = tf.tidy(() => tf.variable(tf.tensor1d([0]), false));
    const step = stepOf({
      trainable: { w, b },
      state: { seen },
      terms: ({ x }) => {
        const fit = (x as tf.Tensor2D)
          .matMul<tf.Tensor2D>(w as unknown as tf.Tensor2D)
          .add(b)
          .softplus()
          .mean();
        return {
          losses: { fit: reads ? fit.mul(seen.sum().add(1)) : fit, size: w.square().sum() },
          updates: { seen: seen.add(x!.sum()) },
        };
      },
      optimizer,
    });
    const values = async () => {
      const { tensors, step: updates } = step.optimizerState();
      const all = await Promise.all([w, b, seen, ...Object.values(tensors)].map((tensor) => tensor.data()));
      tf.dispose(tensors);
      return [updates, ...all.flatMap((array) => [...array])];
    };
    const dispose = () => {
      step.dispose();
      tf.dispose([w, b, seen]);
    };
    return { step, values, dispose };
  }

  it('is that by all of them at once, where the loss is a mean', async () => {
    const [whole, several] = [start(), start()];
    for (let t = 0; t < 3; t++) {
      const expected = await whole.step.run(inputs(ROWS));
      const before = await several.values();
      const reports = [];
      for (const [i, rows] of BATCHES.entries()) {
        if (i > 0) expect(await several.values()).toEqual(before);
        reports.push(await several.step.run(inputs(rows), part(i)));
      }
      expect(Math.abs(reports.at(-1)!.gradientNorm - expected.gradientNorm)).toBeLessThan(1e-5);
      for (const [term, value] of Object.entries(expected.losses)) {
        const mean = reports.reduce((sum, { losses }, i) => sum + part(i).share * losses[term]!, 0);
        expect(Math.abs(mean - value)).toBeLessThan(1e-5);
      }
    }
    const [found, expected] = [await several.values(), await whole.values()];
    expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(1e-5));
    expect(found[0]).toBe(3);
    whole.dispose();
    several.dispose();
  });

  it('finds in each batch the state that the one before it has set', async () => {
    const { step, values, dispose } = start(true);
    let seen = 0;
    for (const [i, rows] of [...BATCHES, ...BATCHES].entries()) {
      const at = i % BATCHES.length;
      const { losses } = await step.run(inputs(rows), part(at));
      if (i < BATCHES.length) {
        // The weights are those of the start.
        const alone = start();
        const { losses: unscaled } = await alone.step.run(inputs(rows));
        expect(losses['fit']).toBeCloseTo(unscaled['fit']! * (seen + 1), 5);
        alone.dispose();
      }
      seen += rows.flat().reduce((sum, value) => sum + value, 0);
      if (part(at).last) expect((await values())[4]).toBeCloseTo(seen, 5);
    }
    dispose();
  });

  it('changes nothing when one of them is not finite, and forgets the others', async () => {
    const [broken, clean] = [start(true), start(true)];
    for (const { step } of [broken, clean]) await step.run(inputs(ROWS));
    const before = await broken.values();
    for (const last of [false, true]) {
      await broken.step.run(inputs(BATCHES[0]!), part(0));
      const failed = broken.step.run(inputs([[NaN, 0]]), { share: 0.6, last });
      await expect(failed).rejects.toThrow(NonFiniteError);
      await expect(failed).rejects.toMatchObject({ quantity: 'fit' });
      expect(await broken.values()).toEqual(before);
    }
    for (const { step } of [broken, clean]) {
      for (const [i, rows] of BATCHES.entries()) await step.run(inputs(rows), part(i));
    }
    expect(await broken.values()).toEqual(await clean.values());
    broken.dispose();
    clean.dispose();
  });

  it('can be abandoned, and whole steps and updates by several may follow each other', async () => {
    const [abandoning, clean] = [start(true), start(true)];
    for (let t = 0; t < 3; t++) {
      await abandoning.step.run(inputs(BATCHES[0]!), part(0));
      if (t > 0) await abandoning.step.run(inputs(BATCHES[1]!), part(1));
      // A whole step abandons what is under way by itself.
      if (t < 2) abandoning.step.abandon();
      for (const { step } of [abandoning, clean]) {
        await step.run(inputs(BATCHES[t]!));
        for (const [i, rows] of BATCHES.entries()) await step.run(inputs(rows), part(i));
      }
      expect(await abandoning.values()).toEqual(await clean.values());
    }
    abandoning.dispose();
    clean.dispose();
  });

  it('frees all its tensors, also where it is not finished', async () => {
    const before = alive();
    const { step, dispose } = start();
    const given = BATCHES.map(inputs);
    for (const [i, one] of given.entries()) await step.run(one, part(i));
    await step.run(given[0]!, part(0));
    dispose();
    tf.dispose(given.map(({ tensors }) => tensors));
    expect(alive()).toEqual(before);
  });
});

describe('an update by several batches, a later one of them not traceable', () => {
  it('begins again operation by operation, with nothing of the first counted', async () => {
    const w = tf.variable(tf.tensor1d([3]));
    const definition: StepDefinition = {
      trainable: { w },
      state: {},
      // A batch of one row is read.
      terms: ({ x }) => ({ losses: { fit: w.mul(x!.shape[0] === 1 ? w.dataSync()[0]! : w).sum() } }),
      optimizer: optimizerSchema.parse({ name: 'sgd', momentum: 0 }),
    };
    const step = new TracedOrEagerStep(definition, new CpuStep(definition));
    await step.run(inputs(BATCHES[0]!), part(0));
    await step.run(inputs(BATCHES[1]!), part(1));
    await expect(step.run(inputs(BATCHES[2]!), part(2))).rejects.toThrow(UpdateRestart);
    expect(step.eagerBecause).toMatch(/reads the variable/);
    for (const [i, rows] of BATCHES.entries()) await step.run(inputs(rows), part(i));
    // 2w for the four rows, w for the one whose factor is a number.
    expect((await w.data())[0]).toBeCloseTo(3 - 0.05 * (0.8 * 6 + 0.2 * 3), 5);
    step.dispose();
    w.dispose();
  });
});

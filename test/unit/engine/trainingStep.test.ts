import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ADAM_DEFAULTS, NonFiniteError } from '../../../kernel/engine/index';
import type { StepInputs } from '../../../kernel/engine/index';
import { alive, useWasm } from './backends';
import { RUNTIMES } from './everyRuntime';

beforeAll(useWasm);

function inputs(x: number[], learningRate = 0.1): StepInputs {
  return { tensors: { x: tf.tensor1d(x) }, weights: { decay: 0.25 }, learningRate };
}

/** Kingma and Ba, algorithm 1, in float64. */
function adamReference(start: number[], gradient: (w: number[]) => number[], rate: number, steps: number): number[] {
  const { beta1, beta2, epsilon } = ADAM_DEFAULTS;
  const w = [...start];
  const m = w.map(() => 0);
  const v = w.map(() => 0);
  for (let t = 1; t <= steps; t++) {
    const g = gradient(w);
    for (let i = 0; i < w.length; i++) {
      m[i] = beta1 * m[i]! + (1 - beta1) * g[i]!;
      v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! ** 2;
      const mHat = m[i]! / (1 - beta1 ** t);
      const vHat = v[i]! / (1 - beta2 ** t);
      w[i]! -= (rate * mHat) / (Math.sqrt(vHat) + epsilon);
    }
  }
  return w;
}

describe.each(RUNTIMES)('a training step, %s,', (_, trainingStep) => {
  /** Terms `fit` = ½‖w − x‖² and `decay` = ½‖w‖², and a state that follows the last input. */
  function quadratic() {
    const w = tf.variable(tf.tensor1d([1, -2, 0.5]));
    const last = tf.variable(tf.zeros([3]), false);
    const step = trainingStep({
      trainable: { w },
      state: { last },
      terms: ({ x }) => ({
        losses: { fit: w.sub(x!).square().sum().mul(0.5), decay: w.square().sum().mul(0.5) },
        updates: { last: x!.mul(1) },
      }),
      optimizer: ADAM_DEFAULTS,
    });
    const dispose = () => {
      step.dispose();
      tf.dispose([w, last]);
    };
    return { w, last, step, dispose };
  }

  it('follows algorithm 1 of Adam on the weighted sum of the terms', async () => {
    const { w, step, dispose } = quadratic();
    const x = [0.3, 0.1, -4];
    for (let t = 0; t < 25; t++) await step.run(inputs(x));
    const gradient = (at: number[]) => at.map((value, i) => value - x[i]! + 0.25 * value);
    const expected = adamReference([1, -2, 0.5], gradient, 0.1, 25);
    (await w.data()).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    dispose();
  });

  it('reports unweighted terms, their weighted total and the norm of the gradient', async () => {
    const { step, dispose } = quadratic();
    const { losses, gradientNorm } = await step.run(inputs([0, 0, 0]));
    const squared = 1 + 4 + 0.25;
    expect(losses['fit']).toBeCloseTo(squared / 2, 6);
    expect(losses['decay']).toBeCloseTo(squared / 2, 6);
    expect(losses['total']).toBeCloseTo((1.25 * squared) / 2, 6);
    expect(gradientNorm).toBeCloseTo(1.25 * Math.sqrt(squared), 5);
    dispose();
  });

  it('says so when no term depends on what is trained', async () => {
    const w = tf.variable(tf.tensor1d([1]));
    const terms = ({ x }: Record<string, tf.Tensor>) => ({ losses: { fit: x!.sum() } });
    const step = trainingStep({ trainable: { w }, state: {}, terms, optimizer: ADAM_DEFAULTS });
    await expect(step.run(inputs([1]))).rejects.toThrow('No term of the loss depends on a parameter that is trained');
    step.dispose();
    w.dispose();
  });

  it('sets the state to its update', async () => {
    const { last, step, dispose } = quadratic();
    await step.run(inputs([7, 8, 9]));
    expect([...(await last.data())]).toEqual([7, 8, 9]);
    dispose();
  });

  it('leaves weights, state and optimizer alone when a term is not finite, and names the term', async () => {
    const { w, last, step, dispose } = quadratic();
    await step.run(inputs([1, 2, 3]));
    const before = [...(await w.data()), ...(await last.data())];
    const failed = step.run(inputs([NaN, 0, 0]));
    await expect(failed).rejects.toThrow(NonFiniteError);
    await expect(failed).rejects.toMatchObject({ quantity: 'fit', value: NaN });
    expect([...(await w.data()), ...(await last.data())]).toEqual(before);
    expect(step.optimizerState().step).toBe(1);
    dispose();
  });

  it('notices a gradient that is not finite where the loss is', async () => {
    const w = tf.variable(tf.tensor1d([0]));
    const definition = { trainable: { w }, state: {}, optimizer: ADAM_DEFAULTS };
    const step = trainingStep({ ...definition, terms: () => ({ losses: { root: w.sqrt().sum() } }) });
    await expect(step.run({ tensors: {}, weights: {}, learningRate: 0.1 })).rejects.toMatchObject({
      quantity: 'gradient',
    });
    expect([...(await w.data())]).toEqual([0]);
    step.dispose();
    w.dispose();
  });

  it('goes on bit for bit from a restored optimizer', async () => {
    const through = quadratic();
    const stopped = quadratic();
    for (let t = 0; t < 5; t++) await through.step.run(inputs([t, 1, -t]));
    for (let t = 0; t < 3; t++) await stopped.step.run(inputs([t, 1, -t]));
    const resumed = quadratic();
    resumed.w.assign(stopped.w);
    resumed.step.restoreOptimizer(stopped.step.optimizerState());
    for (let t = 3; t < 5; t++) await resumed.step.run(inputs([t, 1, -t]));
    expect(await resumed.w.data()).toEqual(await through.w.data());
    for (const { dispose } of [through, stopped, resumed]) dispose();
  });

  it('keeps no tensors from step to step', async () => {
    const { step, dispose } = quadratic();
    const input = inputs([1, 2, 3]);
    await step.run(input);
    const before = alive();
    for (let t = 0; t < 3; t++) await step.run(input);
    expect(alive()).toEqual(before);
    tf.dispose(input.tensors);
    dispose();
  });

  it('changes nothing when it only rehearses', async () => {
    const { w, last, step, dispose } = quadratic();
    await step.rehearse(inputs([5, 5, 5]));
    expect([...(await w.data()), ...(await last.data())]).toEqual([1, -2, 0.5, 0, 0, 0]);
    expect(step.optimizerState().step).toBe(0);
    dispose();
  });

  it('leaves copies of a variable as they were, and sees what is assigned to it', async () => {
    const { w, step, dispose } = quadratic();
    await step.run(inputs([1, 2, 3]));
    const copy = w.clone();
    const before = [...(await w.data())];
    await step.run(inputs([1, 2, 3]));
    expect([...(await copy.data())]).toEqual(before);
    expect([...(await w.data())]).not.toEqual(before);

    w.assign(tf.tensor1d([7, 8, 9]));
    const { losses } = await step.run(inputs([7, 8, 9]));
    expect(losses['fit']).toBe(0);
    expect(losses['decay']).toBeCloseTo((49 + 64 + 81) / 2, 3);
    dispose();
  });

  it('reads variables that it does not train as they are at each step', async () => {
    const w = tf.variable(tf.scalar(0));
    const target = tf.variable(tf.scalar(3), false);
    const terms = () => ({ losses: { fit: w.sub(target).square() } });
    const step = trainingStep({ trainable: { w }, state: {}, terms, optimizer: ADAM_DEFAULTS });
    const run = async () => (await step.run({ tensors: {}, weights: {}, learningRate: 1e-30 })).losses['fit'];
    expect(await run()).toBe(9);
    target.assign(tf.scalar(5));
    expect(await run()).toBe(25);
    step.dispose();
    tf.dispose([w, target]);
  });

  it('takes batches of other sizes', async () => {
    const w = tf.variable(tf.scalar(1));
    const terms = ({ x }: Record<string, tf.Tensor>) => ({ losses: { fit: x!.mul(w).mean() } });
    const step = trainingStep({ trainable: { w }, state: {}, terms, optimizer: ADAM_DEFAULTS });
    for (const x of [[1, 2, 3], [5], [1, 2, 3], [4, 6]]) {
      const { losses } = await step.run({ tensors: { x: tf.tensor1d(x) }, weights: {}, learningRate: 1e-30 });
      expect(losses['fit']).toBeCloseTo(x.reduce((a, b) => a + b) / x.length, 5);
    }
    step.dispose();
    w.dispose();
  });

  it('shares variables with other steps; each sees what the others changed', async () => {
    const g = tf.variable(tf.scalar(1));
    const d = tf.variable(tf.scalar(1));
    const optimizer = { name: 'sgd', momentum: 0, nesterov: false } as const;
    const make = (trainable: Record<string, tf.Variable>, sign: number) =>
      trainingStep({ trainable, state: {}, optimizer, terms: () => ({ losses: { game: g.mul(d).mul(sign) } }) });
    const steps = [make({ g }, 1), make({ d }, -1), make({ g }, 1)];
    // g ← g − 0.1 d and d ← d + 0.1 g, in turns; the third step trains g as the first does.
    let [gNow, dNow] = [1, 1];
    for (const turn of [0, 1, 0, 1, 2, 2, 0, 1, 2]) {
      await steps[turn]!.run({ tensors: {}, weights: {}, learningRate: 0.1 });
      if (turn === 1) dNow += 0.1 * gNow;
      else gNow -= 0.1 * dNow;
      expect(g.dataSync()[0]).toBeCloseTo(gNow, 5);
    }
    expect(d.dataSync()[0]).toBeCloseTo(dNow, 5);
    for (const step of steps) step.dispose();
    expect(g.dataSync()[0]).toBeCloseTo(gNow, 5);
    tf.dispose([g, d]);
  });

  it('lets a variable be that a batch’s loss does not depend on', async () => {
    const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
    const step = trainingStep({
      trainable: { a, b },
      state: {},
      optimizer: { name: 'sgd', momentum: 0, nesterov: false },
      terms: ({ y }) => ({ losses: { a: a.mul(1), ...(y ? { b: b.mul(y) } : {}) } }),
    });
    const norms = [];
    const batches: Record<string, tf.Tensor>[] = [{ y: tf.scalar(1) }, {}, {}];
    for (const tensors of batches) {
      norms.push((await step.run({ tensors, weights: {}, learningRate: 0.1 })).gradientNorm);
    }
    expect(norms.map((norm) => norm.toFixed(4))).toEqual(['1.4142', '1.0000', '1.0000']);
    expect([a.dataSync()[0], b.dataSync()[0]].map((value) => value!.toFixed(4))).toEqual(['0.7000', '0.9000']);
    step.dispose();
    tf.dispose([a, b]);
  });

  it('shortens the gradient over all variables to the length that it may have', async () => {
    const [a, b] = [tf.variable(tf.tensor1d([3, -1])), tf.variable(tf.scalar(2))];
    const step = trainingStep({
      trainable: { a, b },
      state: {},
      optimizer: { name: 'sgd', momentum: 0, nesterov: false, clipNorm: 1.5 },
      terms: () => ({ losses: { fit: a.square().sum().add(b.square().mul(2)).mul(0.5) } }),
    });
    // Gradient descent in float64: g = (a, 2b), from ‖g‖ = √26 to well below 1.5.
    let w = [3, -1, 2];
    const expectedNorms: number[] = [];
    const norms: number[] = [];
    for (let t = 0; t < 25; t++) {
      const g = [w[0]!, w[1]!, 2 * w[2]!];
      expectedNorms.push(Math.hypot(...g));
      w = w.map((value, i) => value - 0.2 * g[i]! * Math.min(1, 1.5 / Math.hypot(...g)));
      norms.push((await step.run({ tensors: {}, weights: {}, learningRate: 0.2 })).gradientNorm);
    }
    norms.forEach((norm, t) => expect(norm).toBeCloseTo(expectedNorms[t]!, 5));
    [...(await a.data()), ...(await b.data())].forEach((value, i) => expect(value).toBeCloseTo(w[i]!, 5));
    expect(norms.filter((norm) => norm > 1.5).length).toBeGreaterThan(5);
    expect(norms.at(-1)).toBeLessThan(1);
    step.dispose();
    tf.dispose([a, b]);
  });

  it.each([1e25, 1e-25])('knows the gradient’s norm where float32 does not hold its square: 5 · %d', async (scale) => {
    const [a, b] = [tf.variable(tf.tensor1d([1, 1])), tf.variable(tf.scalar(0.5))];
    const step = trainingStep({
      trainable: { a, b },
      state: {},
      optimizer: {
        ...{ name: 'sgd', momentum: 0, nesterov: false, clipNorm: 1 },
        // Clips by the norm of its own part, 4.
        groups: [
          {
            parameters: 'b',
            learningRateScale: 1,
            trainable: true,
            optimizer: { name: 'sgd', momentum: 0, nesterov: false, clipNorm: 2 },
          },
        ],
      },
      terms: () => ({
        losses: {
          line: a
            .mul([0, 3 * scale])
            .sum()
            .add(b.mul(4 * scale)),
        },
      }),
    });
    const { gradientNorm } = await step.run({ tensors: {}, weights: {}, learningRate: 0.1 });
    expect(gradientNorm / scale).toBeCloseTo(5, 5);
    const [first, second] = scale > 1 ? [0.1, 0.2] : [0, 0];
    (await a.data()).forEach((value, i) => expect(value).toBeCloseTo([1, 1 - first][i]!, 5));
    expect((await b.data())[0]).toBeCloseTo(0.5 - second, 5);
    step.dispose();
    tf.dispose([a, b]);
  });

  it('compares whole numbers that never change, negative ones among them', async () => {
    const [w, found] = [tf.variable(tf.scalar(1)), tf.variable(tf.zeros([3, 4]), false)];
    const [a, b] = [tf.tensor1d([-7, -3, 0, 4], 'int32'), tf.tensor1d([2, -2, -1, 3], 'int32')];
    const step = trainingStep({
      trainable: { w },
      state: { found },
      optimizer: { name: 'sgd', momentum: 0, nesterov: false },
      terms: () => ({
        losses: { line: w.mul(1) },
        updates: { found: tf.stack([a.less(b).toInt(), a.mod(b), a.sign()]).toFloat() },
      }),
    });
    await step.run({ tensors: {}, weights: {}, learningRate: 0.1 });
    expect(await found.array()).toEqual([
      [1, 1, 0, 0],
      [1, -1, 0, 1],
      [-1, -1, 0, 1],
    ]);
    step.dispose();
    tf.dispose([w, found, a, b]);
  });

  it('reads a state that it does not set', async () => {
    const [w, m] = [tf.variable(tf.scalar(2)), tf.variable(tf.scalar(3), false)];
    const terms = () => ({ losses: { product: w.mul(m) } });
    const step = trainingStep({ trainable: { w }, state: { m }, terms, optimizer: ADAM_DEFAULTS });
    const { losses } = await step.run({ tensors: {}, weights: {}, learningRate: 0.1 });
    expect(losses['product']).toBe(6);
    step.dispose();
    tf.dispose([w, m]);
  });

  it('computes again the same numbers', async () => {
    const ends = [];
    for (let time = 0; time < 2; time++) {
      const { w, step, dispose } = quadratic();
      for (let t = 0; t < 4; t++) await step.run(inputs([t, -t, 0.1 * t]));
      ends.push([...(await w.data())]);
      dispose();
    }
    expect(ends[0]).toEqual(ends[1]);
  });
});

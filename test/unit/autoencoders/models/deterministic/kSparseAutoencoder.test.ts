import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { KSparseAutoencoder, randomStream } from '../../../../../kernel/autoencoders/index';
import { largest } from '../../../../../kernel/autoencoders/models/deterministic/kSparseAutoencoder';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function uniforms(n: number, d: number): tf.Tensor2D {
  return tf.tensor2d(randomStream(2, 'x').uniforms(n * d), [n, d]);
}

describe('the k largest', () => {
  it('are exactly k in every row, the first of equal ones', () => {
    const a = tf.tensor2d([
      [3, 1, 2, 5],
      [1, 1, 1, 1],
      [2, 7, 2, 2],
      [-1, -3, -2, -2],
    ]);
    expect(largest(a, 2).arraySync()).toEqual([
      [1, 0, 0, 1],
      [1, 1, 0, 0],
      [1, 1, 0, 0],
      [1, 0, 1, 0],
    ]);
    expect(largest(a, 4).sum(1).arraySync()).toEqual([4, 4, 4, 4]);
  });
});

describe('a k-sparse autoencoder', () => {
  it('has exactly k active units, those with the largest values', () => {
    const model = new KSparseAutoencoder({ input: 10, units: 50, active: 7, seed: 1 });
    const x = uniforms(20, 10);
    const z = model.encode(x).arraySync();
    const all = x.matMul(model.parameters['encoder.0.kernel'] as tf.Tensor).arraySync() as number[][];
    z.forEach((row, n) => {
      const kept = row.flatMap((value, j) => (value === 0 ? [] : [j]));
      const order = all[n]!.map((_, j) => j).sort((i, j) => all[n]![j]! - all[n]![i]!);
      expect(kept).toEqual(order.slice(0, 7).sort((i, j) => i - j));
    });
    model.dispose();
  });

  it('decodes with the transposed weights', () => {
    const model = new KSparseAutoencoder({ input: 4, units: 6, active: 2, seed: 1 });
    const W = model.parameters['encoder.0.kernel']!.arraySync() as number[][];
    const [xHat] = model.decode([[0, 2, 0, 0, -1, 0]]).arraySync();
    xHat!.forEach((value, i) => expect(value).toBeCloseTo(2 * W[i]![1]! - W[i]![4]!, 5));
    expect(Object.keys(model.parameters)).toEqual(['encoder.0.kernel', 'encoder.0.bias', 'decoder.0.bias']);
    model.dispose();
  });

  it('trains the kept units alone, with the gradient of finite differences', () => {
    const model = new KSparseAutoencoder({ input: 5, units: 12, active: 3, seed: 2 });
    const x = uniforms(1, 5);
    const kept = model
      .encode(x)
      .arraySync()[0]!
      .map((value) => value !== 0);
    const loss = () => model.losses({ x }).reconstruction as tf.Scalar;
    const { grads } = tf.variableGrads(loss, Object.values(model.parameters));
    const kernel = model.parameters['encoder.0.kernel']!;
    const gradient = grads[kernel.name]!.arraySync() as number[][];
    kept.forEach((is, j) => {
      const column = gradient.map((row) => row[j]!);
      if (is) expect(Math.hypot(...column)).toBeGreaterThan(1e-3);
      else expect(column).toEqual([0, 0, 0, 0, 0]);
    });
    const start = kernel.arraySync() as number[][];
    const j = kept.indexOf(true);
    const at = (step: number) => {
      kernel.assign(tf.tensor2d(start.map((row, i) => row.map((w, u) => (i === 2 && u === j ? w + step : w)))));
      return loss().dataSync()[0]!;
    };
    expect((at(1e-2) - at(-1e-2)) / 2e-2).toBeCloseTo(gradient[2]![j]!, 2);
    model.dispose();
  });

  it('counts idle updates and gives dead units, and no others, the auxiliary gradient', async () => {
    const auxiliary = { active: 2, deadAfter: 2, weight: 1 };
    const model = new KSparseAutoencoder({ input: 5, units: 8, active: 2, seed: 3, auxiliary });
    const x = uniforms(4, 5);
    const active = model.encode(x).notEqual(0).any(0).arraySync() as number[];
    expect(active).toContain(0);
    const update = () => model.step.run({ tensors: { x }, weights: { auxiliary: 1 }, learningRate: 0 });
    expect((await update()).losses['auxiliary']).toBe(0);
    await update();
    expect(model.state['idle']!.arraySync()).toEqual(active.map((is) => (is ? 0 : 2)));
    expect((await update()).losses['auxiliary']).toBeGreaterThan(0);

    const { grads } = tf.variableGrads(
      () => model.losses({ x }).auxiliary as tf.Scalar,
      Object.values(model.parameters),
    );
    const columns = grads[model.parameters['encoder.0.kernel']!.name]!.abs().sum(0).arraySync() as number[];
    active.forEach((is, j) => {
      if (is) expect(columns[j]).toBe(0);
    });
    expect(Math.max(...columns)).toBeGreaterThan(0);
    model.dispose();
  });

  it('cannot keep more units than it has', () => {
    expect(() => new KSparseAutoencoder({ input: 2, units: 4, active: 5 })).toThrow(
      'KSparseAutoencoder: "active" is 5, expected at most 4, the number of units; take fewer, or more "units".',
    );
  });
});

import * as tf from '@tensorflow/tfjs';
import { Matrix, solve } from 'ml-matrix';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  Dataset,
  gradientEnergy,
  linearProbe,
  randomStream,
  SoftmaxRegression,
} from '../../../../kernel/autoencoders/index';
import { samplesOf } from '../data';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('the gradient energy', () => {
  const shape = { kind: 'image', height: 2, width: 3, channels: 1 } as const;

  it('is the mean squared difference of neighbours in rows and columns', async () => {
    const image = [0, 1, 3, 2, 2, 2];
    // Along rows 1, 2, 0, 0; along columns 2, 1, −1.
    const expected = (1 + 4 + 0 + 0 + 4 + 1 + 1) / 7;
    expect(await gradientEnergy([image, image], shape)).toBeCloseTo(expected, 6);
    expect(await gradientEnergy([image, [5, 5, 5, 5, 5, 5]], shape)).toBeCloseTo(expected / 2, 6);
  });

  it('takes the channels of a pixel apart', async () => {
    const colour = { kind: 'image', height: 1, width: 2, channels: 3 } as const;
    expect(await gradientEnergy([[0, 9, 1, 2, 9, 1]], colour)).toBeCloseTo(4 / 3, 6);
  });

  it('needs images', async () => {
    await expect(gradientEnergy([[1, 2]], { kind: 'vector', features: ['a', 'b'] })).rejects.toThrow('needs images');
  });
});

/** Two classes, N(±m, Σ): the log-odds are linear, with the weights Σ⁻¹ (m₁ − m₀). */
function twoGaussians(n: number, seed: number) {
  const L = new Matrix([[1, 0], [0.5, 0.8]]); // prettier-ignore
  const stream = randomStream(seed, 'two Gaussians');
  const labels = Int32Array.from({ length: n }, (_, i) => i % 2);
  const draws = Matrix.from1DArray(n, 2, Array.from(stream.normals(2 * n))).mmul(L.transpose());
  const rows = draws.to2DArray().map(([a, b], i) => (labels[i] === 1 ? [a! + 0.7, b! - 0.4] : [a! - 0.7, b! + 0.4]));
  const covariance = L.mmul(L.transpose());
  const weights = solve(covariance, Matrix.columnVector([1.4, -0.8])).to1DArray();
  return { data: { ...samplesOf(rows), labels }, weights };
}

describe('softmax regression', () => {
  it('finds the log-odds of two Gaussians of one covariance', async () => {
    const { data, weights } = twoGaussians(8000, 1);
    const model = new SoftmaxRegression({ input: 2, classes: 2, seed: 1 });
    await model.fit(data, { epochs: 25, batchSize: 2000, learningRate: { schedule: 'linearWarmup', steps: 100, from: 0.1, to: 0.001 } }); // prettier-ignore
    const kernel = model.parameters['logits.kernel']!.arraySync() as number[][];
    // The estimate's own standard error is about 0.04.
    weights.forEach((weight, i) => expect(Math.abs(kernel[i]![1]! - kernel[i]![0]! - weight)).toBeLessThan(0.15));
    model.dispose();
  });

  it('is penalised by half the squared weights', async () => {
    const model = new SoftmaxRegression({ input: 2, classes: 2, weightDecay: 0.3, seed: 1 });
    const { crossEntropy, decay, total } = await model.score(twoGaussians(20, 2).data);
    expect(decay).toBeCloseTo(0.5 * model.parameters['logits.kernel']!.square().sum().dataSync()[0]!, 5);
    expect(total).toBeCloseTo(crossEntropy! + 0.3 * decay!, 5);
    model.dispose();
  });
});

describe('a linear probe', () => {
  const sets = { train: twoGaussians(600, 3).data, heldOut: twoGaussians(600, 4).data };
  const features = (x: unknown) => tf.tensor2d((x as { values: Float32Array }).values, [600, 2]);

  it('reaches the accuracy of the best linear rule, whatever the scale of the features', async () => {
    // Φ(½ √(Δᵀ Σ⁻¹ Δ)) for two Gaussians apart by Δ; by the weights Σ⁻¹ Δ.
    const { weights } = twoGaussians(2, 1);
    const half = Math.sqrt(1.4 * weights[0]! - 0.8 * weights[1]!) / 2;
    const best = 0.5 * (1 + tf.erf(half / Math.SQRT2).dataSync()[0]!);
    const small = await linearProbe((x) => features(x).mul(1e-3).add(5), sets, { epochs: 20 });
    expect(Math.abs(small.accuracy - best)).toBeLessThan(4 * Math.sqrt((best * (1 - best)) / 600));
    expect(small.crossEntropy).toBeLessThan(Math.log(2));
  });

  it('is at chance on features that say nothing', async () => {
    const noise = tf.randomNormal([600, 2], 0, 1, 'float32', 7) as tf.Tensor2D;
    const { accuracy } = await linearProbe(() => noise.clone(), sets, { epochs: 10 });
    expect(Math.abs(accuracy - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 600));
  });

  it('needs labels', async () => {
    const bare = Dataset.from([[1, 2], [3, 4]]); // prettier-ignore
    await expect(linearProbe(features, { train: bare, heldOut: bare })).rejects.toThrow('has no labels');
  });
});

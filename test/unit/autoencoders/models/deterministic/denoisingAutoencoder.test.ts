import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { inverse, Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  Dataset,
  defineCorruption,
  DenoisingAutoencoder,
  linearWarmup,
  normal,
  randomStream,
} from '../../../../../kernel/autoencoders/index';
import type { CorruptionDefinition, DenoisingAutoencoderConfig } from '../../../../../kernel/autoencoders/index';
import { useWasm } from '../../../engine/backends';

beforeAll(useWasm);

const MIXING = [
  [1, 0, 0],
  [0.8, 0.5, 0],
  [-0.3, 0.4, 0.7],
];

/** Correlated rows with mean 0. */
function correlated(count: number): Matrix {
  const epsilon = Matrix.from1DArray(count, 3, Array.from(randomStream(4, 'rows').normals(3 * count)));
  return epsilon.mmul(new Matrix(MIXING).transpose()).center('column');
}

/** For a linear model, x̂ = x̃ A: the loss at this A, and the least loss at A with one entry changed by 0.1. */
function lossesAround(A: Matrix, rows: Matrix, corruption: DenoisingAutoencoderConfig['corruption']) {
  const model = new DenoisingAutoencoder({ input: 3, latent: 3, hidden: [], ...(corruption && { corruption }) });
  model.parameters['encoder.0.kernel']!.assign(tf.eye(3));
  const loss = (map: Matrix) =>
    tf.tidy(() => {
      model.parameters['decoder.0.kernel']!.assign(tf.tensor2d(map.to2DArray()));
      const tensors = { x: tf.tensor2d(rows.to2DArray()), ...model.inputs(randomStream(8, 'noise'), rows.rows) };
      return model.losses(tensors).reconstruction.dataSync()[0]!;
    });
  const changed = [0, 1, 2].flatMap((i) =>
    [0, 1, 2].flatMap((j) => [-0.1, 0.1].map((step) => loss(A.clone().set(i, j, A.get(i, j) + step)))),
  );
  const losses = { best: loss(A), beside: Math.min(...changed) };
  model.dispose();
  return losses;
}

describe('a denoising autoencoder', () => {
  it('that is linear has its minimum at (Σ + s²I)⁻¹Σ for Gaussian noise', () => {
    const rows = correlated(20_000);
    const covariance = rows.transpose().mmul(rows).div(rows.rows);
    const A = inverse(Matrix.add(covariance, Matrix.eye(3).mul(0.25))).mmul(covariance);
    const { best, beside } = lossesAround(A, rows, { corruption: 'gaussian', deviation: 0.5 });
    expect(best).toBeLessThan(beside);
  });

  it('that is linear has its minimum at E[x̃x̃ᵀ]⁻¹E[x̃xᵀ] for masking', () => {
    const rows = correlated(20_000);
    const covariance = rows.transpose().mmul(rows).div(rows.rows);
    const keep = 0.7;
    const corrupted = Matrix.mul(covariance, keep * keep);
    covariance.diagonal().forEach((variance, i) => corrupted.set(i, i, keep * variance));
    const A = inverse(corrupted).mmul(Matrix.mul(covariance, keep));
    const { best, beside } = lossesAround(A, rows, undefined);
    expect(best).toBeLessThan(beside);
  });

  it('scores what it makes of corrupted samples against the clean ones', async () => {
    const model = new DenoisingAutoencoder({
      input: 4,
      latent: 2,
      hidden: [3],
      corruption: { corruption: 'masking', rate: 1 },
    });
    const x = [[1, 2, 3, 4], [0.5, -1, 0, 2]]; // prettier-ignore
    const fromNothing = model.denoise([[0, 0, 0, 0]]).arraySync()[0]!;
    const errors = x.map((row) => row.reduce((sum, value, i) => sum + (value - fromNothing[i]!) ** 2, 0));
    const { reconstruction } = await model.score(x);
    expect(reconstruction).toBeCloseTo((errors[0]! + errors[1]!) / 2, 4);
    expect(model.corrupt(x).abs().max().dataSync()[0]).toBe(0);
    model.dispose();
  });

  it('takes a corruption of your own, whose noise it is handed', async () => {
    // |ε| ≥ 0 says 1 of every value, so that what is drawn has to reach the corruption.
    const definition = (by: number): CorruptionDefinition => ({
      noise: (n, width) => ({ shift: normal([n, width]) }),
      apply: (x, { shift }) => x.reverse(1).add(shift!.abs().greaterEqual(0).mul(by)) as tf.Tensor2D,
    });
    const swapped = defineCorruption('swapped', ({ by = 1 }: { by?: number }) => definition(by));
    const config = { input: 2, latent: 2, hidden: [], seed: 3 };
    const model = new DenoisingAutoencoder({ ...config, corruption: swapped({ by: 1 }) });
    expect(model.corrupt([[1, 5]]).arraySync()).toEqual([[6, 2]]);
    const rows = Array.from({ length: 64 }, (_, n) => [n % 7, (n * n) % 5]);
    await model.fit(Dataset.from(rows), { epochs: 200, batchSize: 64, learningRate: linearWarmup(200, 0.1, 0) });
    expect((await model.score(rows))['reconstruction']).toBeLessThan(0.1);

    const folder = await mkdtemp(join(tmpdir(), 'denoising-'));
    try {
      await model.save(join(folder, 'model'));
      const loaded = await DenoisingAutoencoder.load(join(folder, 'model'));
      expect(loaded.denoise([[6, 2]]).arraySync()).toEqual(model.denoise([[6, 2]]).arraySync());
      expect(loaded.corrupt([[1, 5]]).arraySync()).toEqual([[6, 2]]);
      loaded.dispose();
    } finally {
      await rm(folder, { recursive: true });
    }
    model.dispose();
  });

  it('says what a corruption may be', () => {
    const config = { input: 2, latent: 1 };
    const wrong = (corruption: object) => () =>
      new DenoisingAutoencoder({ ...config, corruption } as DenoisingAutoencoderConfig);
    expect(wrong({ name: 'blur' })).toThrow(
      '"corruption" is {"name":"blur"}, there is no corruption of this name (there are masking, gaussian, saltAndPepper',
    );
    expect(wrong({ corruption: 'masking', rate: 1.5 })).toThrow(/"rate" is 1\.5, allowed: at most 1\.$/);
  });
});

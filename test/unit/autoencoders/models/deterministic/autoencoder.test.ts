import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  DeterministicAutoencoder,
  linearWarmup,
  meanReconstructionError,
} from '../../../../../kernel/autoencoders/index';
import type { Samples } from '../../../../../kernel/autoencoders/index';
import { alive, useWasm } from '../../../engine/backends';
import { binarySamples, lowRankSamples } from '../../data';

beforeAll(useWasm);

/** Principal axes [d, d], by falling variance, and the variances, in float64. */
function principalComponents({ values, length, width }: Samples): { axes: Matrix; variances: number[] } {
  const data = Matrix.from1DArray(length, width, Array.from(values));
  const covariance = data.center('column').transpose().mmul(data).div(length);
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  return {
    axes: eigenvectorMatrix.subMatrixColumn(order),
    variances: order.map((i) => realEigenvalues[i]!),
  };
}

/** Largest principal angle between the column spaces of two matrices with orthonormal columns. */
function largestAngle(a: Matrix, b: Matrix): number {
  const { diagonal } = new SingularValueDecomposition(a.transpose().mmul(b));
  return Math.acos(Math.min(1, Math.min(...diagonal)));
}

function orthonormalColumns(matrix: Matrix): Matrix {
  return new SingularValueDecomposition(matrix, { autoTranspose: true }).leftSingularVectors.subMatrix(
    0,
    matrix.rows - 1,
    0,
    matrix.columns - 1,
  );
}

describe('an autoencoder', () => {
  it('that is linear reaches the subspace of principal components', async () => {
    const data = lowRankSamples(256, 8, 3, 0.3);
    const { axes, variances } = principalComponents(data);
    const discarded = variances.slice(3).reduce((sum, value) => sum + value, 0);
    const model = new DeterministicAutoencoder({ input: 8, latent: 3, hidden: [], seed: 2 });
    await model.fit(data, { epochs: 800, batchSize: 256, learningRate: linearWarmup(800, 0.1, 0) });
    expect((await model.score(data))['reconstruction']! / discarded).toBeCloseTo(1, 3);
    expect(await meanReconstructionError(model, data)).toBeCloseTo(discarded, 3);

    const decoder = model.parameters['decoder.0.kernel']!;
    const found = orthonormalColumns(new Matrix(decoder.arraySync() as number[][]).transpose());
    expect(largestAngle(found, axes.subMatrix(0, 7, 0, 2))).toBeLessThan(0.01);
    model.dispose();
  });

  it('scores the squared error summed over values, averaged over samples', async () => {
    const model = new DeterministicAutoencoder({ input: 4, latent: 2, hidden: [3] });
    const x = [
      [1, 2, 3, 4],
      [0, -1, 0.5, 2],
    ];
    const xHat = model.reconstruct(x).arraySync();
    expect(xHat).toEqual(model.decode(model.encode(x)).arraySync());
    const squared = x.flatMap((row, n) => row.map((value, i) => (value - xHat[n]![i]!) ** 2));
    const { reconstruction, total } = await model.score(x);
    expect(reconstruction).toBeCloseTo(squared.reduce((sum, value) => sum + value, 0) / 2, 5);
    expect(total).toBe(reconstruction);
    expect(model.unit).toBe('squared error per sample');
    model.dispose();
  });

  it('with cross-entropy scores nats and gives back probabilities', async () => {
    const model = new DeterministicAutoencoder({ input: 6, latent: 2, hidden: [5], loss: 'crossEntropy' });
    const data = binarySamples(4, 6);
    const xHat = model.decode(model.encode(data)).dataSync();
    const nats = Array.from(data.values).map((x, i) => -x * Math.log(xHat[i]!) - (1 - x) * Math.log(1 - xHat[i]!));
    const { reconstruction } = await model.score(data);
    expect(reconstruction).toBeCloseTo(nats.reduce((sum, value) => sum + value, 0) / 4, 4);
    expect(model.unit).toBe('nats per sample');
    model.dispose();
  });

  it('has a name, a shape and a size for captions', () => {
    const shape = { kind: 'image', height: 4, width: 3, channels: 1 } as const;
    const model = new DeterministicAutoencoder({ input: shape, latent: 1, hidden: [] });
    expect([model.name, model.latentDimensions, model.unit]).toEqual([
      'autoencoder, 1 latent',
      1,
      'squared error per image',
    ]);
    expect(model.inputShape).toEqual(shape);
    model.dispose();
  });

  it('encodes and decodes many rows in chunks, and keeps no tensors', () => {
    const model = new DeterministicAutoencoder({ input: 5, latent: 2, hidden: [4] });
    const x = tf.randomNormal<tf.Rank.R2>([2500, 5]);
    const before = alive();
    const z = model.encode(x);
    const xHat = model.decode(z);
    expect([z.shape, xHat.shape]).toEqual([
      [2500, 2],
      [2500, 5],
    ]);
    expect(alive()).toEqual({ tensors: before.tensors + 2, buffers: before.buffers + 2 });
    const last = model.encode(x.slice([2499, 0]) as tf.Tensor2D).dataSync();
    expect([...z.slice([2499, 0]).dataSync()]).toEqual([...last]);
    tf.dispose([x, z, xHat]);
    model.dispose();
  });

  it('says which width it expects', () => {
    const model = new DeterministicAutoencoder({ input: 5, latent: 2, hidden: [4] });
    expect(() => model.encode(tf.zeros([3, 4]))).toThrow(
      'autoencoder, 2 latents: encode expects rows of 5 values (5 features); found a tensor of shape [3, 4].',
    );
    expect(() => model.decode([[1, 2, 3]])).toThrow(
      'autoencoder, 2 latents: decode expects rows of 2 latent values; found 3 values at row 0.',
    );
    model.dispose();
  });
});

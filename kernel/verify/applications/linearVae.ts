import * as tf from '@tensorflow/tfjs';
import { Matrix, solve } from 'ml-matrix';
import { LinearGaussianModel } from '../../autoencoders/estimators/index';
import { VAE } from '../../autoencoders/index';
import { randomStream } from '../../autoencoders/random';

export const SIGMA = 0.5;

/**
 * A linear VAE whose encoder gives the mean and the variances of the true posterior, and the same model in float64. W has
 * orthogonal columns, so that the posterior is diagonal.
 */
export function linearVae(): { vae: VAE; exact: LinearGaussianModel } {
  const W = new Matrix([
    [1, 0],
    [-1, 0.5],
    [1, 0.5],
    [0, 2],
  ]);
  const b = [0.1, -0.2, 0.3, 0];
  const exact = new LinearGaussianModel(W, b, SIGMA);
  const vae = new VAE({ input: 4, latent: 2, hidden: [], likelihood: 'gaussian', sigma: SIGMA });
  // E[z|x] = A(x − b), Var diag: from the model in closed form.
  const columns = [0, 1, 2, 3].map((i) => exact.posterior(b.map((value, j) => value + (i === j ? 1 : 0))));
  const origin = exact.posterior(b);
  const kernel = columns.map(({ mean }) => [mean[0]!, mean[1]!, 0, 0]);
  const offset = [0, 1].map((k) => -kernel.reduce((sum, row, i) => sum + row[k]! * b[i]!, 0));
  const logVar = [0, 1].map((k) => Math.log(origin.covariance[k]![k]!));
  const set = (name: string, values: number[] | number[][]) =>
    tf.tidy(() => vae.parameters[name]!.assign(tf.tensor(values)));
  set('encoder.0.kernel', kernel);
  set('encoder.0.bias', [...offset, ...logVar]);
  set('decoder.0.kernel', W.transpose().to2DArray());
  set('decoder.0.bias', b);
  return { vae, exact };
}

/**
 * E[W_m z + b_m | x_known] under p(x) = N(b, WWᵀ + σ²I): what the missing values m are expected to be, in float64.
 *
 * @param known 1 where a value is known
 */
export function conditionalMean(
  { W, b, sigma }: LinearGaussianModel,
  row: readonly number[],
  known: readonly number[],
) {
  const covariance = W.mmul(W.transpose());
  const at = (flag: number) => known.flatMap((one, i) => (one === flag ? [i] : []));
  const seen = at(1);
  const noisy = seen.map((i) => seen.map((j) => covariance.get(i, j) + (i === j ? sigma ** 2 : 0)));
  const weights = solve(new Matrix(noisy), Matrix.columnVector(seen.map((i) => row[i]! - b[i]!)));
  return at(0).map((i) => b[i]! + seen.reduce((sum, j, a) => sum + covariance.get(i, j) * weights.get(a, 0), 0));
}

/** Draws of x from the model. */
export function draws({ W, b, sigma }: LinearGaussianModel, count: number, seed: number): number[][] {
  const stream = randomStream(seed, 'linear');
  return Array.from({ length: count }, () => {
    const z = [...stream.normals(W.columns)];
    const e = stream.normals(W.rows);
    return Array.from(b, (value, i) => value + z.reduce((sum, one, k) => sum + W.get(i, k) * one, 0) + sigma * e[i]!);
  });
}

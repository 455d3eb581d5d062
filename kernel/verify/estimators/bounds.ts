/** Bounds of log p(x) beside the closed form of a linear Gaussian model. */
import * as tf from '@tensorflow/tfjs';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { estimate, LinearGaussianModel, MultivariateGaussian, randomStream, VAE } from '../../autoencoders/index';
import type { VAEConfig } from '../../autoencoders/index';
import type { Measured, Verification } from '../verification';

const SYSTEM = 'Estimators';
const [D, K, SIGMA] = [6, 3, 0.6];
const CONFIG: VAEConfig = { input: D, latent: K, hidden: [], likelihood: 'gaussian', sigma: SIGMA, seed: 5 };

export const bounds: Verification[] = [
  {
    id: 'estimators/evidence-float64',
    system: SYSTEM,
    identity: 'log p(x) = ELBO + KL(q ‖ p(z|x)) for any q in a linear Gaussian model: largest error over 20 q, float64',
    quick: true,
    measure: evidenceInFloat64,
  },
  {
    id: 'estimators/evidence-float32',
    system: SYSTEM,
    identity: 'log p(x) = ELBO + KL(q ‖ p(z|x)) with the terms of a VAE in float32, E_q by 2k points that are exact',
    quick: true,
    measure: evidenceInFloat32,
  },
  {
    id: 'estimators/true-posterior',
    system: SYSTEM,
    identity: 'at the true posterior of full covariance every importance weight is p(x): largest error of log w',
    quick: true,
    measure: weightsAtTruePosterior,
  },
  {
    id: 'estimators/one-draw',
    system: SYSTEM,
    identity: 'the importance-weighted bound of one draw is the ELBO: mean over 300 seeds, 4 standard errors',
    quick: true,
    measure: oneDraw,
  },
  {
    id: 'estimators/monotone',
    system: SYSTEM,
    identity: 'the importance-weighted bound rises with L = 1, 5, 50, 500, 5000: smallest step',
    quick: true,
    measure: monotone,
  },
  {
    id: 'estimators/importance-weighted-limit',
    system: SYSTEM,
    identity:
      'the importance-weighted bound of 5000 draws is near log p(x) after a short training, mean over 200 samples',
    quick: true,
    measure: limit,
  },
];

function evidenceInFloat64(): Measured {
  const normals = randomStream(1, 'linear Gaussian');
  const matrix = (rows: number, columns: number) =>
    Matrix.from1DArray(rows, columns, Array.from(normals.normals(rows * columns)));
  const model = new LinearGaussianModel(matrix(D, K), normals.normals(D), 0.7);
  const errors = Array.from({ length: 20 }, () => {
    const [x, root] = [normals.normals(D), matrix(K, K)];
    const covariance = root.mmul(root.transpose()).add(Matrix.eye(K).mul(0.1));
    const q = new MultivariateGaussian(Array.from(normals.normals(K)), symmetric(covariance));
    return Math.abs(model.evidenceLowerBound(x, q) + model.inferenceGap(x, q) - model.logEvidence(x));
  });
  return { expected: 0, found: Math.max(...errors), tolerance: 1e-10 };
}

/** ±√k eⱼ have mean 0 and covariance I, so that averages of polynomials of degree 2 are expectations. */
async function evidenceInFloat32(): Promise<Measured> {
  const model = new VAE({ ...CONFIG, draws: 2 * K });
  const exact = await LinearGaussianModel.of(model);
  const x = Array.from(randomStream(2, 'x').normals(D));
  const points = Matrix.eye(K).mul(Math.sqrt(K)).to2DArray();
  const epsilon = tf.tensor2d([...points, ...points.map((row) => row.map((value) => -value))]);
  const { reconstruction, kl } = model.losses({ x: tf.tensor2d([x]), epsilon });
  const q = model.posterior([x]);
  const variances = Array.from((await q.logVar.data()) as Float32Array, Math.exp);
  const gap = exact.inferenceGap(x, new MultivariateGaussian([...(await q.mu.data())], diagonal(variances)));
  const found = gap - reconstruction.dataSync()[0]! - kl.dataSync()[0]!;
  model.dispose();
  return { expected: exact.logEvidence(x), found, tolerance: 1e-3 };
}

async function weightsAtTruePosterior(): Promise<Measured> {
  const model = new VAE({ ...CONFIG, posterior: 'full' });
  const exact = await LinearGaussianModel.of(model);
  setTruePosterior(model, exact);
  const rows = samples(50);
  const { perSample } = await model.logLikelihood(rows, { draws: 1 });
  const errors = rows.map((x, i) => Math.abs(perSample[i]! - exact.logEvidence(x)));
  model.dispose();
  return { expected: 0, found: Math.max(...errors), tolerance: 1e-3 };
}

/** The encoder's μ = M⁻¹Wᵀ(x − b), and L with L Lᵀ = σ²M⁻¹ whatever x is. */
function setTruePosterior(model: VAE, exact: LinearGaussianModel): void {
  const zero = exact.posterior(new Float64Array(D));
  const units = Matrix.eye(D)
    .to2DArray()
    .map((x) => exact.posterior(x).mean.map((value, j) => value - zero.mean[j]!));
  const L = new CholeskyDecomposition(
    new Matrix(zero.covariance.map((row) => [...row])),
  ).lowerTriangularMatrix.to2DArray();
  const shape = [...L.map((row, i) => Math.log(row[i]!)), ...L.flatMap((row, i) => row.slice(0, i))];
  model.parameters['encoder.0.kernel']!.assign(tf.tensor2d(units.map((row) => [...row, ...shape.map(() => 0)])));
  model.parameters['encoder.0.bias']!.assign(tf.tensor1d([...zero.mean, ...shape]));
}

async function oneDraw(): Promise<Measured> {
  const model = new VAE(CONFIG);
  const rows = samples(20);
  const found: number[] = [];
  for (let seed = 0; seed < 300; seed++) found.push((await model.logLikelihood(rows, { draws: 1, seed })).mean);
  const { value, standardError } = estimate(found);
  const expected = await meanBound(model, rows);
  model.dispose();
  return { expected, found: value, tolerance: 4 * standardError };
}

/** The ELBO of the encoder's q in closed form. */
async function meanBound(model: VAE, rows: number[][]): Promise<number> {
  const exact = await LinearGaussianModel.of(model);
  const q = model.posterior(rows);
  const [mu, logVar] = [q.mu.arraySync(), (q.logVar as tf.Tensor2D).arraySync()];
  const each = rows.map((x, i) => {
    return exact.evidenceLowerBound(x, new MultivariateGaussian(mu[i]!, diagonal(logVar[i]!.map(Math.exp))));
  });
  return mean(each);
}

async function monotone(): Promise<Measured> {
  const model = new VAE(CONFIG);
  const rows = samples(200);
  const found: number[] = [];
  for (const draws of [1, 5, 50, 500, 5000]) found.push((await model.logLikelihood(rows, { draws })).mean);
  model.dispose();
  const steps = found.slice(1).map((value, i) => value - found[i]!);
  return { expected: 0, found: Math.min(...steps), tolerance: 0, relation: '≥' };
}

async function limit(): Promise<Measured> {
  const model = new VAE(CONFIG);
  const rows = samples(200);
  await model.fit(rows, { epochs: 20, batchSize: 20, learningRate: 0.02 });
  const exact = await LinearGaussianModel.of(model);
  const found = (await model.logLikelihood(rows, { draws: 5000 })).mean;
  model.dispose();
  return { expected: mean(rows.map((x) => exact.logEvidence(x))), found, tolerance: 0.01 };
}

function samples(n: number): number[][] {
  const values = Array.from(randomStream(3, 'samples').normals(n * D));
  return Array.from({ length: n }, (_, i) => values.slice(i * D, (i + 1) * D));
}

function diagonal(values: number[]): number[][] {
  return Matrix.diag(values).to2DArray();
}

function symmetric(matrix: Matrix): number[][] {
  return Matrix.add(matrix, matrix.transpose()).mul(0.5).to2DArray();
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

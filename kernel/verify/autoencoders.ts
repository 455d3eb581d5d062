/** Deterministic autoencoders: plain, denoising, sparse, k-sparse, contractive. */
import * as tf from '@tensorflow/tfjs';
import { EigenvalueDecomposition, inverse, Matrix, QrDecomposition, SingularValueDecomposition } from 'ml-matrix';
import {
  DeterministicAutoencoder,
  bernoulliDivergence,
  Dataset,
  DenoisingAutoencoder,
  fashionMnist,
  KSparseAutoencoder,
  linearWarmup,
  meanReconstructionError,
  PCA,
  randomStream,
} from '../autoencoders/index';
import type { DenoisingAutoencoderConfig } from '../autoencoders/index';
import { contractive } from './contractive';
import type { Verification } from './verification';

// --- the linear autoencoder and PCA -------------------------------------------------------------------------------

const [N, D, K] = [512, 8, 3];

/** N rows with variances that fall by steps, along random axes. */
function steppedRows(): Matrix {
  const draws = (rows: number, purpose: string) =>
    Matrix.from1DArray(rows, D, Array.from(randomStream(7, purpose).normals(rows * D)));
  const deviations = [3, 2.5, 2, 0.7, 0.5, 0.4, 0.3, 0.2];
  const axes = new QrDecomposition(draws(D, 'axes')).orthogonalMatrix;
  return draws(N, 'rows').mulRowVector(deviations).mmul(axes.transpose()).center('column');
}

interface LinearResult {
  loss: number;
  discarded: number;
  /** Largest principal angle between the decoder's columns and the K first principal axes. */
  angle: number;
}

async function trainLinear(): Promise<LinearResult> {
  const rows = steppedRows();
  const covariance = rows.transpose().mmul(rows).div(N);
  const { realEigenvalues: values, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const order = values.map((_, i) => i).sort((a, b) => values[b]! - values[a]!);
  const data = Dataset.from(rows.to2DArray());
  const model = new DeterministicAutoencoder({ input: D, latent: K, hidden: [], seed: 2 });
  await model.fit(data, { epochs: 600, batchSize: N, learningRate: linearWarmup(600, 0.1, 0) });
  const loss = (await model.score(data))['reconstruction']!;
  const decoder = new Matrix(model.parameters['decoder.0.kernel']!.arraySync() as number[][]).transpose();
  model.dispose();
  const found = new QrDecomposition(decoder).orthogonalMatrix;
  const axes = eigenvectorMatrix.subMatrixColumn(order.slice(0, K));
  const { diagonal } = new SingularValueDecomposition(axes.transpose().mmul(found));
  return {
    loss,
    discarded: order.slice(K).reduce((sum, i) => sum + values[i]!, 0),
    angle: Math.acos(Math.min(1, ...diagonal)),
  };
}

let linear: Promise<LinearResult> | undefined;
const linearResult = () => (linear ??= trainLinear());

const plain: Verification[] = [
  {
    id: 'autoencoders/linear-loss',
    system: 'DeterministicAutoencoder',
    identity: 'trained linear autoencoder: loss = Σ of the discarded eigenvalues, relative',
    quick: false,
    async measure() {
      const { loss, discarded } = await linearResult();
      return { expected: discarded, found: loss, tolerance: 1e-3 * discarded };
    },
  },
  {
    id: 'autoencoders/linear-angle',
    system: 'DeterministicAutoencoder',
    identity: 'trained linear autoencoder: largest angle to the principal subspace < 0.01 rad',
    quick: false,
    async measure() {
      return { expected: 0.01, found: (await linearResult()).angle, tolerance: 0, relation: '≤' };
    },
  },
  ...(
    [
      [2, 4],
      [10, 8],
    ] as const
  ).map(([latent, epochs]): Verification => ({
    id: `autoencoders/deep-beats-pca-${latent}`,
    system: 'DeterministicAutoencoder',
    identity: `784-256-64-${latent}, squared error of 1000 held-out images of Fashion-MNIST ≤ that of PCA with ${latent} components, both fitted to the other 9000`,
    quick: false,
    async measure() {
      const [train, heldOut] = (await fashionMnist()).split(1000, { seed: 1 });
      const expected = await meanReconstructionError(await PCA.fit(train, latent), heldOut);
      const model = new DeterministicAutoencoder({ input: train.shape, latent, hidden: [256, 64], seed: 1 });
      await model.fit(train, { epochs, batchSize: 100, learningRate: linearWarmup(90 * epochs, 2e-3, 1e-4) });
      const found = await meanReconstructionError(model, heldOut);
      model.dispose();
      return { expected, found, tolerance: 0, relation: '≤' };
    },
  })),
];

// --- the linear denoising autoencoder -----------------------------------------------------------------------------

const MIXING = [
  [1, 0, 0],
  [0.8, 0.5, 0],
  [-0.3, 0.4, 0.7],
];

function correlatedRows(count: number): Matrix {
  const epsilon = Matrix.from1DArray(count, 3, Array.from(randomStream(4, 'rows').normals(3 * count)));
  return epsilon.mmul(new Matrix(MIXING).transpose()).center('column');
}

/** Largest difference of the trained W, x̂ = W x̃ + b, from the oracle's. */
async function denoisingError(
  corruption: NonNullable<DenoisingAutoencoderConfig['corruption']>,
  oracle: (covariance: Matrix) => Matrix,
): Promise<number> {
  const rows = correlatedRows(4096);
  const model = new DenoisingAutoencoder({ input: 3, latent: 3, hidden: [], seed: 1, corruption });
  const learningRate = linearWarmup(600, 0.03, 0);
  await model.fit(Dataset.from(rows.to2DArray()), { epochs: 600, batchSize: 4096, learningRate });
  const kernel = (name: string) => new Matrix(model.parameters[name]!.arraySync() as number[][]);
  const W = kernel('encoder.0.kernel').mmul(kernel('decoder.0.kernel')).transpose();
  model.dispose();
  return Matrix.sub(W, oracle(rows.transpose().mmul(rows).div(rows.rows)))
    .abs()
    .max();
}

const denoising: Verification[] = [
  {
    id: 'autoencoders/denoising-gaussian',
    system: 'Denoising autoencoder',
    identity: 'trained linear model, Gaussian noise: largest difference of W from Σ(Σ + s²I)⁻¹',
    quick: false,
    async measure() {
      const found = await denoisingError({ corruption: 'gaussian', deviation: 0.5 }, (covariance) =>
        covariance.mmul(inverse(Matrix.add(covariance, Matrix.eye(3).mul(0.25)))),
      );
      return { expected: 0, found, tolerance: 1e-2 };
    },
  },
  {
    id: 'autoencoders/denoising-masking',
    system: 'Denoising autoencoder',
    identity: 'trained linear model, masking .3: largest difference of W from E[x x̃ᵀ] E[x̃ x̃ᵀ]⁻¹',
    quick: false,
    async measure() {
      const keep = 0.7;
      const found = await denoisingError({ corruption: 'masking' }, (covariance) => {
        // E[x̃_i x̃_j] = keep² Σ_ij off the diagonal and keep Σ_ii on it: one coin for a value, two for a pair.
        const corrupted = Matrix.mul(covariance, keep * keep);
        covariance.diagonal().forEach((variance, i) => corrupted.set(i, i, keep * variance));
        return Matrix.mul(covariance, keep).mmul(inverse(corrupted));
      });
      return { expected: 0, found, tolerance: 1e-2 };
    },
  },
];

// --- sparsity -----------------------------------------------------------------------------------------------------

function kSparseGradients(): { counts: number[]; elsewhere: number; kept: number } {
  const model = new KSparseAutoencoder({ input: 30, units: 1000, active: 25, seed: 1 });
  const result = tf.tidy(() => {
    const x = tf.tensor2d(randomStream(2, 'x').uniforms(30), [1, 30]);
    const many = tf.tensor2d(randomStream(3, 'x').uniforms(64 * 30), [64, 30]);
    const counts = [...model.encode(many).notEqual(0).sum(1).dataSync()];
    const kept = model.encode(x).notEqual(0).cast('float32').reshape([1000]);
    const loss = () => model.losses({ x }).reconstruction as tf.Scalar;
    const { grads } = tf.variableGrads(loss, Object.values(model.parameters));
    const gradient = grads[model.parameters['encoder.0.kernel']!.name]!.abs().max(0);
    const largest = (mask: tf.Tensor) => gradient.mul(mask).max().dataSync()[0]!;
    return { counts, elsewhere: largest(kept.neg().add(1)), kept: largest(kept) };
  });
  model.dispose();
  return result;
}

const sparse: Verification[] = [
  {
    id: 'autoencoders/sparse-divergence',
    system: 'Sparse autoencoder',
    identity: 'KL(.05‖.5) = .4946 nats',
    quick: true,
    measure() {
      const found = tf.tidy(() => bernoulliDivergence(0.05, tf.scalar(0.5)).dataSync()[0]!);
      return { expected: 0.4946, found, tolerance: 5e-5 };
    },
  },
  {
    id: 'autoencoders/sparse-gradient',
    system: 'Sparse autoencoder',
    identity: 'the gradient of KL(ρ‖ρ̂) by ρ̂ is 0 at ρ̂ = ρ',
    quick: true,
    measure() {
      const gradient = tf.grad((rhoHat) => bernoulliDivergence(0.05, rhoHat).sum());
      return { expected: 0, found: tf.tidy(() => gradient(tf.scalar(0.05)).dataSync()[0]!), tolerance: 1e-5 };
    },
  },
  {
    id: 'autoencoders/k-sparse-count',
    system: 'k-sparse autoencoder',
    identity: 'of 1000 units exactly 25 are active: largest difference over 64 samples',
    quick: true,
    measure() {
      const off = kSparseGradients().counts.map((count) => Math.abs(count - 25));
      return { expected: 0, found: Math.max(...off), tolerance: 0 };
    },
  },
  {
    id: 'autoencoders/k-sparse-gradient',
    system: 'k-sparse autoencoder',
    identity: 'largest gradient by the weights of units that were not kept, relative to that of kept ones',
    quick: true,
    measure() {
      const { elsewhere, kept } = kSparseGradients();
      return { expected: 0, found: elsewhere / kept, tolerance: 0 };
    },
  },
];

export const autoencoders: Verification[] = [...plain, ...denoising, ...sparse, ...contractive];

/** What is measured: three trainings and an inference, and the matrix products that each cannot do without. */

export type WorkloadName = 'a' | 'b' | 'c' | 'd';

export interface Workload {
  title: string;
  /** The unit of one pass: a training step, or a whole inference. */
  unit: 'ms/step' | 'ms/pass';
  /** Samples that one pass handles. */
  samples: number;
  /** The products of one pass. A convolution counts as the product of its unfolded patches (im2col). */
  products: readonly MatrixProduct[];
}

/** [m, k] × [k, n]. */
export interface MatrixProduct {
  m: number;
  k: number;
  n: number;
}

export const BATCH = 128;
/** Images that workload d encodes. */
export const IMAGES = 10_000;

/**
 * Products of a trained layer with `inputs` × `outputs` weights that is applied to `rows` rows: forwards, the gradient
 * of the weights and, unless the layer is the first, of its input. For a convolution, rows are positions of the output
 * and inputs the values of a patch; for a transposed one, rows are positions of the input and outputs those of a patch.
 */
function layer(rows: number, inputs: number, outputs: number, first: 'first' | '' = ''): MatrixProduct[] {
  const forward = { m: rows, k: inputs, n: outputs };
  const weights = { m: inputs, k: rows, n: outputs };
  return first ? [forward, weights] : [forward, weights, { m: rows, k: outputs, n: inputs }];
}

const vae = [
  ...layer(BATCH, 784, 400, 'first'),
  ...layer(BATCH, 400, 40),
  ...layer(BATCH, 20, 400),
  ...layer(BATCH, 400, 784),
];

const convolutionalVae = [
  ...layer(BATCH * 14 * 14, 3 * 3, 32, 'first'),
  ...layer(BATCH * 7 * 7, 3 * 3 * 32, 64),
  ...layer(BATCH, 7 * 7 * 64, 4),
  ...layer(BATCH, 2, 7 * 7 * 32),
  ...layer(BATCH * 7 * 7, 32, 3 * 3 * 64),
  ...layer(BATCH * 14 * 14, 64, 3 * 3 * 32),
  ...layer(BATCH * 28 * 28, 32, 3 * 3),
];

const residualBlock = [...layer(BATCH * 7 * 7, 3 * 3 * 128, 32), ...layer(BATCH * 7 * 7, 32, 128)];

const convolutionalVqvae = [
  ...layer(BATCH * 14 * 14, 4 * 4, 64, 'first'),
  ...layer(BATCH * 7 * 7, 4 * 4 * 64, 128),
  ...layer(BATCH * 7 * 7, 3 * 3 * 128, 128),
  ...residualBlock,
  ...residualBlock,
  ...layer(BATCH * 7 * 7, 128, 64),
  // The distances to the codes, which have no gradient.
  { m: BATCH * 7 * 7, k: 64, n: 512 },
  ...layer(BATCH * 7 * 7, 3 * 3 * 64, 128),
  ...residualBlock,
  ...residualBlock,
  ...layer(BATCH * 7 * 7, 128, 4 * 4 * 64),
  ...layer(BATCH * 14 * 14, 64, 4 * 4),
];

export const WORKLOADS: Readonly<Record<WorkloadName, Workload>> = {
  a: {
    title: `VAE 784-400-20, Bernoulli likelihood, batch ${BATCH}, Adam`,
    unit: 'ms/step',
    samples: BATCH,
    products: vae,
  },
  b: {
    title: `Convolutional VAE of the TensorFlow tutorial, batch ${BATCH}, Adam`,
    unit: 'ms/step',
    samples: BATCH,
    products: convolutionalVae,
  },
  c: {
    title: `Convolutional VQ-VAE, 28 × 28, K = 512, D = 64, batch ${BATCH}, Adam`,
    unit: 'ms/step',
    samples: BATCH,
    products: convolutionalVqvae,
  },
  d: {
    title: `Inference: ${IMAGES.toLocaleString('en')} images encoded by the VAE of a`,
    unit: 'ms/pass',
    samples: IMAGES,
    products: [
      { m: IMAGES, k: 784, n: 400 },
      { m: IMAGES, k: 400, n: 40 },
    ],
  },
};

export const WORKLOAD_NAMES = Object.keys(WORKLOADS) as WorkloadName[];

/** Floating-point operations of one pass's products; a multiplication and an addition count as two. */
export function operations({ products }: Workload): number {
  return products.reduce((sum, { m, k, n }) => sum + 2 * m * k * n, 0);
}

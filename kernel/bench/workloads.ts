/** What is measured: six trainings and an inference, and the matrix products that each cannot do without. */

export type WorkloadName = 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g';

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

/** Samples of a training step. */
export const BATCHES = { a: 128, b: 128, c: 128, e: 64, f: 32, g: 64 } as const;
export type TrainingName = keyof typeof BATCHES;
export const TRAINING_NAMES = Object.keys(BATCHES) as TrainingName[];
const BATCH = BATCHES.a;
/** Colour images of workload e. */
export const COLOUR = { size: 64, channels: [32, 64, 128, 256], latent: 64 } as const;
/** Codes of workload f, on a map of so many rows and columns. */
export const CODES = { size: 8, codebookSize: 512 } as const;
/** Sequences of workload g: frames of 28 × 28 pixels. */
export const FRAMES = 20;
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

const colourVae = [
  ...COLOUR.channels.flatMap((out, i) => {
    const [side, into] = [COLOUR.size / 2 ** (i + 1), COLOUR.channels[i - 1] ?? 3];
    return layer(BATCHES.e * side * side, 3 * 3 * into, out, i === 0 ? 'first' : '');
  }),
  ...layer(BATCHES.e, 4 * 4 * 256, 2 * COLOUR.latent),
  ...layer(BATCHES.e, COLOUR.latent, 4 * 4 * 32),
  ...COLOUR.channels.toReversed().flatMap((out, i, all) => {
    const [side, into] = [4 * 2 ** i, all[i - 1] ?? 32];
    return layer(BATCHES.e * side * side, into, 3 * 3 * out);
  }),
  ...layer(BATCHES.e * COLOUR.size ** 2, 32, 3 * 3 * 3),
];

/** Positions of all maps of a batch. */
const POSITIONS = BATCHES.f * CODES.size ** 2;

/** A masked convolution counts by the places that it sees. The embedding of the codes is a look-up. */
const snailBlock = [
  ...[1, 2].flatMap(() => [...layer(POSITIONS, 5 * 64, 64), ...layer(POSITIONS, 5 * 64, 128)]),
  ...layer(POSITIONS, 64 + 2, 64),
  ...layer(POSITIONS, 2 * 64 + 2, 64),
  ...layer(POSITIONS, 2 * 64 + 2, 64),
  // Scores and sums of four heads, at all positions before and after: masks come later.
  ...layer(4 * POSITIONS, 16, CODES.size ** 2),
  ...layer(4 * POSITIONS, CODES.size ** 2, 16),
  ...layer(POSITIONS, 2 * 64, 2 * 64),
];

const pixelSnail = [
  ...layer(POSITIONS, 4 * 64, 64),
  ...snailBlock,
  ...snailBlock,
  ...layer(POSITIONS, 64, CODES.codebookSize),
];

/** Both layers of a state given a context: signal, gate and heads of each. */
function stateLayers(context: number): MatrixProduct[] {
  return [context, context + 8].flatMap((from) => [
    ...layer(BATCHES.g, from, 50),
    ...layer(BATCHES.g, from, 50),
    ...layer(BATCHES.g, 50, 16),
  ]);
}

const tdVae = [
  ...layer(FRAMES * BATCHES.g, 784, 200, 'first'),
  ...layer(FRAMES * BATCHES.g, 200, 50),
  ...layer(FRAMES * BATCHES.g, 50, 4 * 50),
  ...Array.from({ length: FRAMES - 1 }, () => layer(BATCHES.g, 50, 4 * 50)).flat(),
  // Filters at both times, smoother and transition.
  ...[50, 50, 16 + 2 * 50, 16].flatMap(stateLayers),
  ...layer(BATCHES.g, 16, 200),
  ...layer(BATCHES.g, 200, 784),
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
  e: {
    title: `Convolutional VAE, 64 × 64 × 3, four layers of 32 to 256 channels, batch ${BATCHES.e}, Adam`,
    unit: 'ms/step',
    samples: BATCHES.e,
    products: colourVae,
  },
  f: {
    title: `PixelSNAIL on 8 × 8 codes, K = 512, batch ${BATCHES.f}, Adam`,
    unit: 'ms/step',
    samples: BATCHES.f,
    products: pixelSnail,
  },
  g: {
    title: `TD-VAE, T = ${FRAMES} frames of 28 × 28, batch ${BATCHES.g}, Adam`,
    unit: 'ms/step',
    samples: BATCHES.g,
    products: tdVae,
  },
};

export const WORKLOAD_NAMES = Object.keys(WORKLOADS) as WorkloadName[];

export function isWorkload(name: string): name is WorkloadName {
  return Object.hasOwn(WORKLOADS, name);
}

/** Floating-point operations of one pass's products; a multiplication and an addition count as two. */
export function operations({ products }: Workload): number {
  return products.reduce((sum, { m, k, n }) => sum + 2 * m * k * n, 0);
}

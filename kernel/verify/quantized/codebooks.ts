/** Codebooks that are learned: moving averages, gradients, stages. */
import * as tf from '@tensorflow/tfjs';
import { EMACodebook, fashionMnist, randomStream, VQVAE } from '../../autoencoders/index';
import type { Verification } from '../verification';
import { largestDifference, lloydStep, mean, nearest, squaredDistance } from './oracles';
import type { Rows } from './oracles';

const system = 'VQ-VAE';
const [K, D, m] = [8, 4, 600];

const draws = (rows: number, width: number, counter = 0) =>
  tf.tensor2d(randomStream(1, 'verify/quantized', counter).normals(rows * width), [rows, width]);

const plain = { codebookSize: K, codeDimension: D, decay: 0.99, epsilon: 1e-5, reviveBelow: 0, seed: 2 };

/** The largest norm of a code after a first batch that is nearest to one code alone. */
function largestNormAfterAMiss(countsStartAt: number): number {
  return tf.tidy(() => {
    const codebook = new EMACodebook({ ...plain, codebookSize: 512, codeDimension: 64 });
    codebook.counts.assign(tf.fill([512], countsStartAt));
    const z = draws(64, 64).mul<tf.Tensor2D>(0.01).add<tf.Tensor2D>(codebook.vectors.slice(0, 1));
    const { vectors } = codebook.update(z, codebook.nearest(z), tf.zeros([512]));
    return vectors.norm('euclidean', 1).max().dataSync()[0]!;
  });
}

function lloydDifference(): number {
  return tf.tidy(() => {
    const codebook = new EMACodebook({ ...plain, decay: 0, epsilon: 1e-12 });
    const z = draws(m, D);
    const expected = lloydStep(z.arraySync(), codebook.vectors.arraySync());
    const { vectors } = codebook.update(z, codebook.nearest(z), tf.zeros([K]));
    return largestDifference(vectors.dataSync(), expected.flat());
  });
}

/**
 * The largest difference between tfjs and float64 in the codebook term's gradient by e, for a VQ-VAE whose codebook
 * learns by gradient.
 */
function codebookGradientDifference(): number {
  const config = { input: 6, hidden: [8], positions: 3, codebookSize: K, codeDimension: D, seed: 3 };
  const model = new VQVAE({ ...config, quantizer: { kind: 'vector', learning: 'gradient' } });
  const difference = tf.tidy(() => {
    const x = draws(50, 6);
    const e = model.parameters['codebook.vectors']!;
    const codes = e.arraySync() as Rows;
    const { grads } = tf.variableGrads(() => model.losses({ x })['codebook']!.asScalar(), [e]);
    const z = encoded(model, x, D);
    const expected = codes.map((code) => code.map(() => 0));
    for (const row of z) {
      const k = nearest(row, codes);
      codes[k]!.forEach((value, j) => (expected[k]![j]! += (2 * (value - row[j]!)) / z.length));
    }
    return largestDifference(grads[e.name]!.dataSync(), expected.flat());
  });
  model.dispose();
  return difference;
}

/** z_e of an encoder of one hidden layer with rectifiers, in float64: [n·P][D]. */
function encoded({ parameters: p }: VQVAE, x: tf.Tensor2D, width: number): Rows {
  const layer = (rows: Rows, name: string) => affine(rows, p[`${name}.kernel`]!, p[`${name}.bias`]!);
  const hidden = layer(x.arraySync(), 'encoder.0').map((row) => row.map((value) => Math.max(0, value)));
  return layer(hidden, 'encoder.1').flatMap((row) =>
    Array.from({ length: row.length / width }, (_, position) => row.slice(position * width, (position + 1) * width)),
  );
}

function affine(rows: Rows, kernel: tf.Tensor, bias: tf.Tensor): Rows {
  const [weights, offsets] = [kernel.arraySync() as Rows, bias.arraySync() as number[]];
  return rows.map((row) =>
    offsets.map((offset, j) => row.reduce((sum, value, i) => sum + value * weights[i]![j]!, offset)),
  );
}

async function commitment(): Promise<{ expected: number; found: number }> {
  const model = new VQVAE({ input: 6, hidden: [8], positions: 3, codebookSize: K, codeDimension: D, seed: 3 });
  const x = draws(50, 6);
  const codes = model.codebook.arraySync();
  const expected = mean(encoded(model, x, D).map((z) => squaredDistance(z, codes[nearest(z, codes)]!)));
  const { commitment: found } = await model.score(x);
  model.dispose();
  return { expected, found: found! };
}

/** The gradient by the encoder's last biases, against finite differences of a float64 decoder at z_q. */
function straightThroughDifference(): number {
  const config = { input: 6, hidden: [8], positions: 3, codebookSize: K, codeDimension: D, seed: 3 };
  const model = new VQVAE({ ...config, activation: 'tanh' });
  const difference = tf.tidy(() => {
    const x = draws(20, 6);
    const bias = model.parameters['encoder.1.bias']!;
    const { grads } = tf.variableGrads(() => model.losses({ x }).reconstruction.asScalar(), [bias]);
    const [rows, zQ] = [x.arraySync(), model.encode(x).arraySync()];
    const loss = (j: number, h: number) => {
      const moved = zQ.map((row) => row.map((value, i) => (i === j ? value + h : value)));
      const { parameters: p } = model;
      const hidden = affine(moved, p['decoder.0.kernel']!, p['decoder.0.bias']!).map((row) => row.map(Math.tanh));
      const xHat = affine(hidden, p['decoder.1.kernel']!, p['decoder.1.bias']!);
      return mean(rows.map((row, i) => squaredDistance(row, xHat[i]!)));
    };
    const h = 1e-5;
    const expected = Array.from({ length: 3 * D }, (_, j) => (loss(j, h) - loss(j, -h)) / (2 * h));
    return largestDifference(grads[bias.name]!.dataSync(), expected);
  });
  model.dispose();
  return difference;
}

async function usageOnFashionMnist(): Promise<number> {
  const data = await fashionMnist();
  const model = new VQVAE({
    input: data.shape,
    hidden: [256],
    positions: 8,
    codebookSize: 256,
    codeDimension: 16,
    seed: 1,
  });
  await model.fit(data, { epochs: 5, batchSize: 128, learningRate: 1e-3 });
  const codes = model.codes(data);
  const used = new Set(await codes.data()).size;
  codes.dispose();
  model.dispose();
  return used / 256;
}

export const codebooks: Verification[] = [
  {
    id: 'quantized/ema-lloyd',
    system,
    identity: 'moving averages with γ = 0 and a full batch = one Lloyd step of k-means in float64, largest difference',
    quick: true,
    measure: () => ({ expected: 0, found: lloydDifference(), tolerance: 1e-6 }),
  },
  {
    id: 'quantized/counts-from-1',
    system,
    identity: 'no code has a norm above 10³ after a first batch that misses all but one of 512 codes',
    quick: true,
    measure: () => ({ expected: 1e3, found: largestNormAfterAMiss(1), tolerance: 0, relation: '≤' }),
  },
  {
    id: 'quantized/counts-from-0',
    system,
    identity: 'with counts from 0 instead, the same batch sends a code to a norm above 10⁴',
    quick: true,
    measure: () => ({ expected: 1e4, found: largestNormAfterAMiss(0), tolerance: 0, relation: '≥' }),
  },
  {
    id: 'quantized/codebook-gradient',
    system,
    identity: '∂‖sg[z_e] − e‖²/∂e = 2 Σ (e − z_e)/(n·P) over the vectors of each code, float64, largest difference',
    quick: true,
    measure: () => ({ expected: 0, found: codebookGradientDifference(), tolerance: 1e-6 }),
  },
  {
    id: 'quantized/commitment-mean',
    system,
    identity: 'commitment = mean of ‖z_e − e‖² over samples and positions, float64',
    quick: true,
    measure: async () => ({ ...(await commitment()), tolerance: 1e-5 }),
  },
  {
    id: 'quantized/straight-through',
    system,
    identity: 'gradient at the encoder = that at z_q, by finite differences of a float64 decoder, largest difference',
    quick: true,
    measure: () => ({ expected: 0, found: straightThroughDifference(), tolerance: 1e-5 }),
  },
  {
    id: 'quantized/usage-fashion-mnist',
    system,
    identity:
      'share of 256 codes in use over the 10,000 Fashion-MNIST images, 8 codes each, after 5 epochs with revival',
    quick: false,
    measure: async () => ({ expected: 0.9, found: await usageOnFashionMnist(), tolerance: 0, relation: '≥' }),
  },
];

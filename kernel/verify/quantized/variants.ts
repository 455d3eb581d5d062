/** Residual stages, finite scalars, signs, perplexity and code grids. */
import * as tf from '@tensorflow/tfjs';
import {
  entropyLoss,
  EMACodebook,
  fashionMnist,
  FiniteScalarQuantizer,
  GridVQVAE,
  LookupFreeQuantizer,
  perplexity,
  randomStream,
  VQVAE,
} from '../../autoencoders/index';
import type { Verification } from '../verification';
import { mean, nearest, squaredDistance } from './oracles';

const LEVELS = [8, 5, 5, 5];

/** A z that the bound of Mentzer et al. 2023 takes near a level, numbered from 0; its inverse in float64. */
function unbounded(level: number, L: number): number {
  const [half, offset] = [((L - 1) * 0.999) / 2, L % 2 === 0 ? 0.5 : 0];
  // The outermost levels lie just beyond the range of the hyperbolic tangent.
  const ratio = Math.max(-0.999, Math.min(0.999, (level - Math.floor(L / 2) + offset) / half));
  return Math.atanh(ratio) - Math.tan(offset / half);
}

/** How many of all combinations of levels come back as the index that counts them in mixed radix. */
function finiteScalarsThatReturn(): number {
  const quantizer = new FiniteScalarQuantizer(LEVELS);
  const digits = Array.from({ length: quantizer.codebookSize }, (_, index) => {
    let rest = index;
    return LEVELS.map((L) => {
      const digit = rest % L;
      rest = (rest - digit) / L;
      return digit;
    });
  });
  return tf.tidy(() => {
    const z = tf.tensor2d(digits.map((code) => code.map((digit, i) => unbounded(digit, LEVELS[i]!))));
    const indices = quantizer.indices(z).dataSync();
    const codes = quantizer.lookup(quantizer.indices(z)).arraySync();
    return digits.filter((code, index) => {
      const levels = code.map((digit, i) => digit / Math.floor(LEVELS[i]! / 2) - 1);
      return indices[index] === index && squaredDistance(levels, codes[index]!) < 1e-10;
    }).length;
  });
}

function levelsReached(): number {
  return tf.tidy(() => {
    const quantizer = new FiniteScalarQuantizer(LEVELS);
    const z = tf.tensor2d(randomStream(1, 'verify/fsq').normals(4 * 5000), [5000, 4]).mul<tf.Tensor2D>(3);
    const codes = quantizer.quantize(z).quantized.arraySync();
    const distinct = LEVELS.map((_, i) => new Set(codes.map((code) => code[i]!.toFixed(4))).size);
    return distinct.reduce((product, count) => product * count, 1);
  });
}

function signEntropy(z: (codes: tf.Tensor2D) => tf.Tensor2D): number {
  return tf.tidy(() => {
    const codes = new LookupFreeQuantizer({ bits: 6, commitment: 0, entropyWeight: 1, temperature: 1 }).codes();
    return entropyLoss(z(codes), codes, 1).dataSync()[0]!;
  });
}

/** 1 − what is left after the codes are at the means of their vectors, two ways, relative to the squared norms. */
function leftByLloydStep(): { expected: number; found: number } {
  return tf.tidy(() => {
    const config = { codebookSize: 16, codeDimension: 8, decay: 0, epsilon: 1e-12, reviveBelow: 0, seed: 2 };
    const codebook = new EMACodebook(config);
    const z = tf.tensor2d(randomStream(3, 'verify/residual').normals(8 * 500), [500, 8]);
    const k = codebook.nearest(z);
    const moved = (codebook.update(z, k, tf.zeros([16])).vectors as tf.Tensor2D).arraySync();
    const [rows, codes] = [z.arraySync(), [...k.dataSync()]];
    const zero = new Array<number>(8).fill(0);
    const found = mean(rows.map((row, i) => squaredDistance(row, moved[codes[i]!]!)));
    const squares = mean(rows.map((row) => squaredDistance(row, zero)));
    const ofCodes = mean(codes.map((code) => squaredDistance(moved[code]!, zero)));
    return { expected: squares - ofCodes, found };
  });
}

/** The largest ratio of what is left after a stage to what was left before it, over Fashion-MNIST. */
async function residualRatio(): Promise<number> {
  const data = await fashionMnist();
  const stages = 4;
  const model = new VQVAE({
    input: data.shape,
    hidden: [128],
    positions: 4,
    codebookSize: 32,
    codeDimension: 8,
    quantizer: { kind: 'vector', stages, initialization: 'kmeans' },
    seed: 1,
  });
  const train = data.take(3000);
  await model.fit(train, { epochs: 4, batchSize: 100, learningRate: 1e-3 });
  const left = tf.tidy(() => {
    // Latents with the first s of the four stages, in float64, against all that the encoder gave.
    const books = model.codebook.arraySync();
    const book = (stage: number) => books.slice(32 * stage, 32 * (stage + 1));
    let rest = encodedVectors(model, train.take(500).values);
    return Array.from({ length: stages + 1 }, (_, stage) => {
      if (stage > 0) {
        rest = rest.map((row) => {
          const code = book(stage - 1)[nearest(row, book(stage - 1))]!;
          return row.map((value, j) => value - code[j]!);
        });
      }
      return mean(rest.map((row) => squaredDistance(row, new Array<number>(8).fill(0))));
    });
  });
  model.dispose();
  return Math.max(...left.slice(1).map((value, stage) => value / left[stage]!));
}

/** z_e of an encoder with one hidden layer of rectifiers. */
function encodedVectors({ parameters: p }: VQVAE, values: Float32Array): number[][] {
  const hidden = tf.tensor2d(values, [500, 784]).matMul(p['encoder.0.kernel']!).add(p['encoder.0.bias']!).relu();
  const z = hidden.matMul(p['encoder.1.kernel']!).add(p['encoder.1.bias']!);
  return z.reshape<tf.Tensor2D>([2000, 8]).arraySync();
}

/** Which of the 4 frames of codes of a clip of 16 frames is the earliest that a change of the last frame reaches. */
function earliestChangedCode(): number {
  const grid = [16, 8, 8];
  const model = new GridVQVAE({
    input: 1024,
    grid,
    channels: 8,
    residualBlocks: 0,
    codebookSize: 64,
    codeDimension: 4,
    seed: 1,
  });
  const still = new Array<number>(1024).fill(0);
  const moved = still.map((_, i) => (i >= 15 * 64 ? 50 : 0));
  const codes = model.codes([still, moved]);
  const [before, after] = codes.arraySync();
  codes.dispose();
  model.dispose();
  const changed = after!.flatMap((code, i) => (code === before![i] ? [] : [Math.floor(i / 4)]));
  return Math.min(...changed);
}

const quick = (id: string, system: string, identity: string, measure: Verification['measure']): Verification => ({
  id: `quantized/${id}`,
  system,
  identity,
  quick: true,
  measure,
});

export const variants: Verification[] = [
  quick(
    'lloyd-energy',
    'residual VQ',
    'codes at the means of their vectors: mean ‖z − e‖² = mean ‖z‖² − mean ‖e‖²',
    () => ({
      ...leftByLloydStep(),
      tolerance: 1e-5,
    }),
  ),
  {
    id: 'quantized/residual-falls',
    system: 'residual VQ',
    identity: 'each of 4 stages leaves less than it was given, Fashion-MNIST: largest ratio of squared norms',
    quick: false,
    measure: async () => ({ expected: 1, found: await residualRatio(), tolerance: 0, relation: '≤' }),
  },
  quick('fsq-bijection', 'FSQ', 'of the 8·5·5·5 combinations of levels, those that return from code to index', () => ({
    expected: 1000,
    found: finiteScalarsThatReturn(),
    tolerance: 0,
  })),
  quick('fsq-levels', 'FSQ', 'product of the levels that 5,000 draws of N(0, 9 I) reach in each dimension', () => ({
    expected: 1000,
    found: levelsReached(),
    tolerance: 0,
  })),
  quick('lfq-entropy-spread', 'LFQ', 'entropy loss of vectors far out at all 2⁶ codes = −log 64', () => ({
    expected: -Math.log(64),
    found: signEntropy((codes) => codes.mul(20)),
    tolerance: 1e-5,
  })),
  quick('lfq-entropy-one', 'LFQ', 'entropy loss of vectors far out at one code = 0', () => ({
    expected: 0,
    found: signEntropy((codes) => codes.slice(0, 1).mul<tf.Tensor2D>(20).tile([8, 1])),
    tolerance: 1e-5,
  })),
  quick('lfq-entropy-undecided', 'LFQ', 'entropy loss of vectors at 0, alike to all codes = log 64 − log 64', () => ({
    expected: 0,
    found: signEntropy(() => tf.zeros([8, 6])),
    tolerance: 1e-5,
  })),
  quick('perplexity-uniform', 'codebook', 'perplexity of 512 codes used alike', () => ({
    expected: 512,
    found: perplexity(new Array<number>(512).fill(7)),
    tolerance: 1e-9,
  })),
  quick('perplexity-one', 'codebook', 'perplexity where one code is used', () => ({
    expected: 1,
    found: perplexity([0, 0, 41, 0]),
    tolerance: 1e-12,
  })),
  quick(
    'clip-codes',
    'VQ-VAE',
    'earliest of 4 frames of codes, from 0, that a change of the last of 16 frames reaches',
    () => ({
      expected: 2,
      found: earliestChangedCode(),
      tolerance: 0,
    }),
  ),
];

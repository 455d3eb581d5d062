/** A VQ-VAE-2 and priors over its codes, trained on shipped images. */
import * as tf from '@tensorflow/tfjs';
import {
  codesDataset,
  fashionMnist,
  PixelCNN,
  randomStream,
  unigramEntropy,
  VQVAE2,
  VQVAE2Prior,
} from '../../autoencoders/index';
import type { Dataset } from '../../autoencoders/index';
import type { Verification } from '../verification';

const SYSTEM = 'VQ-VAE-2';
const BOTTOM = { channels: 32, layers: 4, firstKernel: 5, seed: 1 };
const PRIORS = {
  top: { kind: 'PixelSNAIL', channels: 32, layers: 1, residualLayers: 1, heads: 2, seed: 1 },
  bottom: { kind: 'PixelCNN', ...BOTTOM },
} as const;
const TRAINING = { epochs: 7, batchSize: 64, learningRate: 3e-3 };

interface Trained {
  model: VQVAE2;
  prior: VQVAE2Prior;
  /** −log p of held-out codes, or their unigram entropy, in nats per code. */
  nats: Record<'top' | 'bottom' | 'bottomAlone' | 'topUnigram' | 'bottomUnigram', number>;
  heldOut: Dataset;
}

/** Trained once for all rows. */
let trained: Promise<Trained> | undefined;
const all = (): Promise<Trained> => (trained ??= train());

async function train(): Promise<Trained> {
  const [data, heldOut] = (await fashionMnist()).take(1700).split(300, { seed: 1 });
  const sizes = { channels: 32, residualBlocks: 1, residualChannels: 16, codebookSize: 32, codeDimension: 8 };
  const model = new VQVAE2({ input: data.shape, ...sizes, seed: 1 });
  await model.fit(data, { epochs: 5, batchSize: 50, learningRate: 2e-3 });

  const prior = new VQVAE2Prior(model, PRIORS);
  await prior.fit(data, TRAINING);
  const alone = new PixelCNN({ ...model.maps.bottom, ...BOTTOM });
  await alone.fit(await codesDataset(model.codes(data).bottom), TRAINING);

  const codes = model.codes(heldOut);
  const { top, bottom } = await prior.score(heldOut);
  const { bitsPerCode } = await alone.score(codes.bottom);
  alone.dispose();
  const nats = {
    top: top.bitsPerCode * Math.LN2,
    bottom: bottom.bitsPerCode * Math.LN2,
    bottomAlone: bitsPerCode * Math.LN2,
    topUnigram: await unigramEntropy(codes.top),
    bottomUnigram: await unigramEntropy(codes.bottom),
  };
  tf.dispose([codes.top, codes.bottom]);
  return { model, prior, nats, heldOut };
}

export const stageTwo: Verification[] = [
  {
    id: 'autoregressive/pixelsnail-below-unigram',
    system: 'PixelSNAIL',
    identity: 'held-out −log p of the top codes (4 × 4) ≤ entropy of single codes, nats per code',
    quick: false,
    measure: async () => {
      const { nats } = await all();
      return { expected: nats.topUnigram, found: nats.top, tolerance: 0, relation: '≤' };
    },
  },
  {
    id: 'autoregressive/pixelcnn-below-unigram',
    system: 'PixelCNN',
    identity: 'held-out −log p of the bottom codes alone (7 × 7) ≤ entropy of single codes, nats per code',
    quick: false,
    measure: async () => {
      const { nats } = await all();
      return { expected: nats.bottomUnigram, found: nats.bottomAlone, tolerance: 0, relation: '≤' };
    },
  },
  {
    id: 'autoregressive/bottom-given-top',
    system: SYSTEM,
    identity: 'held-out −log p(bottom | top) ≤ −log p(bottom), PixelCNNs of one size and training, nats per code',
    quick: false,
    measure: async () => {
      const { nats } = await all();
      return { expected: nats.bottomAlone, found: nats.bottom, tolerance: 0, relation: '≤' };
    },
  },
  {
    id: 'autoregressive/samples-decode',
    system: SYSTEM,
    identity: 'pixels of 16 sampled and decoded images that are finite, of 16 · 784',
    quick: false,
    measure: async () => {
      const { prior } = await all();
      const images = prior.sample(16, { seed: 3 });
      const found = (await images.data()).filter((pixel) => Number.isFinite(pixel)).length;
      images.dispose();
      return { expected: 16 * 784, found, tolerance: 0 };
    },
  },
  {
    id: 'autoregressive/samples-near-images',
    system: SYSTEM,
    identity: 'squared distance of a sample to the nearest held-out image ≤ that of decoded codes in random order',
    quick: false,
    measure: async () => {
      const { model, prior, heldOut } = await all();
      const { top, bottom } = model.codes(heldOut);
      const shuffled = model.decodeCodes({ top: shuffle(await top.array()), bottom: shuffle(await bottom.array()) });
      const drawn = prior.sample(100, { seed: 4 });
      const found = meanNearest(drawn, heldOut);
      const expected = meanNearest(shuffled, heldOut);
      tf.dispose([top, bottom, shuffled, drawn]);
      return { expected, found, tolerance: 0, relation: '≤' };
    },
  },
  {
    id: 'autoregressive/both-levels',
    system: SYSTEM,
    identity: 'held-out squared error per image ≤ that of the top codes with the mean vector at each bottom position',
    quick: false,
    measure: async () => {
      const { model, heldOut } = await all();
      const [found, expected] = tf.tidy(() => {
        const x = heldOut.tensor();
        const latents = model.encode(heldOut);
        const top = latents.slice([0, 0], [-1, 16 * model.config.codeDimension]);
        const bottom = latents.slice([0, 16 * model.config.codeDimension]);
        const topAlone = tf.concat2d([top, bottom.mean(0, true).tile([heldOut.length, 1]) as tf.Tensor2D], 1);
        const error = (z: tf.Tensor2D) => x.sub(model.decode(z)).square().sum(1).mean().dataSync()[0]!;
        return [error(latents), error(topAlone)];
      });
      return { expected: expected!, found: found!, tolerance: 0, relation: '≤' };
    },
  },
];

/** The same codes as often, each at any place of any row: what the unigram distribution draws. */
function shuffle(rows: number[][]): number[][] {
  const flat = rows.flat();
  const order = randomStream(6, 'shuffle').permutation(flat.length);
  const width = rows[0]!.length;
  return rows.map((row, r) => row.map((_, c) => flat[order[r * width + c]!]!));
}

/** Mean over the images [n, d] of the squared distance to the nearest of the data. */
function meanNearest(images: tf.Tensor2D, data: Dataset): number {
  return tf.tidy(() => {
    const x = data.tensor();
    const products = images.matMul(x, false, true).mul(2);
    const squares = images.square().sum(1, true).add(x.square().sum(1));
    return squares.sub(products).min(1).mean().dataSync()[0]!;
  });
}

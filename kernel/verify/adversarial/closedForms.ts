/** Discriminators, losses and distances whose values are known. */
import * as tf from '@tensorflow/tfjs';
import {
  AdversarialAutoencoder,
  Discriminator,
  frechetDistance,
  frozen,
  gaussianFrechetDistance,
  hinge,
  logistic,
  PatchDiscriminator,
  randomStream,
} from '../../autoencoders/index';
import { trainingStep } from '../../engine/index';
import type { Verification } from '../verification';

/** log N(z; mean, deviation²). */
function logNormal(z: number, mean: number, deviation: number): number {
  return -0.5 * (Math.log(2 * Math.PI) + ((z - mean) / deviation) ** 2) - Math.log(deviation);
}

/** p = N(0, 1) is real, q = N(1.5, 0.8²) is fake. */
const [MEAN, DEVIATION] = [1.5, 0.8];

function logRatio(z: number): number {
  return logNormal(z, 0, 1) - logNormal(z, MEAN, DEVIATION);
}

/** Logits of a discriminator trained on fresh draws of p and q. */
async function trainedLogits(at: number[]): Promise<number[]> {
  const discriminator = new Discriminator({ name: 'D', sizes: [1, 32], activation: 'tanh', seed: 1 });
  const step = trainingStep({
    trainable: discriminator.parameters,
    state: {},
    optimizer: { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    terms: ({ real, fake }) => {
      const D = (z: tf.Tensor | undefined) => discriminator.logits(z as tf.Tensor2D);
      return { losses: { discriminator: logistic.discriminator(D(real), D(fake)) } };
    },
  });
  const [steps, batch] = [600, 512];
  for (let i = 0; i < steps; i++) {
    const draws = randomStream(1, 'two Gaussians', i).normals(2 * batch);
    const real = tf.tensor2d(draws.subarray(0, batch), [batch, 1]);
    const fake = tf.tensor2d(draws.subarray(batch).map((e) => MEAN + DEVIATION * e), [batch, 1]); // prettier-ignore
    await step.run({ tensors: { real, fake }, weights: {}, learningRate: 0.02 * (1 - i / steps) });
    tf.dispose([real, fake]);
  }
  const logits = tf.tidy(() => discriminator.logits(tf.tensor2d(at, [at.length, 1])));
  const values = Array.from(await logits.data());
  step.dispose();
  tf.dispose([logits, Object.values(discriminator.parameters)]);
  return values;
}

/** Rectifiers, and draws at which few are near their kinks. */
function judge(): Discriminator {
  return new Discriminator({ name: 'D', sizes: [3, 6], activation: 'tanh', seed: 2 });
}

async function scalar(f: () => tf.Tensor): Promise<number> {
  const tensor = tf.tidy(f);
  const [value] = await tensor.data();
  tensor.dispose();
  return value!;
}

/** The greatest |logit of a patch's change| with a pixel outside its receptive field, and how many rows it spans. */
async function receptiveField(): Promise<{ outside: number; rows: number; stated: number }> {
  const image = { kind: 'image', height: 40, width: 40, channels: 1 } as const;
  const discriminator = new PatchDiscriminator({ name: 'D', image, channels: [3, 4], seed: 1 });
  const noise = randomStream(3, 'image').uniforms(1600);
  const gradient = tf.tidy(() => {
    const logit = (x: tf.Tensor) =>
      discriminator
        .logits(x as tf.Tensor2D)
        .slice([0, 5, 5, 0], [1, 1, 1, 1])
        .sum();
    return tf
      .grad(logit)(tf.tensor2d(noise, [1, 1600]))
      .abs();
  });
  const values = await gradient.data();
  tf.dispose([gradient, Object.values(discriminator.parameters)]);
  const stated = discriminator.receptiveField;
  const touched = (of: (index: number) => number) => {
    const all = Array.from(values, (value, i) => (value > 0 ? of(i) : -1)).filter((index) => index >= 0);
    return { first: Math.min(...all), last: Math.max(...all) };
  };
  const [rows, columns] = [touched((i) => Math.floor(i / 40)), touched((i) => i % 40)];
  const inside = (i: number, { first }: { first: number }) => i >= first && i < first + stated;
  const beyond = Array.from(values, (value, i) => (inside(Math.floor(i / 40), rows) && inside(i % 40, columns) ? 0 : value)); // prettier-ignore
  return { outside: Math.max(...beyond), rows: rows.last - rows.first + 1, stated };
}

export const closedForms: Verification[] = [
  {
    id: 'adversarial/optimal-discriminator',
    system: 'Adversarial AE',
    identity: 'D trained on N(0,1) against N(1.5,.8²): root mean square of D − p/(p+q) over both',
    quick: true,
    async measure() {
      const normals = randomStream(5, 'held out').normals(4000);
      const draws = Array.from(normals, (e, i) => (i % 2 === 0 ? e : MEAN + DEVIATION * e));
      const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
      const off = (await trainedLogits(draws)).map((logit, i) => sigmoid(logit) - sigmoid(logRatio(draws[i]!)));
      return { expected: 0, found: Math.hypot(...off) / Math.sqrt(draws.length), tolerance: 0.02 };
    },
  },
  {
    id: 'adversarial/jensen-shannon',
    system: 'Adversarial AE',
    identity: 'log 4 − loss of D = p/(p+q), by draws, is 2 JS(p‖q), by quadrature',
    quick: true,
    async measure() {
      const n = 200_000;
      const draws = randomStream(6, 'jensen-shannon').normals(2 * n);
      const real = Float32Array.from(draws.subarray(0, n), logRatio);
      const fake = Float32Array.from(draws.subarray(n), (e) => logRatio(MEAN + DEVIATION * e));
      const loss = await scalar(() => logistic.discriminator(tf.tensor1d(real), tf.tensor1d(fake)));
      let divergence = 0;
      const width = 1e-3;
      for (let z = -12; z < 12; z += width) {
        const [p, q] = [Math.exp(logNormal(z, 0, 1)), Math.exp(logNormal(z, MEAN, DEVIATION))];
        const m = (p + q) / 2;
        if (p > 0) divergence += width * p * Math.log(p / m);
        if (q > 0) divergence += width * q * Math.log(q / m);
      }
      return { expected: divergence, found: Math.log(4) - loss, tolerance: 0.01 };
    },
  },
  {
    id: 'adversarial/hinge',
    system: 'Latent-diffusion AE',
    identity: 'hinge losses of real logits 1.5, −.3, .2 and fake −2, .4, both added up, by hand',
    quick: true,
    async measure() {
      const [real, fake] = [[1.5, -0.3, 0.2], [-2, 0.4]]; // prettier-ignore
      const expected = 0.5 * ((0 + 1.3 + 0.8) / 3) + 0.5 * ((0 + 1.4) / 2) - (-2 + 0.4) / 2;
      const found = await scalar(() => {
        const [r, f] = [tf.tensor1d(real), tf.tensor1d(fake)];
        return hinge.discriminator(r, f).add(hinge.generator(f));
      });
      return { expected, found, tolerance: 1e-6 };
    },
  },
  {
    id: 'adversarial/frozen-input',
    system: 'Adversarial AE',
    identity: 'a frozen discriminator’s gradient by its input is that of central differences (relative)',
    quick: true,
    async measure() {
      const D = judge();
      const at = [0.3, -0.8, 0.5];
      const f = frozen((z: tf.Tensor2D) => D.logits(z));
      const gradient = tf.tidy(() => tf.grad((z) => f(z as tf.Tensor2D).sum())(tf.tensor2d(at, [1, 3])));
      const found = Array.from(await gradient.data());
      const h = 1e-2;
      const value = (i: number, by: number) =>
        scalar(() => D.logits(tf.tensor2d(at.map((one, j) => (i === j ? one + by : one)), [1, 3]))); // prettier-ignore
      const differences: number[] = [];
      for (const i of at.keys()) differences.push(((await value(i, h)) - (await value(i, -h))) / (2 * h));
      tf.dispose([gradient, Object.values(D.parameters)]);
      const off = Math.hypot(...found.map((one, i) => one - differences[i]!)) / Math.hypot(...differences);
      return { expected: 0, found: off, tolerance: 1e-3 };
    },
  },
  {
    id: 'adversarial/players-apart',
    system: 'Adversarial AE',
    identity: 'the encoder’s adversarial loss has no gradient by D, and D’s loss none by the encoder (sum of both)',
    quick: true,
    async measure() {
      const model = new AdversarialAutoencoder({ input: 6, latent: 2, hidden: [5], discriminatorHidden: [4], seed: 4 });
      const x = tf.tensor2d(randomStream(1, 'x').uniforms(48), [8, 6]);
      const noise = model.inputs(randomStream(1, 'noise'), 8);
      const trainedBy = (term: 'adversarial' | 'discriminator', part: string) => {
        const { grads } = tf.variableGrads(() => {
          const terms = model.losses({ x, ...noise });
          return terms[term].add(terms.reconstruction.mul(0)).asScalar();
        }, Object.values(model.parameters));
        const own = Object.entries(model.parameters).filter(([name]) => name.startsWith(part));
        return tf.addN(own.map(([, { name }]) => (grads[name] ?? tf.scalar(0)).abs().sum()));
      };
      const found = await scalar(() =>
        trainedBy('adversarial', 'discriminator').add(trainedBy('discriminator', 'encoder')),
      );
      tf.dispose([x, noise.prior]);
      model.dispose();
      return { expected: 0, found, tolerance: 0 };
    },
  },
  {
    id: 'adversarial/patch',
    system: 'Latent-diffusion AE',
    identity: 'a patch logit of kernels 4, 4, 4 and strides 2, 2, 1 depends on 22 rows',
    quick: true,
    async measure() {
      return { expected: 1 + 3 + 3 * 2 + 3 * 4, found: (await receptiveField()).rows, tolerance: 0 };
    },
  },
  {
    id: 'adversarial/patch-outside',
    system: 'Latent-diffusion AE',
    identity: 'and its gradient by pixels outside the stated field is 0',
    quick: true,
    async measure() {
      return { expected: 0, found: (await receptiveField()).outside, tolerance: 0 };
    },
  },
  {
    id: 'adversarial/frechet-shift',
    system: 'Fréchet distance',
    identity: 'of a set and itself moved by (3, −4): 25',
    quick: true,
    async measure() {
      const draws = randomStream(9, 'rows').normals(600);
      const rows = Array.from({ length: 300 }, (_, i) => [draws[2 * i]!, draws[2 * i + 1]!]);
      const moved = rows.map(([a, b]) => [a! + 3, b! - 4]);
      return { expected: 25, found: await frechetDistance(rows, moved), tolerance: 1e-6 };
    },
  },
  {
    id: 'adversarial/frechet-equal',
    system: 'Fréchet distance',
    identity: 'of a set and itself: 0',
    quick: true,
    async measure() {
      const draws = randomStream(9, 'rows').normals(600);
      const rows = Array.from({ length: 100 }, (_, i) => Array.from(draws.subarray(6 * i, 6 * i + 6)));
      return { expected: 0, found: await frechetDistance(rows, rows), tolerance: 1e-10 };
    },
  },
  {
    id: 'adversarial/frechet-covariance',
    system: 'Fréchet distance',
    identity: 'of two covariances that do not commute, by the closed form in two dimensions',
    quick: true,
    measure() {
      const [a, b] = [[[2, 0.7], [0.7, 1]], [[0.5, -0.3], [-0.3, 3]]] as const; // prettier-ignore
      // tr √M = √(tr M + 2 √det M) for a 2 × 2 matrix M with positive eigenvalues, here Σ₁Σ₂.
      const trace = a[0][0] * b[0][0] + 2 * a[0][1] * b[0][1] + a[1][1] * b[1][1];
      const determinant = (a[0][0] * a[1][1] - a[0][1] ** 2) * (b[0][0] * b[1][1] - b[0][1] ** 2);
      const expected = 3 + 3.5 - 2 * Math.sqrt(trace + 2 * Math.sqrt(determinant));
      const [first, second] = [a, b].map((one) => ({ mean: [0, 0], covariance: one.map((row) => [...row]) }));
      return { expected, found: gaussianFrechetDistance(first!, second!), tolerance: 1e-10 };
    },
  },
];

/** The weights of the latent-diffusion autoencoder's loss, each by another way. */
import * as tf from '@tensorflow/tfjs';
import { LatentDiffusionAutoencoder, randomStream } from '../../autoencoders/index';
import type { Verification } from '../verification';

const INPUT = { kind: 'image', height: 6, width: 6, channels: 1 } as const;
const [ROWS, WIDTH] = [4, 36];

async function read(f: () => tf.Tensor): Promise<Float32Array> {
  const tensor = tf.tidy(f);
  const values = Float32Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

/**
 * A small model without a probe, a batch, and the reconstruction that the batch's noise leads to.
 *
 * @param brightness added to every pixel: from 2 on, images are brighter than all reconstructions
 */
function setUp(brightness = 0) {
  const options = { channels: [4, 4], latentChannels: 2, discriminatorChannels: [3], seed: 3 };
  const model = new LatentDiffusionAutoencoder({ input: INPUT, ...options });
  const rows = randomStream(1, 'images')
    .uniforms(ROWS * WIDTH)
    .map((pixel) => pixel + brightness);
  const tensors = () => ({ x: tf.tensor2d(rows, [ROWS, WIDTH]), ...model.inputs(randomStream(1, 'noise'), ROWS) });
  const xHat = () => {
    const { x, epsilon } = tensors();
    return model.decode(model.posterior(x).reparameterize(epsilon));
  };
  const term = async (name: string) => (await read(() => model.losses(tensors())[name]!))[0]!;
  return { model, rows, xHat, term };
}

/** Euclidean norm of the gradient by central differences. */
async function gradientNorm(variable: tf.Variable, loss: () => Promise<number>, h: number): Promise<number> {
  const start = Float32Array.from(await variable.data());
  const assign = (values: Float32Array) => tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  let squares = 0;
  for (const i of start.keys()) {
    const at = (by: number) => {
      const moved = start.slice();
      moved[i]! += by;
      assign(moved);
      return loss();
    };
    squares += (((await at(h)) - (await at(-h))) / (2 * h)) ** 2;
  }
  assign(start);
  return Math.sqrt(squares);
}

export const adaptiveWeights: Verification[] = [
  {
    id: 'adversarial/adaptive-weight',
    system: 'Latent-diffusion AE',
    identity: 'λ = ½ ‖∇nll‖/(‖∇g‖ + 10⁻⁴) by the last kernel, both norms by central differences (relative error)',
    quick: true,
    async measure() {
      // Differences across a kink of |x − x̂| would be none of its derivatives.
      const { model, xHat, term } = setUp(2);
      const kernel = model.parameters['decoder.out.kernel']!;
      const adversary = async () => -(await read(() => model.patchLogits(xHat()).mean()))[0]!;
      const ofReconstruction = await gradientNorm(kernel, () => term('reconstruction'), 2e-3);
      const ofAdversary = await gradientNorm(kernel, adversary, 1e-3);
      const expected = (0.5 * ofReconstruction) / (ofAdversary + 1e-4);
      const found = await term('adaptiveWeight');
      model.dispose();
      return { expected: 0, found: found / expected - 1, tolerance: 2e-3 };
    },
  },
  {
    id: 'adversarial/laplace',
    system: 'Latent-diffusion AE',
    identity: 'without a probe the reconstruction is −log p(x|z) of a Laplace distribution of scale e^s, in float64',
    quick: true,
    async measure() {
      const { model, rows, xHat, term } = setUp();
      tf.tidy(() => model.parameters['logScale']!.assign(tf.scalar(-0.4)));
      const [b, decoded] = [Math.exp(-0.4), await read(xHat)];
      const logDensity = rows.reduce((sum, x, i) => sum - Math.abs(x - decoded[i]!) / b - Math.log(2 * b), 0);
      const found = await term('reconstruction');
      model.dispose();
      return { expected: -logDensity / ROWS, found, tolerance: 1e-3 };
    },
  },
  {
    id: 'adversarial/log-scale',
    system: 'Latent-diffusion AE',
    identity: 's trained alone by gradient descent ends at the logarithm of the mean |x − x̂| of a value',
    quick: true,
    async measure() {
      const { model, rows, xHat } = setUp();
      const decoded = await read(xHat);
      const meanError = rows.reduce((sum, x, i) => sum + Math.abs(x - decoded[i]!), 0) / rows.length;
      const s = model.parameters['logScale']!;
      for (let step = 0; step < 60; step++) {
        tf.tidy(() => {
          const tensors = { x: tf.tensor2d(rows, [ROWS, WIDTH]), ...model.inputs(randomStream(1, 'noise'), ROWS) };
          const { grads } = tf.variableGrads(() => model.losses(tensors)['reconstruction']!.asScalar(), [s]);
          s.assign(s.sub(grads[s.name]!.mul(0.5 / WIDTH)));
        });
      }
      const [found] = await s.data();
      model.dispose();
      return { expected: Math.log(meanError), found: found!, tolerance: 1e-4 };
    },
  },
];

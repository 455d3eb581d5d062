/** Models that come down to the VAE where they should. */
import * as tf from '@tensorflow/tfjs';
import {
  BetaTCVAE,
  ConditionalVAE,
  Dataset,
  fashionMnist,
  FactorVAE,
  InfoVAE,
  randomStream,
  VAE,
  VampPriorVAE,
} from '../../autoencoders/index';
import type { Measured, Verification } from '../verification';

const row = (id: string, system: string, identity: string, measure: Verification['measure']): Verification => ({
  id: `disentanglement/${id}`,
  system,
  identity,
  quick: true,
  measure,
});

export const priors: Verification[] = [
  row(
    'vamp-standard',
    'VampPrior',
    'pseudo-inputs with posteriors N(0, I): the loss = the VAE’s with log p = log N(0, I)',
    vamp,
  ),
  row('conditional-one-class', 'conditional VAE', 'of one class, with the VAE’s weights: its loss', conditional),
  row('factor-gamma-0', 'FactorVAE', 'reconstruction + KL of the same weights and noise = the VAE’s', () =>
    asVae('FactorVAE'),
  ),
  row('info-lambda-0', 'InfoVAE', 'with β = 1 and λ = 0: the loss = the VAE’s', () => asVae('InfoVAE')),
  row('beta-tc-kl', 'β-TC-VAE', 'reconstruction + KL of the same weights and noise = the VAE’s', () =>
    asVae('BetaTCVAE'),
  ),
];

const shape = { hidden: [32], latent: 4, seed: 2 };

async function images(): Promise<Dataset> {
  return (await fashionMnist()).take(100);
}

/** Linear encoder: at x = 0 and with biases of 0 its posterior is N(0, I), elsewhere it is not. */
async function vamp(): Promise<Measured> {
  const data = await images();
  const linear = { input: data.shape, hidden: [], latent: 4, seed: 2 };
  const [vampPrior, vae] = [new VampPriorVAE({ ...linear, components: 5 }), new VAE(linear)];
  const pseudoInputs = vampPrior.parameters['pseudoInputs']!;
  pseudoInputs.assign(tf.zerosLike(pseudoInputs));
  const epsilon = tf.tensor2d(randomStream(3, 'noise').normals(100 * 4), [100, 4]);
  const { reconstruction, kl } = vampPrior.losses({ x: data.tensor(), epsilon });
  // log q(z|x) − log N(z; 0, I) of the VAE with the same draw, by hand in float64.
  const q = vae.posterior(data);
  const [mu, logVar, e] = [await q.mu.data(), await q.logVar.data(), await epsilon.data()];
  let divergence = 0;
  for (let i = 0; i < mu.length; i++) {
    const z = mu[i]! + Math.exp(logVar[i]! / 2) * e[i]!;
    divergence += (z * z - e[i]! ** 2 - logVar[i]!) / 2 / 100;
  }
  const ofVae = vae.losses({ x: data.tensor(), epsilon }).reconstruction.dataSync()[0]!;
  const found = reconstruction.dataSync()[0]! + kl.dataSync()[0]!;
  return { expected: ofVae + divergence, found, tolerance: 1e-3 };
}

async function conditional(): Promise<Measured> {
  const { values, shape: input, length } = await images();
  const data = new Dataset({ values, shape: input, labels: new Int32Array(length) });
  const [vae, one] = [new VAE({ ...shape, input }), new ConditionalVAE({ ...shape, input, classes: 1 })];
  for (const [name, variable] of Object.entries(vae.parameters)) {
    const target = one.parameters[name]!;
    // The first kernels have a row more, for the class; at zero it adds nothing.
    const widened = () => tf.concat([variable, tf.zeros([1, variable.shape[1]!])]);
    target.assign(target.shape[0] === variable.shape[0] ? variable : widened());
  }
  const [expected, found] = [await vae.score(data, { seed: 5 }), await one.score(data, { seed: 5 })];
  return { expected: expected.total, found: found.total, tolerance: 1e-3 };
}

/** The same seed makes the same encoder and decoder, and ε comes first in the noise. */
async function asVae(kind: 'FactorVAE' | 'InfoVAE' | 'BetaTCVAE'): Promise<Measured> {
  const data = await images();
  const config = { ...shape, input: data.shape };
  const model = {
    FactorVAE: () => new FactorVAE(config),
    InfoVAE: () => new InfoVAE({ ...config, beta: 1, lambda: 0 }),
    BetaTCVAE: () => new BetaTCVAE({ ...config, dataSize: 100 }),
  }[kind]();
  const vae = await new VAE(config).score(data, { seed: 5 });
  const { reconstruction, kl, total } = await model.score(data, { seed: 5 });
  return { expected: vae.total, found: kind === 'InfoVAE' ? total : reconstruction + kl, tolerance: 1e-4 };
}

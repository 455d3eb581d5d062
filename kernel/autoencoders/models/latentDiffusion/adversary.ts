/** The losses of the two players, and the weight between them. */
import * as tf from '@tensorflow/tfjs';
import { ConfigurationError } from '../../config';
import { hinge } from '../../networks/adversarial/discriminator';
import type { Network } from '../../networks/network';
import { frozen } from '../../networks/gradients/frozen';
import { stopGradient as sg } from '../../networks/gradients/stopGradient';
import type { Term, TermWeight } from '../../objectives/terms';

/** Added to the norm that λ divides by, and the greatest value of the ratio. */
const [LEAST_NORM, GREATEST_RATIO] = [1e-4, 1e4];

/** x̂ = f(z), and λ: a tensor where it is adaptive. */
export type Lambda = (
  z: tf.Tensor2D,
  losses: Record<'reconstruction' | 'adversary', (xHat: tf.Tensor2D) => tf.Tensor>,
) => { xHat: tf.Tensor2D; lambda: tf.Tensor | number };

/**
 * How a decoder's λ is found.
 *
 * @param config λ itself, or ω of an adaptive one
 * @throws {ConfigurationError} for an adaptive one where the decoder does not say which kernel is its last
 */
export function lambdaBy(
  owner: string,
  decoder: Network,
  config: { adversarialWeight: 'adaptive' | number; discriminatorWeight?: number | undefined },
): Lambda {
  const { adversarialWeight: fixed, discriminatorWeight: omega = 0.5 } = config;
  if (fixed !== 'adaptive') return (z) => ({ xHat: decoder.apply(z), lambda: fixed });
  if (!decoder.last) {
    throw new ConfigurationError(owner, [
      'the adaptive weight of the adversarial loss is the gradient by the kernel of the decoder’s last layer, and the ' +
        '"decoder" does not say which of its parameters that is; state it, { parameters, last: "W", apply }, or give a ' +
        'fixed "adversarialWeight", a number',
    ]);
  }
  const { kernel, split } = decoder.last;
  return (z, { reconstruction, adversary }) => {
    // Where the network cannot be split, it is computed once more for each gradient.
    const h = split?.before(z);
    const xHatOf = () => (split ? split.after(h!) : decoder.apply(z));
    const xHat = xHatOf();
    // Gradients are by the variable, which the network itself takes.
    const lambda = adaptiveWeight(
      kernel,
      () => reconstruction(xHatOf()),
      () => adversary(xHatOf()),
      omega,
    );
    return { xHat, lambda };
  };
}

/**
 * $\lambda = \omega \min(10^4, \|\nabla_K \text{reconstruction}\| / (\|\nabla_K \mathbb E[D(\hat x)]\| + 10^{-4}))$, a
 * constant for the gradient.
 *
 * @param kernel K, of the decoder's last layer
 * @param reconstruction the loss of the reconstruction by another kernel
 * @param adversary the decoder's loss against D by another kernel
 */
export function adaptiveWeight(
  kernel: tf.Tensor,
  reconstruction: (kernel: tf.Tensor) => tf.Tensor,
  adversary: (kernel: tf.Tensor) => tf.Tensor,
  omega: number,
): tf.Tensor {
  // Not inside the stop-gradient, where nothing is recorded that an inner gradient could follow.
  const ofReconstruction = tf.grad(reconstruction)(kernel);
  const ofAdversary = tf.grad(adversary)(kernel);
  return sg(() => {
    const ratio = norm(ofReconstruction).div(norm(ofAdversary).add(LEAST_NORM));
    return ratio.minimum(GREATEST_RATIO).mul(omega);
  });
}

/**
 * What the decoder and the discriminator D play for, both from the update `start` on, each against the other as it is;
 * beside it λ and the mean logits, which are only told.
 *
 * @param D from rows of images to the logits of their patches
 * @param lambda a tensor, which is reported, or a fixed number
 */
export function adversarialTerms(
  D: (images: tf.Tensor2D) => tf.Tensor2D,
  { x, xHat, lambda, start }: { x: tf.Tensor2D; xHat: tf.Tensor2D; lambda: tf.Tensor | number; start: number },
) {
  const [ofData, ofReconstruction] = [D(x), D(sg(() => xHat.clone()))];
  const weight = begun(start);
  const told = { weight: 'reported', meaning: 'reported, trains nothing' } as const;
  return {
    adversarial: {
      value: hinge.generator(frozen(D)(xHat)).mul(lambda),
      weight,
      formula: '-\\lambda\\,\\mathbb E[D(\\hat x)]',
      meaning: 'mean over patches and batch, trains encoder and decoder',
      unit: 'λ · logit',
    },
    discriminator: {
      value: hinge.discriminator(ofData, ofReconstruction),
      weight,
      formula: '\\tfrac12 \\mathbb E[\\max(0, 1 - D(x))] + \\tfrac12 \\mathbb E[\\max(0, 1 + D(\\hat x))]',
      meaning: 'mean over patches and batch, trains the discriminator; 1 at D = 0',
      unit: 'hinge',
    },
    ...(typeof lambda === 'number'
      ? {}
      : { adaptiveWeight: { value: lambda, ...told, formula: '\\lambda', unit: 'ratio' } }),
    logitOfData: { value: sg(() => ofData.mean()), ...told, formula: '\\mathbb E[D(x)]', unit: 'logit' },
    logitOfReconstruction: {
      value: sg(() => ofReconstruction.mean()),
      ...told,
      formula: '\\mathbb E[D(\\hat x)]',
      unit: 'logit',
    },
  } satisfies Record<string, Term>;
}

function begun(start: number): TermWeight {
  const symbol = '1[t ≥ start]';
  if (start === 0) return { symbol, schedule: 1 };
  return { symbol, schedule: { schedule: 'piecewise', points: [[0, 0], [start, 1]] } }; // prettier-ignore
}

function norm(gradient: tf.Tensor): tf.Tensor {
  return gradient.square().sum().sqrt();
}

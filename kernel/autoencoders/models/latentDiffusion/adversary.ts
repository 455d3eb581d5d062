/** The losses of the two players, and the weight between them. */
import * as tf from '@tensorflow/tfjs';
import { hinge } from '../../networks/adversarial/discriminator';
import { frozen } from '../../networks/gradients/frozen';
import { stopGradient as sg } from '../../networks/gradients/stopGradient';
import type { Term, TermWeight } from '../../objectives/terms';

/** Added to the norm that λ divides by, and the greatest value of the ratio. */
const [LEAST_NORM, GREATEST_RATIO] = [1e-4, 1e4];

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
 */
export function adversarialTerms(
  D: (images: tf.Tensor2D) => tf.Tensor4D,
  { x, xHat, lambda, start }: { x: tf.Tensor2D; xHat: tf.Tensor2D; lambda: tf.Tensor; start: number },
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
    adaptiveWeight: { value: lambda, ...told, formula: '\\lambda', unit: 'ratio' },
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

import type * as tf from '@tensorflow/tfjs';
import { positive, takes, tensor, tensorOfWidth } from '../arguments';

/**
 * $\mathbb E_z[H(p(k \mid z))] - H(\mathbb E_z[p(k \mid z)])$ in nats, with $p(k \mid z) \propto
 * \exp(-\|z - e_k\|^2 / \tau)$: lowest, −log K, when each vector is sure of its code and all codes are used alike (Yu et
 * al. 2023, Language Model Beats Diffusion, equations 5 and 6). It is minus the mutual information of vector and code.
 *
 * @param z [m, D]
 * @param e [K, D]
 * @param temperature τ, in the units of a squared distance
 */
export function entropyLoss(z: tf.Tensor2D, e: tf.Tensor2D, temperature: number): tf.Scalar {
  takes('entropyLoss', ['z', z, tensor(2)], ['temperature', temperature, positive]);
  takes('entropyLoss', ['e', e, tensorOfWidth(z.shape[1])]);
  // ‖z‖² is the same for all codes and leaves the softmax as it is.
  const logits = z.matMul(e, false, true).mul(2).sub(e.square().sum(1)).div(temperature);
  const logP = logits.logSoftmax();
  const p = logP.exp();
  const ofEach = p.mul(logP).sum(1).mean().neg();
  const mean = p.mean(0);
  const ofAll = mean.mul(mean.add(TINY).log()).sum().neg();
  return ofEach.sub(ofAll).asScalar();
}

/** So that 0 log 0 is 0. */
const TINY = 1e-20;

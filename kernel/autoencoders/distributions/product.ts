import * as tf from '@tensorflow/tfjs';
import { object, takes } from '../arguments';
import { DiagonalGaussian } from './gaussian';

/**
 * The density that is proportional to the product of two diagonal Gaussians: precisions add up, and the means are
 * weighted by them,
 *
 * $$\sigma^{-2} = \sigma_a^{-2} + \sigma_b^{-2}, \qquad \mu = \sigma^2 (\mu_a \sigma_a^{-2} + \mu_b \sigma_b^{-2})$$
 *
 * (Sønderby et al. 2016, equations 17 and 18). Computed from log-variances, so that no precision overflows.
 */
export function productOfGaussians(a: DiagonalGaussian, b: DiagonalGaussian): DiagonalGaussian {
  takes('productOfGaussians', ['a', a, object('mu', 'logVar')], ['b', b, object('mu', 'logVar')]);
  // The share of a in the precision: σ_a⁻² / (σ_a⁻² + σ_b⁻²), a sigmoid of log σ_b² − log σ_a².
  const [mu, logVar] = tf.tidy((): [tf.Tensor2D, tf.Tensor] => {
    const difference = tf.sub(b.logVar, a.logVar);
    const share = difference.sigmoid();
    return [a.mu.mul(share).add(b.mu.mul(tf.sub(1, share))), tf.sub(b.logVar, difference.softplus())];
  });
  return new DiagonalGaussian(mu, logVar);
}

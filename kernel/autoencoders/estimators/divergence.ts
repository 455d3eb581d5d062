/** Kullback–Leibler divergences by draws, for distributions that have no closed form and to check those that have. */
import * as tf from '@tensorflow/tfjs';
import { modelWith, object, takes } from '../arguments';
import { estimate } from '../comparison';
import type { Estimate } from '../comparison';
import type { GaussianPosterior } from '../distributions/index';
import { defaultSeed, randomStream } from '../random';

/** Draws that are on the device at a time. */
const CHUNK = 2 ** 16;

/**
 * KL(q ‖ p) = E_q[log q(z) − log p(z)] by draws z ~ q, in nats, with its standard error.
 *
 * @param q of one row, [1, k]
 * @param p anything with a log density: [m, k] → [m]
 * @throws RangeError for a q of several rows
 */
export async function monteCarloDivergence(
  q: GaussianPosterior,
  p: { logProb(z: tf.Tensor): tf.Tensor1D },
  options: { draws: number; seed?: number },
): Promise<Estimate> {
  takes(
    'monteCarloDivergence',
    ['q', q, modelWith('logProb', 'sample')],
    ['p', p, modelWith('logProb')],
    ['options', options, object('draws')],
  );
  const { draws, seed = defaultSeed() } = options;
  const [rows, k] = q.mu.shape;
  if (rows !== 1) throw new RangeError(`monteCarloDivergence takes a q of one row; found ${rows}.`);
  const ratios = new Float64Array(draws);
  for (let start = 0; start < draws; start += CHUNK) {
    const count = Math.min(CHUNK, draws - start);
    const normals = randomStream(seed, 'divergence', start).normals(count * k);
    const chunk = tf.tidy(() => {
      const z = q.reparameterize(tf.tensor2d(normals, [count, k]));
      return q.logProb(z).sub(p.logProb(z));
    });
    ratios.set(await chunk.data(), start);
    chunk.dispose();
  }
  return estimate(ratios);
}

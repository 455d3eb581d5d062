import * as tf from '@tensorflow/tfjs';
import type { Posterior } from '../../posteriors/posterior';
import { randomStream } from '../../random';
import { checkCount } from '../../samples';
import type { LatentDraws } from '../autoencoder';

/** Draws of the distribution that `posterior` makes, which is disposed: [draws · n, k]. */
export function drawsOf(
  posterior: () => Posterior,
  caller: string,
  { seed, draws = 1 }: LatentDraws & { seed: number },
): tf.Tensor2D {
  checkCount(caller, draws);
  return tf.tidy(() => {
    const q = posterior();
    const [n, k] = q.mean().shape;
    const stream = randomStream(seed, 'latents');
    const once = () => q.reparameterize(tf.tensor2d(stream.normals(n * k), [n, k]));
    return tf.concat2d(Array.from({ length: draws }, once), 0);
  });
}

import * as tf from '@tensorflow/tfjs';
import type { Labelled } from '../../conditioning/labelledRows';
import type { Posterior } from '../../posteriors/posterior';
import { randomStream } from '../../random';
import { checkCount } from '../../samples';
import type { LatentDraws } from '../autoencoder';

/** What `sample` shows of p(x|z). */
export interface DrawOptions {
  /** The model's own unless told. */
  seed?: number;
  /** The mean of p(x|z), as pictures of samples show it (default), or a draw of it, which is distributed as the model says. */
  values?: 'mean' | 'draw';
  /** The class of all, or one each; without it the classes take turns: 0, 1, …, C − 1, 0, … */
  label?: Labelled['labels'];
}

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

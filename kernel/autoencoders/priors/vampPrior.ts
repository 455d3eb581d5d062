import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { DataError } from '../data/checkData';
import { DiagonalGaussian, logUniformMixture } from '../distributions/index';
import { initial } from '../networks/initial';
import { integers, normal } from '../noise';
import type { Draw } from '../noise';
import { defineBuiltPrior } from './prior';
import type { Prior } from './prior';

/** Options of {@link vampPrior}. */
export interface VampPriorOptions {
  /** K, components of the prior. Default 500. */
  components?: number;
}

/** p(z) with its components q(z|u_k): [K, k]. */
export interface VampPrior extends Prior<{ component: Draw<tf.Tensor1D>; epsilon: Draw<tf.Tensor2D> }> {
  /** The pseudo-inputs’ number K. */
  readonly components: DiagonalGaussian;
}

const schema = z.strictObject({ components: z.int().min(1).default(500) });

const part = defineBuiltPrior(
  'vampPrior',
  (given: VampPriorOptions) => {
    const { components: K } = checkedConfig('vampPrior', schema, given);
    return {
      formula: `\\tfrac1{${K}} \\textstyle\\sum_k q(z|u_k)`,
      needs: ['diagonalPosterior'],
      parameters: ({ width, unitInterval }) => {
        const [mean, deviation] = unitInterval ? [0.5, 0.1] : [0, 1];
        return { pseudoInputs: initial.normal([K, width], { mean, deviation }) };
      },
      noise: (n, k) => ({ component: integers([n], K), epsilon: normal([n, k]) }),
      of({ pseudoInputs }, { posterior, unitInterval }): VampPrior {
        const u = (unitInterval ? pseudoInputs!.clipByValue(0, 1) : pseudoInputs!) as tf.Tensor2D;
        const components = posterior(u) as DiagonalGaussian;
        return {
          logProb: (z) => logUniformMixture(z, components),
          sample: ({ epsilon, component }) => chosen(components, component).reparameterize(epsilon),
          components,
        };
      },
      startFrom({ values, width, length }, stream) {
        if (length < K) {
          const found = `${K} pseudo-inputs cannot start from ${length} samples`;
          throw new DataError(`${found}; give more data, or use "components" ≤ ${length}`);
        }
        const start = new Float32Array(K * width);
        const rows = stream.permutation(length).subarray(0, K);
        rows.forEach((row, i) => start.set(values.subarray(row * width, (row + 1) * width), i * width));
        return { pseudoInputs: start };
      },
    };
  },
  schema,
);

/**
 * The variational mixture of posteriors (Tomczak and Welling 2018, VAE with a VampPrior, equation 9): the mean of the
 * encoder's own posteriors at K trained pseudo-inputs,
 *
 * $$p(z) = \frac1K \sum_{k=1}^K q(z|u_k)$$
 *
 * Pseudo-inputs start as noise around the middle of the values, and are kept in [0, 1] where the likelihood is defined
 * there, as the paper's hardtanh does.
 */
export function vampPrior(options: VampPriorOptions = {}) {
  return part(options);
}

/** These components, [n], of K: [n, k]. */
function chosen({ mu, logVar }: DiagonalGaussian, rows: tf.Tensor1D): DiagonalGaussian {
  return new DiagonalGaussian(tf.gather(mu, rows), tf.gather(logVar, rows));
}

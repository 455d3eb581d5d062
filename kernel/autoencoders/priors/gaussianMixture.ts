import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { DiagonalGaussian, pairwiseLogProb } from '../distributions/index';
import { initial } from '../networks/initial';
import { normal, uniform } from '../noise';
import { defineBuiltPrior } from './prior';

export interface GaussianMixtureOptions {
  /** K, components of the mixture. Default 10. */
  components?: number;
}

const schema = z.strictObject({ components: z.int().min(1).default(10) });

const part = defineBuiltPrior(
  'gaussianMixture',
  (given: GaussianMixtureOptions) => {
    const { components: K } = checkedConfig('gaussianMixture', schema, given);
    return {
      formula: `\\textstyle\\sum_{c=1}^{${K}} \\pi_c\\,\\mathcal N(m_c, \\mathrm{diag}\\,s_c^2)`,
      parameters: ({ latent: k }) => ({
        mixtureMeans: initial.normal([K, k]),
        mixtureLogVariances: initial.zeros([K, k]),
        mixtureLogits: initial.zeros([K]),
      }),
      noise: (n, k) => ({ epsilon: normal([n, k]), component: uniform([n, 1]) }),
      of({ mixtureMeans, mixtureLogVariances, mixtureLogits }) {
        const means = mixtureMeans as tf.Tensor2D;
        const components = new DiagonalGaussian(means, mixtureLogVariances!);
        const logWeights = mixtureLogits!.logSoftmax();
        return {
          logProb: (z) => pairwiseLogProb(z, components).sum(2).add(logWeights).logSumExp(1) as tf.Tensor1D,
          sample({ epsilon, component }) {
            const below = logWeights.exp().cumsum().expandDims(0).lessEqual(component).cast('float32');
            const rows = below
              .sum(1)
              .minimum(K - 1)
              .cast<tf.Tensor1D>('int32');
            const logVar = tf.gather(mixtureLogVariances!, rows);
            return new DiagonalGaussian(tf.gather(means, rows), logVar).reparameterize(epsilon);
          },
        };
      },
    };
  },
  schema,
);

/**
 * A mixture of K diagonal Gaussians whose means, variances and weights are trained with the model (Dilokthanakul et al.
 * 2016 and Tomczak and Welling 2018, section 3, "mixture of Gaussians prior"). Means start as draws of N(0, I).
 */
export function gaussianMixture(options: GaussianMixtureOptions | number = {}) {
  return part(typeof options === 'number' ? { components: options } : options);
}

import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { Laplace } from '../distributions/index';
import { initial } from '../networks/initial';
import { defineBuiltLikelihood } from './likelihood';
import type { LikelihoodDefinition } from './likelihood';

/** Options of {@link laplace}. */
export interface LaplaceOptions {
  /** b: a number, or `learned` (the default), one trained scale for all values, 1 at the start. */
  scale?: number | 'learned';
}

const schema = z.strictObject({
  scale: z
    .union([z.number().positive(), z.literal('learned')], { error: 'allowed: a number > 0, "learned"' })
    .default('learned'),
});

/** Independent Laplace values of mean m and scale b, on all numbers: at a fixed b, the absolute error over b. */
export const laplace = defineBuiltLikelihood(
  'laplace',
  (given: LaplaceOptions): LikelihoodDefinition => {
    const { scale } = checkedConfig('laplace', schema, given);
    if (scale !== 'learned') {
      return { words: 'Laplace', of: (mean) => new Laplace(mean, tf.scalar(Math.log(scale))) };
    }
    return {
      words: 'Laplace',
      parameters: () => ({ logScale: initial.zeros([]) }),
      of: (mean, { logScale }) => new Laplace(mean, logScale!.clone()),
    };
  },
  schema,
);

import { Bernoulli, ContinuousBernoulli } from '../distributions/index';
import { noOptions } from '../parts/part';
import { defineBuiltLikelihood, unitInterval } from './likelihood';

/**
 * Independent Bernoulli values: P(x = 1) = σ(l). Its formula also serves values between 0 and 1, as minus the
 * cross-entropy, not as a density.
 */
export const bernoulli = defineBuiltLikelihood(
  'bernoulli',
  () => ({
    words: 'Bernoulli',
    support: unitInterval('a Bernoulli'),
    of: (logits) => new Bernoulli(logits),
  }),
  noOptions,
);

/** Independent continuous Bernoulli values on [0, 1] (Loaiza-Ganem and Cunningham 2019). */
export const continuousBernoulli = defineBuiltLikelihood(
  'continuousBernoulli',
  () => ({
    words: 'continuous Bernoulli',
    support: unitInterval('a continuous Bernoulli'),
    of: (logits) => new ContinuousBernoulli(logits),
  }),
  noOptions,
);

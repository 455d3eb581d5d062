import type * as tf from '@tensorflow/tfjs';
import type { DecodedDistribution } from '../../likelihoods/likelihood';
import type { Bound } from '../../objectives/objective';
import { logPosterior } from '../../posteriors/posterior';
import type { Posterior } from '../../posteriors/posterior';
import type { Prior } from '../../priors/prior';

/** What the bound of a batch is made of. */
export interface BoundParts {
  x: tf.Tensor2D;
  epsilon: tf.Tensor2D;
  draws: number;
  /** What the encoder gives for x. */
  rows: () => tf.Tensor2D;
  posteriorOf: (rows: tf.Tensor2D) => Posterior;
  prior: () => Prior;
  zOfPrior: (prior: Prior) => tf.Tensor2D;
  likelihood: (z: tf.Tensor2D) => DecodedDistribution;
  /** log p(x|z), summed over the values that are present. */
  logProb: (p: DecodedDistribution) => tf.Tensor1D;
  dataSize: () => tf.Scalar;
}

/** The quantities of a bound, each computed when it is first looked at. */
export function boundOf(parts: BoundParts): Bound {
  const { x, epsilon, draws: L, posteriorOf, likelihood, logProb } = parts;
  const rows = once(parts.rows);
  const prior = once(parts.prior);
  const q = once(() => posteriorOf(rows()));
  const qOfDraws = once(() => (L === 1 ? q() : posteriorOf(rows().tile([L, 1]))));
  const z = once(() => qOfDraws().reparameterize(epsilon));
  const logLikelihood = once(() => logProb(likelihood(z())));
  const logPrior = once(() => prior().logProb(z()));
  const logQ = once(() => logPosterior(qOfDraws(), z(), epsilon));
  const klPerDimension = once(() => prior().klPerDimension?.(q()));
  const closedForm = once(() => klPerDimension()?.sum<tf.Tensor1D>(-1) ?? prior().kl?.(q()));
  const sampledKl = once(() => {
    const kl = logQ().sub<tf.Tensor1D>(logPrior());
    return L === 1 ? kl : kl.reshape([L, -1]).mean<tf.Tensor1D>(0);
  });
  return {
    x,
    draws: L,
    epsilon,
    posteriorOf,
    likelihood,
    logLikelihoodOf: (at) => logProb(likelihood(at)),
    get rows() {
      return rows();
    },
    get q() {
      return q();
    },
    get z() {
      return z();
    },
    get prior() {
      return prior();
    },
    get zOfPrior() {
      return parts.zOfPrior(prior());
    },
    get logLikelihood() {
      return logLikelihood();
    },
    get logPrior() {
      return logPrior();
    },
    get logPosterior() {
      return logQ();
    },
    get logWeights() {
      const logJoint = logLikelihood().add(logPrior());
      return logJoint.sub(logQ()).reshape<tf.Tensor2D>([L, -1]);
    },
    get klPerDimension() {
      return klPerDimension();
    },
    get kl() {
      return closedForm() ?? sampledKl();
    },
    get sampledKl() {
      return sampledKl();
    },
    get klIsExact() {
      return closedForm() !== undefined;
    },
    get dataSize() {
      return parts.dataSize();
    },
  };
}

function once<T>(f: () => T): () => T {
  let found: { value: T } | undefined;
  return () => (found ??= { value: f() }).value;
}

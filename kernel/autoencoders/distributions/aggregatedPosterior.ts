/**
 * The aggregated posterior $q(z) = \frac1N \sum_{n=1}^N q(z|x_n)$ of N samples, estimated from a batch, and the split of
 * the mean KL divergence that it gives (Chen et al. 2018, equation 2):
 *
 * $$\mathbb E_n\,\mathrm{KL}(q(z|x_n) \,\|\, p(z)) = \underbrace{\mathrm{KL}(q(z, n) \,\|\, q(z)p(n))}_{I(z; n)}
 *   + \underbrace{\mathrm{KL}(q(z) \,\|\, \textstyle\prod_j q(z_j))}_{\text{total correlation}}
 *   + \underbrace{\textstyle\sum_j \mathrm{KL}(q(z_j) \,\|\, p(z_j))}_{\text{dimension-wise}}$$
 */
import * as tf from '@tensorflow/tfjs';
import { object, oneOf, takes, tensor, whole } from '../arguments';
import { DiagonalGaussian } from './gaussian';
import { pairwiseLogProb } from './mixture';

/** The estimators of q(z) from a batch; {@link AggregatedPosteriorEstimator} says what each does. */
export const AGGREGATED_POSTERIOR_ESTIMATORS = ['stratified', 'weighted'] as const;

/**
 * How a batch of B samples estimates q(z_i) for the sample i of the batch and a data set of N:
 *
 * - `stratified`: $\frac1N q(z_i|x_i) + \frac{N-1}{N(B-1)} \sum_{j \ne i} q(z_i|x_j)$, unbiased for q(z_i). It is
 *   minibatch stratified sampling (appendix C.2), averaged over which sample of the batch stands last there.
 * - `weighted`: $\frac1{NB} \sum_j q(z_i|x_j)$, minibatch-weighted sampling (equation 5). Its weights sum to 1/N: log
 *   q(z) comes out low by about log N, the mutual information and the total correlation are off by constants, and
 *   gradients are not.
 */
export type AggregatedPosteriorEstimator = (typeof AGGREGATED_POSTERIOR_ESTIMATORS)[number];

/** The three parts of E_n KL(q(z|n) ‖ p(z)), in nats (Chen et al. 2018, equation 2); their sum is the whole. */
export type KlDecomposition = {
  /** I(z; n), how much a code tells of the sample it came from. */
  indexCodeMutualInformation: tf.Scalar;
  /** KL(q(z) ‖ Π_j q(z_j)), 0 for independent latents. */
  totalCorrelation: tf.Scalar;
  /** Σ_j KL(q(z_j) ‖ p(z_j)) for a prior of independent dimensions, and KL(Π_j q(z_j) ‖ p(z)) for any other. */
  dimensionWiseKl: tf.Scalar;
};

/**
 * The three parts from one draw z_i ~ q(z|x_i) for each sample of a batch: means over the batch, in nats. Their sum is the
 * batch's Monte Carlo estimate of the KL divergence, mean of log q(z_i|x_i) − log p(z_i), whatever the estimator.
 *
 * @param q of the batch's samples, [B, k]
 * @param z [B, k]
 * @param options.dataSize N: a number, or a scalar that a step is given
 * @param options.logPrior log p(z): [B]; without it that of N(0, I)
 */
export function klDecomposition(
  q: DiagonalGaussian,
  z: tf.Tensor2D,
  options: { dataSize: number | tf.Scalar; estimator: AggregatedPosteriorEstimator; logPrior?: tf.Tensor1D },
): KlDecomposition {
  takes(
    'klDecomposition',
    ['q', q, object('mu', 'logVar')],
    ['z', z, tensor(2)],
    ['options', options, object('dataSize', 'estimator')],
  );
  const { dataSize, estimator, logPrior } = options;
  return tf.tidy(() => {
    const logJoint = pairwiseLogProb(z, q);
    const logWeights = minibatchLogWeights(z.shape[0], dataSize, estimator);
    const logQzGivenX = q.logProb(z);
    const logQz = logJoint.sum<tf.Tensor2D>(2).add(logWeights).logSumExp(1);
    const logProductOfMarginals = logJoint.add(logWeights.expandDims(2)).logSumExp(1).sum(1);
    const logPz = logPrior ?? new DiagonalGaussian(z.zerosLike(), tf.scalar(0)).logProb(z);
    return {
      indexCodeMutualInformation: logQzGivenX.sub(logQz).mean(),
      totalCorrelation: logQz.sub(logProductOfMarginals).mean(),
      dimensionWiseKl: logProductOfMarginals.sub(logPz).mean(),
    };
  });
}

/**
 * [B, B]: log of the weight that q(z_i|x_j) has in the estimate of q(z_i).
 *
 * @param dataSize N; at least B counts, since a batch of more samples than the data set has is its own data set
 */
export function minibatchLogWeights(
  batchSize: number,
  dataSize: number | tf.Scalar,
  estimator: AggregatedPosteriorEstimator,
): tf.Tensor2D {
  takes(
    'minibatchLogWeights',
    ['batchSize', batchSize, whole(1)],
    ['dataSize', dataSize, dataSize instanceof tf.Tensor ? tensor(0) : whole(1)],
    ['estimator', estimator, oneOf(...AGGREGATED_POSTERIOR_ESTIMATORS)],
  );
  const square: [number, number] = [batchSize, batchSize];
  return tf.tidy(() => {
    const N = tf.maximum(dataSize, batchSize);
    if (estimator === 'weighted') return tf.zeros(square).sub<tf.Tensor2D>(N.mul(batchSize).log());
    const others = N.mul(Math.max(1, batchSize - 1))
      .div(N.sub(1).maximum(1))
      .log();
    const indices = tf.range(0, batchSize);
    const same = indices.expandDims(1).equal(indices.expandDims(0)).cast('float32');
    return same.mul(N.log()).add(same.neg().add(1).mul(others)).neg() as tf.Tensor2D;
  });
}

/** Distributions, fits and quantizers in a line: what they are over, and what was found. */
import { AnomalyDetector } from '../applications/anomalies';
import { GaussianMixture } from '../classical/gaussianMixture';
import { KMeans } from '../classical/kMeans';
import { MultivariateGaussian } from '../classical/multivariateGaussian';
import { PCA } from '../classical/pca';
import { ProbabilisticPCA } from '../classical/probabilisticPca';
import { Bernoulli } from '../distributions/bernoulli';
import { Categorical } from '../distributions/categorical';
import { ContinuousBernoulli } from '../distributions/continuousBernoulli';
import { DiscretizedLogisticMixture } from '../distributions/discretizedLogisticMixture';
import { FullGaussian } from '../distributions/fullGaussian';
import { DiagonalGaussian } from '../distributions/gaussian';
import { Laplace } from '../distributions/laplace';
import { LevelCategorical } from '../distributions/levelCategorical';
import { LinearGaussianModel } from '../estimators/linearGaussian';
import { Codebook } from '../quantizers/codebook';
import { EMACodebook } from '../quantizers/emaCodebook';
import { FiniteScalarQuantizer } from '../quantizers/finiteScalarQuantizer';
import { LookupFreeQuantizer } from '../quantizers/lookupFreeQuantizer';
import type { Quantizer } from '../quantizers/quantizer';
import { VectorQuantizer } from '../quantizers/vectorQuantizer';
import { widthOf } from '../samples';
import { count, counted, quantity, summarised, type Facts } from './summary';

summarised(PCA, 'PCA', ({ inputShape, latentDimensions, explainedVarianceRatio }) => [
  `${count(widthOf(inputShape))} → ${latentDimensions}`,
  `${quantity(100 * explainedVarianceRatio.reduce((sum, ratio) => sum + ratio, 0))} % of the variance`,
]);
summarised(ProbabilisticPCA, 'ProbabilisticPCA', ({ inputShape, latentDimensions, noiseVariance }) => [
  `${count(widthOf(inputShape))} → ${latentDimensions}`,
  `noise variance ${quantity(noiseVariance)}`,
]);
summarised(KMeans, 'KMeans', ({ centres, history, converged }) => [
  `${counted(centres.length, 'centre')} of ${counted(centres[0]?.length ?? 0, 'dimension')}`,
  iterationsText(history, 'mean squared distance'),
  history.length > 0 ? (converged ? 'converged' : 'not converged') : null,
]);
summarised(GaussianMixture, 'GaussianMixture', ({ components, means, covariances, history, freeParameters }) => [
  `${counted(components, 'component')} of ${counted(means[0]?.length ?? 0, 'dimension')}`,
  Array.isArray(covariances[0]?.[0]) ? 'full covariance' : 'diagonal covariance',
  counted(freeParameters, 'parameter'),
  iterationsText(history, 'mean log-likelihood'),
]);
summarised(MultivariateGaussian, 'MultivariateGaussian', ({ dimensions, mean }) => [
  counted(dimensions, 'dimension'),
  dimensions <= 8 ? `mean [${mean.map(quantity).join(', ')}]` : null,
]);
summarised(LinearGaussianModel, 'LinearGaussianModel', ({ W, sigma }) => [
  `x = W z + b + ε, ${counted(W.columns, 'latent')} → ${counted(W.rows, 'value')}`,
  `σ = ${quantity(sigma)}`,
]);
summarised(AnomalyDetector, 'AnomalyDetector', (detector) => [
  `score ${detector['options'].score ?? 'reconstruction'}`,
  `threshold ${quantity(detector.threshold)}`,
]);

const rows = (shape: readonly number[]) => `[${shape.join(', ')}]`;
summarised(Bernoulli, 'Bernoulli', ({ logits }) => [rows(logits.shape)]);
summarised(ContinuousBernoulli, 'ContinuousBernoulli', ({ logits }) => [rows(logits.shape)]);
summarised(Categorical, 'Categorical', ({ logits }) => [
  `${counted(logits.shape[0], 'row')}, ${counted(logits.shape[1], 'class', 'classes')}`,
]);
summarised(Laplace, 'Laplace', ({ mu }) => [rows(mu.shape)]);
summarised(LevelCategorical, 'LevelCategorical', (p) => [rows(p.shape), `${count(p.levels)} levels`]);
summarised(DiscretizedLogisticMixture, 'DiscretizedLogisticMixture', (p) => [
  rows(p.shape),
  counted(p.components, 'component'),
  `${count(p.levels)} levels`,
]);
summarised(DiagonalGaussian, 'DiagonalGaussian', ({ mu }) => [rows(mu.shape)]);
summarised(FullGaussian, 'FullGaussian', ({ mu }) => [rows(mu.shape)]);

summarised(VectorQuantizer, 'VectorQuantizer', quantizerFacts);
summarised(LookupFreeQuantizer, 'LookupFreeQuantizer', quantizerFacts);
summarised(FiniteScalarQuantizer, 'FiniteScalarQuantizer', (quantizer) => [
  `levels ${quantizer['levels'].join(' × ')}`,
  ...quantizerFacts(quantizer),
]);
summarised(Codebook, 'Codebook', codebookFacts);
summarised(EMACodebook, 'EMACodebook', codebookFacts);

function quantizerFacts({ codebookSize, stages, dimensions }: Quantizer): Facts {
  return [
    `${stages === 1 ? '' : `${stages} × `}${counted(codebookSize, 'code')} of ${counted(dimensions, 'dimension')}`,
  ];
}

function codebookFacts({ vectors }: Codebook): Facts {
  return [`${counted(vectors.shape[0], 'code')} of ${counted(vectors.shape[1], 'dimension')}`];
}

function iterationsText(history: readonly number[], what: string): string | null {
  return history.length === 0
    ? null
    : `${what} ${quantity(history.at(-1)!)} after ${counted(history.length, 'iteration')}`;
}

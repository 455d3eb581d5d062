export { bernoulli, continuousBernoulli } from './bernoulli';
export { categorical, logisticMixture } from './discrete';
export type { CategoricalOptions, LogisticMixtureOptions } from './discrete';
export { gaussian, LOG_SIGMA_BOUNDS } from './gaussian';
export type { GaussianLikelihoodOptions } from './gaussian';
export { laplace } from './laplace';
export type { LaplaceOptions } from './laplace';
export { defineLikelihood } from './likelihood';
export type { DecodedDistribution, LikelihoodDefinition, LikelihoodPart } from './likelihood';

export { crossEntropy, defineLoss, negativeLogLikelihood, squaredError } from './loss';
export type { LossDefinition, LossPart, NegativeLogLikelihoodOptions } from './loss';

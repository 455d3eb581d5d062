export { gaussianMixture } from './gaussianMixture';
export type { GaussianMixtureOptions } from './gaussianMixture';
export { definePrior } from './prior';
export type { Prior, PriorDefinition, PriorPart, PriorPlace } from './prior';
export { standardNormal } from './standardNormal';
export { vampPrior } from './vampPrior';
export type { VampPrior, VampPriorOptions } from './vampPrior';

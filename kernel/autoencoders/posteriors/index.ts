export { diagonalGaussian, fullGaussian } from './gaussian';
export { definePosterior } from './posterior';
export type { Posterior, PosteriorDefinition, PosteriorPart } from './posterior';

export { derivative, integrate, linspace } from './calculus';
export { estimateOverSeeds, estimateVariance, standardNormals } from './draws';
export { normalDivergence, normalLogDensity } from './gaussians';
export { dot, mean, sum } from './sums';

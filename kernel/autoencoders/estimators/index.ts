export { expectation, propagate } from './expectation';
export type { DrawnDistribution, ExpectationOptions } from './expectation';
export { importanceWeights } from './importanceWeights';
export type { DrawOptions, ImportanceSampler, ImportanceWeights } from './importanceWeights';
export { LinearGaussianModel } from './linearGaussian';
export { monteCarloDivergence } from './divergence';
export { reparameterizedGradients, scoreFunctionGradients } from './gradients';
export type { GradientDraws, GradientOptions } from './gradients';

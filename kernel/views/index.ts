/** Plain data in, what renderers draw out. */
export { bundle } from './bundle';
export { codebookHistogram } from './codebookHistogram';
export type { CodebookHistogramInput } from './codebookHistogram';
export { derivationChecks } from './derivationChecks';
export type { CheckInput, CheckSideInput, DerivationChecksInput } from './derivationChecks';
export { gridAxes, latentScatter } from './latentScatter';
export type { LatentScatterInput } from './latentScatter';
export { lossCurves } from './lossCurves';
export type { LossHistory } from './lossCurves';
export { reconstructions } from './reconstructions';
export type { ReconstructionsInput } from './reconstructions';
export { encodeSamples } from './samples';
export * from './types';

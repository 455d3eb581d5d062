/** Plain data in, what renderers draw out. */
export { bundle } from './bundle';
export { codebookHistogram } from './codebookHistogram';
export type { CodebookHistogramInput } from './codebookHistogram';
export { comparison } from './comparison';
export type { ComparisonInput } from './comparison';
export { derivationChecks } from './derivationChecks';
export type { CheckInput, CheckSideInput, DerivationChecksInput } from './derivationChecks';
export { colourColumn, gridAxes, latentScatter } from './latentScatter';
export type { LatentScatterInput } from './latentScatter';
export { encodeLossCurves, lossCurves, plainLossCurves } from './lossCurves';
export type { LossHistory, PlainLossCurves } from './lossCurves';
export { changeOf } from './lossCurvesChange';
export { reconstructions } from './reconstructions';
export type { ReconstructionsInput } from './reconstructions';
export { encodeSamples } from './samples';
export * from './types';

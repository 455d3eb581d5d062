export { contraction } from './contraction';
export type { ContractionOptions } from './contraction';
export { definePenalty } from './penalty';
export type { Coded, CodedBy, PenaltyDefinition, PenaltyLike, PenaltyPart } from './penalty';
export { bernoulliDivergence, sparsity } from './sparsity';
export type { SparsityOptions } from './sparsity';
export { decoderDecay, squaredCodes } from './squares';
export type { DecoderDecayOptions, SquaredCodesOptions } from './squares';

/** Vector quantisation: layers that give (quantised vectors, indices, losses). */
export type {
  CodebookFields,
  FiniteScalarQuantizerConfig,
  LookupFreeQuantizerConfig,
  QuantizedFields,
  QuantizerConfig,
  VectorQuantizerConfig,
} from './config';
export { EMACodebook } from './emaCodebook';
export type { CodebookConfig } from './emaCodebook';
export { entropyLoss } from './entropy';
export { rotationTrick, straightThrough } from './estimators';
export { FiniteScalarQuantizer } from './finiteScalarQuantizer';
export { LookupFreeQuantizer } from './lookupFreeQuantizer';
export type { LookupFreeOptions } from './lookupFreeQuantizer';
export { defineQuantizer } from './ownQuantizer';
export type { QuantizerDefinition, QuantizerPart } from './ownQuantizer';
export type { Quantization, Quantizer } from './quantizer';
export { VectorQuantizer } from './vectorQuantizer';

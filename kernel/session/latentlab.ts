/** The module `latentlab` that cells import: the library, the views of models, and the device they run on. */
export * from '../autoencoders/index';
export * as tf from '@tensorflow/tfjs';
export { check, type CheckedValue, type CheckOptions, type CheckRow, type CheckSide } from './checks';
export { currentDevice as device } from './current';
export { compare, type Runs } from './show/compareRuns';
export { html, latex, markdown, svg } from './show/display';
export * as engine from './engineReport';
export { image, plot, type NumberView } from './show/numberViews';
export {
  codebookHistogram,
  latentFrames,
  latentScatter,
  lossCurves,
  reconstructions,
  samples,
  type CodebookModel,
  type ColouredRow,
  type ColourSource,
  type ColourValue,
  type GenerativeModel,
  type LatentFrames,
  type LatentFramesOptions,
  type LatentModel,
  type LatentScatterOptions,
  type LatentSelection,
  type ReconstructingModel,
  type ReconstructionsOptions,
  type View,
} from './show/modelViews';

/** The module `latentlab` that cells import: the library, the views of models, and the device they run on. */
export * from '../autoencoders/index';
export * as tf from '@tensorflow/tfjs';
export {
  check,
  checks,
  exercise,
  type AnswerSide,
  type CheckedValue,
  type CheckOptions,
  type CheckRow,
  type CheckSide,
  type ExerciseRow,
} from './checks';
export { currentDevice as device } from './current';
export { compare, type Runs } from './show/runs/compareRuns';
export type { SweepOptions } from './show/sweeps/compareSweep';
export { select, type Selected, type SelectOptions } from '../selection/select';
export { ModelError, type ModelClass } from '../selection/savedModel';
export { sweepRuns, type SweepRun } from '../selection/sweepRuns';
export { diagram, type Diagram, type DiagramOptions } from './show/diagram';
export { html, latex, markdown, svg } from './show/display';
export * as engine from './engineReport';
export { histogram, type HistogramOptions } from './show/figures/histogram';
export { image, imageGrid, type ImageGridOptions, type ImageOptions } from './show/figures/images';
export type { FigureNumbers } from './show/figures/numbers';
export type { AxesOptions, Figure, ReferenceLine } from './show/figures/options';
export { plot, type Curve, type PlotOptions } from './show/figures/plot';
export { scatter, type ScatterOptions } from './show/figures/scatter';
export { surface, type SurfaceOptions } from './show/figures/surface';
export { codebookHistogram, type CodebookModel, type CodebookOptions } from './show/codebook/codebookView';
export {
  latentFrames,
  latentScatter,
  lossCurves,
  reconstructions,
  samples,
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
export { keepModel, type SavedModel } from './report/keepModel';
export { report } from './report/report';
export { unsolved } from './unsolved';
export { saveFigure, type FigureOptions } from './show/saveFigure';
export { traverse, type TraverseOptions } from './show/traverse';
export { anomalies, type AnomaliesOptions } from './show/anomalies';
export { metricsTable, type MetricsOptions, type MetricValue } from './show/metrics';

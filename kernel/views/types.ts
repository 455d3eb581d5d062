/**
 * The JSON that our renderers draw, by view. The saved notebook holds these objects, so a change that an older
 * renderer cannot draw raises {@link VIEW_VERSION}, and readers refuse versions they do not know by name.
 */

import type { DiagramArrow, DiagramLayout, DiagramPart } from './diagramParts';
import type { Bars, Curve, FigureAxis, Points, Surface } from './figureLayers';
import type { DerivationChecksView, ObjectView, TableView } from './valueTypes';
import type { EncodedArray, ViewBase } from './viewBase';

export type { DiagramArrow, DiagramLayout, DiagramPart } from './diagramParts';
export type { FigureAxis } from './figureLayers';
export type * from './valueTypes';
export { VIEW_VERSION } from './viewBase';
export type { EncodedArray, ViewBase } from './viewBase';

export const MIME = {
  lossCurves: 'application/vnd.latentlab.loss-curves+json',
  latentScatter: 'application/vnd.latentlab.latent-scatter+json',
  reconstructions: 'application/vnd.latentlab.reconstructions+json',
  codebookHistogram: 'application/vnd.latentlab.codebook-histogram+json',
  derivationChecks: 'application/vnd.latentlab.derivation-checks+json',
  comparison: 'application/vnd.latentlab.comparison+json',
  traversal: 'application/vnd.latentlab.traversal+json',
  anomalies: 'application/vnd.latentlab.anomalies+json',
  metrics: 'application/vnd.latentlab.metrics+json',
  sweep: 'application/vnd.latentlab.sweep+json',
  diagram: 'application/vnd.latentlab.diagram+json',
  figure: 'application/vnd.latentlab.figure+json',
} as const;

/** Values that are shown as they are. */
export const VALUE_MIME = {
  object: 'application/vnd.latentlab.object+json',
  table: 'application/vnd.latentlab.table+json',
  /** Plotly's own, as other notebooks have it: its JSON is `{ data, layout }`. */
  plotly: 'application/vnd.plotly.v1+json',
} as const;

/** Vega-Lite's own, a version each: their JSON is the specification. */
export const VEGA_LITE_MIMES = [4, 5, 6].map((version) => `application/vnd.vegalite.v${version}+json`);

// --- loss curves --------------------------------------------------------------------------------------------------

/** Stretches of a curve; see `smoothing.ts`. */
export interface EncodedStretches {
  /** float32 [m]: the last step of each. */
  steps: EncodedArray;
  /** float32 [m]: the mean of what is finite in it; NaN where nothing is. */
  means: EncodedArray;
  /** int32 [m]: how many values that is. */
  sizes: EncodedArray;
}

/** One curve. Values that are not finite are NaN in `values` and are named in {@link LossCurvesView.notes}. */
export interface Series {
  /** `total`, `reconstruction`, `kl`, `commitment`, … */
  name: string;
  split: 'train' | 'validation';
  /** float32 [n]: optimizer steps, counted from 1. */
  steps: EncodedArray;
  /** float32 [n]. */
  values: EncodedArray;
  /** What a smoothed curve is made of where more points were measured than are sent; absent where all are. */
  stretches?: EncodedStretches;
  /** The training mean over the last whole epoch, with each step weighted by its samples; absent until it is finite. */
  lastEpoch?: number;
}

export interface LossCurvesView extends ViewBase {
  /** Counts the states of a training under way; absent in what does not change. */
  revision?: number;
  /** The unit of every series, for example `nats per image`. */
  unit: string;
  stepsPerEpoch: number;
  series: Series[];
  /** Weights that change over the training, for example β; without unit. */
  schedules: NamedCurve[];
  /** What else was measured at each step: `gradient norm`, `samples per second`, `learning rate`. */
  measures?: NamedCurve[];
  /** What the model reported of itself at the ends of epochs: `activeUnits`, `klPerDimension`, `codebookPerplexity`, … */
  figures?: Figures[];
  /** The weight of a term in the total: a number, or the name of its schedule; 1 for a term that is not here. */
  weights?: Record<string, number | string>;
  /** Steps that were not taken, since a term or the gradient was NaN or infinite. */
  broken?: BrokenStep[];
  progress: TrainingProgress;
  /** What the same cell trained before it was run again; absent where there is no such. */
  lastRun?: LastRun;
  /** What the reader must know: `NaN in kl at step 12`, `points thinned 1:4`. */
  notes: string[];
}

/** float32 [n] each. */
export interface NamedCurve {
  name: string;
  steps: EncodedArray;
  values: EncodedArray;
}

/** Numbers at the ends of epochs: one, or one for each latent dimension or stage. */
export interface Figures extends NamedCurve {
  /** k; `values` are [n · k], row by row. */
  dimensions: number;
}

export interface BrokenStep {
  /** The term, or `gradient`. */
  quantity: string;
  /** `NaN`, `Infinity` or `-Infinity`. */
  value: string;
  /** Counted from 1. */
  step: number;
  epoch: number;
  /** In its epoch, counted from 1. */
  batch: number;
}

/** A training that has given way to another one, by the stretches of its curves. */
export interface LastRun {
  unit: string;
  state: TrainingProgress['state'];
  /** Steps of its model before it: it is drawn from where the other one begins. */
  stepsBefore: number;
  series: (EncodedStretches & Pick<Series, 'name' | 'split'> & { last: number | null })[];
  /** A sentence: in what it differs from the other one. */
  note: string;
}

/** The new end of an array: it follows the first `keep` elements of what is known. */
export interface EncodedTail {
  keep: number;
  tail: EncodedArray;
}

/** A curve, or the stretches of one, by the ends of its arrays. */
export type Tails<T> = { [K in keyof T as T[K] extends EncodedArray ? K : never]: EncodedTail };

/** What is new of one curve of a {@link LossCurvesView}. */
export interface SeriesChange
  extends Pick<Series, 'name' | 'split' | 'lastEpoch'>, Tails<Pick<Series, 'steps' | 'values'>> {
  stretches?: Tails<EncodedStretches>;
}

/** What is new in the state of this revision since the one before it; a curve that is not here is as it was. */
export interface LossCurvesChange extends Pick<LossCurvesView, 'summary' | 'progress' | 'notes'> {
  revision: number;
  series: SeriesChange[];
  schedules: CurveChange[];
  measures?: CurveChange[];
  figures?: CurveChange[];
}

export type CurveChange = { name: string } & Tails<Pick<NamedCurve, 'steps' | 'values'>>;

export interface TrainingProgress {
  /** `stopped`: the kernel ended during the training. */
  state: 'running' | 'done' | 'cancelled' | 'failed' | 'stopped';
  /** Steps and epochs of this training. */
  step: number;
  totalSteps: number;
  epoch: number;
  epochs: number;
  /** How far the model had been trained before this training began; absent where it had not been trained. */
  before?: { steps: number; epochs: number };
  /** Absent in notebooks that are committed, which a training at another time leaves as they are. */
  secondsElapsed?: number;
  /** Absent until it can be estimated. */
  secondsLeft?: number;
}

// --- comparison of trainings --------------------------------------------------------------------------------------

export interface ComparisonView extends ViewBase {
  /** Counts the states while a compared training is under way; absent in what does not change. */
  revision?: number;
  unit: string;
  /** Names, in the order of their colours. The runs of a group are one setting with several seeds. */
  groups: string[];
  runs: ComparedRun[];
  notes: string[];
}

export interface ComparedRun {
  /** Index of its group. */
  group: number;
  stepsPerEpoch: number;
  /** Steps and epochs of the model before this training. */
  stepsBefore: number;
  epochsBefore: number;
  /** On average. */
  secondsPerStep: number;
  /** Whether the training is under way; absent where it has ended. */
  running?: boolean;
  series: ComparedSeries[];
}

/** A curve in stretches, as it is smoothed. */
export interface ComparedSeries extends EncodedStretches {
  name: string;
  split: 'train' | 'validation';
  /** The mean over the last epoch, of validation the last value; null if it is not finite. */
  last: number | null;
}

/** What is new in the state of this revision since the one before it; a run or curve that is not here is as it was. */
export interface ComparisonChange extends Pick<ComparisonView, 'summary' | 'notes'> {
  revision: number;
  runs: ComparedRunChange[];
}

export interface ComparedRunChange extends Pick<ComparedRun, 'secondsPerStep'> {
  /** Its index. */
  run: number;
  running: boolean;
  series: (Pick<ComparedSeries, 'name' | 'split' | 'last'> & Tails<EncodedStretches>)[];
}

// --- samples ------------------------------------------------------------------------------------------------------

/** How one data point is drawn: as an image of h × w pixels, or as named features; see `drawnChannels`. */
export type SampleShape =
  { kind: 'image'; height: number; width: number; channels: number } | { kind: 'vector'; features: readonly string[] };

/** Samples of one shape: uint8 [n, h, w, c] (0…255) for images, float32 [n, d] for vectors. */
export type Samples = EncodedArray;

/** One decoded sample, as a kernel answers a `decode` request. */
export interface Sample {
  shape: SampleShape;
  values: Samples;
}

// --- latent scatter -----------------------------------------------------------------------------------------------

export interface LatentScatterView extends ViewBase {
  /** float32 or codes [n, d]: posterior means, d ≥ 1 latent dimensions. */
  points: EncodedArray;
  /** Points encoded in all; more than n when the view holds a random sample of them. */
  totalPoints: number;
  /** [n] ascending: which point of all each one is; absent where all are here, or in views of before 0.1. */
  indices?: EncodedArray;
  /** Name of each latent dimension, for example `z₁`. */
  dimensions: string[];
  /** int32 [n] class of each point, or null. */
  labels: EncodedArray | null;
  /** Name of each class; empty when the labels are bare numbers. */
  classNames: string[];
  sampleShape: SampleShape;
  /** Whether a live kernel answers `decode` requests for this view. */
  decodes: boolean;
  /** What the points can be coloured by beside what they tell themselves: class, ‖z‖, dimensions. */
  colours?: ColourColumn[];
  /** Names of more such columns, which a live kernel gives when it is asked. */
  liveColours?: string[];
  /** What they are coloured by at first: `class`, `norm`, or the name of a dimension or a column. Absent: `class`. */
  colourBy?: string;
  /** The points on other axes than their dimensions; a live kernel computes those that are not here. */
  projections?: Projections;
  /** What the axes are of at first. Absent: `latent`. */
  space?: 'latent' | 'pca' | 'umap';
  /** Three axes at once, at first: which is the third, and how they are turned, in radians. Absent: two axes. */
  turn?: { third: number; yaw: number; pitch: number };
  /** What data the points are of: the same for the same rows, so that views of them know each other. */
  data?: string;
  /** How far the model had been trained; absent where it does not train. */
  trained?: { steps: number; epochs: number };
  /** Some of the points, epoch by epoch. */
  frames?: LatentFrames;
  /** Decoded at build time over a regular grid in the first two dimensions, for readers without a kernel. */
  grid: DecodedGrid | null;
}

/** Where a model put some rows while it was trained. */
export interface LatentFrames {
  /** int32 [m]: which of all points they are; the view holds each of them. */
  rows: EncodedArray;
  /** Rows that were followed; more than m where the view holds a sample of them, fair to each class. */
  followed?: number;
  /** Epochs and steps of the model at each of the f frames. */
  epochs: number[];
  steps: number[];
  /** Epochs from one frame to the next. */
  stride: number;
  /** [f, m, d], float32 or codes. */
  latents: EncodedArray;
  /** [f, m, d]: the same, each frame turned and shifted to lie as the next one does; absent for one dimension. */
  aligned?: EncodedArray;
}

export interface Projections {
  /** Principal components of all points: float32 mean [d], directions [k, d], shares of variance [k]; scores [n, k], codes. */
  pca?: { mean: EncodedArray; directions: EncodedArray; scores: EncodedArray; shares: EncodedArray };
  /** UMAP of the points that the view holds: codes [n, 2]. */
  umap?: { places: EncodedArray };
  /** The same to three dimensions: codes [n, 3]. */
  umap3?: { places: EncodedArray };
}

/** A value for each point. */
export interface ColourColumn {
  name: string;
  /** float32 [n]; of categories their indices. What is not finite has no value. */
  values: EncodedArray;
  /** Their names; absent where the values are numbers on a scale. */
  categories?: string[];
}

export interface DecodedGrid {
  /** Ascending coordinates in the first and second latent dimension; the others are 0. */
  xs: number[];
  ys: number[];
  /** [ys.length · xs.length, …]: row by row, ys[0] first. */
  samples: Samples;
}

// --- reconstructions ----------------------------------------------------------------------------------------------

export interface ReconstructionsView extends ViewBase {
  sampleShape: SampleShape;
  /** What data the inputs are the first rows of, as in {@link LatentScatterView}; absent for samples from the prior. */
  data?: string;
  /** null for samples drawn from the prior, which have no input. */
  inputs: Samples | null;
  methods: ReconstructionMethod[];
  /** The label of each input, for its caption; empty when there are no labels. */
  labels: string[];
  /** What was left out or made smaller, and how to ask for all; absent where all is here. */
  notes?: string[];
  /** What a sample is beside its shape; absent for images and vectors as such. */
  layout?: SampleLayout;
  /** One for each feature, empty where it has none; absent where none has. */
  units?: string[];
  /** float32 [d] each: z = (x − mean) / scale, where the values are standardised. */
  standardization?: { mean: EncodedArray; scale: EncodedArray };
}

/**
 * What a sample is beside its shape. `frames`: an image of so many frames, one below the other. `steps`: a vector of the
 * features of each step, those of the first one first. `sound`: a vector of sound pressures in [−1, 1] at so many hertz.
 */
export type SampleLayout =
  | { kind: 'frames'; count: number }
  | { kind: 'steps'; steps: number; features: readonly string[] }
  | { kind: 'sound'; rate: number };

export interface ReconstructionMethod {
  /** For example `VAE, 2 latents` or `PCA, 2 components`. */
  name: string;
  samples: Samples;
  /**
   * Squared error of each sample, summed over its pixels or features, those that are missing left out; null if it is not
   * finite. Empty without inputs.
   */
  errors: (number | null)[];
  /** Mean squared error over the whole held-out set, if it was measured there, and how many samples that was. */
  heldOut?: { meanSquaredError: number | null; count: number };
}

// --- traversal ----------------------------------------------------------------------------------------------------

/** What a decoder makes of a latent point when one dimension after the other moves. */
export interface TraversalView extends ViewBase {
  sampleShape: SampleShape;
  layout?: SampleLayout;
  /** In their order on screen, those that tell most first. */
  dimensions: TraversedDimension[];
  /** What they are in the order of, for example `KL divergence, nats`; absent where they are in their own. */
  measure?: string;
  /** Latent dimensions in all; more than there are here when the last ones are left out. */
  latentDimensions: number;
  /** Points to start from; the first is the one that `samples` lie around. */
  anchors: TraversalAnchor[];
  /** Values of each dimension, from its `low` to its `high`, evenly spaced. */
  steps: number;
  /** [dimensions · steps, …]: dimension by dimension, all others as in the first anchor. */
  samples: Samples;
  /** [1, …]: the first anchor, decoded. */
  middle: Samples;
  /** Whether a live kernel answers `decodeAll` requests for this view. */
  decodes: boolean;
  notes: string[];
}

export interface TraversedDimension {
  /** Counted from 0. */
  index: number;
  name: string;
  /** By the view's measure. */
  value?: number;
  low: number;
  high: number;
}

export interface TraversalAnchor {
  /** `0`, `the mean of 2,000 samples`, `row 3 · Pullover`. */
  name: string;
  /** [latentDimensions] */
  z: number[];
}

// --- anomalies ----------------------------------------------------------------------------------------------------

/** Scores of samples, the higher the less they are like what a model has learned, and a threshold. */
export interface AnomaliesView extends ViewBase {
  /** What data was scored, as in {@link LatentScatterView}. */
  data?: string;
  /** For example `squared error`. */
  score: string;
  /** For example `nats`; empty where it has none. */
  unit: string;
  /** float32 [n] */
  scores: EncodedArray;
  /** uint8 [n]: 1 for an anomaly, 0 for a normal sample; null if it is not known. */
  anomalous: EncodedArray | null;
  /** Samples scored in all; more than n when the view holds a random sample of them. */
  total: number;
  /** float32 [m]: scores of data without anomalies, which the threshold comes from; null without such data. */
  reference: EncodedArray | null;
  /** A sample counts as an anomaly above it. */
  threshold: number;
  /** Where the threshold comes from, for example `the 95 % quantile of 500 normal samples`. */
  thresholdSource: string;
  /** Area under the ROC curve, of all samples; null if anomalies are not known. */
  areaUnderRoc: number | null;
  sampleShape: SampleShape;
  layout?: SampleLayout;
  cases: AnomalyCase[];
  /** One for each case, in their order. */
  inputs: Samples;
  /** null for a model that makes no reconstructions. */
  reconstructions: Samples | null;
  notes: string[];
}

export interface AnomalyCase {
  /** Which sample of the data it is. */
  index: number;
  /** null: infinite, which JSON has no number for. */
  score: number | null;
  /** Its class; empty where it has none. */
  label: string;
  anomalous: boolean | null;
}

// --- metrics ------------------------------------------------------------------------------------------------------

/** Several models beside each other, a row each. */
export interface MetricsView extends ViewBase {
  models: string[];
  metrics: Metric[];
  /** [models][metrics]; null if it was not measured. */
  cells: (MetricCell | null)[][];
}

export interface Metric {
  name: string;
  /** Empty where it has none. */
  unit: string;
  /** Which way is better; null if that is not known. */
  better: 'lower' | 'higher' | null;
}

export interface MetricCell {
  /** Null for NaN and infinities, which `text` names. */
  value: number | null;
  /** As far as its standard error allows: `25.31 ± 0.12`. */
  text: string;
  /** 0 for a number that is exact, or whose error is not known. */
  standardError: number;
  /** How many numbers it is the mean of; 1 for one. */
  count: number;
}

// --- a sweep ------------------------------------------------------------------------------------------------------

/** In the order of their indexes in {@link SweepView.states}. */
export const RUN_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled', 'stopped'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Which way of a metric is better; null if that is not known. */
export type Better = 'lower' | 'higher' | null;

/** A sweep as its view has it: runs by column, so that a thousand of them stay small. */
export interface SweepView extends ViewBase {
  /** Counts the states while the sweep runs; absent in what does not change. */
  revision?: number;
  /** Whether runs are under way or still to come. */
  running?: boolean;
  /** The sweep's folder, with slashes, from the folder of the notebook. */
  folder: string;
  /** The same, absolute: where the view was made. */
  place?: string;
  /** How many runs there are: n. */
  count: number;
  /** int32 [n]: the numbers of the runs, as their folders have them. */
  numbers: EncodedArray;
  /** uint8 [n]: indexes into {@link RUN_STATES}. */
  states: EncodedArray;
  /** uint8 [n]: 1 where there is an executed notebook to open. */
  notebooks: EncodedArray;
  /** Parameters and the seed. */
  parameters: SweepParameter[];
  /** Metrics, and `seconds` last. */
  metrics: SweepMetric[];
  /** Why runs failed or were stopped, by the places of the runs. */
  reasons: { run: number; text: string }[];
  curves: SweepCurve[];
  /** int32 [n]: steps in an epoch of each run; 0 where that is not known. */
  stepsPerEpoch: EncodedArray;
  /** The metric that runs are ranked by at first; absent where there is none. */
  metric?: string;
  /** Whether runs have reported metrics, and none of them has a finite value. */
  noneFinite?: boolean;
  /** Pictures of the best runs. */
  pictures: RunPicture[];
  notes: string[];
}

/** A parameter takes few values over many runs. */
export interface SweepParameter {
  name: string;
  /** Whether it is the seed, in which runs of one setting differ. */
  seed?: boolean;
  values: (number | string | boolean)[];
  /** int32 or uint8 [n]: indexes into `values`; where a run has none, their number. Absent: each run has its own. */
  places?: EncodedArray;
}

export interface SweepMetric {
  name: string;
  better: Better;
  /** float32 [n]: NaN where it was not measured. */
  values: EncodedArray;
}

/** A term of the loss over the training, for the runs that have it. */
export interface SweepCurve {
  name: string;
  split: 'train' | 'validation';
  /** Steps from one value to the next, the first one after as many. */
  stride: number;
  /** int32 [m] ascending: the places of the runs. */
  runs: EncodedArray;
  /** float32 [m, p]: NaN where a run has not come. */
  values: EncodedArray;
}

/** What a run's model makes of some samples. */
export interface RunPicture {
  /** The place of the run. */
  run: number;
  view: ReconstructionsView;
  /** Where it comes from, as a clause: `its executed notebook, cell 7`. */
  source: string;
}

/** What is new in the state of this revision since the one before it. */
export interface SweepChange extends Pick<SweepView, 'summary' | 'notes'> {
  revision: number;
  running: boolean;
  runs: RunChange[];
  /** The pictures, where they have changed. */
  pictures?: RunPicture[];
}

/** A run whose state is another one now. */
export interface RunChange {
  /** Its place. */
  run: number;
  state: number;
  notebook: boolean;
  reason?: string;
  /** In the order of the view's metrics; null if it was not measured. */
  metrics: (number | null)[];
  /** float32 [p] of each curve of the view that the run has, by the curve's index. */
  curves: { curve: number; values: EncodedArray }[];
  stepsPerEpoch: number;
}

// --- codebook histogram -------------------------------------------------------------------------------------------

export interface CodebookHistogramView extends ViewBase {
  /** int32 [K]: how often each code was the nearest, by code index. */
  counts: EncodedArray;
  /** exp of the usage distribution's entropy (nats): between 1 and K. */
  perplexity: number;
  /** Codes never used in the window. */
  deadCodes: number;
  /** What was counted, for example `2,000 held-out images × 8 codes`. */
  window: string;
  plane?: CodePlane;
  patches?: CodePatches;
  maps?: CodeMaps;
  /** The course of a training, from its history: `codebookUsage`, `codebookPerplexity`, `deadCodes`, `codeCounts`. */
  course?: Figures[];
}

/** Where codes lie among each other. */
export interface CodePlane {
  /** float32 [K, 2]: their vectors along the two directions of the greatest variance. */
  points: EncodedArray;
  /** The shares of the variance that these directions hold. */
  explained: number[];
}

/** Regions of the images that were counted, by the code that each was given, the nearest to its code first. */
export interface CodePatches {
  /** A patch is a region with what lies around it. */
  shape: Extract<SampleShape, { kind: 'image' }>;
  /** The region in its patch, in pixels. */
  region: { top: number; left: number; height: number; width: number };
  /** int32 [m] ascending: whose patch each is. */
  codes: EncodedArray;
  /** uint8 [m, h, w, c]. */
  samples: Samples;
  /** int32 [m]: which image each is from. */
  rows: EncodedArray;
  /** float32 [m]: squared distance of the encoded vector from its code; absent where the model does not tell. */
  errors?: EncodedArray;
}

/** The codes of some images. */
export interface CodeMaps {
  shape: Extract<SampleShape, { kind: 'image' }>;
  /** uint8 [n, h, w, c]. */
  samples: Samples;
  /** Codes of an image: rows and columns. */
  grid: [rows: number, columns: number];
  /** int32 [n, rows · columns]. */
  codes: EncodedArray;
}

// --- figures of your own numbers ---------------------------------------------------------------------------------

export type FigureCurve = Curve<EncodedArray>;
export type FigurePoints = Points<EncodedArray>;
export type FigureBars = Bars<EncodedArray>;
export type FigureSurface = Surface<EncodedArray>;
export type FigureLayer = FigureCurve | FigurePoints | FigureBars | FigureSurface;

/** Curves, points, bars and surfaces on one pair of axes. */
export interface FigureView extends ViewBase {
  x: FigureAxis;
  y: FigureAxis;
  layers: FigureLayer[];
  lines: { axis: 'x' | 'y'; value: number; text: string }[];
  /** Whether a unit is as long on both axes. */
  isEqual?: boolean;
  notes: string[];
}

// --- diagrams -----------------------------------------------------------------------------------------------------

/** What a model is built of. */
export interface DiagramView extends ViewBase {
  parts: DiagramPart[];
  arrows: DiagramArrow[];
  /** Numbers that are trained. */
  parameters: number;
  layouts: DiagramLayout[];
  notes: string[];
}

/** Views that show a value as it is: without title, picture and table. */
export interface ValueByMime {
  [VALUE_MIME.object]: ObjectView;
  [VALUE_MIME.table]: TableView;
}

export interface ViewByMime {
  [MIME.lossCurves]: LossCurvesView;
  [MIME.latentScatter]: LatentScatterView;
  [MIME.reconstructions]: ReconstructionsView;
  [MIME.codebookHistogram]: CodebookHistogramView;
  [MIME.derivationChecks]: DerivationChecksView;
  [MIME.comparison]: ComparisonView;
  [MIME.traversal]: TraversalView;
  [MIME.anomalies]: AnomaliesView;
  [MIME.metrics]: MetricsView;
  [MIME.sweep]: SweepView;
  [MIME.diagram]: DiagramView;
  [MIME.figure]: FigureView;
}

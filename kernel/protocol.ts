/**
 * Every message between the host (extension or command line), the kernel process and the renderers.
 *
 * Types, a version and what its words mean, nothing else. Host and kernel exchange structured clones over `child_process` IPC
 * (`serialization: 'advanced'`); renderer messages are JSON.
 */

/** Raised on every change that an older peer cannot read. */
export const PROTOCOL_VERSION = 2;

/** MIME type → value. Binary images are base64 strings, images that are text are text, `…+json` values plain objects. */
export type MimeBundle = Record<string, unknown>;

const TEXT_MIME = /^text\/|[+/](?:xml|json|yaml)$|^application\/javascript$|^image\/x-x?(?:pixmap|bitmap|pm|bm)$/;

/** Whether a bundle holds the data of a MIME type as text, and not as base64. */
export function isTextMime(mime: string): boolean {
  return TEXT_MIME.test(mime.toLowerCase().split(';')[0]!.trim());
}

// --- host → kernel ------------------------------------------------------------------------------------------------

/** First message to a new kernel; answered by {@link Ready} or {@link StartFailed}. */
export interface Initialize {
  type: 'initialize';
  protocol: number;
  /** A rung of the device ladder by name, or `auto`. */
  device: string;
  /** Folder that relative paths and imports of cells start from (absolute). */
  folder: string;
  /** Default seed for models and training; absent: the library's own default. */
  seed?: number;
  /** Threads that it computes on; absent: as many as the machine has cores. */
  threads?: number;
  /** The kernel works on a run of many: its trainings keep themselves, and tell of themselves. */
  keptRun?: KeptTrainings;
}

/** Where the trainings of a run keep themselves, so that another kernel continues with them. */
export interface KeptTrainings {
  /** Absolute. */
  folder: string;
  /** Minutes between saves of a training. */
  everyMinutes: number;
  /** Where the run stops, to wait for others: a `HalvingRung` of `sweeps/results`; absent: nowhere. */
  rung?: unknown;
}

/** Run one cell. Cells queue: a kernel runs one at a time, in the order they arrive. */
export interface Execute {
  type: 'execute';
  /** Identifies this execution in every answer. */
  id: string;
  /** What error locations call the cell, for example `cell 3`. */
  cellName: string;
  language: 'typescript' | 'javascript';
  code: string;
  /** What a debugger calls the cell's text: the address of its document. */
  source?: string;
  /**
   * Default seed of models and trainings from this cell on; null: as it was before a cell said one. A kernel that was given one
   * at its start keeps that.
   */
  seed?: number | null;
}

/** Something that a view asks the live kernel, answered by {@link ViewResponse} also while a cell is training. */
export interface ViewRequestMessage {
  type: 'viewRequest';
  requestId: string;
  viewId: string;
  request: ViewRequest;
}

/**
 * `decode`: the decoder's mean for one latent point.
 * `point`: what stands behind a point of a scatter: its input, what the model makes of it, and how far that is off.
 * `select`: how many rows a selection has, those that the view does not hold among them, and a name that is free.
 * `keep`: make a selection a variable of the notebook; without a name under one that is free.
 * `colours`: a value for each point, by the name of a column that the view says a kernel can give.
 * `way`: decoded samples along a way between two latent points, both among them.
 * `project`: the points on other axes; `viewChange` reports its progress. `stopProjecting` ends it.
 * `decodeAll`: the same for several, in one answer.
 * `cancel`: stop the training that this view shows, after the step under way.
 * `watch`: send a whole frame of the training that this view shows; only the kernel that trains has an answer.
 * `patches`: the regions of the data that were given this code; see `CodePatches`.
 * `save`: write a checkpoint of its model, as it is between two steps, to this path (absolute).
 * `unwatch`: the page that shows a sweep has let go of it. `runPicture`: what the model of a run, by its place, makes of
 * samples.
 */
export type ViewRequest =
  | { kind: 'decode'; z: number[] }
  | { kind: 'point'; point: number }
  | { kind: 'colours'; name: string }
  | { kind: 'way'; from: number[]; to: number[]; way: 'lerp' | 'slerp'; steps: number }
  | { kind: 'project'; by: 'pca' | 'umap' | 'umap3' }
  | { kind: 'stopProjecting' }
  | { kind: 'select'; selection: SelectionMade }
  | { kind: 'keep'; selection: SelectionMade; name?: string }
  | { kind: 'decodeAll'; z: number[][] }
  | { kind: 'cancel' }
  | { kind: 'watch' }
  | { kind: 'unwatch' }
  | { kind: 'runPicture'; run: number }
  | { kind: 'save'; path: string }
  | { kind: 'patches'; code: number };

/** A selection of a scatter, as its reader made it. */
export interface SelectionMade {
  /** Which of the points that the view holds: bits in base64; see `packMask` in `views/scatter/selecting.ts`. */
  points: string;
  /**
   * The shapes that it came from, each a `Region` of `views/scatter/selecting.ts`; empty if it came from another view.
   */
  regions: unknown[];
}

/** Asks for {@link Drained}, once what the cells have left running is over or `patience` milliseconds have passed. */
export interface Drain {
  type: 'drain';
  patience: number;
}

/** Leave in good order. */
export interface Shutdown {
  type: 'shutdown';
}

/** Ends the training under way, when it has kept itself, as {@link Initialize.keptRun} says; answered by {@link Paused}. */
export type Pause = { type: 'pause' };

/** A look at what cells have declared, answered by {@link Inspected} also while a cell trains or awaits. */
export interface Inspect {
  type: 'inspect';
  requestId: string;
  inspection: Inspection;
}

/** From a name that a cell declared to a value in it: names of properties, and places of items, from 0. */
export type ValuePath = readonly [name: string, ...steps: (string | number)[]];

/**
 * `variables`: what cells have declared. `children`: some of what a value holds. `details`: what its tooltip says.
 * `value`: its text or JSON, to be copied. `members`: what stands behind a dot after a chain of names (`a.b.c`).
 * `memory`: the tensors that names lead to.
 */
export type Inspection =
  | { kind: 'variables' }
  | { kind: 'children'; path: ValuePath; start: number; count: number }
  | { kind: 'details'; path: ValuePath }
  | { kind: 'value'; path: ValuePath; as: 'text' | 'json' }
  | { kind: 'members'; expression: string }
  | { kind: 'memory' };

export type HostMessage = Initialize | Execute | ViewRequestMessage | Inspect | Drain | Pause | Shutdown;

/**
 * What the user answered. Comes down the pipe of the interrupts, since a kernel that waits reads no messages.
 */
export interface Answer {
  askId: number;
  /** Null: the user cancelled. */
  value?: string | boolean | null;
  /** Why nobody could be asked, as a sentence. */
  error?: string;
}

/**
 * A message of the Debug Adapter Protocol, either way. Goes over the pipe of the interrupts: a kernel that computes or is
 * paused reads no others.
 */
export interface DebugMessage {
  type: 'debug';
  message: object;
}

/**
 * Goes down the pipe of the interrupts and comes back up: the kernel's process is alive, also where its main thread is
 * busy.
 */
export interface Beat {
  type: 'beat';
  beat: number;
}

export function isBeat(message: unknown): message is Beat {
  return (message as Partial<Beat>).type === 'beat';
}

/** A debugger's request to let the kernel continue without it. */
export const DISCONNECT = { type: 'request', seq: 0, command: 'disconnect', arguments: {} };

export function isDebugMessage(message: unknown): message is DebugMessage {
  return (message as Partial<DebugMessage>).type === 'debug';
}

/**
 * An interrupt is not a message: a busy kernel would not read it. The host writes {@link INTERRUPT_BYTE} to the
 * pipe at {@link INTERRUPT_FD}, which a watchdog thread of the kernel reads.
 */
export const INTERRUPT_FD = 4;
export const INTERRUPT_BYTE = 0x03;

// --- kernel → host ------------------------------------------------------------------------------------------------

export interface Ready {
  type: 'ready';
  protocol: number;
  node: string;
  device: DeviceSummary;
}

/** The kernel could not start (an unknown device, say) and ends. */
export interface StartFailed {
  type: 'startFailed';
  error: CellError;
}

export interface Started {
  type: 'started';
  id: string;
  executionOrder: number;
  /** Milliseconds since the epoch. */
  startTime: number;
}

/** A piece of stdout or stderr. `id` is absent when no cell caused it. */
export interface Stream {
  type: 'stream';
  id?: string;
  name: 'stdout' | 'stderr';
  text: string;
  /** The cell that caused it had ended (a timer, a promise that nobody awaited); other cells may have run since. */
  late?: boolean;
  /**
   * The stream became very long: this text is its end, in place of the end that was sent before; what lies between is left
   * out. All of it stands in the file as long as the kernel lives, where one could be written.
   */
  end?: { file?: string };
}

/** A value to show, or (with `update`) the new content of the output that carries the same `displayId`. */
export interface Display {
  type: 'display';
  id: string;
  displayId: string;
  update: boolean;
  bundle: MimeBundle;
  /** Whether it is the value of the cell's last expression. */
  isResult: boolean;
  /** As in {@link Stream}. */
  late?: boolean;
}

/** A live state of a view, whole: goes to the renderer and never into the document. */
export interface ViewFrame {
  type: 'viewFrame';
  viewId: string;
  mime: string;
  view: unknown;
}

/**
 * What is new in a live state since the one before, at most ten a second. Who lacks the one before asks for the whole
 * (`watch`).
 */
export interface ViewChange {
  type: 'viewChange';
  viewId: string;
  mime: string;
  /**
   * For loss curves a `LossCurvesChange`, for a comparison of trainings a `ComparisonChange`, for a sweep a `SweepChange`;
   * for a latent scatter
   * `{ projected }`, the share of a projection that is done, or `{ newer }`, steps that its model has been trained since.
   */
  change: unknown;
}

/** How far a long call (training) has come. */
export interface Progress {
  type: 'progress';
  id: string;
  /** What is under way, for example `VAE epoch 3/20`. */
  label: string;
  done: number;
  total: number;
  secondsLeft?: number;
}

export interface Finished {
  type: 'finished';
  id: string;
  success: boolean;
  /** Wall-clock milliseconds of the execution. */
  duration: number;
  endTime: number;
  error?: CellError;
}

export type Drained = { type: 'drained' };

/** No training is under way any more, and each has been kept. */
export type Paused = { type: 'paused' };

/** Metrics: what a cell reports, and in a {@link KeptTrainings kept run} what a training measures at the end of an epoch. */
export interface Reported {
  type: 'reported';
  /** Milliseconds since the epoch. */
  time: number;
  /** The training under way, counted from 1, its model's step and epoch; null outside of one. */
  training: number | null;
  step: number | null;
  epoch: number | null;
  values: Record<string, number>;
}

/** How far a training of a kept run has come: a `TrainingCurves` of `sweeps/results`. */
export type TrainingTold = { type: 'trainingTold'; training: unknown };

/** A training of a kept run continues where an earlier kernel has left it. */
export interface TrainingResumed {
  type: 'trainingResumed';
  /** Counted from 1. */
  training: number;
  /** Its model's, there. */
  step: number;
  /** Whether it had ended already. */
  isOver: boolean;
}

export interface ViewResponse {
  type: 'viewResponse';
  requestId: string;
  result?: ViewResult;
  /** Why there is no result, as a sentence for the user. */
  error?: string;
}

/** A sample is a `Sample` of `views/types.ts`. */
export type ViewResult =
  | { kind: 'decoded'; sample: unknown }
  | { kind: 'point'; input: unknown; reconstruction: unknown; error: number }
  /** A `ColourColumn` of `views/types.ts`. */
  | { kind: 'colours'; column: unknown }
  /** The latent points, and a `Sample` of as many. */
  | { kind: 'way'; points: number[][]; samples: unknown }
  /** `Projections` of `views/types.ts`. */
  | { kind: 'projected'; projections: unknown }
  | { kind: 'stopped' }
  | { kind: 'selected'; rows: number; of: number; name: string }
  | KeptSelection
  | { kind: 'cancelled' }
  | { kind: 'watched' }
  | { kind: 'saved' }
  /** A `RunPicture` of `views/types.ts`; null if there is none. */
  | { kind: 'runPicture'; picture: unknown }
  /** `CodePatches` of `views/types.ts`; null if there are none. */
  | { kind: 'patches'; patches: unknown };

/** A selection is a variable now: `{ indices, rows, labels }`. */
export interface KeptSelection {
  kind: 'kept';
  name: string;
  rows: number;
  /** Its type, as cells would write it. */
  type: string;
}

/** Answers {@link Inspect}; `result` is what {@link Findings} says for the kind of the inspection. */
export interface Inspected {
  type: 'inspected';
  requestId: string;
  result?: Findings[Inspection['kind']];
  /** Why there is no result, as a sentence for the user. */
  error?: string;
}

/** What an inspection finds. Nothing in it was computed by code of the value's own: no getter runs for it. */
export interface Findings {
  /** In the order of their first declaration; `total` counts those that are left out too. */
  variables: { variables: Variable[]; total: number };
  children: { variables: Variable[]; total: number };
  details: { statistics?: Statistics; picture?: Thumbnail; text: string };
  value: { text: string };
  members: { members: Member[]; total: number };
  memory: TensorMemory;
}

/** A value as a list shows it. */
export interface Variable {
  /** The name, the property, or the key of a map. */
  name: string;
  path: ValuePath;
  /** JavaScript that gives the value; absent where there is none (an item of a set). */
  expression?: string;
  /** The class, or the type of a value that has none. */
  type: string;
  kind:
    'tensor' | 'numbers' | 'data' | 'model' | 'history' | 'list' | 'object' | 'function' | 'class' | 'value' | 'getter';
  shape?: number[];
  dtype?: string;
  /** Where the numbers of a tensor lie. */
  device?: string;
  /** What its numbers take. */
  bytes?: number;
  /** The value in some words. */
  text: string;
  sparkline?: Sparkline;
  /** Whether `details` have a thumbnail. */
  hasPicture: boolean;
  /** Whether it has children. */
  expandable: boolean;
  model?: ModelState;
  /** Cells that show it. */
  plots: Plot[];
}

export interface ModelState {
  parameters: number;
  /** Updates done in all. */
  steps: number;
  /** Epochs completed in all. */
  epochs: number;
  /** Now. */
  training: boolean;
}

/** Numbers as a row of block characters. */
export interface Sparkline {
  text: string;
  /** `series`: the numbers in their order, in equal stretches their means. `histogram`: how often they lie where. */
  shows: 'series' | 'histogram';
  /** The least and the greatest of those that were read. */
  low: number;
  high: number;
  /** How many were read, of how many. */
  read: number;
  of: number;
}

/** Over the numbers that were read; those that are not finite are counted and left out. */
export interface Statistics {
  minimum: number;
  maximum: number;
  mean: number;
  /** The standard deviation, divided by n. */
  deviation: number;
  notFinite: number;
  read: number;
  of: number;
}

export interface Thumbnail {
  /** PNG, base64. */
  png: string;
  width: number;
  height: number;
  /** Pictures in it, of how many. */
  shown: number;
  of: number;
  /** The values that are black and white. */
  black: number;
  white: number;
}

/** A function of `latentlab` that shows a value, and a cell that calls it. */
export interface Plot {
  name:
    | ('plot' | 'image' | 'lossCurves')
    | ('latentScatter' | 'reconstructions' | 'traverse' | 'anomalies' | 'samples' | 'codebookHistogram');
  code: string;
}

/** What may follow a dot. */
export interface Member {
  name: string;
  /** `getter`: it was not asked for its value. */
  kind: 'method' | 'property' | 'getter';
  /** Its class or type; of a method its parameters' count as `(2)`. */
  type: string;
}

export interface TensorMemory {
  /** Tensors alive, and what they take in bytes. */
  tensors: number;
  bytes: number;
  /** Those that names lead to, the largest first; at most ten. */
  largest: { expression: string; shape: number[]; dtype: string; bytes: number }[];
  /** Alive, and found behind no name. */
  unnamed: number;
  unnamedBytes: number;
}

/** Tensors that no name leads to are becoming more from cell to cell. */
export interface TensorsPileUp {
  type: 'tensorsPileUp';
  unnamed: number;
  bytes: number;
  /** What the user calls the cell that ended last. */
  cellName: string;
}

/** What tensors hold when a cell has ended, told where it is much: a kernel that ends for want of memory tells nothing. */
export interface MemoryHeld {
  type: 'memoryHeld';
  memory: TensorMemory;
}

export interface CellError {
  name: string;
  message: string;
  /** The stack with locations in cells (`cell 3:2:14`), the kernel's own frames left out. */
  stack: string;
  /** Where in the cell (both from 1), if the error lies in a cell. */
  line?: number;
  column?: number;
  /** `interrupt`: the user stopped it; `syntax`: the cell does not parse; `crash`: the process is gone. */
  kind: 'error' | 'syntax' | 'interrupt' | 'crash';
}

export interface DeviceSummary {
  /** The chosen rung, for example `traced-cpu`. */
  name: string;
  /** For people, for example `CPU, WebAssembly (SIMD)`. */
  description: string;
  /** Whether it is a rung for a GPU: a driver stands behind it, which may take a process down. */
  gpu: boolean;
  rungs: Rung[];
}

/** One rung of the device ladder and why it was or was not taken. */
export interface Rung {
  name: string;
  /** What it is, on any machine. */
  about: string;
  /** `untried`: nothing speaks against it, but there was no need to start it. */
  status: 'chosen' | 'usable' | 'untried' | 'unusable';
  /** A phrase for people, with the description. */
  reason: string;
  /** What computes: processor or GPU, library, driver; absent when it is not known. */
  description?: string;
  /** TF32 rounds the factors of products to 10 bits of mantissa. */
  precision?: 'float32' | 'TF32';
  /** The median time of a step of the model that was raced last. */
  millisecondsPerStep?: number;
}

/** A question to the user, answered by {@link Answer}. Those that come while one is open wait their turn. */
export interface Ask {
  type: 'ask';
  askId: number;
  /** The run that asks; absent when no cell does. */
  id?: string;
  /** What the user calls the asking cell. */
  cellName?: string;
  /** `text` and `line` (of standard input) are answered by a string, `confirm` and `alert` by a boolean. */
  kind: 'text' | 'line' | 'confirm' | 'alert';
  question: string;
  /** What the answer of a `text` is unless the user changes it. */
  proposal?: string;
}

/** Nobody waits for the answer any more. */
export interface Withdrawn {
  type: 'withdrawn';
  askId: number;
}

/**
 * Messages that come up the pipe of the interrupts when the kernel waits for an answer, the question among them: the
 * kernel's channel may hold them back until it no longer waits. The host drops those that it has already had.
 */
export interface Ahead {
  /** The number of the first one among all messages of the kernel, counted from 1. */
  first: number;
  messages: KernelMessage[];
}

/** Only a restart ends what goes on in the kernel; told when the user interrupts and has to know. */
export interface RestartAdvised {
  type: 'restartAdvised';
  /** For the user. */
  reason: string;
}

/** The cell under way waits for what nothing will settle; its output says so too. */
export interface DeadWait {
  type: 'deadWait';
  id: string;
  /** For the user. */
  hint: string;
}

export type KernelMessage =
  | Ask
  | Withdrawn
  | RestartAdvised
  | DeadWait
  | Ready
  | StartFailed
  | Started
  | Stream
  | Display
  | ViewFrame
  | ViewChange
  | Progress
  | Finished
  | Drained
  | Paused
  | Reported
  | TrainingTold
  | TrainingResumed
  | Inspected
  | TensorsPileUp
  | MemoryHeld
  | Beat
  | ViewResponse;

// --- renderer ↔ extension -----------------------------------------------------------------------------------------

export type RendererMessage = ViewRequestMessage | TrainOnSelection | RevealCell | OpenNotebook;

/** "Train VAE on Selection" for an expression, below the cell that shows the view. */
export interface TrainOnSelection {
  type: 'trainOnSelection';
  viewId: string;
  expression: string;
}

/** A reader wants to see where something of a view stands: the cell that shows this view, and a line in it, from 1. */
export interface RevealCell {
  type: 'revealCell';
  viewId: string;
  line: number;
  /** The address of the cell's document, where the view is not found. */
  document?: string;
}

/** A reader wants to see the notebook of a run. */
export interface OpenNotebook {
  type: 'openNotebook';
  viewId: string;
  /** From the folder of the notebook that shows the view, with slashes. */
  path: string;
  /** Absolute: where it was when the view was made; for a notebook that has been moved since. */
  place?: string;
}

/** `kernelGone`: the kernel that the views belong to has ended; live answers will not come any more. */
export type ToRenderer = ViewFrame | ViewChange | ViewResponse | { type: 'kernelGone' };

/** From and to the renderer of Markdown cells: the texts of all of them, in the order of the notebook; empty: asks for them. */
export interface MarkdownTexts {
  type: 'markdownTexts';
  texts: string[];
  /** A list for each text: what the checks say of its display formulas. Absent: nothing is checked. */
  marks?: (FormulaMark | null)[][];
  /** What the header of the notebook says of its formulas, such as “17 of 23 formulas hold”. */
  tally?: string;
  /** Words for what the marks say. */
  words?: { holds: string; fails: string; check: string };
}

export type FormulaMark = 'holds' | 'fails';

/** From the renderer of Markdown cells: the cell that checks a formula is to be written. */
export interface CheckFormula {
  type: 'checkFormula';
  /** The text of the Markdown cell. */
  text: string;
  /** Which of its display formulas, from 0. */
  at: number;
}

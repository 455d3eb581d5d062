/** The training proposed for data that a kernel has surveyed, changed by the user's answers. */
import type { ColumnSurvey, DataSurvey } from '../../../kernel/autoencoders/data/survey/facts';
import type { DeviceSummary } from '../../../kernel/protocol';

export type Family = 'vae' | 'vqvae';

/** What a model depends on, of the device that computes. */
export type Device = Pick<DeviceSummary, 'name' | 'gpu'>;

/** What the user has decided; what is absent is proposed. */
export interface Answers {
  /** The array of samples in a file of several. */
  array?: string;
  /** Columns that the model learns. */
  columns?: readonly string[];
  /** The column of classes; null: there is none. */
  label?: string | null;
  /** What becomes of samples that lack values: the model learns which are missing (`keep`), or they are left out. */
  missing?: 'keep' | 'leaveOut';
  /** How images of several sizes are brought to one, and to which: [height, width]. */
  fit?: 'resize' | 'crop' | 'pad';
  size?: readonly [number, number];
  network?: 'dense' | 'convolutional';
  /** k, of a VAE. */
  latent?: number;
  /** K, of a VQ-VAE. */
  codes?: number;
  likelihood?: 'bernoulli' | 'gaussian';
  epochs?: number;
}

/** A choice and the reason for it, in a word that `words.ts` has a sentence for. */
export interface Choice<T> {
  value: T;
  why: Why;
}

export type Why =
  | 'chosen'
  | 'table'
  | 'smallImages'
  | 'images'
  | 'tinyImages'
  | 'device'
  | 'sequence'
  | 'plane'
  | 'largeImages'
  | 'binary'
  | 'shades'
  | 'colours'
  | 'unbounded'
  | 'fewSamples'
  | 'manySamples';

export interface Plan {
  family: Family;
  survey: DataSurvey;
  /** What the model learns of a table; null: it is none. */
  columns: readonly string[] | null;
  label: string | null;
  missing: 'none' | 'keep' | 'leaveOut';
  fit: { how: 'resize' | 'crop' | 'pad'; size: readonly [number, number] } | null;
  array: string | undefined;
  /** Shape of one sample: [d], [steps, d] or [height, width, channels]. */
  shape: readonly number[];
  /** Numbers of one sample. */
  width: number;
  /** Samples that are read, and whether that is all of them. */
  samples: number;
  isAll: boolean;
  low: number;
  high: number;
  network: Choice<'dense' | 'convolutional'>;
  hidden: readonly number[];
  /** Latents of a VAE, codes of a VQ-VAE. */
  latent: Choice<number>;
  codes: Choice<number>;
  codeDimension: number;
  positions: number;
  likelihood: Choice<'bernoulli' | 'gaussian'>;
  /** Whether each column is brought to mean 0 and deviation 1. */
  standardized: boolean;
  heldOut: number;
  batchSize: number;
  stepsPerEpoch: number;
  epochs: number;
  /** Steps over which β rises to 1. */
  warmup: number;
}

/** A model on fewer samples than this shows nothing. */
export const FEWEST_SAMPLES = 10;
/** Steps that a small model needs until its curves are flat, about. */
const STEPS = 1500;
const BATCH = 128;
/** Numbers that are held in memory without a thought: 2 GB. */
const MOST_NUMBERS = 2 ** 29;
/** Images of this many pixels along a side, in grey, are learned by dense layers too. */
const SMALL_SIDE = 32;
const TINY_SIDE = 12;
/** The rung on which convolutions have no gradients. */
const WITHOUT_CONVOLUTIONS = 'wasm';
/** Different whole numbers up to which a column may be a class. */
const MOST_CLASSES = 50;
const CLASS_NAME = /^(label|labels|class|classes|target|targets|species|category|kind|y)$/i;
const ID_NAME = /^(id|index|idx|key|uuid|row|row_?(id|number)|unnamed: ?\d+)$|[_ ]id$/i;

/** Why a column is not proposed: it tells nothing of a sample, or cannot be a number. */
export type LeftOut = 'constant' | 'id' | 'text' | 'dates' | 'mixed' | 'empty' | 'other';

/** @returns undefined if the column is proposed */
export function leftOutFor(column: ColumnSurvey, rows: number): LeftOut | undefined {
  const { kind, distinct, missing, name, whole, merged, usable } = column;
  if (!usable) return kind === 'text' || kind === 'dates' || kind === 'mixed' || kind === 'empty' ? kind : 'other';
  if (kind === 'dates') return 'dates';
  if (kind === 'lists') return undefined;
  if (distinct === 1 && missing === 0) return 'constant';
  if (merged) return 'id';
  const different = distinct === null || distinct === rows;
  if (whole && different && rows >= FEWEST_SAMPLES && ID_NAME.test(name.trim())) return 'id';
  return undefined;
}

/** Columns that may hold the class of each sample, the likeliest first. */
export function labelCandidates({ columns, rows }: DataSurvey): ColumnSurvey[] {
  const few = ({ distinct }: ColumnSurvey, most: number) =>
    distinct !== null && distinct > 1 && distinct <= most && distinct < Math.max(3, rows / 2);
  const could = columns.filter(
    (column) =>
      (column.kind === 'text' && few(column, 1000)) ||
      ((column.kind === 'numbers' || column.kind === 'truth') && column.whole && few(column, MOST_CLASSES)) ||
      (column.kind === 'truth' && few(column, 2)),
  );
  const rank = ({ name, kind }: ColumnSurvey) => (CLASS_NAME.test(name.trim()) ? 0 : kind === 'text' ? 1 : 2);
  return could.sort((a, b) => rank(a) - rank(b));
}

/** The column that is plainly the class: the only one of text that could be, or one of that name; else undefined. */
export function proposedLabel(survey: DataSurvey): string | undefined {
  const candidates = labelCandidates(survey);
  const named = candidates.filter(({ name }) => CLASS_NAME.test(name.trim()));
  const texts = candidates.filter(({ kind }) => kind === 'text');
  if (named.length === 1) return named[0]!.name;
  return named.length === 0 && texts.length === 1 ? texts[0]!.name : undefined;
}

/** The columns that are proposed: all that tell something of a sample, but for the label. */
export function proposedColumns(survey: DataSurvey, label = proposedLabel(survey)): string[] {
  return survey.columns
    .filter((column) => column.name !== label && leftOutFor(column, survey.rows) === undefined)
    .map(({ name }) => name);
}

/** The sizes that images of several may be brought to, by each way; null if all are of one. */
export function fittings({ images }: DataSurvey): Record<'resize' | 'crop' | 'pad', [number, number]> | null {
  if (!images || images.sizes.length < 2) return null;
  const heights = images.sizes.map(({ height }) => height);
  const widths = images.sizes.map(({ width }) => width);
  const [most] = images.sizes;
  return {
    // Sides that halve twice without a rest, which convolutions draw best.
    resize: [rounded(most!.height), rounded(most!.width)],
    crop: [Math.min(...heights), Math.min(...widths)],
    pad: [Math.max(...heights), Math.max(...widths)],
  };
}

function rounded(side: number): number {
  return Math.max(8, 4 * Math.round(Math.min(side, 128) / 4));
}

/** @param device that of the kernel */
export function planFor(family: Family, survey: DataSurvey, answers: Answers, device: Device): Plan {
  const isTable = survey.kind === 'table';
  const label = isTable ? (answers.label === undefined ? (proposedLabel(survey) ?? null) : answers.label) : null;
  const columns = isTable
    ? (answers.columns?.filter((column) => column !== label) ?? proposedColumns(survey, label ?? undefined))
    : null;
  const fit = fitOf(survey, answers);
  const taken = columns && survey.columns.filter(({ name }) => columns.includes(name));
  const shape = shapeOf(survey, taken, fit);
  const width = shape.reduce((product, size) => product * size, 1);
  const lacking = taken ? taken.some(({ missing }) => missing > 0) : (survey.range?.missing ?? 0) > 0;
  const missing = lacking ? (answers.missing ?? 'keep') : 'none';
  const most = Math.max(1000, Math.floor(MOST_NUMBERS / Math.max(1, width)));
  const samples = Math.min(survey.rows, most);
  const { low, high, binary } = rangeOf(survey, taken);
  const network = networkOf(survey, shape, answers, device);
  const heldOut = Math.max(2, Math.min(10_000, Math.round(samples * 0.1)));
  const train = Math.max(1, samples - heldOut);
  const batchSize = Math.min(BATCH, Math.max(8, 2 ** Math.floor(Math.log2(Math.max(8, train / 4)))));
  const stepsPerEpoch = Math.ceil(train / batchSize);
  const epochs = answers.epochs ?? Math.min(300, Math.max(5, Math.round(STEPS / stepsPerEpoch)));
  const likelihood = likelihoodOf(survey, { low, high, binary }, shape, answers);
  return {
    family,
    survey,
    columns,
    label,
    missing,
    fit,
    array: answers.array,
    shape,
    width,
    samples,
    isAll: samples === survey.rows,
    low,
    high,
    network,
    hidden: width >= 200 ? [400, 200] : width >= 32 ? [128, 64] : [64, 32],
    latent: latentOf(survey, shape, answers),
    codes: codesOf(train, answers),
    codeDimension: width >= 200 ? 32 : 8,
    positions: width >= 64 ? 8 : Math.max(2, Math.min(4, Math.ceil(width / 4))),
    likelihood,
    standardized:
      family === 'vae' ? likelihood.value === 'gaussian' && !isShades(survey, low, high) : !isShades(survey, low, high),
    heldOut,
    batchSize,
    stepsPerEpoch,
    epochs,
    warmup: Math.max(1, Math.round((epochs * stepsPerEpoch) / 5)),
  };
}

function fitOf(survey: DataSurvey, { fit = 'resize', size }: Answers): Plan['fit'] {
  const ways = fittings(survey);
  if (ways) return { how: fit, size: size ?? ways[fit] };
  return size ? { how: 'resize', size } : null;
}

function shapeOf(survey: DataSurvey, taken: ColumnSurvey[] | null, fit: Plan['fit']): number[] {
  if (taken) return [taken.reduce((sum, { entries }) => sum + entries, 0)];
  if (fit && survey.images) return [...fit.size, survey.images.channels];
  return [...(survey.shape ?? [0])];
}

function rangeOf({ range }: DataSurvey, taken: ColumnSurvey[] | null): { low: number; high: number; binary: boolean } {
  const numbers = taken?.filter(({ low }) => low !== null) ?? [];
  if (!taken || numbers.length === 0)
    return { low: range?.low ?? 0, high: range?.high ?? 0, binary: range?.binary ?? false };
  const low = Math.min(...numbers.map((column) => column.low!));
  const high = Math.max(...numbers.map((column) => column.high!));
  const binary = low === 0 && high === 1 && numbers.every(({ whole }) => whole) && taken.length === numbers.length;
  return { low, high, binary };
}

/** Whether they are images whose pixels are shares of white. */
function isShades({ kind }: DataSurvey, low: number, high: number): boolean {
  return kind === 'images' && low >= 0 && high <= 1;
}

function networkOf(
  { kind }: DataSurvey,
  shape: readonly number[],
  { network }: Answers,
  { name, gpu }: Device,
): Plan['network'] {
  if (kind === 'sequences') return { value: 'dense', why: 'sequence' };
  if (kind !== 'images') return { value: 'dense', why: 'table' };
  const [height = 0, width = 0, channels = 1] = shape;
  if (Math.min(height, width) < TINY_SIDE) return { value: 'dense', why: 'tinyImages' };
  if (name === WITHOUT_CONVOLUTIONS) return { value: 'dense', why: 'device' };
  if (network) return { value: network, why: 'chosen' };
  const small = channels === 1 && Math.max(height, width) <= SMALL_SIDE;
  return small && !gpu ? { value: 'dense', why: 'smallImages' } : { value: 'convolutional', why: 'images' };
}

function latentOf(
  { kind }: DataSurvey,
  [height = 0, width = 0]: readonly number[],
  { latent }: Answers,
): Plan['latent'] {
  if (latent !== undefined) return { value: latent, why: 'chosen' };
  return kind === 'images' && Math.max(height, width) > SMALL_SIDE
    ? { value: 16, why: 'largeImages' }
    : { value: 2, why: 'plane' };
}

function codesOf(train: number, { codes }: Answers): Plan['codes'] {
  if (codes !== undefined) return { value: codes, why: 'chosen' };
  const value = Math.min(512, Math.max(16, 2 ** Math.floor(Math.log2(Math.max(16, train / 8)))));
  return { value, why: value < 512 ? 'fewSamples' : 'manySamples' };
}

function likelihoodOf(
  survey: DataSurvey,
  { low, high, binary }: { low: number; high: number; binary: boolean },
  shape: readonly number[],
  { likelihood }: Answers,
): Plan['likelihood'] {
  if (likelihood) return { value: likelihood, why: 'chosen' };
  if (binary) return { value: 'bernoulli', why: 'binary' };
  if (!isShades(survey, low, high)) return { value: 'gaussian', why: 'unbounded' };
  return shape[2] === 1 ? { value: 'bernoulli', why: 'shades' } : { value: 'gaussian', why: 'colours' };
}

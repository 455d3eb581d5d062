import { encode, encodeAscending, encodeCodes, encodeIndices } from './encoding';
import { fitSamples, SAMPLES_ROOM, VIEW_ROOM } from './pictures/room';
import { checkSamples, sampleWidth } from './samples';
import { fairSample } from './thinning';
import { VIEW_VERSION } from './types';
import type { ColourColumn, LatentScatterView, SampleShape } from './types';
import { count, counted, latentName } from './wording';

/** Points that a saved scatter carries unless the user asks for more. */
export const POINT_LIMIT = 20_000;

/** A scatter of fewer says little, so it has them even where they take more than their room … */
export const LEAST_POINTS = 200;

/** … up to so many coordinates: a point may have thousands, as a map of codes has. */
export const COORDINATE_LIMIT = 2_000_000;

/** Characters of the scale of a coordinate that is packed as codes. */
const SCALE_ROOM = 45;
/** Characters of the view without its arrays and names. */
const OTHER_ROOM = 1500;

/** They tell how far a point of a sample is from the one before it. */
const INDEX_BYTES = 2;

/** Characters that a decoded grid gets beside however many points. */
const LEAST_GRID_ROOM = 36_000;

export interface LatentScatterInput {
  id: string;
  title?: string;
  /** [n · d] row-major: posterior means. */
  points: ArrayLike<number>;
  /** d ≥ 1, the number of latent dimensions, or a name for each; names default to z₁, z₂, … */
  dimensions: number | string[];
  /** [n] class of each point. */
  labels?: ArrayLike<number> | null;
  classNames?: string[];
  sampleShape: SampleShape;
  /** Whether a live kernel answers `decode` requests for this view. */
  decodes?: boolean;
  /** Decoded samples [ys.length · xs.length · width], row by row, ys[0] first; see {@link gridAxes}. */
  grid?: { xs: number[]; ys: number[]; samples: ArrayLike<number> } | null;
  /** Beside class, ‖z‖ and dimensions: a value for each point, or the index of its category. */
  colours?: { name: string; values: ArrayLike<number>; categories?: string[] }[];
  liveColours?: string[];
  colourBy?: string;
  data?: string;
  trained?: { steps: number; epochs: number };
  /** Points that the view holds whatever the random sample is. */
  always?: ArrayLike<number>;
  /** Above this many points the view holds a random sample of them. Default: as many as fit, {@link POINT_LIMIT} at most. */
  limit?: number;
  /** Bytes for each point that will stand beside what is given here, such as its place on other axes. Default 0. */
  bytesBeside?: number;
  /** The seed of the random sample. Default 0. */
  seed?: number;
}

/**
 * Latent points with their classes as plain data.
 * @throws RangeError when the lengths of points, labels and dimensions disagree
 */
export function latentScatter(input: LatentScatterInput): LatentScatterView {
  const dimensions =
    typeof input.dimensions === 'number'
      ? Array.from({ length: input.dimensions }, (_, i) => latentName(i + 1))
      : input.dimensions;
  const width = dimensions.length;
  const total = input.points.length / width;
  if (width === 0 || !Number.isInteger(total)) {
    throw new RangeError(
      `latent scatter: ${input.points.length} coordinates are not a whole number of ${width}-D points`,
    );
  }
  const labels = input.labels ?? null;
  if (labels !== null && labels.length !== total) {
    throw new RangeError(`latent scatter: ${labels.length} labels for ${total} points`);
  }
  const bytes = roomForPoints(input, dimensions);
  const limit = input.limit ?? pointsWithin(bytes, bytesOf(input, 2 * width), total, width);
  const kept = withAlways(fairSample(total, limit, input.seed ?? 0), input.always ?? []);
  const points = new Float32Array(kept.length * width);
  kept.forEach((from, to) => {
    for (let j = 0; j < width; j++) points[to * width + j] = input.points[from * width + j]!;
  });
  const isExact = kept.length * bytesOf(input, 4 * width) <= bytes;
  const classNames = input.classNames ?? [];
  const view: LatentScatterView = {
    version: VIEW_VERSION,
    id: input.id,
    title: input.title ?? 'Latent space',
    summary: summarize(input, points, { total, kept: kept.length, width }),
    points: isExact ? encode('float32', points, [kept.length, width]) : encodeCodes(points, [kept.length, width]),
    totalPoints: total,
    ...(kept.length < total && { indices: encodeAscending(kept) }),
    dimensions,
    labels: labels && encodeIndices(kept.map((i) => labels[i]!)),
    classNames,
    decodes: input.decodes ?? false,
    ...(input.data !== undefined && { data: input.data }),
    ...(input.trained && { trained: input.trained }),
    ...(input.colours && { colours: input.colours.map((column) => colourColumn(column, kept, total)) }),
    ...(input.liveColours && { liveColours: input.liveColours }),
    ...(input.colourBy !== undefined && { colourBy: input.colourBy }),
    ...{ grid: null, sampleShape: input.sampleShape },
  };
  return { ...view, ...encodeGrid(input, VIEW_ROOM - JSON.stringify(view).length) };
}

/** Bytes that the points and what stands beside each may take: what a grid and the texts leave. */
function roomForPoints({ grid, classNames = [], colours = [] }: LatentScatterInput, dimensions: string[]): number {
  const texts = JSON.stringify([dimensions, classNames, colours.map(({ name, categories }) => [name, categories])]);
  const others = (grid ? LEAST_GRID_ROOM : 0) + texts.length + SCALE_ROOM * dimensions.length + OTHER_ROOM;
  return ((VIEW_ROOM - others) * 3) / 4;
}

/** Bytes that a point takes with coordinates of so many: its class, colours, and where it is in the data. */
function bytesOf({ labels, colours = [], bytesBeside = 0 }: LatentScatterInput, coordinates: number): number {
  return coordinates + (labels ? 1 : 0) + 4 * colours.length + bytesBeside;
}

/** How many points a view holds unless the user says. */
function pointsWithin(bytes: number, each: number, total: number, width: number): number {
  if (total * each <= bytes) return Math.min(POINT_LIMIT, total);
  const fewest = Math.min(LEAST_POINTS, Math.ceil(COORDINATE_LIMIT / width));
  return Math.min(POINT_LIMIT, Math.max(fewest, Math.floor(bytes / (each + INDEX_BYTES))));
}

/** Ascending. */
function withAlways(sample: number[], always: ArrayLike<number>): number[] {
  if (always.length === 0) return sample;
  return [...new Set([...sample, ...Array.from(always)])].sort((a, b) => a - b);
}

/**
 * A column of the points that a view holds.
 *
 * @param kept which of all they are
 * @throws RangeError when there is not a value for each of all
 */
export function colourColumn(
  { name, values, categories }: { name: string; values: ArrayLike<number>; categories?: string[] },
  kept: ArrayLike<number>,
  total: number,
): ColourColumn {
  if (values.length !== total) throw new RangeError(`colours “${name}”: ${values.length} values for ${total} points`);
  const own = Float32Array.from(kept, (i) => values[i]!);
  return { name, values: encode('float32', own), ...(categories && { categories }) };
}

/**
 * The grid in the room that points and picture leave: in fewer levels, or of smaller images.
 *
 * @param left characters
 */
function encodeGrid(
  { grid, sampleShape }: LatentScatterInput,
  left: number,
): Pick<LatentScatterView, 'grid' | 'sampleShape'> {
  if (!grid) return { grid: null, sampleShape };
  checkSamples(grid.samples, sampleShape, 'decoded grid');
  const [found, expected] = [grid.samples.length / sampleWidth(sampleShape), grid.xs.length * grid.ys.length];
  if (found !== expected) {
    throw new RangeError(`decoded grid: ${found} samples for ${grid.xs.length} × ${grid.ys.length} coordinates`);
  }
  const room = Math.min(SAMPLES_ROOM, Math.max(LEAST_GRID_ROOM, left));
  const options = { room, keepAll: true, tiles: true };
  const { shape, samples } = fitSamples([grid.samples], sampleShape, ['decoded grid'], options);
  return { grid: { xs: grid.xs, ys: grid.ys, samples: samples[0]! }, sampleShape: shape };
}

function summarize(
  { title, labels, classNames }: LatentScatterInput,
  points: Float32Array,
  size: { total: number; kept: number; width: number },
): string {
  const parts = [`${title ?? 'Latent space'}: ${counted(size.total, 'point')} in ${counted(size.width, 'dimension')}`];
  if (labels) {
    const classes = classNames?.length || new Set(Array.from(labels)).size;
    parts.push(classes === 1 ? '1 class' : `${count(classes)} classes`);
  }
  if (size.kept < size.total) parts.push(`this view keeps a random sample of ${count(size.kept)}`);
  const broken = brokenPoints(points, size.width);
  if (broken > 0)
    parts.push(`${counted(broken, 'point')} with coordinates that are not finite, left out of the picture`);
  return `${parts.join('; ')}.`;
}

function brokenPoints(points: Float32Array, width: number): number {
  let broken = 0;
  for (let i = 0; i < points.length; i += width) {
    if (!points.subarray(i, i + width).every(Number.isFinite)) broken++;
  }
  return broken;
}

/**
 * Coordinates of a square, regular grid over the points in the first two dimensions. Each axis has `size` values,
 * evenly spaced over the range that leaves out 1 % of the points at either end.
 *
 * @param points [n · d] row-major
 * @throws RangeError when d < 2 or no point is finite
 */
export function gridAxes(points: ArrayLike<number>, d: number, size = 15): { xs: number[]; ys: number[] } {
  if (d < 2) throw new RangeError(`a decoded grid needs 2 latent dimensions, found ${d}`);
  return { xs: axis(points, d, 0, size), ys: axis(points, d, 1, size) };
}

function axis(points: ArrayLike<number>, d: number, dimension: number, size: number): number[] {
  const values: number[] = [];
  for (let i = dimension; i < points.length; i += d) {
    if (Number.isFinite(points[i])) values.push(points[i]!);
  }
  if (values.length === 0) throw new RangeError('a decoded grid needs finite points');
  values.sort((a, b) => a - b);
  const low = values[Math.floor(0.01 * (values.length - 1))]!;
  const high = values[Math.ceil(0.99 * (values.length - 1))]!;
  return Array.from({ length: size }, (_, i) => low + ((high - low) * i) / Math.max(1, size - 1));
}

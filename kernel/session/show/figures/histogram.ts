/** How often your own numbers take which values. */
import { bin, max, min } from 'd3-array';
import { flag, optional, takes, type Kind } from '../../../autoencoders/arguments';
import { Dataset } from '../../../autoencoders/index';
import { readNumbers, type FigureNumbers } from './numbers';
import { checkAxes, figureOf, isByName, type AxesOptions, type Figure } from './options';

/** What {@link histogram} counts, in which bins. */
export interface HistogramOptions extends AxesOptions {
  /** How many bins, about, or their edges. Default: by the Freedman–Diaconis rule, from 5 to 100. */
  bins?: number | readonly number[];
  /** What the bins span. Default: all finite numbers. */
  range?: readonly [low: number, high: number];
  /** The features of a data set that are drawn, by name. Default: the first eight. */
  columns?: readonly string[];
  /** Whether bars are densities, of area 1 together, in place of counts. */
  density?: boolean;
}

const MOST = 8;
const [FEWEST_BINS, MOST_BINS] = [5, 100];

const binsKind: Kind = (bins) => {
  if (typeof bins === 'number') return Number.isInteger(bins) && bins >= 1 && bins <= 2000 ? undefined : 'a whole number of bins from 1 to 2000, or their edges'; // prettier-ignore
  const isAscending = Array.isArray(bins) && bins.length > 1 && bins.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > bins[i - 1])); // prettier-ignore
  return isAscending ? undefined : 'a whole number of bins, or their edges in ascending order';
};

const rangeKind: Kind = (range) => {
  const [low, high] = Array.isArray(range) && range.length === 2 ? (range as number[]) : [NaN, NaN];
  return low! < high! ? undefined : '[low, high] with low below high';
};

/**
 * Draws how often numbers fall into bins of one width. Several histograms stand in an object by their names, over the same
 * bins.
 *
 * ```ts
 * await histogram(losses, { xLabel: 'loss, nats' })
 * await histogram({ data: inside, anomalies: outside }, { density: true })
 * await histogram(iris, { columns: ['petal length (cm)', 'petal width (cm)'] })
 * ```
 *
 * A bin holds its lower edge; the last one both. NaN, infinities and numbers outside of the range are counted below the
 * figure.
 *
 * @param values a tensor, a typed array or arrays of numbers of any shape, several by name, or a data set of features
 * @throws TypeError naming the argument, what was found and what is wanted
 */
export async function histogram(
  values: FigureNumbers | Dataset | Readonly<Record<string, FigureNumbers>>,
  options: HistogramOptions = {},
): Promise<Figure> {
  checkAxes('histogram', options);
  takes('histogram', ['bins', options.bins, optional(binsKind)], ['range', options.range, optional(rangeKind)]);
  takes('histogram', ['density', options.density, optional(flag)]);
  const columns = values instanceof Dataset ? columnsOf(values, options) : values;
  const named = isByName(columns) ? Object.entries(columns) : [['values', columns] as const];
  if (named.length === 0 || named.length > MOST) {
    throw new TypeError(
      `histogram takes as "values" numbers, or from one to ${MOST} lists of them by name; found ${named.length}.`,
    );
  }
  const read = await Promise.all(
    named.map(async ([name, one]) => {
      const { values: all } = await readNumbers('histogram', name, one, 'numbers of any shape', () => true);
      return { name, all };
    }),
  );
  const finite = read.flatMap(({ all }) => Array.from(all).filter(Number.isFinite));
  if (finite.length === 0) throw new TypeError('histogram: none of the numbers is finite.');
  const edges = edgesOf(finite, options);
  const counted = read.map(({ name, all }) => ({ name, ...countsOf(all, edges) }));
  const notes = counted.flatMap(({ name, broken, outside }) => [
    ...(broken > 0 ? [`${name}: ${numberOf(broken)} not finite, not counted.`] : []),
    ...(outside > 0 ? [`${name}: ${numberOf(outside)} outside of the range, not counted.`] : []),
  ]);
  return figureOf(options, {
    ...{ title: read.length === 1 ? 'Histogram' : `Histogram of ${read.map(({ name }) => name).join(', ')}`, notes },
    ...{ x: 'value', y: options.density ? 'density' : 'count' },
    layers: counted.map(({ name, counts, total }) => {
      const heights = options.density
        ? counts.map((count, i) => count / (total * (edges[i + 1]! - edges[i]!) || 1))
        : counts;
      return { kind: 'bars', name, edges, heights };
    }),
  });
}

/** Features of a data set by their names. */
function columnsOf({ shape, values, length }: Dataset, { columns }: HistogramOptions): Record<string, Float64Array> {
  if (shape.kind !== 'vector') {
    throw new TypeError(
      'histogram takes as "values" a data set of features; this one has other samples: pass its values instead.',
    );
  }
  const { features } = shape;
  const chosen = columns ?? features.slice(0, MOST);
  return Object.fromEntries(
    chosen.map((name) => {
      const at = features.indexOf(name);
      if (at < 0)
        throw new TypeError(`histogram: "columns" has ${JSON.stringify(name)}; there are ${features.join(', ')}.`);
      return [name, Float64Array.from({ length }, (_, i) => values[i * features.length + at]!)];
    }),
  );
}

function edgesOf(finite: readonly number[], { bins, range }: HistogramOptions): number[] {
  if (Array.isArray(bins)) return [...(bins as number[])];
  const [low, high] = range ?? [min(finite)!, max(finite)!];
  const [from, to] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  const count = typeof bins === 'number' ? bins : binsFor(finite, from, to);
  return Array.from({ length: count + 1 }, (_, i) => (i === count ? to : from + (i * (to - from)) / count));
}

/** Freedman and Diaconis 1981: a width of twice the interquartile range over the cube root of n. */
function binsFor(finite: readonly number[], from: number, to: number): number {
  const sorted = Float64Array.from(finite).sort();
  const quartile = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const width = (2 * (quartile(0.75) - quartile(0.25))) / Math.cbrt(sorted.length);
  const count = width > 0 ? Math.ceil((to - from) / width) : FEWEST_BINS;
  return Math.min(MOST_BINS, Math.max(FEWEST_BINS, count));
}

function countsOf(all: Float64Array, edges: readonly number[]) {
  const inside = Array.from(all).filter((value) => value >= edges[0]! && value <= edges.at(-1)!);
  const broken = all.filter((value) => !Number.isFinite(value)).length;
  const binned = bin()
    .domain([edges[0]!, edges.at(-1)!])
    .thresholds(edges.slice(1, -1))(inside);
  const counts = binned.map(({ length }) => length);
  return { counts, total: inside.length, broken, outside: all.length - broken - inside.length };
}

function numberOf(count: number): string {
  return `${count.toLocaleString('en-US')} number${count === 1 ? '' : 's'} ${count === 1 ? 'is' : 'are'}`;
}

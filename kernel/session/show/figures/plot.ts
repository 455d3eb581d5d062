/** Curves of your own numbers. */
import { flag, list, oneOf, optional, takes, type Kind } from '../../../autoencoders/arguments';
import type { PlainLayer } from '../../../views/index';
import { readList, readNumbers, sameLength, type FigureNumbers } from './numbers';
import { checkAxes, figureOf, isByName, type AxesOptions, type Figure } from './options';
import { spreadOf, SPREADS, type Spread } from './spread';

/** A curve with its own x, and what is known of its errors. */
export interface Curve {
  /** [n]; with `spread` [runs, n]. */
  y: FigureNumbers;
  /** [n]: where its points are. Default: those of the options, or 0, 1, 2, … */
  x?: FigureNumbers;
  /** [n]: as much below as above. */
  error?: FigureNumbers;
  /** [n]: the lower edge of a band about it; `high` stands beside it. */
  low?: FigureNumbers;
  /** [n]: the upper edge. */
  high?: FigureNumbers;
}

/** How {@link plot} draws curves. */
export interface PlotOptions extends AxesOptions {
  /** Names of the columns. */
  names?: readonly string[];
  /** [n]: where all curves have their points. Default: 0, 1, 2, … */
  x?: FigureNumbers;
  /**
   * Rows of [r, n] are then r runs of one curve, drawn as
   *
   * - `quartiles`: their median, and a band from the lower to the upper quartile
   * - `deviation`: their mean, and a band of one standard deviation (divided by r − 1)
   * - `range`: their median, and a band from the least to the greatest
   */
  spread?: Spread;
  /** Rings at the points. Default: where there are at most 30. */
  markers?: boolean;
}

const MOST_CURVES = 20;
const FEW = 30;

const textsKind: Kind = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === 'string') ? undefined : 'a list of texts';

/**
 * Draws numbers over their index, or over x: [n] is one curve, [n, k] are k curves, a column each; with `spread` [r, n] are
 * r runs of one curve. Several curves stand in an object by their names; one with its own x and errors is `{ x, y, error }`.
 *
 * ```ts
 * await plot({ train: trainLoss, validation: validationLoss }, { xLabel: 'epoch', yLabel: 'loss, nats', log: 'y' })
 * await plot({ 'β = 1': runs1, 'β = 4': runs4 }, { spread: 'quartiles' })
 * await plot({ x: rates, y: distortions, error: standardErrors })
 * ```
 *
 * NaN and infinities are gaps, and counted below the figure.
 *
 * @param values a tensor, a typed array, an array of numbers or of rows; one curve `{ x, y, … }`; or any of them by name
 * @throws TypeError naming the argument, what was found and what is wanted
 */
export async function plot(
  values: FigureNumbers | Curve | Readonly<Record<string, FigureNumbers | Curve>>,
  options: PlotOptions = {},
): Promise<Figure> {
  checkAxes('plot', options);
  takes('plot', ['names', options.names, optional(textsKind)], ['markers', options.markers, optional(flag)]);
  takes('plot', ['spread', options.spread, optional(oneOf(...SPREADS))]);
  const x = options.x === undefined ? undefined : await readList('plot', 'x', options.x);
  const layers = await layersOf(values, options, x);
  if (layers.length > MOST_CURVES) {
    throw new TypeError(
      `plot draws up to ${MOST_CURVES} curves; found ${layers.length}. Plot some of them, or surface(values).`,
    );
  }
  const longest = Math.max(...layers.map(({ y }) => y.length));
  const hasMarkers = options.markers ?? longest <= FEW;
  const isIndex = layers.every((layer) => layer.x === undefined);
  return figureOf(options, {
    title: layers.length === 1 ? options.yLabel || layers[0]!.name : `${layers.length} curves`,
    ...(isIndex && { x: 'index' }),
    layers: layers.map((layer) => ({ ...layer, ...(hasMarkers && { hasMarkers }) })),
  });
}

type CurveLayer = PlainLayer & { kind: 'curve' | 'path' };

async function layersOf(values: unknown, options: PlotOptions, x: Float64Array | undefined): Promise<CurveLayer[]> {
  if (isByName(values) && !isCurve(values)) {
    const entries = Object.entries(values);
    if (entries.length === 0) takes('plot', ['values', values, list]);
    const all = await Promise.all(entries.map(([name, one]) => curvesOf(one, name, options, x, name)));
    return all.flat();
  }
  return curvesOf(values, options.names?.[0] ?? 'values', options, x, 'values');
}

const FIELDS = new Set(['x', 'y', 'error', 'low', 'high']);

function isCurve(value: unknown): value is Curve {
  return isByName(value) && 'y' in value && Object.keys(value).every((field) => FIELDS.has(field));
}

/** @param argument what errors call it */
async function curvesOf(
  value: unknown,
  name: string,
  { spread, names }: PlotOptions,
  common: Float64Array | undefined,
  argument: string,
): Promise<CurveLayer[]> {
  const own = isCurve(value) ? value : undefined;
  const called = own ? `${argument === 'values' ? '' : `${argument}.`}y` : argument;
  const wanted = `numbers of shape [n] or ${spread ? '[runs, n]' : '[n, curves]'}`;
  const { shape, values } = await readNumbers(
    'plot',
    called,
    own?.y ?? value,
    wanted,
    ({ length }) => length === 1 || length === 2,
  );
  const x = own?.x === undefined ? common : await readList('plot', called.replace(/y$/, 'x'), own.x);
  const [rows, columns] = [shape[0]!, shape[1] ?? 1];
  const n = shape.length === 2 && spread ? columns : rows;
  if (x) sameLength('plot', [own?.x === undefined ? 'x' : called.replace(/y$/, 'x'), x.length], [called, n]);
  const placed = { kind: ascends(x) ? ('curve' as const) : ('path' as const), ...(x && { x }) };
  if (shape.length === 1) return [{ ...placed, name, y: values, ...(own && (await edgesOf(own, called, n))) }];
  if (spread) return [{ ...placed, name, ...spreadOf(values, rows, columns, spread) }];
  return Array.from({ length: columns }, (_, column) => ({
    ...{ ...placed, name: columnName(name, names, column, argument === 'values') },
    y: Float64Array.from({ length: rows }, (_, i) => values[i * columns + column]!),
  }));
}

function columnName(name: string, names: readonly string[] | undefined, column: number, isOnly: boolean): string {
  return isOnly ? (names?.[column] ?? `column ${column}`) : `${name}, ${column}`;
}

function ascends(x: Float64Array | undefined): boolean {
  return x === undefined || x.every((value, i) => i === 0 || !(value < x[i - 1]!));
}

async function edgesOf({ error, low, high }: Curve, called: string, n: number): Promise<Partial<CurveLayer>> {
  const read = async (field: 'error' | 'low' | 'high', value: unknown) => {
    const name = called.replace(/y$/, field);
    const numbers = await readList('plot', name, value);
    sameLength('plot', [name, numbers.length], [called, n]);
    return numbers;
  };
  if (error !== undefined) return { error: await read('error', error), spread: 'error' };
  if (low === undefined && high === undefined) return {};
  if (low === undefined || high === undefined) {
    const [there, missing] = low === undefined ? ['high', 'low'] : ['low', 'high'];
    throw new TypeError(`plot: "${called.replace(/y$/, there)}" has no "${missing}" beside it; a band has both edges.`);
  }
  return { low: await read('low', low), high: await read('high', high) };
}

/** Points of your own numbers, coloured by category or on a scale. */
import { finite, flag, optional, positive, takes } from '../../../autoencoders/arguments';
import { Dataset } from '../../../autoencoders/index';
import type { PlainLayer } from '../../../views/index';
import { readList, readNumbers, sameLength, type FigureNumbers } from './numbers';
import { checkAxes, figureOf, type AxesOptions, type Figure } from './options';

type PointsLayer = PlainLayer & { kind: 'points' };

/** How {@link scatter} draws and colours points. */
export interface ScatterOptions extends AxesOptions {
  /**
   * What colours the points: numbers, which are categories where they are few whole ones; or texts, which are categories. Of
   * a data set also the name of a column, or `labels`, which is the default.
   */
  colour?: FigureNumbers | readonly string[] | string;
  /** What the colours are: `error, nats`. */
  colourLabel?: string;
  /** Names of the categories 0, 1, 2, … */
  names?: readonly string[];
  /** Pixels across. Default: 7 for few points, 3.5 for many. */
  size?: number;
  /** Whether a unit is as long on both axes. */
  equal?: boolean;
  /** The column of a data set along x, by name or number. Default: the first. */
  x?: string | number;
  /** The column along y. Default: the second. */
  y?: string | number;
}

const MOST_CATEGORIES = 20;

/**
 * Draws points.
 *
 * ```ts
 * await scatter(rate, distortion, { xLabel: 'rate, nats', yLabel: 'distortion', colour: beta })
 * await scatter(latents, { colour: data.labels, names: data.classNames })
 * await scatter(iris, { x: 'petal length (cm)', y: 'petal width (cm)' })
 * ```
 *
 * Points with a NaN or an infinity are left out, and counted below the figure.
 *
 * @param x [n] with y beside it; [n, 2] rows of x and y; or a data set of features
 * @throws TypeError naming the argument, what was found and what is wanted
 */
export async function scatter(x: FigureNumbers | Dataset, options?: ScatterOptions): Promise<Figure>;
export async function scatter(x: FigureNumbers, y: FigureNumbers, options?: ScatterOptions): Promise<Figure>;
export async function scatter(
  first: FigureNumbers | Dataset,
  second: FigureNumbers | ScatterOptions = {},
  third?: ScatterOptions,
): Promise<Figure> {
  const hasY = third !== undefined || isNumbers(second);
  const options = (hasY ? (third ?? {}) : second) as ScatterOptions;
  checkAxes('scatter', options);
  takes('scatter', ['size', options.size, optional(positive)], ['equal', options.equal, optional(flag)]);
  const columns = first instanceof Dataset ? columnsOf(first, options) : undefined;
  const { x, y } = columns ?? (await placesOf(first, hasY ? second : undefined));
  const colour = await colourOf(first, options, x.length);
  const layer: PointsLayer = { kind: 'points', name: 'points', x, y, ...colour, size: options.size };
  return figureOf(options, {
    title: first instanceof Dataset ? first.name : `${x.length.toLocaleString('en-US')} points`,
    ...(columns && { x: columns.xName, y: columns.yName }),
    isEqual: options.equal ?? false,
    layers: [layer],
  });
}

function isNumbers(value: unknown): boolean {
  return (
    Array.isArray(value) ||
    ArrayBuffer.isView(value) ||
    (typeof value === 'object' && value !== null && 'dataId' in value)
  );
}

async function placesOf(first: unknown, second: unknown) {
  if (second !== undefined) {
    const [x, y] = [await readList('scatter', 'x', first), await readList('scatter', 'y', second)];
    sameLength('scatter', ['x', x.length], ['y', y.length]);
    return { x, y };
  }
  const isPairs = (shape: readonly number[]) => shape.length === 2 && shape[1] === 2;
  const { values } = await readNumbers(
    'scatter',
    'x',
    first,
    'numbers of shape [n] with y beside them, or [n, 2]',
    isPairs,
  );
  const column = (at: 0 | 1) => Float64Array.from({ length: values.length / 2 }, (_, i) => values[2 * i + at]!);
  return { x: column(0), y: column(1) };
}

function columnsOf(data: Dataset, { x = 0, y = 1 }: ScatterOptions) {
  const { shape, values, length } = data;
  if (shape.kind !== 'vector' || shape.features.length < 2) {
    throw new TypeError(
      'scatter takes as "x" a data set of at least two features; this one has other samples. See latentScatter.',
    );
  }
  const { features } = shape;
  const column = (name: string, wanted: string | number) => {
    const at = typeof wanted === 'number' ? wanted : features.indexOf(wanted);
    if (!Number.isInteger(at) || at < 0 || at >= features.length) {
      throw new TypeError(`scatter: "${name}" is ${JSON.stringify(wanted)}; there are ${features.join(', ')}.`);
    }
    return { at, numbers: Float64Array.from({ length }, (_, i) => values[i * features.length + at]!) };
  };
  const [across, up] = [column('x', x), column('y', y)];
  return { x: across.numbers, y: up.numbers, xName: features[across.at]!, yName: features[up.at]! };
}

async function colourOf(first: unknown, options: ScatterOptions, n: number): Promise<Partial<PointsLayer>> {
  const { colour, names, colourLabel = 'colour' } = options;
  const data = first instanceof Dataset ? first : undefined;
  if (colour === undefined || colour === 'labels') {
    if (!data?.labels) {
      if (colour !== 'labels') return {};
      throw new TypeError('scatter: "colour" is "labels", and the data have none.');
    }
    return grouped(data.labels, names ?? data.classNames);
  }
  if (typeof colour === 'string') {
    if (!data)
      throw new TypeError(
        `scatter: "colour" is the name ${JSON.stringify(colour)}, which only a data set has columns for.`,
      );
    const { x: values } = columnsOf(data, { x: colour });
    return { values: { name: options.colourLabel ?? colour, of: values } };
  }
  if (Array.isArray(colour) && colour.length > 0 && colour.every((one) => typeof one === 'string')) {
    sameLength('scatter', ['colour', colour.length], ['x', n]);
    const known = [...new Set(colour as string[])];
    return { groups: { names: known, of: (colour as string[]).map((name) => known.indexOf(name)) } };
  }
  const values = await readList('scatter', 'colour', colour);
  sameLength('scatter', ['colour', values.length], ['x', n]);
  const areCategories = values.every((value) => Number.isInteger(value) && value >= -1 && value < MOST_CATEGORIES);
  if (names || (areCategories && options.colourLabel === undefined)) return grouped(values, names ?? []);
  return { values: { name: colourLabel, of: values } };
}

/** Labels as groups; −1 is of none. */
function grouped(labels: ArrayLike<number>, names: readonly string[]): Partial<PointsLayer> {
  const found = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  const problem = found.find((label) => finite(label) !== undefined || !Number.isInteger(label));
  if (problem !== undefined)
    throw new TypeError(`scatter: "colour" has ${problem}, which is no category; leave "names" out for a scale.`);
  const nameOf = (label: number) => (label === -1 ? 'no class' : (names[label] ?? String(label)));
  return { groups: { names: found.map(nameOf), of: Array.from(labels, (label) => found.indexOf(label)) } };
}

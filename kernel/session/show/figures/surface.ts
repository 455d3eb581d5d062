/** A function of two variables, as a map of colours with contour lines. */
import { ticks } from 'd3-array';
import { finite, optional, takes, text, type Kind } from '../../../autoencoders/arguments';
import { readList, readNumbers, sameLength, type FigureNumbers } from './numbers';
import { checkAxes, figureOf, isByName, type AxesOptions, type Figure } from './options';
import type { PlainLayer } from '../../../views/index';

/** How {@link surface} evaluates a function, and what it draws on the map. */
export interface SurfaceOptions extends Omit<AxesOptions, 'full'> {
  /** [w]: where the columns lie, ascending. Default: 0, 1, 2, …; of a function `[low, high]`, which it is evaluated between. */
  x?: FigureNumbers;
  /** [h]: where the rows lie, ascending, drawn upwards. */
  y?: FigureNumbers;
  /** What is measured, with its unit: `ELBO, nats`. */
  zLabel?: string;
  /** How many contour lines, about, or their levels. Default 10; 0 draws none. */
  contours?: number | readonly number[];
  /** Rows of x and y, [n, 2], drawn as a path over the surface; or several by name. */
  path?: FigureNumbers | Readonly<Record<string, FigureNumbers>>;
  /** Points along each axis at which a function is evaluated. Default 60. */
  resolution?: number;
}

/** Cells along an axis; of more, means of neighbours are drawn. */
const MOST = 120;
const RESOLUTION = 60;
const CONTOURS = 10;

const contoursKind: Kind = (contours) => {
  if (typeof contours === 'number') return Number.isInteger(contours) && contours >= 0 && contours <= 50 ? undefined : 'a whole number from 0 to 50, or levels'; // prettier-ignore
  return Array.isArray(contours) && contours.every((level) => finite(level) === undefined) ? undefined : 'a whole number, or a list of finite levels'; // prettier-ignore
};

const resolutionKind: Kind = (value) =>
  Number.isInteger(value) && (value as number) >= 2 && (value as number) <= MOST
    ? undefined
    : `a whole number from 2 to ${MOST}`;

/**
 * Draws a surface from above: colours, contour lines, and a path over it, such as that of EM over the ELBO.
 *
 * ```ts
 * await surface((a, b) => elbo(a, b), { x: [-4, 4], y: [-4, 4], path: steps, xLabel: 'μ₁', yLabel: 'μ₂', zLabel: 'ELBO, nats' })
 * await surface(grid, { x: rates, y: depths, contours: [1, 2, 4] })
 * ```
 *
 * @param z [h, w], row by row from the lowest y; or a function of x and y
 * @throws TypeError naming the argument, what was found and what is wanted
 */
export async function surface(
  z: FigureNumbers | ((x: number, y: number) => number),
  options: SurfaceOptions = {},
): Promise<Figure> {
  checkAxes('surface', options);
  takes('surface', ['contours', options.contours, optional(contoursKind)], ['zLabel', options.zLabel, optional(text)]);
  takes('surface', ['resolution', options.resolution, optional(resolutionKind)]);
  const grid = typeof z === 'function' ? await evaluated(z, options) : await given(z, options);
  const drawn = shrunken(grid);
  const name = options.zLabel ?? 'z';
  const notes =
    drawn === grid
      ? []
      : [`The grid has ${grid.x.length} × ${grid.y.length} cells; the figure draws means of neighbours.`];
  return figureOf(options, {
    ...{ title: options.zLabel ?? 'Surface', notes },
    layers: [
      { kind: 'surface', name, ...drawn, levels: levelsOf(drawn.z, options.contours ?? CONTOURS) },
      ...(await pathsOf(options.path)),
    ],
  });
}

interface Grid {
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
}

async function given(z: unknown, options: SurfaceOptions): Promise<Grid> {
  const { shape, values } = await readNumbers('surface', 'z', z, 'numbers of shape [h, w], or a function of x and y', ({ length }) => length === 2); // prettier-ignore
  const [h, w] = shape as [number, number];
  const along = async (name: 'x' | 'y', length: number) => {
    if (options[name] === undefined) return Float64Array.from({ length }, (_, i) => i);
    const places = await readList('surface', name, options[name]);
    sameLength('surface', [name, places.length], [name === 'x' ? 'columns of z' : 'rows of z', length]);
    return ascending(name, places);
  };
  return { x: await along('x', w), y: await along('y', h), z: values };
}

async function evaluated(f: (x: number, y: number) => number, options: SurfaceOptions): Promise<Grid> {
  const n = options.resolution ?? RESOLUTION;
  const along = async (name: 'x' | 'y') => {
    const ends = ascending(name, await readList('surface', name, options[name]));
    if (ends.length > 2) return ends;
    return Float64Array.from({ length: n }, (_, i) => ends[0]! + (i * (ends.at(-1)! - ends[0]!)) / (n - 1));
  };
  const [x, y] = [await along('x'), await along('y')];
  const z = new Float64Array(x.length * y.length);
  for (const [row, up] of y.entries()) {
    for (const [column, across] of x.entries()) {
      const value: unknown = f(across, up);
      if (typeof value !== 'number') {
        throw new TypeError(
          `surface: the function gives ${typeof value} at x = ${across}, y = ${up}; expected a number.`,
        );
      }
      z[row * x.length + column] = value;
    }
  }
  return { x, y, z };
}

function ascending(name: string, places: Float64Array): Float64Array {
  const at = places.findIndex((place, i) => !Number.isFinite(place) || (i > 0 && place <= places[i - 1]!));
  if (at < 0 && places.length > 1) return places;
  const found = at < 0 ? 'a single number' : `${places[at]} at index ${at}`;
  throw new TypeError(`surface: "${name}" must be at least two finite numbers in ascending order; found ${found}.`);
}

function levelsOf(z: Float64Array, contours: number | readonly number[]): number[] {
  if (typeof contours !== 'number') return [...contours];
  const finites = z.filter(Number.isFinite);
  const low = finites.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finites.reduce((most, value) => Math.max(most, value), -Infinity);
  if (!(high > low) || contours === 0) return [];
  return ticks(low, high, contours).filter((level) => level > low && level < high);
}

/** Means of as many neighbours as it takes. */
function shrunken(grid: Grid): Grid {
  const [byX, byY] = [Math.ceil(grid.x.length / MOST), Math.ceil(grid.y.length / MOST)];
  if (byX === 1 && byY === 1) return grid;
  const means = (values: Float64Array, by: number) =>
    Float64Array.from({ length: Math.ceil(values.length / by) }, (_, i) => mean(values.subarray(i * by, (i + 1) * by)));
  const [x, y] = [means(grid.x, byX), means(grid.y, byY)];
  const z = Float64Array.from({ length: x.length * y.length }, (_, i) => {
    const [row, column] = [Math.floor(i / x.length) * byY, (i % x.length) * byX];
    const rows = Array.from(
      { length: Math.min(byY, grid.y.length - row) },
      (_, r) => (row + r) * grid.x.length + column,
    );
    return mean(
      rows.flatMap((start) => Array.from(grid.z.subarray(start, start + Math.min(byX, grid.x.length - column)))),
    );
  });
  return { x, y, z };
}

function mean(values: ArrayLike<number>): number {
  return Array.prototype.reduce.call(values, (sum: unknown, value) => (sum as number) + (value as number), 0) as number / values.length; // prettier-ignore
}

async function pathsOf(path: SurfaceOptions['path']): Promise<PlainLayer[]> {
  if (path === undefined) return [];
  const isNamed = isByName(path);
  const named = isNamed ? Object.entries(path as Record<string, unknown>) : [['path', path] as const];
  return Promise.all(
    named.map(async ([name, one]): Promise<PlainLayer> => {
      const isPairs = (shape: readonly number[]) => shape.length === 2 && shape[1] === 2;
      const called = isNamed ? `path.${name}` : 'path';
      const { values } = await readNumbers('surface', called, one, 'rows of x and y, [n, 2]', isPairs);
      const column = (at: 0 | 1) => Float64Array.from({ length: values.length / 2 }, (_, i) => values[2 * i + at]!);
      return { kind: 'path', name, x: column(0), y: column(1), hasMarkers: values.length <= 200 };
    }),
  );
}

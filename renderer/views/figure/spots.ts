/** The places of a figure that are read: by the pointer, and one after the other by keys. */
import type { BarsData, CurveData, FigureData, PointsData, SurfaceData } from '../../../kernel/figures/own/data';
import { across } from '../../../kernel/figures/own/panel';
import type { FigureChoices } from '../../../kernel/figures/own/ranges';
import type { Colours } from '../../../kernel/figures/marks';
import { valueAt } from '../../../kernel/views/comparing';
import { reading } from '../../numbers';
import type { Place } from '../../hover';
import { scaleOf } from '../../panels/panel';
import type { Panel } from '../../panels/panel';

/** What is read at a place. */
export interface Reading {
  /** Pixels; where the card stands. */
  at: Place;
  /** Whether a line marks the place on the x axis. */
  hasLine: boolean;
  heading: string;
  rows: { name: string; value: string; colour?: string }[];
  /** Pixels of dots, with their colours. */
  dots: { at: Place; colour: string }[];
}

/** Places that are read one after the other. */
export interface Spots {
  readonly count: number;
  /** How far one row up is; 0 where there are no rows. */
  readonly stride: number;
  /** The one nearest to the pointer, if it is near. */
  nearest(place: Place, panel: Panel): number | undefined;
  read(index: number, panel: Panel, colours: Colours): Reading;
}

/** Points farther away than so many pixels are not meant. */
const NEAR = 14;

/** What is read: cells of a surface, else points, else what stands above a place of the x axis. */
export function spotsOf(data: FigureData, choices: FigureChoices): Spots {
  const shown = data.layers.map((layer, i) => ({ layer, i })).filter(({ i }) => !choices.hidden.has(String(i)));
  const surface = shown.map(({ layer }) => layer).find((layer): layer is SurfaceData => layer.kind === 'surface');
  if (surface) return cellsAs(surface, data, choices);
  const points = shown.flatMap(({ layer, i }) => (layer.kind === 'points' ? [{ layer, i }] : []));
  if (points.length > 0) return pointsAs(points, data, choices);
  const bars = shown.flatMap(({ layer }) => (layer.kind === 'bars' ? [layer] : []));
  if (bars.length > 0) return binsAs(bars, data, choices);
  return placesAs(
    shown.flatMap(({ layer }) => (layer.kind === 'curve' || layer.kind === 'path' ? [layer] : [])),
    data,
    choices,
  );
}

const named = (title: string, otherwise: string) => (title === '' ? otherwise : title);

// --- surfaces -----------------------------------------------------------------------------------------------------

function cellsAs({ x, y, z, name }: SurfaceData, data: FigureData, choices: FigureChoices): Spots {
  const nearestIn = (values: ArrayLike<number>, at: (value: number) => number, place: number) => {
    let best = 0;
    for (let i = 1; i < values.length; i++) {
      if (Math.abs(at(values[i]!) - place) < Math.abs(at(values[best]!) - place)) best = i;
    }
    return best;
  };
  return {
    count: z.length,
    stride: x.length,
    nearest([left, top], panel) {
      const scale = scaleOf(panel);
      const column = nearestIn(x, (value) => scale.x(across(value, choices)), left);
      return nearestIn(y, scale.y, top) * x.length + column;
    },
    read(index, panel) {
      const scale = scaleOf(panel);
      const [column, row] = [index % x.length, Math.floor(index / x.length)];
      const at: Place = [scale.x(across(x[column]!, choices)), scale.y(y[row]!)];
      const rows = [
        { name: named(data.x.title, 'x'), value: reading(x[column]!) },
        { name: named(data.y.title, 'y'), value: reading(y[row]!) },
        { name, value: reading(z[index]!) },
      ];
      return { at, hasLine: false, heading: '', rows, dots: [{ at, colour: '' }] };
    },
  };
}

// --- points -------------------------------------------------------------------------------------------------------

function pointsAs(
  layers: readonly { layer: PointsData; i: number }[],
  data: FigureData,
  choices: FigureChoices,
): Spots {
  const all = layers.flatMap(({ layer, i }) =>
    Array.from(layer.x, (_, point) => ({ layer, point }))
      .filter(({ point }) => !layer.groups || !choices.hidden.has(`${i} ${layer.groups.of[point]}`))
      .filter(({ point }) => Number.isFinite(layer.x[point]) && Number.isFinite(layer.y[point])),
  );
  // Keys go from left to right.
  all.sort((a, b) => a.layer.x[a.point]! - b.layer.x[b.point]!);
  const placeOf = ({ layer, point }: (typeof all)[number], panel: Panel): Place => {
    const scale = scaleOf(panel);
    return [scale.x(across(layer.x[point]!, choices)), scale.y(layer.y[point]!)];
  };
  return {
    count: all.length,
    stride: 0,
    nearest([left, top], panel) {
      let best: { index: number; distance: number } | undefined;
      for (const [index, one] of all.entries()) {
        const [x, y] = placeOf(one, panel);
        const distance = Math.hypot(x - left, y - top);
        if (distance <= NEAR && (!best || distance < best.distance)) best = { index, distance };
      }
      return best?.index;
    },
    read(index, panel, colours) {
      const one = all[index]!;
      const { layer, point } = one;
      const group = layer.groups?.of[point];
      const tone = colours(`category ${group ?? layer.colour}`);
      const at = placeOf(one, panel);
      const rows = [
        { name: named(data.x.title, 'x'), value: reading(layer.x[point]!) },
        { name: named(data.y.title, 'y'), value: reading(layer.y[point]!) },
        ...(layer.values ? [{ name: layer.values.name, value: reading(layer.values.of[point]!) }] : []),
      ];
      const heading = group === undefined ? '' : (layer.groups!.names[group] ?? '');
      return { at, hasLine: false, heading, rows, dots: [{ at, colour: tone }] };
    },
  };
}

// --- bars and curves ----------------------------------------------------------------------------------------------

function binsAs(layers: readonly BarsData[], data: FigureData, choices: FigureChoices): Spots {
  const { edges } = layers[0]!;
  const middle = (i: number) => (across(edges[i]!, choices) + across(edges[i + 1]!, choices)) / 2;
  return {
    count: edges.length - 1,
    stride: 0,
    nearest([left], panel) {
      const scale = scaleOf(panel);
      for (let i = 0; i + 1 < edges.length; i++) {
        if (left >= scale.x(across(edges[i]!, choices)) && left < scale.x(across(edges[i + 1]!, choices))) return i;
      }
      return undefined;
    },
    read(index, panel, colours) {
      const scale = scaleOf(panel);
      const rows = layers.map(({ name, heights, colour }) => {
        return { name, value: reading(heights[index]!), colour: colours(`category ${colour}`) };
      });
      const heading = `${named(data.x.title, 'x')} ${reading(edges[index]!)} to ${reading(edges[index + 1]!)}`;
      return { at: [scale.x(middle(index)), panel.box.top], hasLine: true, heading, rows, dots: [] };
    },
  };
}

function placesAs(curves: readonly CurveData[], data: FigureData, choices: FigureChoices): Spots {
  const paths = curves.filter(({ kind }) => kind === 'path');
  const stops = paths.length > 0 ? paths[0]!.x : ascending(curves);
  return {
    count: stops.length,
    stride: 0,
    nearest([left], panel) {
      const scale = scaleOf(panel);
      let best: number | undefined;
      const far = (i: number) => Math.abs(scale.x(across(stops[i]!, choices)) - left);
      for (let i = 0; i < stops.length; i++) if (best === undefined || far(i) < far(best)) best = i;
      return best;
    },
    read(index, panel, colours) {
      const scale = scaleOf(panel);
      const at = stops[index]!;
      const left = scale.x(across(at, choices));
      const read = curves.flatMap(({ kind, name, x, y, low, high, colour }) => {
        const value = kind === 'path' ? (y[index] ?? NaN) : valueAt({ x, y }, at);
        if (!Number.isFinite(value)) return [];
        const ends = low && high ? [valueAt({ x, y: low }, at), valueAt({ x, y: high }, at)] : [];
        const band = ends.length > 0 ? ` (${ends.map((end) => reading(end)).join(' to ')})` : '';
        return [{ name, value, text: `${reading(value)}${band}`, colour: colours(`category ${colour}`) }];
      });
      return {
        ...{ at: [left, panel.box.top], hasLine: true, heading: `${named(data.x.title, 'x')} ${reading(at)}` },
        rows: read.map(({ name, text, colour }) => ({ name, value: text, colour })),
        dots: read.map(({ value, colour }) => ({ at: [left, scale.y(value)], colour })),
      };
    },
  };
}

/** The places of all curves, each once. */
function ascending(curves: readonly CurveData[]): ArrayLike<number> {
  if (curves.length === 1) return curves[0]!.x;
  const first = curves[0]?.x ?? [];
  const areAlike = curves.every(
    ({ x }) => x.length === first.length && Array.prototype.every.call(x, (at, i) => at === first[i]),
  );
  if (areAlike) return first;
  return Float64Array.from(new Set(curves.flatMap(({ x }) => Array.from(x).filter(Number.isFinite)))).sort();
}

/** A figure of your own numbers, its arrays as numbers. */
import type { EncodedArray, FigureAxis, FigureView } from '../../views/types';
import { spanOf } from '../span';

type Numbers = ArrayLike<number>;

export interface CurveData {
  kind: 'curve' | 'path';
  name: string;
  colour: number;
  x: Numbers;
  y: Numbers;
  low: Numbers | undefined;
  high: Numbers | undefined;
  spread: string | undefined;
  /** Whether low and high are the ends of bars, not of a band. */
  areErrors: boolean;
  hasMarkers: boolean;
}

export interface PointsData {
  kind: 'points';
  name: string;
  colour: number;
  x: Numbers;
  y: Numbers;
  groups: { names: readonly string[]; of: Numbers } | undefined;
  values: { name: string; of: Numbers; range: readonly [number, number] } | undefined;
  size: number;
}

export interface BarsData {
  kind: 'bars';
  name: string;
  colour: number;
  edges: Numbers;
  heights: Numbers;
}

export interface SurfaceData {
  kind: 'surface';
  name: string;
  x: Numbers;
  y: Numbers;
  /** [h, w] row-major. */
  z: Numbers;
  range: readonly [number, number];
  levels: readonly number[];
}

export type LayerData = CurveData | PointsData | BarsData | SurfaceData;

export interface FigureData {
  x: FigureAxis;
  y: FigureAxis;
  layers: readonly LayerData[];
  lines: FigureView['lines'];
  isEqual: boolean;
}

/** @throws RangeError when arrays of a layer have other lengths than they should */
export function figureData(view: FigureView, decode: (array: EncodedArray) => Numbers): FigureData {
  const layers = view.layers.map((layer): LayerData => {
    switch (layer.kind) {
      case 'bars': {
        const [edges, heights] = [decode(layer.edges), decode(layer.heights)];
        sameLength(layer.name, edges.length - 1, heights);
        return { ...layer, edges, heights };
      }
      case 'surface': {
        const [x, y, z] = [decode(layer.x), decode(layer.y), decode(layer.z)];
        sameLength(layer.name, x.length * y.length, z);
        return { ...layer, x, y, z, range: spanOf(z) };
      }
      case 'points': {
        const [x, y] = [decode(layer.x), decode(layer.y)];
        const of = layer.values && decode(layer.values.of);
        const groups = layer.groups && { names: layer.groups.names, of: decode(layer.groups.of) };
        sameLength(layer.name, y.length, x, ...(of ? [of] : []), ...(groups ? [groups.of] : []));
        return { ...layer, x, y, groups, values: of && { name: layer.values!.name, of, range: spanOf(of) } };
      }
      default: {
        const y = decode(layer.y);
        const x = layer.x ? decode(layer.x) : Float64Array.from({ length: y.length }, (_, i) => i);
        const error = layer.error && decode(layer.error);
        const edge = (sign: 1 | -1) => error && Float64Array.from(y, (value, i) => value + sign * error[i]!);
        const low = layer.low ? decode(layer.low) : edge(-1);
        const high = layer.high ? decode(layer.high) : edge(1);
        sameLength(layer.name, y.length, x, ...(low && high ? [low, high] : []));
        const { kind, name, colour, spread, hasMarkers = false } = layer;
        return {
          kind,
          name,
          colour,
          x,
          y,
          low,
          high,
          spread,
          hasMarkers,
          areErrors: error !== undefined && !layer.low,
        };
      }
    }
  });
  return { x: view.x, y: view.y, layers, lines: view.lines, isEqual: view.isEqual === true };
}

function sameLength(name: string, length: number, ...arrays: readonly Numbers[]): void {
  const other = arrays.find((array) => array.length !== length);
  if (other) throw new RangeError(`${name}: ${other.length} numbers where ${length} are expected`);
}

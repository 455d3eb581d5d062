/** Your own numbers as a figure: thinned to what an output has room for, gaps counted. */
import { encode, encodeIndices } from './encoding';
import { fairSample, thinCurve } from './thinning';
import { VIEW_VERSION } from './types';
import type { FigureAxis, FigureCurve, FigureLayer, FigurePoints, FigureView } from './types';
import { count, counted, quantity } from './wording';

type Numbers = ArrayLike<number>;

export type PlainLayer =
  | {
      kind: 'curve' | 'path';
      name: string;
      x?: Numbers | undefined;
      y: Numbers;
      low?: Numbers | undefined;
      high?: Numbers | undefined;
      error?: Numbers | undefined;
      spread?: string | undefined;
      hasMarkers?: boolean | undefined;
    }
  | {
      kind: 'points';
      name: string;
      x: Numbers;
      y: Numbers;
      groups?: { names: string[]; of: Numbers } | undefined;
      values?: { name: string; of: Numbers } | undefined;
      size?: number | undefined;
    }
  | { kind: 'bars'; name: string; edges: Numbers; heights: Numbers }
  | { kind: 'surface'; name: string; x: Numbers; y: Numbers; z: Numbers; levels: readonly number[] };

export interface FigureInput {
  id: string;
  title: string;
  x: FigureAxis;
  y: FigureAxis;
  layers: readonly PlainLayer[];
  lines?: FigureView['lines'];
  isEqual?: boolean;
  notes?: readonly string[];
  /** Every point, however large the output becomes. */
  full?: boolean;
}

/** Numbers that the arrays of an output hold at most, so that with its picture it stays below 300 kB. */
const ROOM = 24_000;
/** A curve keeps so many points, however many there are. */
const FEWEST = 200;
const SEED = 1;

export function figure(input: FigureInput): FigureView {
  const notes: string[] = [];
  const width = (layer: PlainLayer) =>
    layer.kind === 'points' ? 3 : 2 + (hasBand(layer) ? 2 : 0) + (hasError(layer) ? 1 : 0);
  const long = input.layers.filter(({ kind }) => kind === 'curve' || kind === 'path' || kind === 'points');
  const wanted = long.reduce((sum, layer) => sum + lengthOf(layer) * width(layer), 0);
  const share = input.full ? 1 : Math.min(1, ROOM / Math.max(1, wanted));
  const layers = input.layers.map((layer, i) => encoded(layer, i, share, notes, input));
  return {
    ...{ version: VIEW_VERSION, id: input.id, title: input.title, summary: summarise(input) },
    ...{ x: input.x, y: input.y, layers, lines: input.lines ?? [], notes: [...(input.notes ?? []), ...new Set(notes)] },
    ...(input.isEqual && { isEqual: true }),
  };
}

function hasBand(layer: PlainLayer): boolean {
  return 'low' in layer && layer.low !== undefined;
}

function hasError(layer: PlainLayer): boolean {
  return 'error' in layer && layer.error !== undefined;
}

function lengthOf(layer: PlainLayer): number {
  return 'y' in layer ? layer.y.length : 0;
}

function encoded(
  layer: PlainLayer,
  colour: number,
  share: number,
  notes: string[],
  { x, y }: FigureInput,
): FigureLayer {
  const float = (values: Numbers, shape?: number[]) => encode('float32', values, shape);
  switch (layer.kind) {
    case 'bars':
      return { ...layer, colour, edges: float(layer.edges), heights: float(layer.heights) };
    case 'surface': {
      noteGaps(layer.name, layer.z, false, notes);
      const shape = [layer.y.length, layer.x.length];
      return { ...layer, levels: [...layer.levels], x: float(layer.x), y: float(layer.y), z: float(layer.z, shape) };
    }
    case 'points':
      noteGaps(layer.name, layer.y, y.log === true, notes, layer.x, x.log === true);
      return points(layer, colour, share, notes);
    default:
      noteGaps(layer.name, layer.y, y.log === true, notes, layer.x, x.log === true);
      return curve(layer, colour, share, notes);
  }
}

function curve(
  layer: PlainLayer & { kind: 'curve' | 'path' },
  colour: number,
  share: number,
  notes: string[],
): FigureCurve {
  const { kind, name, x, y, low, high, error, spread, hasMarkers } = layer;
  const room = Math.max(FEWEST, Math.floor(y.length * share));
  const kept = kind === 'curve' ? thinCurve(y, room) : evenly(y.length, room);
  if (kept.length < y.length) {
    notes.push(
      `${name}: ${count(kept.length)} of ${counted(y.length, 'point')} are kept, the minimum and the maximum of each ` +
        'stretch; full: true keeps all.',
    );
  }
  const pick = (values: Numbers) =>
    encode(
      'float32',
      Float32Array.from(kept, (i) => values[i]!),
    );
  const isAll = kept.length === y.length;
  return {
    ...{ kind, name, colour, y: pick(y) },
    ...(x ? { x: pick(x) } : isAll ? {} : { x: encode('float32', Float32Array.from(kept)) }),
    ...(low && high && { low: pick(low), high: pick(high) }),
    ...(error && { error: pick(error) }),
    ...(spread && { spread }),
    ...(hasMarkers && { hasMarkers }),
  };
}

function evenly(n: number, most: number): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (n - 1)) / (most - 1)));
}

function points(layer: PlainLayer & { kind: 'points' }, colour: number, share: number, notes: string[]): FigurePoints {
  const { kind, name, x, y, groups, values, size } = layer;
  const room = Math.max(FEWEST, Math.floor(y.length * share));
  const kept = fairSample(y.length, room, SEED);
  if (kept.length < y.length) {
    notes.push(
      `${name}: ${count(kept.length)} of ${counted(y.length, 'point')} are drawn, a random sample; full: true draws all.`,
    );
  }
  const pick = (all: Numbers) =>
    encode(
      'float32',
      Float32Array.from(kept, (i) => all[i]!),
    );
  const group = groups && {
    names: groups.names,
    of: encodeIndices(Array.from(kept, (i) => groups.of[i]!)),
  };
  return {
    ...{ kind, name, colour, x: pick(x), y: pick(y), size: size ?? sizeFor(kept.length) },
    ...(group && { groups: group }),
    ...(values && { values: { name: values.name, of: pick(values.of) } }),
  };
}

function sizeFor(n: number): number {
  return n <= 300 ? 7 : n <= 2000 ? 5 : 3.5;
}

/** What is not drawn is said. */
function noteGaps(name: string, y: Numbers, isLog: boolean, notes: string[], x?: Numbers, isLogX = false): void {
  let [missing, low] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    const [across, up] = [x ? x[i]! : i, y[i]!];
    if (!Number.isFinite(up) || !Number.isFinite(across)) missing++;
    else if ((isLog && up <= 0) || (isLogX && across <= 0)) low++;
  }
  if (missing > 0)
    notes.push(`${name}: ${counted(missing, 'value')} that ${missing === 1 ? 'is' : 'are'} not finite; gaps.`);
  if (low > 0) notes.push(`${name}: ${counted(low, 'value')} of 0 or below, which a log axis cannot show.`);
}

function summarise({ title, layers }: FigureInput): string {
  const told = layers.map((layer) => {
    switch (layer.kind) {
      case 'curve':
        return `${layer.name} ${spanOf(layer.y)} over ${counted(layer.y.length, 'point')}`;
      case 'path':
        return `${layer.name}, a path of ${counted(layer.y.length, 'point')}`;
      case 'points':
        return `${counted(layer.y.length, 'point')}${layer.groups ? ` in ${counted(layer.groups.names.length, 'group')}` : ''}`;
      case 'bars':
        return `${layer.name} in ${counted(layer.heights.length, 'bin')}`;
      case 'surface':
        return `${layer.name} ${spanOf(layer.z)} on a grid of ${layer.x.length} × ${layer.y.length}`;
    }
  });
  const shown = told.length > 6 ? [...told.slice(0, 5), `${told.length - 5} more`] : told;
  return `${title}: ${shown.join('; ')}.`;
}

function spanOf(values: Numbers): string {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? 'without a finite value' : `from ${quantity(low)} to ${quantity(high)}`;
}

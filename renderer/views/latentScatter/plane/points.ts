/** The look of the points: colour and mark by class, hidden and dimmed classes, what is selected, size by their number. */
import { fromHex } from '../../../colours';
import { crowdOf } from '../../../gl/crowd';
import type { Crowd, PointBatch } from '../../../gl/points';
import { categoryColour, categoryShape, SHAPES } from '../../../palette';
import type { Theme } from '../../../theme';
import type { LatentData } from '../model';
import type { Coordinates } from './plane';

export interface PointLook {
  hidden: ReadonlySet<number>;
  /** The class that stands out while it is pointed at. */
  emphasis: number | null;
  /** [n], 1 for points that are selected: the others stand back; null where nothing is. */
  selected: Uint8Array | null;
}

/** The share of its opacity that a point has that stands back. */
export const DIMMED = 0.1;

export function pointRadius(n: number): number {
  return Math.min(3.6, Math.max(1.5, 115 / Math.sqrt(Math.max(1, n))));
}

export function opacity(n: number): number {
  return n > 12_000 ? 0.6 : n > 4000 ? 0.7 : 0.82;
}

/** Points as they are drawn, and where their colours come from. */
export interface Points {
  batch: PointBatch;
  /** [m]: which points have two finite coordinates. */
  drawn: Int32Array;
}

/** @returns the points whose two coordinates are finite */
export function pointsOf(data: LatentData, coordinates: Coordinates, look: PointLook, theme: Theme): Points {
  const positions = new Float32Array(2 * data.n);
  const drawn = new Int32Array(data.n);
  let n = 0;
  for (let k = 0; k < data.n; k++) {
    const [x, y] = [coordinates[2 * k]!, coordinates[2 * k + 1]!];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    positions[2 * n] = x;
    positions[2 * n + 1] = y;
    drawn[n++] = k;
  }
  const finite = positions.subarray(0, 2 * n);
  let crowd: Crowd | undefined;
  const batch: PointBatch = {
    positions: finite,
    colours: new Uint8Array(4 * n),
    inking: 0,
    shapes: new Uint8Array(n),
    ...{ radius: pointRadius(data.n), opacity: Math.round(255 * opacity(data.n)) / 255 },
    crowd: () => (crowd ??= crowdOf(finite)),
  };
  const points = { batch, drawn: drawn.subarray(0, n) };
  const shapes = inksOf(data, look, theme).map(({ shape }) => shape);
  points.drawn.forEach((k, i) => (batch.shapes[i] = shapes[data.classOf?.[k] ?? 0]!));
  ink(points, data, look, theme);
  return points;
}

/** Writes the colours of points anew. */
export function ink({ batch, drawn }: Points, data: LatentData, look: PointLook, theme: Theme): void {
  const inks = inksOf(data, look, theme);
  const words = new Uint32Array(batch.colours.buffer, 0, drawn.length);
  const { selected } = look;
  const { classOf } = data;
  for (let i = 0; i < drawn.length; i++) {
    const k = drawn[i]!;
    const { word, back } = inks[classOf === null ? 0 : classOf[k]!]!;
    words[i] = selected === null || selected[k] === 1 ? word : back;
  }
  batch.inking++;
}

/** The colour of each class as a word of bytes: red, green, blue and opacity, as little-endian machines have them. */
function inksOf(data: LatentData, look: PointLook, theme: Theme): { word: number; back: number; shape: number }[] {
  return (data.classes.length === 0 ? [0] : data.classes.map((_, i) => i)).map((i) => {
    const [r, g, b] = fromHex(categoryColour(theme.categories, i)).map((c) => Math.round(c * 255));
    const word = (share: number) =>
      (r! | (g! << 8) | (b! << 16) | (Math.round(255 * share * opacity(data.n)) << 24)) >>> 0;
    const share = classOpacity(i, look);
    const shape = SHAPES.indexOf(categoryShape(theme.categories, i));
    return { word: word(share), back: word(Math.min(share, DIMMED)), shape };
  });
}

function classOpacity(index: number, { hidden, emphasis }: PointLook): number {
  if (hidden.has(index)) return 0;
  return emphasis === null || emphasis === index ? 1 : DIMMED;
}

/** The look of the points: their colours and marks, hidden and dimmed groups, what is selected, and how crowded they are. */
import { crowdOf, type Crowd } from '../../../../kernel/figures/scatter/crowd';
import type { Coordinates } from '../../../../kernel/figures/scatter/plane';
import { inDrawingOrder, opacity, pointRadius } from '../../../../kernel/figures/scatter/points';
import type { PointBatch } from '../../../gl/points';
import { categoryShape, SHAPES } from '../../../../kernel/views/categories';
import type { Theme } from '../../../theme';
import { inkAt, inksOf } from '../colour/paint';
import { clarity } from '../../../../kernel/views/scatter/clarity';
import type { Paint } from '../colour/paint';
import type { LatentData } from '../model';

export interface PointLook {
  paint: Paint;
  /** Groups that are not shown. */
  hidden: ReadonlySet<number>;
  /** The group that stands out while it is pointed at. */
  emphasis: number | null;
  /** [n], 1 for points that are selected: the others stand back; null if nothing is. */
  selected: Uint8Array | null;
  /** [n] how near each point is, 0 … 1: near ones are drawn over far ones, which fade; absent in two dimensions. */
  nearness?: Float32Array | undefined;
}

/** The share of its opacity that a point has that stands back. */
export const DIMMED = 0.1;

/** Whether a point is of a group that is not shown. */
export function isHidden({ paint, hidden }: Pick<PointLook, 'paint' | 'hidden'>, point: number): boolean {
  return paint.kind === 'groups' && hidden.has(paint.groupOf[point]!);
}

/** Points as they are drawn, and which they are. */
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
  for (const k of inDrawingOrder(data.n, look.nearness)) {
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
  const { paint } = look;
  if (paint.kind === 'groups') {
    const shapes = paint.groups.map((_, i) => SHAPES.indexOf(categoryShape(i, theme.categories.length)));
    points.drawn.forEach((k, i) => (batch.shapes[i] = shapes[paint.groupOf[k]!]!));
  }
  ink(points, data, look, theme);
  return points;
}

/** Writes the colours of points anew. */
export function ink({ batch, drawn }: Points, data: LatentData, look: PointLook, theme: Theme): void {
  const words = new Uint32Array(batch.colours.buffer, 0, drawn.length);
  const { selected, paint, nearness } = look;
  const full = opacity(data.n);
  const inks = inksOf(paint, theme).map((bytes, i) => {
    const share = shareOf(i, look);
    return { front: wordOf(bytes, share * full), back: wordOf(bytes, Math.min(share, DIMMED) * full) };
  });
  for (let i = 0; i < drawn.length; i++) {
    const k = drawn[i]!;
    const { front, back } = inks[inkAt(paint, k)]!;
    const word = selected === null || selected[k] === 1 ? front : back;
    words[i] = nearness === undefined ? word : faded(word, clarity(nearness[k]!));
  }
  batch.inking++;
}

function faded(word: number, share: number): number {
  return ((word & 0xffffff) | (Math.round((word >>> 24) * share) << 24)) >>> 0;
}

/** Bytes of red, green, blue and opacity, as little-endian machines have them. */
function wordOf([r, g, b]: readonly [number, number, number], alpha: number): number {
  return (r | (g << 8) | (b << 16) | (Math.round(255 * alpha) << 24)) >>> 0;
}

/** The share of its opacity that a group has. */
function shareOf(index: number, { paint, hidden, emphasis }: PointLook): number {
  if (paint.kind !== 'groups') return 1;
  if (hidden.has(index)) return 0;
  return emphasis === null || emphasis === index ? 1 : DIMMED;
}

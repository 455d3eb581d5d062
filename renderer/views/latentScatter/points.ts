/** The look of the points: colour and mark by class, hidden and dimmed classes, size by their number. */
import { fromHex } from '../../colours';
import type { PointBatch } from '../../gl/points';
import { categoryColour, categoryShape, SHAPES } from '../../palette';
import type { Theme } from '../../theme';
import type { LatentData } from './model';
import type { Coordinates } from './plane';

export interface PointLook {
  hidden: ReadonlySet<number>;
  /** The class that stands out while it is pointed at. */
  emphasis: number | null;
}

const DIMMED = 0.1;

export function pointRadius(n: number): number {
  return Math.min(3.6, Math.max(1.5, 115 / Math.sqrt(Math.max(1, n))));
}

function opacity(n: number): number {
  return n > 12_000 ? 0.6 : n > 4000 ? 0.7 : 0.82;
}

/** @returns the points whose two coordinates are finite */
export function pointBatch(data: LatentData, coordinates: Coordinates, look: PointLook, theme: Theme): PointBatch {
  const finite: number[] = [];
  for (let k = 0; k < data.n; k++) {
    if (Number.isFinite(coordinates[2 * k]) && Number.isFinite(coordinates[2 * k + 1])) finite.push(k);
  }
  const inks = (data.classes.length === 0 ? [0] : data.classes.map((_, i) => i)).map((i) => ({
    rgb: fromHex(categoryColour(theme.categories, i)).map((c) => Math.round(c * 255)),
    alpha: Math.round(255 * classOpacity(i, look) * opacity(data.n)),
    shape: SHAPES.indexOf(categoryShape(theme.categories, i)),
  }));
  const batch: PointBatch = {
    positions: new Float32Array(2 * finite.length),
    colours: new Uint8Array(4 * finite.length),
    shapes: new Uint8Array(finite.length),
    radius: pointRadius(data.n),
  };
  finite.forEach((k, i) => {
    const ink = inks[data.classOf?.[k] ?? 0]!;
    batch.positions.set([coordinates[2 * k]!, coordinates[2 * k + 1]!], 2 * i);
    batch.colours.set(ink.rgb, 4 * i);
    batch.colours[4 * i + 3] = ink.alpha;
    batch.shapes[i] = ink.shape;
  });
  return batch;
}

function classOpacity(index: number, { hidden, emphasis }: PointLook): number {
  if (hidden.has(index)) return 0;
  return emphasis === null || emphasis === index ? 1 : DIMMED;
}

/** The look of the points: colour and mark by class, hidden and dimmed classes, size by their number. */
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
  const inks = (data.classes.length === 0 ? [0] : data.classes.map((_, i) => i)).map((i) => {
    const [r, g, b] = fromHex(categoryColour(theme.categories, i)).map((c) => Math.round(c * 255));
    const alpha = Math.round(255 * classOpacity(i, look) * opacity(data.n));
    // Bytes of red, green, blue and opacity, as little-endian machines have them.
    const word = (r! | (g! << 8) | (b! << 16) | (alpha << 24)) >>> 0;
    return { word, shape: SHAPES.indexOf(categoryShape(theme.categories, i)) };
  });
  const positions = new Float32Array(2 * data.n);
  const words = new Uint32Array(data.n);
  const shapes = new Uint8Array(data.n);
  let n = 0;
  for (let k = 0; k < data.n; k++) {
    const [x, y] = [coordinates[2 * k]!, coordinates[2 * k + 1]!];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    const ink = inks[data.classOf?.[k] ?? 0]!;
    positions[2 * n] = x;
    positions[2 * n + 1] = y;
    words[n] = ink.word;
    shapes[n] = ink.shape;
    n++;
  }
  const finite = positions.subarray(0, 2 * n);
  let crowd: Crowd | undefined;
  return {
    positions: finite,
    colours: new Uint8Array(words.buffer, 0, 4 * n),
    shapes: shapes.subarray(0, n),
    ...{ radius: pointRadius(data.n), opacity: Math.round(255 * opacity(data.n)) / 255 },
    crowd: () => (crowd ??= crowdOf(finite)),
  };
}

function classOpacity(index: number, { hidden, emphasis }: PointLook): number {
  if (hidden.has(index)) return 0;
  return emphasis === null || emphasis === index ? 1 : DIMMED;
}

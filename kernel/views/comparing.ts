/** Runs beside each other: one rule for the live figure and for pictures. */
import { smooth } from './smoothing';

/** A curve of one run, in stretches; see `smoothing.ts`. */
export interface RunCurve {
  steps: ArrayLike<number>;
  means: ArrayLike<number>;
  sizes: ArrayLike<number>;
}

/** A curve over what runs are aligned by. */
export interface AlignedCurve {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** The mean of several runs, and how far they spread: one standard deviation (n − 1); NaN of a single run. */
export interface GroupCurve {
  x: Float64Array;
  mean: Float64Array;
  deviation: Float64Array;
}

/** Points of a group's curve: enough for the width of a figure. */
const POINTS = 400;

/** @param unit steps in a unit of the axis; @param origin the step that is its 0 */
export function alignedCurve(curve: RunCurve, weight: number, unit: number, origin: number): AlignedCurve {
  return {
    x: Float64Array.from(curve.steps, (step) => (step - origin) / unit),
    y: smooth(curve.means, weight, curve.sizes),
  };
}

/** Mean and spread of runs at places that all of them reach, between the points of each on a straight line. */
export function groupCurve(curves: readonly AlignedCurve[]): GroupCurve {
  const [only] = curves;
  if (only && curves.length === 1) {
    const x = Float64Array.from(only.x);
    return { x, mean: Float64Array.from(only.y), deviation: x.map(() => NaN) };
  }
  const from = Math.max(...curves.map(({ x }) => x[0] ?? Infinity));
  const to = Math.min(...curves.map(({ x }) => x[x.length - 1] ?? -Infinity));
  const most = Math.max(0, ...curves.map(({ x }) => x.length));
  const count = from <= to ? Math.min(POINTS, Math.max(2, most)) : 0;
  const places = Float64Array.from({ length: count }, (_, i) => from + (i * (to - from)) / (count - 1));
  const values = curves.map((curve) => valuesAt(curve, places));
  const mean = places.map((_, i) => values.reduce((sum, one) => sum + one[i]!, 0) / values.length);
  const deviation = places.map((_, i) => {
    const squares = values.reduce((sum, one) => sum + (one[i]! - mean[i]!) ** 2, 0);
    return Math.sqrt(squares / (values.length - 1));
  });
  return { x: places, mean, deviation };
}

/**
 * A curve less another one, where both are. Deviations add as those of independent runs do; beside a single run, whose own
 * is not known, the other's stays.
 */
export function difference(curve: GroupCurve, reference: GroupCurve): GroupCurve {
  const [from, to] = [reference.x[0] ?? Infinity, reference.x.at(-1) ?? -Infinity];
  const kept = [...curve.x.keys()].filter((i) => curve.x[i]! >= from && curve.x[i]! <= to);
  const x = Float64Array.from(kept, (i) => curve.x[i]!);
  const mean = valuesAt({ x: reference.x, y: reference.mean }, x);
  const deviation = valuesAt({ x: reference.x, y: reference.deviation }, x);
  return {
    x,
    mean: Float64Array.from(kept, (i, at) => curve.mean[i]! - mean[at]!),
    deviation: Float64Array.from(kept, (i, at) => spreadOf(curve.deviation[i]!, deviation[at]!)),
  };
}

function spreadOf(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return Number.isNaN(other) ? one : Math.hypot(one, other);
}

/** A curve at a place, between its points on a straight line; NaN outside of them. */
export function valueAt(curve: AlignedCurve, place: number): number {
  const { x } = curve;
  if (x.length === 0 || place < x[0]! || place > x[x.length - 1]!) return NaN;
  return valuesAt(curve, Float64Array.of(place))[0]!;
}

/** @param places ascending, within the curve */
function valuesAt({ x, y }: AlignedCurve, places: Float64Array): Float64Array {
  let right = 1;
  return places.map((place) => {
    while (right < x.length - 1 && x[right]! < place) right++;
    const left = Math.max(0, Math.min(right, x.length - 1) - 1);
    const end = Math.min(right, x.length - 1);
    const span = x[end]! - x[left]!;
    const share = span === 0 ? 0 : (place - x[left]!) / span;
    return share === 0 ? y[left]! : share === 1 ? y[end]! : y[left]! + share * (y[end]! - y[left]!);
  });
}

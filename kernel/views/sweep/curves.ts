/** Curves of many runs on one grid of steps, as fine as there is room for. */
import type { DType } from '../encoding';

export interface RunCurveInput {
  /** A term of the loss, or `total`. */
  name: string;
  split: 'train' | 'validation';
  /** Ascending. */
  steps: ArrayLike<number>;
  /** Each the mean over the steps since the one before; what is not finite is null or NaN. */
  values: ArrayLike<number | null>;
}

export interface PlainCurve {
  name: string;
  split: 'train' | 'validation';
  stride: number;
  /** Places of the runs, ascending. */
  runs: Int32Array;
  /** [m, p] */
  values: Float32Array;
  points: number;
}

/** The dtype of what is sent. */
export const CURVE_DTYPE: DType = 'float32';

/** Points that a curve may have; the most that there is room for is taken, so that a grid stays as it is for long. */
const SIZES = [240, 160, 120, 80, 60, 40, 30, 24, 16, 12, 8];
/** With fewer points a term is left out rather. */
const FEWEST = 12;

/**
 * The value of a curve after each stride of steps: the mean of those within it; where there are none, between its
 * neighbours on a straight line; NaN before its first and behind its last one.
 */
export function onGrid({ steps, values }: RunCurveInput, stride: number, points: number): Float32Array {
  const found = new Float32Array(points).fill(NaN);
  let i = 0;
  for (let point = 0; point < points; point++) {
    const end = (point + 1) * stride;
    let [sum, size] = [0, 0];
    for (; i < steps.length && steps[i]! <= end; i++) {
      const value = values[i];
      if (typeof value !== 'number' || !Number.isFinite(value)) continue;
      sum += value;
      size++;
    }
    if (size > 0) found[point] = sum / size;
    else if (i > 0 && i < steps.length) found[point] = between(steps, values, i, end);
  }
  return found;
}

function between(steps: ArrayLike<number>, values: ArrayLike<number | null>, i: number, at: number): number {
  const [low, high] = [values[i - 1] ?? NaN, values[i] ?? NaN];
  return low + ((at - steps[i - 1]!) / (steps[i]! - steps[i - 1]!)) * (high - low);
}

export interface CurveRoom {
  /** Numbers in all. */
  numbers: number;
  /** The last step that any run is going to. */
  lastStep: number;
  /** Whether every run gets its row at once, since runs are still to come. */
  allRuns: boolean;
}

/**
 * @param curves of each run
 * @returns the curves, those that tell most first, and the names of terms for which there is no room
 */
export function curvesOnGrid(
  curves: readonly (readonly RunCurveInput[])[],
  room: CurveRoom,
): { curves: PlainCurve[]; left: string[] } {
  const names = termsOf(curves);
  const rows = (name: Term) =>
    room.allRuns ? curves.map((_, run) => run) : curves.flatMap((ones, run) => (find(ones, name) ? [run] : []));
  const counts = names.map((name) => rows(name).length);
  let kept = names.length;
  const pointsFor = (count: number) => {
    const all = counts.slice(0, count).reduce((sum, one) => sum + one, 0);
    return SIZES.find((size) => size * all <= room.numbers) ?? SIZES.at(-1)!;
  };
  while (kept > 1 && pointsFor(kept) < FEWEST) kept--;
  const stride = Math.max(1, Math.ceil(room.lastStep / pointsFor(kept)));
  const points = Math.max(1, Math.ceil(room.lastStep / stride));
  return {
    curves: names.slice(0, kept).map((name): PlainCurve => {
      const runs = Int32Array.from(rows(name));
      const values = new Float32Array(runs.length * points).fill(NaN);
      runs.forEach((run, row) => {
        const curve = find(curves[run]!, name);
        if (curve) values.set(onGrid(curve, stride, points), row * points);
      });
      return { ...name, stride, runs, values, points };
    }),
    left: names.slice(kept).map(({ name, split }) => `${split}.${name}`),
  };
}

type Term = Pick<RunCurveInput, 'name' | 'split'>;

const find = (curves: readonly RunCurveInput[], { name, split }: Term) =>
  curves.find((one) => one.name === name && one.split === split);

/** The total first, validation before training. */
function termsOf(curves: readonly (readonly RunCurveInput[])[]): Term[] {
  const found = new Map<string, Term>();
  for (const { name, split } of curves.flat()) found.set(`${split}.${name}`, { name, split });
  const order = [...new Set([...found.values()].map(({ name }) => name))];
  const rank = ({ name, split }: Term) =>
    2 * (name === 'total' ? -1 : order.indexOf(name)) + (split === 'validation' ? 0 : 1);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

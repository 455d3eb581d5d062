/** How curves are smoothed: one rule for the live figure, for pictures and for files. */
import { stretchLength } from './stretches';

/** The weight of a step back that figures begin with. */
export const WEIGHT = 0.9;

/** A curve, or what stands for one in an average: the last step of each stretch, its mean, and how many steps it has. */
export interface Stretches {
  steps: ArrayLike<number>;
  means: ArrayLike<number>;
  sizes: ArrayLike<number>;
}

/**
 * Exponential moving average over the steps of a training, with the bias of its start removed,
 *
 *   s_t = w s_{t−1} + (1 − w) x_t,  s_0 = 0,   ŝ_t = s_t / (1 − wᵗ)
 *
 * as Kingma and Ba (2015, §3) do for Adam's moments. ŝ_t is the mean of x_1 … x_t with weights w^{t−i}. A stretch of n
 * steps counts as n steps that all have its mean: s ← wⁿ s + (1 − wⁿ) x̄, so that the average is that of all steps, also
 * where a curve is drawn by fewer. Values that are not finite stay where they are and leave the average as it was.
 *
 * @param values the curve in order, or the means of its stretches
 * @param weight w in [0, 1); 0 gives the values themselves
 * @param sizes steps of each stretch; absent: 1
 */
export function smooth(values: ArrayLike<number>, weight: number, sizes?: ArrayLike<number>): Float64Array {
  const smoothed = new Float64Array(values.length);
  let average = 0;
  let remaining = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      smoothed[i] = NaN;
      continue;
    }
    const kept = weight ** (sizes?.[i] ?? 1);
    average = kept * average + (1 - kept) * value;
    remaining *= kept;
    smoothed[i] = average / (1 - remaining);
  }
  return smoothed;
}

/**
 * A curve in at most `most` stretches; see {@link stretchLength}. Their means are of what is finite in them, NaN where
 * nothing is.
 */
export function stretchesOf(steps: ArrayLike<number>, values: ArrayLike<number>, most: number): Stretches {
  const n = values.length;
  const length = stretchLength(n, most);
  const count = Math.ceil(n / length);
  const found = { steps: new Float64Array(count), means: new Float64Array(count), sizes: new Int32Array(count) };
  for (let stretch = 0, i = 0; stretch < count; stretch++) {
    const end = Math.min(n, (stretch + 1) * length);
    let sum = 0;
    let size = 0;
    for (; i < end; i++) {
      if (!Number.isFinite(values[i])) continue;
      sum += values[i]!;
      size++;
    }
    found.steps[stretch] = steps[end - 1]!;
    found.means[stretch] = sum / size;
    found.sizes[stretch] = size;
  }
  return found;
}

/** Stretches as they are sent. */
export interface PlainStretches {
  steps: Float32Array;
  means: Float32Array;
  sizes: Int32Array;
}

/** {@link stretchesOf} in the types that are sent. */
export function plainStretchesOf(steps: ArrayLike<number>, values: ArrayLike<number>, most: number): PlainStretches {
  const found = stretchesOf(steps, values, most);
  return {
    steps: new Float32Array(found.steps),
    means: new Float32Array(found.means),
    sizes: new Int32Array(found.sizes),
  };
}

/** A smoothed curve: where it stands and how high. */
export interface SmoothedCurve {
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
}

/** @param stretches of a curve that has more points than are given */
export function smoothedCurve(
  curve: { steps: ArrayLike<number>; values: ArrayLike<number>; stretches?: Stretches | undefined },
  weight: number,
): SmoothedCurve {
  const { stretches } = curve;
  if (!stretches) return { steps: curve.steps, values: smooth(curve.values, weight) };
  return { steps: stretches.steps, values: smooth(stretches.means, weight, stretches.sizes) };
}

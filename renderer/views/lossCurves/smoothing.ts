/**
 * Exponential moving average with the bias of its start removed,
 *
 *   s_t = w s_{t−1} + (1 − w) x_t,  s_0 = 0,   ŝ_t = s_t / (1 − wᵗ)
 *
 * as Kingma and Ba (2015, §3) do for Adam's moments. ŝ_t is the mean of x_1 … x_t with weights w^{t−i}. Values that are
 * not finite stay where they are and leave the average as it was.
 *
 * @param values the curve in order
 * @param weight w in [0, 1); 0 gives the curve itself
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let average = 0;
  let remaining = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      smoothed[i] = NaN;
      continue;
    }
    average = weight * average + (1 - weight) * value;
    remaining *= weight;
    smoothed[i] = average / (1 - remaining);
  }
  return smoothed;
}

/**
 * Mean of a curve over the epoch that its last step belongs to: what figures, sentences and tables call a training's
 * last value, since a single step is noise. NaN for an empty curve.
 *
 * @param steps counted from 1, ascending
 */
export function meanOfLastEpoch(steps: ArrayLike<number>, values: ArrayLike<number>, stepsPerEpoch: number): number {
  const last = steps.length - 1;
  const start = stepsPerEpoch > 0 ? (Math.ceil(steps[last]! / stepsPerEpoch) - 1) * stepsPerEpoch : steps[last]! - 1;
  let sum = 0;
  let n = 0;
  for (let i = last; i >= 0 && steps[i]! > start; i--, n++) sum += values[i]!;
  return sum / n;
}

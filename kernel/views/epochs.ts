/**
 * Mean of a curve over the epoch that its last step belongs to: what stands for a training's last value, since a single
 * step is noise, where a view does not say it: {@link Series.lastEpoch} weights steps by their samples. NaN for an empty
 * curve.
 *
 * @param steps of the model, counted from 1, ascending
 * @param before steps of the model before this training, whose epochs begin there
 */
export function meanOfLastEpoch(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  stepsPerEpoch: number,
  before = 0,
): number {
  const last = steps.length - 1;
  const done = steps[last]! - before;
  const start = before + (stepsPerEpoch > 0 ? (Math.ceil(done / stepsPerEpoch) - 1) * stepsPerEpoch : done - 1);
  let sum = 0;
  let n = 0;
  for (let i = last; i >= 0 && steps[i]! > start; i--, n++) sum += values[i]!;
  return sum / n;
}

/** What figures, sentences and tables call the last value of a term's training. */
export function lastTrainingValue(
  series: { lastEpoch?: number },
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  { stepsPerEpoch, progress }: { stepsPerEpoch: number; progress: { before?: { steps: number } } },
): number {
  return series.lastEpoch ?? meanOfLastEpoch(steps, values, stepsPerEpoch, progress.before?.steps);
}

/** Fewer points of a curve. */

interface Points {
  steps: readonly number[];
  values: readonly number[];
}

/**
 * At most so many points: each is the mean over as many neighbours, at the last of their steps, so that the curve's end
 * stays where it is. Steps and values that are not finite are null.
 */
export function thinned({ steps, values }: Points, most: number): { steps: number[]; values: (number | null)[] } {
  const size = Math.max(1, Math.ceil(values.length / most));
  const count = Math.ceil(values.length / size);
  const thin = { steps: [] as number[], values: [] as (number | null)[] };
  for (let i = 0; i < count; i++) {
    // Counted from the end: what does not fill a point stands at the beginning.
    const end = values.length - size * (count - 1 - i);
    const begin = Math.max(0, end - size);
    const mean = values.slice(begin, end).reduce((sum, value) => sum + value, 0) / (end - begin);
    thin.steps.push(steps[end - 1]!);
    thin.values.push(Number.isFinite(mean) ? mean : null);
  }
  return thin;
}

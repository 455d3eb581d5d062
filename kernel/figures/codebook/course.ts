/** How the use of a codebook went over a training. */
import type { CodebookHistogramView } from '../../views/types';
import type { Decode, Numbers } from '../training/curves';

export interface Course {
  steps: Numbers;
  /** One value an epoch: `codebookUsage`, `codebookPerplexity`, `deadCodes`. */
  curves: { name: string; steps: Numbers; values: Numbers }[];
  /** [n, K] at the same steps, row by row; undefined if they were not counted. */
  counts: { steps: Numbers; values: Numbers; codes: number } | undefined;
}

/** @throws RangeError when bytes and shapes do not fit */
export function courseOf({ course, counts }: CodebookHistogramView, decode: Decode): Course | undefined {
  if (!course || course.length === 0) return undefined;
  const decoded = course.map(({ name, dimensions, steps, values }) => ({
    ...{ name, dimensions, steps: decode(steps), values: decode(values) },
  }));
  for (const { name, dimensions, steps, values } of decoded) {
    if (values.length !== dimensions * steps.length)
      throw new RangeError(`${name}: ${steps.length} steps of ${dimensions}, and ${values.length} values`);
  }
  const counted = decoded.find(({ name, dimensions }) => name === 'codeCounts' && dimensions === counts.shape[0]);
  const curves = decoded.filter(({ name, dimensions }) => name !== 'codeCounts' && dimensions === 1);
  const [first] = [...curves, ...(counted ? [counted] : [])];
  if (!first || first.steps.length === 0) return undefined;
  return {
    ...{ steps: first.steps, curves },
    counts: counted && { steps: counted.steps, values: counted.values, codes: counted.dimensions },
  };
}

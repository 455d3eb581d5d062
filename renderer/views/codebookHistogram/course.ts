/** How the use of a codebook went over a training. */
import type { CodebookHistogramView } from '../../../kernel/views/types';
import { decode } from '../../data';
import type { TypedArray } from '../../data';

export interface Course {
  steps: TypedArray;
  /** One value an epoch: `codebookUsage`, `codebookPerplexity`, `deadCodes`. */
  curves: { name: string; steps: TypedArray; values: TypedArray }[];
  /** [n, K] at the same steps, row by row; undefined if they were not counted. */
  counts: { steps: TypedArray; values: TypedArray; codes: number } | undefined;
}

/** @throws RangeError when bytes and shapes do not fit */
export function courseOf({ course, counts }: CodebookHistogramView): Course | undefined {
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

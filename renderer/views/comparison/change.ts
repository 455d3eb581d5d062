/** What is new of compared trainings, put behind what is known of them. */
import * as z from '../../schema';
import type { ComparisonChange } from '../../../kernel/views/types';
import { encodedTail, extended } from '../../tails';
import type { ComparedCurve, ComparisonData } from '../../../kernel/figures/comparison/data';

export const comparisonChangeSchema: z.Schema<ComparisonChange> = z.object({
  revision: z.number(),
  summary: z.string(),
  notes: z.array(z.string()),
  runs: z.array(
    z.object({
      run: z.number(),
      running: z.boolean(),
      secondsPerStep: z.number(),
      series: z.array(
        z.object({
          name: z.string(),
          split: z.enum(['train', 'validation']),
          last: z.nullable(z.number()),
          ...{ steps: encodedTail, means: encodedTail, sizes: encodedTail },
        }),
      ),
    }),
  ),
});

/** @throws RangeError when the change does not fit what is known */
export function changedComparison(data: ComparisonData, change: ComparisonChange): ComparisonData {
  const runs = data.runs.map((run, i) => {
    const news = change.runs.find((one) => one.run === i);
    return news ? { ...run, running: news.running, secondsPerStep: news.secondsPerStep } : run;
  });
  const curves = data.curves.map((curve): ComparedCurve => {
    const news = change.runs.find(({ run }) => run === curve.place);
    const run = runs[curve.place]!;
    const one = news?.series.find(({ name, split }) => name === curve.name && split === curve.split);
    if (!one) return { ...curve, run };
    const { steps, means, sizes } = one;
    return {
      ...{ ...curve, run, last: one.last, steps: extended(curve.steps, steps) },
      ...{ means: extended(curve.means, means), sizes: extended(curve.sizes, sizes) },
    };
  });
  return { ...data, runs, curves };
}

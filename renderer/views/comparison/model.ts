/** Compared trainings as they are sent, and as a table. */
import * as z from '../../schema';
import { decodedComparison } from '../../../kernel/figures/comparison/data';
import type { ComparisonData } from '../../../kernel/figures/comparison/data';
import type { ComparisonView } from '../../../kernel/views/types';
import { decode, stretchedSeries, viewBase } from '../../data';
import type { Cell, TableData } from '../../figure/table';

export const comparisonSchema: z.Schema<ComparisonView> = z.object({
  ...viewBase,
  revision: z.optional(z.number()),
  unit: z.string(),
  groups: z.array(z.string()),
  runs: z.array(
    z.object({
      group: z.number(),
      stepsPerEpoch: z.number(),
      stepsBefore: z.number(),
      epochsBefore: z.number(),
      secondsPerStep: z.number(),
      running: z.optional(z.boolean()),
      series: z.array(stretchedSeries),
    }),
  ),
  notes: z.array(z.string()),
});

/** @throws RangeError when the parts of a curve differ in number */
export const decodeComparison = (view: ComparisonView): ComparisonData => decodedComparison(view, decode);

/** Where each term of each group ended, and how far that is from the first group. */
export function comparisonTable({ groups, terms, curves }: ComparisonData): TableData {
  const endOf = (term: string, split: string, group: number): [mean: number, deviation: number] | null => {
    const ends = curves
      .filter((one) => one.name === term && one.split === split && one.run.group === group)
      .flatMap(({ last }) => last ?? []);
    if (ends.length === 0) return null;
    const mean = ends.reduce((sum, one) => sum + one, 0) / ends.length;
    return [mean, Math.sqrt(ends.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (ends.length - 1))];
  };
  const rows = terms
    .flatMap((term) => ['train', 'validation'].map((split) => ({ term, split })))
    .filter(({ term, split }) => curves.some((one) => one.name === term && one.split === split));
  const hasSeeds = groups.some((_, group) => new Set(curves.filter(({ run }) => run.group === group).map(({ run }) => run)).size > 1); // prettier-ignore
  return {
    columns: [
      'term',
      'data',
      ...groups.flatMap((name, i) => [
        name,
        ...(hasSeeds ? [`${name}, deviation`] : []),
        ...(i > 0 ? [`${name} − ${groups[0]!}`] : []),
      ]),
    ],
    rows: rows.length,
    words: [true, true],
    row: (i): Cell[] => {
      const { term, split } = rows[i]!;
      const first = endOf(term, split, 0);
      return [
        term,
        split === 'train' ? 'training, last epoch' : 'validation',
        ...groups.flatMap((_, group) => {
          const end = endOf(term, split, group);
          const deviation = end && Number.isFinite(end[1]) ? end[1] : null;
          return [
            end && end[0],
            ...(hasSeeds ? [deviation] : []),
            ...(group > 0 ? [end && first && end[0] - first[0]] : []),
          ];
        }),
      ];
    },
  };
}

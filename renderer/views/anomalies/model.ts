/** Scores as they are sent, and as a table. */
import * as z from '../../schema';
import { decodedAnomalies, scoreOf } from '../../../kernel/figures/anomalies/data';
import type { Anomalies } from '../../../kernel/figures/anomalies/data';
import type { AnomaliesView } from '../../../kernel/views/types';
import { decode, encodedArray, sampleShape, splitSamples, viewBase } from '../../data';
import type { Cell, TableData } from '../../figure/table';
import { sampleLayout } from '../reconstructions/schema';

export const anomaliesSchema: z.Schema<AnomaliesView> = z.object({
  ...viewBase,
  data: z.optional(z.string()),
  score: z.string(),
  unit: z.string(),
  scores: encodedArray,
  anomalous: z.nullable(encodedArray),
  total: z.number(),
  reference: z.nullable(encodedArray),
  threshold: z.number(),
  thresholdSource: z.string(),
  areaUnderRoc: z.nullable(z.number()),
  sampleShape,
  layout: z.optional(sampleLayout),
  cases: z.array(
    z.object({
      index: z.number(),
      score: z.nullable(z.number()),
      label: z.string(),
      anomalous: z.nullable(z.boolean()),
    }),
  ),
  inputs: encodedArray,
  reconstructions: z.nullable(encodedArray),
  notes: z.array(z.string()),
});

/** @throws RangeError when there is another number of samples than of cases, or of classes than of scores */
export const readAnomalies = (view: AnomaliesView): Anomalies => decodedAnomalies(view, decode, splitSamples);

export function anomaliesTable({ view }: Anomalies, threshold: number): TableData {
  const labelled = view.cases.some(({ label }) => label !== '');
  const known = view.anomalous !== null;
  const columns = ['row', ...(labelled ? ['label'] : []), ...(known ? ['is'] : []), view.score, 'flagged'];
  return {
    columns,
    words: columns.map((name) => ['label', 'is', 'flagged'].includes(name)),
    rows: view.cases.length,
    row: (i): Cell[] => {
      const { index, label, anomalous } = view.cases[i]!;
      const score = scoreOf(view.cases[i]!);
      return [
        index,
        ...(labelled ? [label] : []),
        ...(known ? [anomalous ? 'anomaly' : 'normal'] : []),
        score,
        score > threshold ? 'yes' : 'no',
      ];
    },
  };
}

/** What the bench finds, as `--json` writes it. */
import { quantileSorted } from 'd3-array';
import { z } from 'zod';
import { WORKLOAD_NAMES, WORKLOADS } from './workloads';
import type { WorkloadName } from './workloads';

/**
 * What rows are about: the workloads; whole trainings of a, start to end; and ms a step of a, in a notebook and bare,
 * where each value is the mean of a process.
 */
export const ROW_WORKLOADS = [...WORKLOAD_NAMES, 'fit', 'fit-step', 'bare-step'] as const;

/** What {@link spread} finds, in a row. */
export const spreadFields = {
  median: z.number().positive(),
  p10: z.number().positive(),
  p90: z.number().positive(),
  n: z.int().min(1),
} as const;

/** One measured quantity. Milliseconds are those of single passes, seconds those of whole runs; n is how many were timed. */
export const rowSchema = z.strictObject({
  workload: z.enum(ROW_WORKLOADS),
  engine: z.string(),
  /** Hardware and software, for people: `CPU, 2 threads, torch 2.8.0`. */
  device: z.string(),
  unit: z.enum([
    'ms/step',
    'ms/pass',
    'samples/s',
    'ms/set-up',
    'ms/first-start',
    'ms/second-start',
    's/run',
    's/training',
  ]),
  ...spreadFields,
});

export type Row = z.output<typeof rowSchema>;
export type RowWorkload = Row['workload'];

/** Median and the 10th and 90th percentile, interpolated between samples (Hyndman and Fan 1996, definition 7). */
export function spread(values: readonly number[]): Pick<Row, 'median' | 'p10' | 'p90' | 'n'> {
  if (values.length === 0) throw new RangeError('The spread of no values is not defined.');
  const sorted = values.toSorted((a, b) => a - b);
  const [p10, median, p90] = [0.1, 0.5, 0.9].map((p) => quantileSorted(sorted, p)!) as [number, number, number];
  return { median, p10, p90, n: values.length };
}

/**
 * The rows of one engine and workload: milliseconds a pass, samples a second and, where there is one, the set-up.
 *
 * @param times milliseconds of single passes
 * @param setUp milliseconds of the first pass
 */
export function rowsOf(
  of: { workload: WorkloadName; engine: string; device: string },
  times: readonly number[],
  setUp?: number,
): Row[] {
  const { unit, samples } = WORKLOADS[of.workload];
  const rows: Row[] = [
    { ...of, unit, ...spread(times) },
    { ...of, unit: 'samples/s', ...spread(times.map((time) => (1000 * samples) / time)) },
  ];
  if (setUp !== undefined) rows.push({ ...of, unit: 'ms/set-up', ...spread([setUp]) });
  return rows;
}

/** From one state of a sweep to the next. */
import { encode } from '../encoding';
import type { PlainCurve } from './curves';
import type { PlainSweep } from './plain';
import type { RunChange, SweepChange } from '../types';

/**
 * @returns null if nothing has changed, and undefined if only the whole view can tell: there are other runs, columns
 *   or terms
 */
export function sweepChange(known: PlainSweep, next: PlainSweep, revision: number): SweepChange | null | undefined {
  if (frameOf(known) !== frameOf(next)) return undefined;
  const runs = Array.from(next.numbers, (_, run) => runChange(known, next, run)).filter((one) => one !== undefined);
  const isSame =
    known.summary === next.summary && known.running === next.running && known.notes.join() === next.notes.join();
  if (runs.length === 0 && isSame) return null;
  return { revision, summary: next.summary, notes: next.notes, running: next.running, runs };
}

/** What stays the same while values change. */
function frameOf({ numbers, parameters, metrics, metric, noneFinite, curves, title, folder }: PlainSweep): string {
  return JSON.stringify([
    ...[
      title,
      folder,
      metric,
      noneFinite,
      [...numbers],
      parameters.map(({ name, values, places }) => [name, values, [...places]]),
    ],
    metrics.map(({ name, better }) => [name, better]),
    curves.map(({ name, split, stride, points, runs }) => [name, split, stride, points, [...runs]]),
  ]);
}

function runChange(known: PlainSweep, next: PlainSweep, run: number): RunChange | undefined {
  const curves = next.curves.flatMap((curve, index) => {
    const row = curve.runs.indexOf(run);
    if (row < 0) return [];
    const [before, now] = [rowOf(known.curves[index]!, row), rowOf(curve, row)];
    return now.every((value, i) => Object.is(value, before[i]))
      ? []
      : [{ curve: index, values: encode('float32', now) }];
  });
  const reason = next.reasons.find((one) => one.run === run)?.text;
  const isSame =
    curves.length === 0 &&
    known.states[run] === next.states[run] &&
    known.notebooks[run] === next.notebooks[run] &&
    known.stepsPerEpoch[run] === next.stepsPerEpoch[run] &&
    known.reasons.find((one) => one.run === run)?.text === reason &&
    next.metrics.every(({ values }, m) => Object.is(values[run], known.metrics[m]!.values[run]));
  if (isSame) return undefined;
  return {
    ...{ run, state: next.states[run]!, notebook: next.notebooks[run] === 1, ...(reason !== undefined && { reason }) },
    metrics: next.metrics.map(({ values }) => (Number.isFinite(values[run]) ? values[run]! : null)),
    ...{ curves, stepsPerEpoch: next.stepsPerEpoch[run]! },
  };
}

const rowOf = ({ values, points }: PlainCurve, row: number) => values.subarray(row * points, (row + 1) * points);

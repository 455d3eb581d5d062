/** What the user reads when a sweep has ended: how many runs did what, which failed and why, and what is missing. */
import { columnsOf, countText, settingText } from './terminal/table';
import type { RunRecord, Sweep } from './results';

/** Failures, and metrics, listed one by one. */
const MOST = 20;

export function summaryText(sweep: Sweep, records: readonly RunRecord[], folder: string): string {
  const columns = columnsOf(sweep);
  const failed = records.filter(({ state }) => state === 'failed');
  const lines = failed.slice(0, MOST).map((one) => {
    const setting = settingText(one, columns);
    return `  run ${one.index}${setting === '' ? '' : ` (${setting})`}: ${one.reason}`;
  });
  const more = failed.length > MOST ? [`  … and ${failed.length - MOST} more`] : [];
  const list = failed.length > 0 ? [`${failed.length} failed:`, ...lines, ...more] : [];
  return [`${sweep.name}: ${countText(records)}. Results: ${folder}`, ...list, ...missingMetrics(sweep, records)].join(
    '\n',
  );
}

/** Metrics that runs were to report, and that none has. */
function missingMetrics({ metrics }: Sweep, records: readonly RunRecord[]): string[] {
  const done = records.filter(({ state }) => state === 'done');
  if (done.length === 0) return [];
  const known = [...new Set(done.flatMap((one) => Object.keys(one.metrics)))].sort();
  return metrics.flatMap(({ name }) => {
    const without = done.filter((one) => one.metrics[name] === undefined).length;
    if (without === 0) return [];
    const who = without === done.length ? 'No run' : `${done.length - without} of ${done.length} runs`;
    const have = known.length > 0 ? `; they reported ${listed(known)}` : '; they reported nothing: report({ … }) does';
    return [`Warning: ${who} reported the metric "${name}"${have}.`];
  });
}

/** Names may be many, and long. */
function listed(names: readonly string[]): string {
  const some = names.slice(0, MOST).map((name) => (name.length > 60 ? `${name.slice(0, 59)}…` : name));
  return some.join(', ') + (names.length > MOST ? ` and ${names.length - MOST} more` : '');
}

/**
 * The curves as a table: one row a step, one column a curve, values as measured (not smoothed). The rows are made when
 * somebody looks at them: most states of a training nobody reads.
 */
import type { Cell, TableData } from '../../figure/table';
import type { Curve, DecodedLastRun, LossData } from './curves';

export function lossTable(data: LossData, lastRun: DecodedLastRun): TableData {
  const curves: { name: string; curve: Curve }[] = [];
  for (const { name, train, validation } of data.terms) {
    if (train !== undefined) curves.push({ name, curve: train });
    if (validation !== undefined) curves.push({ name: `${name} (validation)`, curve: validation });
  }
  for (const [name, { train, validation }] of lastRun) {
    if (train) curves.push({ name: `${name} (last run)`, curve: { steps: train.steps, values: train.means } });
    if (validation)
      curves.push({ name: `${name} (last run, validation)`, curve: { ...validation, values: validation.means } });
  }
  for (const schedule of data.schedules) curves.push({ name: schedule.name, curve: schedule });
  let made: { steps: number[]; lookUps: Map<number, number>[] } | undefined;
  const rows = () => (made ??= rowsOf(curves.map(({ curve }) => curve)));
  return {
    columns: ['step', ...curves.map(({ name }) => name)],
    get rows() {
      return rows().steps.length;
    },
    row: (i): Cell[] => {
      const { steps, lookUps } = rows();
      return [steps[i]!, ...lookUps.map((values) => values.get(steps[i]!) ?? null)];
    },
  };
}

function rowsOf(curves: readonly Curve[]) {
  const steps = [...new Set(curves.flatMap((curve) => Array.from(curve.steps)))].sort((a, b) => a - b);
  const lookUps = curves.map((curve) => new Map(Array.from(curve.steps, (step, i) => [step, curve.values[i]!])));
  return { steps, lookUps };
}

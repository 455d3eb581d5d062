/**
 * The curves as a table: one row a step, one column a curve, values as measured (not smoothed). The rows are made when
 * somebody looks at them: most states of a training nobody reads.
 */
import type { Cell, TableData } from '../../figure/table';
import type { Curve, DecodedLastRun, Figures, LossData } from '../../../kernel/figures/training/curves';
import type { Page } from '../../../kernel/figures/training/pages/page';

export function lossTable(data: LossData, lastRun: DecodedLastRun): TableData {
  const curves: NamedColumn[] = [];
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
  return stepTable(curves);
}

/** What the page that is shown has. */
export function tableOf({ id }: Page, data: LossData, lastRun: DecodedLastRun): TableData {
  if (id === 'optimizer')
    return stepTable([...data.measures, ...data.schedules].map((one) => ({ name: one.name, curve: one })));
  if (id === 'latents') return stepTable(data.figures.flatMap(columnsOf));
  return lossTable(data, lastRun);
}

/** `klPerDimension 1`, …: latent dimensions and stages are counted from 1. */
function columnsOf({ name, dimensions, steps, values }: Figures): NamedColumn[] {
  return Array.from({ length: dimensions }, (_, k) => ({
    name: dimensions === 1 ? name : `${name} ${k + 1}`,
    curve: { steps, values: Float32Array.from(steps, (_step, i) => values[i * dimensions + k]!) },
  }));
}

interface NamedColumn {
  name: string;
  curve: Curve;
}

function stepTable(curves: readonly NamedColumn[]): TableData {
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

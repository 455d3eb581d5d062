/** Whole trainings and the steps of many processes, as sections of the report. */
import { digits, refused, table } from '../reportText';
import type { Refusal } from '../measure';
import type { Row } from '../rows';
import type { FitExtent } from './extent';
import type { FitName } from './measureFits';

export function fitSection(
  name: FitName,
  rows: readonly Row[],
  refusals: readonly Refusal[],
  extent: FitExtent,
): string {
  const section = name === 'fit' ? wholeTrainings(rows, extent) : steps(rows, extent);
  return [...section, refused(name, refusals)].filter(Boolean).join('\n\n');
}

function wholeTrainings(rows: readonly Row[], { images, epochs }: FitExtent): string[] {
  const lines = rowsOf(rows, 'fit', 's/run').map((row) => {
    const training = beside(row, rows, 'fit', 's/training')!;
    return [row.engine, row.device, digits(row.median), range(row), row.n, digits(training.median)];
  });
  return [
    `## fit: Workload a, ${count(epochs, 'epoch')} on ${images.toLocaleString('en')} images, from start to end`,
    'A notebook run headless, with its live curves, and the scripts that one writes in PyTorch and JAX: seconds from the ' +
      'start of the process to its end, and those of the training alone, set-up included.',
    table(['engine', 'device', 's', 'p10–p90', 'n', 'training, s'], lines),
  ];
}

function steps(rows: readonly Row[], { processes }: FitExtent): string[] {
  const lines = rowsOf(rows, 'fit-step', 'ms/step').map((row) => {
    const bare = beside(row, rows, 'bare-step', 'ms/step')!;
    const ratio = (row.median / bare.median).toFixed(2);
    return [row.engine, row.device, digits(row.median), range(row), digits(bare.median), range(bare), ratio, row.n];
  });
  return [
    `## fit-step: Workload a, steps of \`fit\` in a notebook beside bare ones, ${processes} processes each`,
    'Mean milliseconds a step in each process, once warm: the median over processes, and the 10th to the 90th percentile.',
    table(['engine', 'device', 'notebook, ms', 'p10–p90', 'bare, ms', 'p10–p90', 'ratio', 'n'], lines),
  ];
}

function rowsOf(rows: readonly Row[], workload: Row['workload'], unit: Row['unit']): Row[] {
  return rows.filter((row) => row.workload === workload && row.unit === unit);
}

function beside(of: Row, rows: readonly Row[], workload: Row['workload'], unit: Row['unit']): Row | undefined {
  return rowsOf(rows, workload, unit).find(({ engine, device }) => engine === of.engine && device === of.device);
}

function range({ p10, p90 }: Row): string {
  return `${digits(p10)}–${digits(p90)}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

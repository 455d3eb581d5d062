/** What the bench of sweeps found, as a page. */
import { digits } from '../reportText';
import { SWEEP_GOALS, SWEEP_WORKLOADS } from './workloads';
import type { SweepGoal, SweepRow, SweepWorkloadName } from './workloads';

export function sweepsReport(facts: readonly string[], rows: readonly SweepRow[]): string {
  const names = (Object.keys(SWEEP_WORKLOADS) as SweepWorkloadName[]).filter((name) =>
    rows.some(({ workload }) => workload === name),
  );
  const sections = names.map((name) => {
    const lines = rows
      .filter(({ workload }) => workload === name)
      .map(
        ({ engine, unit, median, p10, p90, n }) =>
          `| ${engine} | ${unit} | ${digits(median)} | ${digits(p10)}–${digits(p90)} | ${n} |`,
      );
    const head = ['| what | unit | median | p10–p90 | n |', '| ---- | ---- | -----: | ------: | -: |'];
    return [`## ${name}`, '', `${SWEEP_WORKLOADS[name]}.`, '', ...head, ...lines].join('\n');
  });
  const goals = SWEEP_GOALS.flatMap((goal) => lineOf(goal, rows));
  return [
    '# Many runs',
    '',
    'Written by `npm run bench -- sweeps`: do not edit. Times are of whole processes, from their start to',
    'their end.',
    '',
    ...facts.map((fact) => `- ${fact}`),
    '',
    sections.join('\n\n'),
    '',
    ...(goals.length > 0 ? ['## Goals', '', '| goal | found | |', '| ---- | ----: | - |', ...goals, ''] : []),
  ].join('\n');
}

function lineOf({ workload, engine, unit, text, atMost }: SweepGoal, rows: readonly SweepRow[]): string[] {
  const row = rows.find((one) => one.workload === workload && one.engine === engine && one.unit === unit);
  if (!row) return [];
  const found = `${digits(row.median)} ${unit}`;
  return [`| ${workload}: ${text} | ${found} | ${row.median <= atMost ? 'met' : '**missed**'} |`];
}

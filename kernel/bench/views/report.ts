/** What the bench of the views found, as a page: `docs/views.md`. */
import { digits } from '../reportText';
import { VIEW_WORKLOADS } from './workloads';
import type { ViewRow } from './rows';
import type { ViewWorkloadName } from './workloads';

interface Goal {
  text: string;
  isMet(rows: readonly ViewRow[]): { found: string; met: boolean } | undefined;
}

const value = (rows: readonly ViewRow[], workload: ViewWorkloadName, engine: string, unit?: string) =>
  rows.find(
    (row) => row.workload === workload && row.engine === engine && row.unit === (unit ?? VIEW_WORKLOADS[workload].unit),
  )?.median;

const atMost = (text: string, most: number, ...[workload, unit]: [ViewWorkloadName, string?]): Goal => ({
  text: `${workload}: ${text}`,
  isMet: (rows) => {
    const ours = value(rows, workload, 'latentlab', unit);
    return ours === undefined ? undefined : { found: `${digits(ours)} ms`, met: ours <= most };
  },
});

/** What an engine adds to what the browser does in any case. */
const beyondNothing = (text: string, most: number, workload: ViewWorkloadName): Goal => ({
  text: `${workload}: ${text}`,
  isMet: (rows) => {
    const [ours, nothing] = [value(rows, workload, 'latentlab'), value(rows, workload, 'nothing')];
    if (ours === undefined || nothing === undefined) return undefined;
    return { found: `${digits(ours - nothing)} ms`, met: ours - nothing <= most };
  },
});

const beside = (workload: ViewWorkloadName, peer: string, most: number): Goal => ({
  text: `${workload}: at most ${most} × ${peer}`,
  isMet: (rows) => {
    const [ours, theirs] = [value(rows, workload, 'latentlab'), value(rows, workload, peer)];
    if (ours === undefined || theirs === undefined) return undefined;
    return { found: `${(ours / theirs).toFixed(2)} ×`, met: ours <= most * theirs };
  },
});

const GOALS: Goal[] = [
  atMost('at most 6 ms an update', 6, 'curves-10k-update'),
  atMost('no task longer than 50 ms', 50, 'curves-10k-update', 'ms/longest task'),
  beside('curves-10k-update', 'uplot', 1.4),
  beside('scatter-1m-first-frame', 'plotly', 0.5),
  beside('scatter-1m-pan', 'regl-scatterplot', 1),
  beside('scatter-1m-zoom', 'regl-scatterplot', 1),
  atMost('at most 250 ms', 250, 'scatter-1m-lasso'),
  beyondNothing('at most 2 ms a move more than on an empty page', 2, 'scatter-100k-hover'),
  atMost('at most 100 ms', 100, 'codebook-65536-first-frame'),
];

export function viewsReport(facts: readonly string[], rows: readonly ViewRow[]): string {
  const names = [...new Set(rows.map(({ workload }) => workload))];
  const sections = names.map((name) => {
    const lines = rows
      .filter(({ workload }) => workload === name)
      .map(({ engine, unit, median, p10, p90, n }) => {
        const ours = value(rows, name, 'latentlab', unit);
        const ratio = ours === undefined ? '–' : (median / ours).toFixed(2);
        return `| ${engine} | ${unit} | ${digits(median)} | ${digits(p10)}–${digits(p90)} | ${n} | ${ratio} |`;
      });
    const head = [
      '| engine | unit | median | p10–p90 | n | ÷ latentlab |',
      '| --- | --- | ---: | ---: | ---: | ---: |',
    ];
    return [`## ${name}`, '', VIEW_WORKLOADS[name].title.join('\n'), '', ...head, ...lines].join('\n');
  });
  const goals = GOALS.flatMap(({ text, isMet }) => {
    const result = isMet(rows);
    return result ? [`| ${text} | ${result.found} | ${result.met ? 'met' : '**missed**'} |`] : [];
  });
  return [
    '# How fast the views draw',
    '',
    'Written by `npm run bench -- views`: do not edit.',
    '',
    'Each engine has a page of its own, and they take turns. “Main thread” is the time of its tasks, as',
    'Chromium traces them. A frame lasts from the pointer’s move, or the wheel’s, until its pixels can be',
    'read. `nothing` is an empty page, on which the pointer moves as it does over the others.',
    '',
    ...facts.map((fact) => `- ${fact}`),
    '',
    sections.join('\n\n'),
    '',
    ...(goals.length > 0 ? ['## Goals', '', '| goal | found |  |', '| --- | ---: | --- |', ...goals, ''] : []),
  ].join('\n');
}

/** A sweep's runs as lines of a terminal. */
import { duration } from '../../notebook/time';
import type { ParameterValue, RunRecord, RunState, Sweep } from '../results';
import type { Live } from '../run/execution';

/** A run as a line shows it. */
export interface Shown {
  index: number;
  parameters: RunRecord['parameters'];
  seed: number | null;
  state: RunState;
  reason: string | null;
  metrics: Readonly<Record<string, number | null>>;
  seconds: number | null;
  live?: Live;
}

export interface Columns {
  parameters: string[];
  hasSeeds: boolean;
  metrics: string[];
}

/** The parameters that vary, and the metrics that the sweep asks for; without any, the losses of trainings. */
export function columnsOf(sweep: Sweep): Columns {
  const names = [...new Set(sweep.runs.flatMap(({ parameters }) => Object.keys(parameters)))];
  const varies = (of: (run: Sweep['runs'][number]) => unknown) =>
    new Set(sweep.runs.map((run) => JSON.stringify(of(run) ?? null))).size > 1;
  const metrics = sweep.metrics.map(({ name }) => name);
  return {
    parameters: names.filter((name) => varies(({ parameters }) => parameters[name])),
    hasSeeds: varies(({ seed }) => seed),
    metrics: metrics.length > 0 ? metrics : ['train.total', 'validation.total'],
  };
}

const COLOURS: Readonly<Record<RunState, number>> = {
  ...{ done: 32, failed: 31, running: 36, waiting: 90, cancelled: 33, stopped: 33 },
};

export interface Style {
  /** Characters of a line. */
  width: number;
  /** Lines of runs at most. */
  height: number;
  colour: boolean;
}

/** Header, runs, and a line that counts. Running ones come before those that have ended, where there is no room for all. */
export function tableLines(runs: readonly Shown[], columns: Columns, { width, height, colour }: Style): string[] {
  const shown = chosen(runs, height);
  // States come last: a reason may be long.
  const head = [
    'run',
    ...columns.parameters,
    ...(columns.hasSeeds ? ['seed'] : []),
    ...columns.metrics,
    'time',
    'state',
  ];
  const rows = shown.map((run) => cellsOf(run, columns));
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === head.length - 1 ? cell : cell.padStart(widths[i]!))).join('  ');
  const paint = (text: string, code: number) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const cut = (text: string) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
  const left = runs.length - shown.length;
  return [
    paint(cut(line(head)), 1),
    ...rows.map((row, i) => paint(cut(line(row)), COLOURS[shown[i]!.state])),
    ...(left > 0 ? [paint(cut(`… and ${left} more`), 90)] : []),
  ];
}

function chosen(runs: readonly Shown[], height: number): Shown[] {
  if (runs.length <= height) return [...runs];
  const ended = (one: Shown) => one.state !== 'waiting' && one.state !== 'running';
  const running = runs.filter(({ state }) => state === 'running');
  const failed = runs.filter(({ state }) => state === 'failed').slice(-Math.floor(height / 4));
  const others = runs.filter((one) => ended(one) && !failed.includes(one));
  const waiting = runs.filter(({ state }) => state === 'waiting');
  const room = Math.max(1, height - 1);
  const first = [...running, ...failed].slice(0, room);
  const recent = others.slice(Math.max(0, others.length - Math.max(0, room - first.length - 2)));
  const all = [...first, ...recent, ...waiting].slice(0, room);
  return all.sort((a, b) => a.index - b.index);
}

function cellsOf(run: Shown, { parameters, hasSeeds, metrics }: Columns): string[] {
  const seconds = run.live ? (performance.now() - run.live.began) / 1000 : run.seconds;
  return [
    String(run.index),
    ...parameters.map((name) => valueText(run.parameters[name])),
    ...(hasSeeds ? [String(run.seed)] : []),
    ...metrics.map((name) => numberText(run.metrics[name])),
    seconds === null ? '' : duration(seconds),
    stateText(run),
  ];
}

const BAR = 8;

function stateText({ state, live, reason }: Shown): string {
  if (state !== 'running' || !live) {
    return reason === null || state === 'waiting' ? state : `${state}: ${reason}`;
  }
  const { progress, cell, cells } = live;
  const inCell = progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
  const share = cells > 0 ? (Math.max(0, cell - 1) + inCell) / cells : 0;
  const full = Math.round(BAR * share);
  const what = progress ? progress.label : cells === 0 ? 'starting' : `cell ${cell} of ${cells}`;
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${what}`;
}

/** `12 done, 2 running, 9 waiting, 1 failed` */
export function countText(runs: readonly { state: RunState }[]): string {
  const order: RunState[] = ['done', 'running', 'waiting', 'stopped', 'failed', 'cancelled'];
  const counts = order.map((state) => ({ state, count: runs.filter((run) => run.state === state).length }));
  return counts.flatMap(({ state, count }) => (count > 0 ? [`${count} ${state}`] : [])).join(', ');
}

/** `beta = 4, seed = 1` */
export function settingText({ parameters, seed }: Pick<Shown, 'parameters' | 'seed'>, columns: Columns): string {
  const given = columns.parameters.filter((name) => parameters[name] !== undefined);
  const named = given.map((name) => `${name} = ${valueText(parameters[name])}`);
  return [...named, ...(columns.hasSeeds ? [`seed = ${seed}`] : [])].join(', ');
}

/** `1 run`, `24 runs` */
export function runsText(count: number): string {
  return `${count} ${count === 1 ? 'run' : 'runs'}`;
}

export function metricsText(metrics: Shown['metrics'], columns: Columns): string {
  const known = columns.metrics.filter((name) => metrics[name] !== undefined);
  return known.map((name) => `${name} ${numberText(metrics[name])}`).join(', ');
}

function valueText(value: ParameterValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return numberText(value);
  return short(typeof value === 'string' ? value : JSON.stringify(value), 20);
}

function numberText(value: number | null | undefined): string {
  if (value === undefined) return '';
  if (value === null) return 'not finite';
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : String(Number(value.toPrecision(4)));
}

const short = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

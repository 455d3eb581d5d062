/** What a terminal shows while a sweep runs: one table that stays in its place; elsewhere a line for each run that ends. */
import { duration } from '../../notebook/time';
import type { RunRecord, Sweep } from '../results';
import type { Live } from '../run/execution';
import { columnsOf, countText, metricsText, settingText, tableLines } from './table';
import type { Columns, Shown } from './table';

export interface Output {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  write(text: string): unknown;
}

const FRAME_MS = 200;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

export class SweepScreen {
  private readonly runs = new Map<number, Shown>();
  private readonly columns: Columns;
  private readonly began = performance.now();
  private readonly doneBefore: number;
  private hasEnded = false;
  private drawn = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param records of all runs, as they stand */
  constructor(
    private readonly output: Output,
    sweep: Sweep,
    records: readonly RunRecord[],
    private readonly slots: number,
  ) {
    this.columns = columnsOf(sweep);
    for (const record of records) this.runs.set(record.index, shownOf(record));
    this.doneBefore = this.over;
    if (!output.isTTY) return;
    output.write(HIDE_CURSOR);
    this.timer = setInterval(() => this.draw(), FRAME_MS);
    this.draw();
  }

  changed(live: Live): void {
    const run = this.runs.get(live.index)!;
    if (run.state !== 'running' && !this.output.isTTY) {
      this.output.write(
        `${[`run ${live.index} of ${this.runs.size} begins`, settingText(run, this.columns)].filter(Boolean).join(': ')}\n`,
      );
    }
    Object.assign(run, { state: 'running', reason: null, live, metrics: live.metrics });
  }

  ended(record: RunRecord): void {
    const run = shownOf(record);
    this.runs.set(record.index, run);
    if (this.output.isTTY) return;
    const { state, reason, metrics, seconds } = run;
    const why = reason === null ? '' : ` (${reason})`;
    const time = seconds === null ? '' : ` after ${duration(seconds)}`;
    const found = metricsText(metrics, this.columns);
    const begin = `run ${record.index} of ${this.runs.size} ${state}${time}${why}`;
    const rest = [settingText(run, this.columns), found].filter(Boolean).join('; ');
    this.output.write(`${[begin, rest].filter(Boolean).join(': ')}\n`);
  }

  /** A sentence above the table. */
  say(text: string): void {
    this.clear();
    this.output.write(`${text}\n`);
    if (this.output.isTTY) this.draw();
  }

  /** Leaves the last state of the table where it is. */
  stop(): void {
    clearInterval(this.timer);
    this.hasEnded = true;
    if (!this.output.isTTY) return;
    this.draw();
    this.output.write(SHOW_CURSOR);
  }

  private get over(): number {
    return [...this.runs.values()].filter(({ state }) => state !== 'waiting' && state !== 'running').length;
  }

  private draw(): void {
    const { columns: width = 80, rows = 24 } = this.output;
    const runs = [...this.runs.values()];
    const colour = process.env['NO_COLOR'] === undefined;
    const table = tableLines(runs, this.columns, { width: width - 1, height: Math.max(3, rows - 5), colour });
    this.clear();
    const lines = [...table, '', `${countText(runs)}${this.leftText()}`];
    this.output.write(`${lines.join('\n')}\n`);
    this.drawn = lines.length;
  }

  private clear(): void {
    if (this.drawn > 0) this.output.write(`\u001b[${this.drawn}A\u001b[0J`);
    this.drawn = 0;
  }

  /** By the pace so far. */
  private leftText(): string {
    const done = this.over - this.doneBefore;
    const left = this.runs.size - this.over;
    if (left === 0 || this.hasEnded) return ` · ${duration((performance.now() - this.began) / 1000)}`;
    if (done < this.slots) return '';
    return ` · about ${duration((((performance.now() - this.began) / 1000) * left) / done)} left`;
  }
}

function shownOf({ index, parameters, seed, state, reason, metrics, seconds }: RunRecord): Shown {
  return { index, parameters, seed, state, reason, metrics, seconds };
}

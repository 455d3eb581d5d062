import cliProgress from 'cli-progress';
import type { SingleBar } from 'cli-progress';
import type { RunEvent } from '../run';
import { duration } from '../time';

/** What a terminal shows of a run. */
export interface ProgressDisplay {
  show(event: RunEvent): void;
  /** Makes room for a question to the user, until it is resumed. */
  pause(): void;
  resume(): void;
  /** Clears what is under way, before anything else is printed. */
  stop(): void;
}

interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** A bar on a terminal; on anything else plain lines, at most one in `interval` milliseconds. */
export function createProgress(stream: NodeJS.WriteStream | Output, interval = 5000): ProgressDisplay {
  return stream.isTTY ? new Bar(stream as NodeJS.WriteStream) : new PlainLines(stream, interval);
}

/** How far a run has come: whole cells, and the share of the one under way that its training reports. */
class RunState {
  private index = 0;
  private cells = 0;
  private name = '';
  private label = '';
  private share = 0;
  private secondsLeft: number | undefined;

  update(event: RunEvent): void {
    if (event.type === 'ready') this.cells = event.cells;
    if (event.type === 'cell') {
      Object.assign(this, { index: event.index, name: event.name, label: '', share: 0, secondsLeft: undefined });
    }
    if (event.type === 'progress') {
      const { label, done, total, secondsLeft } = event.progress;
      Object.assign(this, { label, share: total > 0 ? done / total : 0, secondsLeft });
    }
  }

  get total(): number {
    return this.cells;
  }

  get done(): number {
    return this.index + Math.min(1, this.share);
  }

  get text(): string {
    const training = this.label === '' ? '' : `: ${this.label} (${Math.floor(100 * this.share)} %)`;
    const left = this.secondsLeft === undefined ? '' : `, ${duration(this.secondsLeft)} left`;
    return `${this.name} of ${this.cells}${training}${left}`;
  }
}

class Bar implements ProgressDisplay {
  private readonly state = new RunState();
  private readonly bar: SingleBar;
  private started = false;
  private paused = false;

  constructor(stream: NodeJS.WriteStream) {
    const format = '{bar} {percentage} % · {text}';
    this.bar = new cliProgress.SingleBar(
      { format, stream, barsize: 24, fps: 8, hideCursor: true, clearOnComplete: true, gracefulExit: false },
      cliProgress.Presets.shades_classic,
    );
  }

  show(event: RunEvent): void {
    this.state.update(event);
    if (event.type === 'ready') {
      this.bar.start(event.cells, 0, { text: 'starting' });
      this.started = true;
    } else if (!this.paused) this.bar.update(this.state.done, { text: this.state.text });
  }

  pause(): void {
    if (this.started) this.bar.stop();
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    if (this.started) this.bar.start(this.state.total, this.state.done, { text: this.state.text });
  }

  stop(): void {
    if (this.started && !this.paused) this.bar.stop();
    this.started = false;
  }
}

class PlainLines implements ProgressDisplay {
  private readonly state = new RunState();
  private last = -Infinity;
  private paused = false;

  constructor(
    private readonly stream: Output,
    private readonly interval: number,
  ) {}

  show(event: RunEvent): void {
    this.state.update(event);
    const now = performance.now();
    if (this.paused || event.type === 'ready' || now - this.last < this.interval) return;
    this.last = now;
    this.stream.write(`${this.state.text}\n`);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  stop(): void {}
}

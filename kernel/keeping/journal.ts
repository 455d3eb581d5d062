/** What the cells of a kernel have shown, as their outputs hold it now: what a host that comes later has to know. */
import { serialize } from 'node:v8';
import type { Answer, Ask, Display, HostMessage, KernelMessage, Ready, Stream } from '../protocol';
import { RunningTrainings } from '../runningTrainings';
import type { KeptRun, Welcome } from './frames';

/** What the outputs of all runs may take together, in bytes. */
const LIMIT = 128 * 1024 * 1024;

interface Run extends KeptRun {
  bytes: number;
  /** What each display takes of them. */
  displayed: Map<string, number>;
}

export class Journal {
  private readonly runs = new Map<string, Run>();
  private readonly asks = new Map<number, Ask>();
  private readonly trainings = new RunningTrainings();
  /** The names of the cells by the ids of runs that no host has shown, and that were too large to be kept. */
  private readonly lost = new Map<string, string>();
  private bytes = 0;
  private ready: Ready | undefined;

  /** @param limit what outputs may take, in bytes; those of the oldest runs that are over go first */
  constructor(private readonly limit = LIMIT) {}

  /** Whether a cell is under way or waits for its turn, or a training continues without one. */
  get isBusy(): boolean {
    return this.trainings.list.length > 0 || [...this.runs.values()].some(({ finished }) => !finished);
  }

  /** Whether something was said that no host has heard, or that the host has not said to show. */
  get hasNews(): boolean {
    return this.lost.size > 0 || [...this.runs.values()].some(({ missed }) => missed);
  }

  /** The titles of trainings under way. */
  get titles(): string[] {
    return this.trainings.list.map(({ title }) => title);
  }

  /** What a new host has to know. */
  tell(): Pick<Welcome, 'ready' | 'runs' | 'asks' | 'lost'> {
    const runs = [...this.runs.values()].map(({ cell, started, outputs, finished, missed }): KeptRun => {
      return { cell, outputs: [...outputs], missed, ...(started && { started }), ...(finished && { finished }) };
    });
    const lost = [...this.lost.values()];
    return { runs, asks: [...this.asks.values()], lost, ...(this.ready && { ready: this.ready }) };
  }

  /** A host has been told of all that was said so far. The ends of runs are missed until it says that it shows them. */
  heard(): void {
    for (const run of this.runs.values()) run.missed &&= run.finished !== undefined;
    this.lost.clear();
  }

  /** A host shows a run, to its end. */
  shown(id: string): void {
    const run = this.runs.get(id);
    if (run?.finished) run.missed = false;
    this.lost.delete(id);
  }

  posted(message: HostMessage): void {
    if (message.type !== 'execute') return;
    // What a cell showed before is over.
    for (const [id, { cell, finished }] of this.runs) {
      if (finished && cell.source !== undefined && cell.source === message.source) this.forget(id);
    }
    this.runs.set(message.id, { cell: message, outputs: [], missed: false, bytes: 0, displayed: new Map() });
  }

  answered({ askId }: Answer): void {
    this.asks.delete(askId);
  }

  /** The kernel is gone: what its trainings show last. Whether a host hears of it is not known yet. */
  end(): void {
    for (const display of this.trainings.end()) this.receive(display, false);
    for (const run of this.runs.values()) run.missed ||= !run.finished;
  }

  /** @param isHeard whether a host listens */
  receive(message: KernelMessage, isHeard: boolean): void {
    this.trainings.receive(message);
    if (message.type === 'ready') this.ready = message;
    if (message.type === 'ask') this.asks.set(message.askId, message);
    if (message.type === 'withdrawn') this.asks.delete(message.askId);
    const run = 'id' in message && message.id !== undefined ? this.runs.get(message.id) : undefined;
    if (!run) return;
    if (message.type === 'started') run.started = message;
    else if (message.type === 'finished') run.finished = message;
    else if (message.type === 'stream') this.print(run, message);
    else if (message.type === 'display') this.display(run, message);
    else return;
    // What is sent to a host that dies was heard by nobody.
    if (!isHeard || message.type === 'finished') run.missed = true;
    this.shorten();
  }

  private print(run: Run, message: Stream): void {
    const { outputs } = run;
    if (message.end) {
      this.printEnd(run, message);
      return;
    }
    const last = outputs.at(-1);
    const goesOn = last?.type === 'stream' && !last.end && last.name === message.name && last.late === message.late;
    if (goesOn) outputs[outputs.length - 1] = { ...last, text: last.text + message.text };
    else outputs.push(message);
    this.add(run, message.text.length);
  }

  /** The end of a very long stream takes the place of the one before. */
  private printEnd(run: Run, message: Stream): void {
    const { outputs } = run;
    const place = outputs.findIndex((known) => known.type === 'stream' && known.end && known.name === message.name);
    if (place < 0) outputs.push(message);
    else {
      const before = outputs[place] as Stream;
      this.add(run, -before.text.length);
      outputs[place] = { ...message, late: before.late };
    }
    this.add(run, message.text.length);
  }

  private display(run: Run, message: Display): void {
    const { outputs, displayed } = run;
    const { displayId, bundle } = message;
    const place = message.update
      ? outputs.findIndex((known) => known.type === 'display' && known.displayId === displayId)
      : -1;
    const before = outputs[place] as Display | undefined;
    if (before) outputs[place] = { ...before, bundle };
    else outputs.push({ ...message, update: false });
    const bytes = serialize(bundle).length;
    this.add(run, bytes - (before ? (displayed.get(displayId) ?? 0) : 0));
    displayed.set(displayId, bytes);
  }

  private add(run: Run, bytes: number): void {
    run.bytes += bytes;
    this.bytes += bytes;
  }

  private shorten(): void {
    for (const [id, run] of this.runs) {
      if (this.bytes <= this.limit) return;
      if (!run.finished) continue;
      if (run.missed) this.lost.set(id, run.cell.cellName);
      this.forget(id);
    }
  }

  private forget(id: string): void {
    this.bytes -= this.runs.get(id)?.bytes ?? 0;
    this.runs.delete(id);
  }
}

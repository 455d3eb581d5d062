/**
 * Sees that the cell under way waits for what nothing will settle (`await new Promise(() => {})`).
 *
 * Node's own sign of it is `beforeExit`: no timer, request, child, thread or native work is left that could ever call
 * back. Only the channel to the host keeps a kernel alive then, so it is released for a moment. What was asked not to
 * keep a process alive (`unref`) does not count; a timer of a cell is known all the same.
 */
import type { Execution } from './execution';

/** How long a cell runs before it is looked at, and between looks. */
const PATIENCE_MS = 2000;
const PAUSE_MS = 1000;
/** A process with nothing left says so at once. */
const LOOK_MS = 50;

/** Node's own: those that cells call end with their cell. */
const later = setTimeout;
const repeatedly = setInterval;

type Listener = () => void;

export class DeadWaits {
  private looking: Execution | undefined;
  private told: Execution | undefined;
  /** Listeners of cells and libraries: for them this is not the end. */
  private others: Listener[] = [];

  /**
   * @param running the cell under way
   * @param tell hears of each that waits for ever, once
   */
  constructor(
    private readonly running: () => Execution | undefined,
    private readonly tell: (execution: Execution) => void,
  ) {
    process.on('beforeExit', this.drained);
    repeatedly(() => this.look(), PAUSE_MS).unref();
  }

  private look(): void {
    const execution = this.running();
    if (this.looking || !execution || execution === this.told) return;
    if (execution.duration < PATIENCE_MS || execution.hasStarted) return;
    this.looking = execution;
    this.others = (process.rawListeners('beforeExit') as Listener[]).filter((listener) => listener !== this.drained);
    for (const listener of this.others) process.off('beforeExit', listener);
    process.channel?.unref();
    later(() => this.lookAway(), LOOK_MS).unref();
  }

  /** First of all the process stays. */
  private readonly drained = (): void => {
    process.channel?.ref();
    const seen = this.looking;
    this.lookAway();
    if (!seen || seen !== this.running()) return;
    this.told = seen;
    this.tell(seen);
  };

  private lookAway(): void {
    process.channel?.ref();
    this.looking = undefined;
    for (const listener of this.others.splice(0)) process.on('beforeExit', listener);
  }
}

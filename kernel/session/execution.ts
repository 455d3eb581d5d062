/** One run of one cell: its identity, its abort signal, and the promise that it settles. */
import type { Execute } from '../protocol';
import { InterruptedError } from './errors';
import type { Printer } from './streams';

/** How a run ends: in good order, or with an error. */
export type Ending = { success: true } | { success: false; error: unknown };

/** How long an aborted cell has to end by itself before it is settled over its head. */
const SETTLE_MS = 250;

export class Execution implements Printer {
  readonly id: string;
  readonly cellName: string;
  readonly startTime = Date.now();
  private readonly started = performance.now();
  private readonly controller = new AbortController();
  private settle!: (ending: Ending) => void;
  readonly settled = new Promise<Ending>((resolve) => (this.settle = resolve));
  printed = 0;
  displays = 0;
  /** The last expression's value, once the cell came to it. */
  result: unknown;

  constructor(
    readonly message: Execute,
    readonly order: number,
  ) {
    this.id = message.id;
    this.cellName = message.cellName;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get duration(): number {
    return performance.now() - this.started;
  }

  end(ending: Ending): void {
    this.settle(ending);
  }

  /** Aborts what the cell is doing. A cell that waits for something else is settled after a moment. */
  interrupt(): void {
    if (this.signal.aborted) return;
    const reason = new InterruptedError();
    this.controller.abort(reason);
    setTimeout(() => this.settle({ success: false, error: reason }), SETTLE_MS).unref();
  }

  /** V8 ended the cell's JavaScript: there is nothing left that could end by itself. */
  terminated(): void {
    const reason = new InterruptedError();
    if (!this.signal.aborted) this.controller.abort(reason);
    this.settle({ success: false, error: reason });
  }
}

/** What need not be said as often as it changes. */

export class Pace {
  private due = 0;
  private waiting: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param interval least milliseconds between two that may wait */
  constructor(private readonly interval: number) {}

  /**
   * Says it now, or, if it may wait, when its time has come, unless something newer is to be said by then.
   */
  say(action: () => void, mayWait: boolean): void {
    const left = this.due - performance.now();
    if (!mayWait || left <= 0) return this.now(action);
    this.waiting = action;
    this.timer ??= setTimeout(() => this.waiting && this.now(this.waiting), left);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = this.waiting = undefined;
  }

  private now(action: () => void): void {
    this.dispose();
    this.due = performance.now() + this.interval;
    action();
  }
}

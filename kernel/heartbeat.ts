/**
 * Tells a process that is busy from one that does not answer: a thread of the kernel's that computes nothing answers each
 * beat, whatever its main thread does. One that does not was stopped, or has no memory or processor left to run with.
 */

export interface HeartbeatOptions {
  /** Milliseconds between two beats; default 3000. */
  every?: number;
  /** Beats without an answer, one after the other, until the process counts as silent; default 4. */
  missed?: number;
}

export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  private asked = 0;
  private answered = 0;
  private isSilent = false;

  /**
   * @param send asks for an answer to a beat of this number
   * @param onSilence hears when the process falls silent, and when it is heard again
   */
  constructor(
    private readonly send: (beat: number) => void,
    private readonly onSilence: (isSilent: boolean) => void,
    private readonly options: HeartbeatOptions = {},
  ) {}

  /** From now on, until {@link stop}; what was not answered before does not count. */
  start(): void {
    if (this.timer) return;
    this.answered = this.asked;
    this.timer = setInterval(() => this.beat(), this.options.every ?? 3000);
    // Nothing else would keep a host alive that waits for nobody.
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.tell(false);
  }

  heard(beat: number): void {
    this.answered = Math.max(this.answered, beat);
    this.tell(false);
  }

  /** Counted and not timed: a computer that slept has missed none. */
  private beat(): void {
    if (this.asked - this.answered >= (this.options.missed ?? 4)) this.tell(true);
    this.send(++this.asked);
  }

  private tell(isSilent: boolean): void {
    if (isSilent === this.isSilent) return;
    this.isSilent = isSilent;
    this.onSilence(isSilent);
  }
}

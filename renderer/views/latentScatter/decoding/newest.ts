/** Questions to the live kernel: one under way, and of those that come meanwhile only the newest. */
import { messageOf } from '../../../errors';

export interface Asking<Q, A> {
  ask(question: Q): Promise<A>;
  onAnswer(question: Q, answer: A): void;
  /** There is no answer, or none yet; the reason is a sentence or its beginning. */
  onReason(question: Q, reason: string): void;
}

/** Milliseconds after which the reader is told that the kernel is slow. The answer is still taken when it comes. */
const PATIENCE = 3000;

export class Newest<Q, A> {
  private next: { question: Q } | undefined;
  private busy = false;
  private closed = false;

  constructor(private readonly asking: Asking<Q, A>) {}

  ask(question: Q): void {
    this.next = { question };
    if (!this.busy) void this.work();
  }

  /** Nothing is wanted any more; what is under way is answered to nobody. */
  drop(): void {
    this.next = undefined;
  }

  close(): void {
    this.closed = true;
    this.drop();
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.next !== undefined) {
      const { question } = this.next;
      this.next = undefined;
      await this.answer(question);
    }
    this.busy = false;
  }

  private async answer(question: Q): Promise<void> {
    const { asking } = this;
    const slow = setTimeout(() => asking.onReason(question, 'the kernel has not answered yet'), PATIENCE);
    try {
      const answer = await asking.ask(question);
      if (!this.closed) asking.onAnswer(question, answer);
    } catch (error) {
      if (!this.closed) asking.onReason(question, messageOf(error));
    } finally {
      clearTimeout(slow);
    }
  }
}

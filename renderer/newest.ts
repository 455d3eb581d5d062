/** Questions where only the newest counts: one is under way, and the last of those that come meanwhile waits. */
import { messageOf } from './errors';

export interface NewestEvents<Q, A> {
  ask(question: Q): Promise<A>;
  onAnswer(question: Q, answer: A): void;
  /** There is no answer, or none yet. */
  onReason(question: Q, reason: string): void;
}

/** Milliseconds after which the view says that the kernel is slow. The answer is still taken when it comes. */
const PATIENCE = 3000;

export class Newest<Q, A> {
  private next: { question: Q } | undefined;
  private busy = false;
  private closed = false;

  constructor(private readonly events: NewestEvents<Q, A>) {}

  ask(question: Q): void {
    this.next = { question };
    if (!this.busy) void this.work();
  }

  /** What waits is wanted no more. */
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
    const { events } = this;
    const slow = setTimeout(() => events.onReason(question, 'the kernel has not answered yet'), PATIENCE);
    try {
      const answer = await events.ask(question);
      if (!this.closed) events.onAnswer(question, answer);
    } catch (error) {
      if (!this.closed) events.onReason(question, messageOf(error));
    } finally {
      clearTimeout(slow);
    }
  }
}

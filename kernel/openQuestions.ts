/** The questions of one kernel: one is put to the user at a time, in the order they came. */
import type { Answer, Ask, KernelMessage } from './protocol';

/**
 * Puts a question to the user.
 *
 * @param signal aborts when nobody waits for the answer any more: what the user sees of the question goes away
 * @returns the answer; null when the user cancels
 * @throws Error saying why nobody can be asked
 */
export type AskUser = (question: Ask, signal: AbortSignal) => Promise<string | boolean | null>;

export class OpenQuestions {
  private readonly open = new Map<number, AbortController>();
  private last = Promise.resolve();

  constructor(
    private readonly ask: AskUser,
    private readonly answer: (answer: Answer) => void,
  ) {}

  receive(message: KernelMessage): void {
    if (message.type === 'withdrawn') this.open.get(message.askId)?.abort();
    if (message.type !== 'ask') return;
    const controller = new AbortController();
    this.open.set(message.askId, controller);
    this.last = this.last.then(() => this.put(message, controller.signal));
  }

  /** Takes all questions back. Returns whether there were any. */
  end(): boolean {
    const some = this.open.size > 0;
    for (const controller of this.open.values()) controller.abort();
    return some;
  }

  /** Never rejects, and is over when nobody waits, whatever the user does. */
  private async put(question: Ask, signal: AbortSignal): Promise<void> {
    const { askId } = question;
    if (!signal.aborted) {
      const answered = this.ask(question, signal).then(
        (value): Answer => ({ askId, value }),
        (error: Error): Answer => ({ askId, error: error.message }),
      );
      const answer = await Promise.race([answered, aborted(signal)]);
      if (answer && !signal.aborted) this.answer(answer);
    }
    this.open.delete(askId);
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}

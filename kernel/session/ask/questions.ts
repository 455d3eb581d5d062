/** Asks the user through the host. The watchdog's thread brings the answers, so that this one can wait for them. */
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { Ahead, Answer, Ask, KernelMessage } from '../../protocol';
import { InterruptedError } from '../errors';
import { Flag } from '../run/interruptFlags';

export type Question = Omit<Ask, 'type' | 'askId'>;

/** There is nobody who could answer. */
export class NobodyToAskError extends Error {
  override readonly name = 'NobodyToAsk';
}

export interface QuestionsOptions {
  /** Shared with the watchdog, which counts its news there. */
  flags: Int32Array;
  /** Answers come from here; what this thread's channel holds back goes there. */
  port: MessagePort;
  heldBack(): Ahead;
}

interface Asker {
  resolve(value: string | boolean | null): void;
  reject(error: Error): void;
}

export class Questions {
  private asked = 0;
  /** Those that did not wait, by the number of their question. */
  private readonly askers = new Map<number, Asker>();

  constructor(
    private readonly options: QuestionsOptions,
    private readonly send: (message: KernelMessage) => void,
  ) {
    options.port.on('message', (answer: Answer) => this.receive(answer));
    this.keepAlive();
  }

  /**
   * Asks, and holds this thread until the answer is there.
   *
   * @param isInterrupted whether the code that asks has been interrupted already
   * @returns what the user answered; null for a question that was cancelled
   * @throws InterruptedError when the user interrupts
   * @throws NobodyToAskError when there is no one to ask
   */
  ask(question: Question, isInterrupted: () => boolean): string | boolean | null {
    const { flags, port } = this.options;
    const interrupts = Atomics.load(flags, Flag.interrupts);
    if (isInterrupted()) throw new InterruptedError();
    const askId = this.post(question);
    port.postMessage(this.options.heldBack());
    for (;;) {
      const news = Atomics.load(flags, Flag.news);
      const answer = this.answerTo(askId);
      if (answer) return valueOf(answer);
      if (Atomics.load(flags, Flag.interrupts) !== interrupts) {
        this.send({ type: 'withdrawn', askId });
        throw new InterruptedError();
      }
      Atomics.wait(flags, Flag.news, news);
    }
  }

  /** Asks and continues; rejects as {@link ask} throws. */
  askLater(question: Question): Promise<string | boolean | null> {
    const askId = this.post(question);
    const answered = new Promise<string | boolean | null>((resolve, reject) =>
      this.askers.set(askId, { resolve, reject }),
    );
    this.keepAlive();
    return answered;
  }

  /** Nobody waits any more: the user interrupted. */
  withdraw(): void {
    for (const [askId, { reject }] of this.askers) {
      this.send({ type: 'withdrawn', askId });
      reject(new InterruptedError());
    }
    this.askers.clear();
    this.keepAlive();
  }

  /** As a timer does while it runs: a cell that waits for the user waits for what will come. */
  private keepAlive(): void {
    if (this.askers.size > 0) this.options.port.ref();
    else this.options.port.unref();
  }

  private post(question: Question): number {
    const askId = ++this.asked;
    this.send({ type: 'ask', askId, ...question });
    return askId;
  }

  /** Takes what has come; answers to others are passed on. */
  private answerTo(askId: number): Answer | undefined {
    for (;;) {
      const received = receiveMessageOnPort(this.options.port) as { message: Answer } | undefined;
      if (!received) return undefined;
      if (received.message.askId === askId) return received.message;
      this.receive(received.message);
    }
  }

  private receive(answer: Answer): void {
    const asker = this.askers.get(answer.askId);
    if (!asker) return;
    this.askers.delete(answer.askId);
    this.keepAlive();
    try {
      asker.resolve(valueOf(answer));
    } catch (error) {
      asker.reject(error as Error);
    }
  }
}

function valueOf({ value = null, error }: Answer): string | boolean | null {
  if (error !== undefined) throw new NobodyToAskError(error);
  return value;
}

/** The host's end of the language worker: started when it is first needed, and again after it has ended. */
import { Worker } from 'node:worker_threads';
import { WORKER_LIMITS, type FromWorker, type QuestionName } from './protocol';
import type { Questions, ToWorker, WorkerOptions } from './protocol';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What a client tells, beside answers. */
export interface LanguageEvents {
  problems(message: Extract<FromWorker, { type: 'problems' }>): void;
  /** Why types are not as they should be. */
  warning(message: string): void;
  /** The worker is new and knows nothing: the notebooks are to be opened again. */
  started(): void;
}

/** What asks for an answer may be of no use any more: VS Code's cancellation token. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

/** A worker that ends more often than this is not started again. */
const MAX_STARTS = 5;

export class LanguageClient {
  private worker: Worker | undefined;
  private starts = 0;
  private asked = 0;
  private readonly waiting = new Map<number, Waiting>();

  /** @param file the bundled worker */
  constructor(
    private readonly file: string,
    private readonly options: WorkerOptions,
    private readonly events: LanguageEvents,
  ) {}

  get isRunning(): boolean {
    return this.worker !== undefined;
  }

  start(): void {
    if (this.worker || this.starts >= MAX_STARTS) return;
    this.starts++;
    const worker = new Worker(this.file, {
      workerData: this.options,
      resourceLimits: WORKER_LIMITS,
    });
    this.worker = worker;
    worker.on('message', (message: FromWorker) => this.receive(message));
    worker.on('error', (error) => this.ended(worker, error));
    worker.on('exit', () => this.ended(worker, new Error('The language worker has ended.')));
    this.events.started();
  }

  tell(message: ToWorker): void {
    this.worker?.postMessage(message);
  }

  /**
   * @returns undefined when it was cancelled
   * @throws Error what the worker refuses, and why
   */
  ask<Q extends QuestionName>(
    question: Q,
    args: Parameters<Questions[Q]>,
    cancellation?: Cancellation,
  ): Promise<ReturnType<Questions[Q]> | undefined> {
    this.start();
    const { worker } = this;
    if (!worker || cancellation?.isCancellationRequested) return Promise.resolve(undefined);
    const id = ++this.asked;
    const answer = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.tell({ type: 'ask', id, question, args });
    const cancelled = cancellation?.onCancellationRequested(() => this.tell({ type: 'cancel', id }));
    return answer.finally(() => cancelled?.dispose()) as Promise<ReturnType<Questions[Q]> | undefined>;
  }

  async dispose(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    this.starts = MAX_STARTS;
    this.forgetWaiting(new Error('The language worker was stopped.'));
    await worker?.terminate();
  }

  private receive(message: FromWorker): void {
    if (message.type === 'problems') this.events.problems(message);
    else if (message.type === 'warning') this.events.warning(message.message);
    else {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.error));
    }
  }

  private ended(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    this.events.warning(error.message);
    this.forgetWaiting(error);
    this.start();
  }

  private forgetWaiting(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

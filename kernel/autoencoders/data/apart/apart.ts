/**
 * Work on files that must not hold up or exhaust the process: decoders run in separate threads, several at a time. One
 * that does not come back, or takes too much memory, is ended, and the read fails with a message instead.
 */
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { builtFile } from '../../../engine/packageRoot';
import { DataError } from '../checkData';
import type { Answer, Question, TaskInput, TaskName, TaskResult } from './tasks';

export interface Limits {
  /** What the work is about, for messages: the file. */
  name: string;
  /** The longest that it may take. Default 10. */
  seconds?: number;
  /** How much more memory the process may take meanwhile, in MB. Default 1024. */
  megabytes?: number;
}

/** Threads that do nothing are kept so long: starting one costs more than most work. */
const IDLE_MS = 3000;
const WATCH_MS = 50;
const MOST = Math.max(1, Math.min(4, availableParallelism()));

interface Job {
  task: TaskName;
  input: unknown;
  limits: Limits;
  resolve(value: unknown): void;
  reject(error: DataError): void;
}

const threads = new Set<Thread>();
const waiting: Job[] = [];

/**
 * Does a task in another thread.
 *
 * @throws {DataError} what the task threw, or that it was ended since it took too long or too much memory
 */
export function apart<K extends TaskName>(task: K, input: TaskInput<K>, limits: Limits): Promise<TaskResult<K>> {
  return new Promise<unknown>((resolve, reject) => {
    waiting.push({ task, input, limits, resolve, reject });
    next();
  }) as Promise<TaskResult<K>>;
}

/** How many tasks run at once; more are queued. */
export function tasksAtOnce(): number {
  return MOST;
}

function next(): void {
  if (waiting.length === 0) return;
  let thread = [...threads].find(({ idle }) => idle);
  if (!thread && threads.size < MOST) threads.add((thread = new Thread()));
  thread?.start(waiting.shift()!);
}

class Thread {
  private readonly worker = new Worker(builtFile('dataThread.js'), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  private job: Job | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor() {
    this.worker.on('message', (answer: Answer) => this.hear(answer));
    this.worker.on('error', (error: NodeJS.ErrnoException) => {
      const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.give(memory ? tooLarge : (name) => `${name}: its decoder failed (${error.message})`);
    });
    this.worker.on('exit', () => this.give((name) => `${name}: its decoder ended before it was done`));
    this.worker.unref();
  }

  get idle(): boolean {
    return this.job === undefined;
  }

  start(job: Job): void {
    clearTimeout(this.timer);
    this.job = job;
    this.worker.ref();
    this.worker.postMessage({ task: job.task, input: job.input } satisfies Question);
    this.watch(job.limits);
  }

  /** Ends the thread when its work passes a limit. */
  private watch({ seconds = 10, megabytes = 1024 }: Limits): void {
    const [started, memory] = [performance.now(), process.memoryUsage.rss()];
    this.timer = setInterval(() => {
      if (performance.now() - started > seconds * 1000) {
        this.give((name) => `${name}: its decoder did not finish within ${seconds} s; the file is damaged`);
      } else if (process.memoryUsage.rss() - memory > megabytes * 2 ** 20) this.give(tooLarge);
    }, WATCH_MS);
  }

  private hear(answer: Answer): void {
    const { job } = this;
    if (!job) return;
    this.rest();
    if ('value' in answer) job.resolve(answer.value);
    else job.reject(new DataError(answer.problem ?? `${job.limits.name}: it cannot be read (${answer.fault})`));
    next();
  }

  /** Gives this thread up, and says why to whoever waits for it. */
  private give(problem: (name: string) => string): void {
    threads.delete(this);
    clearInterval(this.timer);
    const { job } = this;
    this.job = undefined;
    void this.worker.terminate();
    job?.reject(new DataError(problem(job.limits.name)));
    next();
  }

  private rest(): void {
    clearInterval(this.timer);
    this.job = undefined;
    this.worker.unref();
    this.timer = setTimeout(() => this.give(String), IDLE_MS).unref();
  }
}

function tooLarge(name: string): string {
  return `${name}: decoding it takes too much memory; the file is damaged, or larger than this machine can hold`;
}

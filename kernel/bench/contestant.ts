/** A process that is measured. It is asked one thing at a time, in messages or in lines of JSON. */
import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { packageRoot } from '../engine/packageRoot';
import { failureSchema, readySchema, timesSchema } from './messages';
import type { Question, Ready, Task, Times } from './messages';

/** What a contestant cannot do, or why it ended. */
export class ContestantError extends Error {
  override readonly name = 'ContestantError';
}

export class Contestant {
  private readonly answers: unknown[] = [];
  private ended: ContestantError | undefined;
  private heard: (() => void) | undefined;
  private complaints = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly put: (question: Question) => void,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaints = (this.complaints + text).slice(-4_000);
    });
    child.on('error', (error) => this.end(error.message));
    child.on('close', (code, signal) => {
      const last = this.complaints.trim().split('\n').at(-1);
      this.end(`its process ended with ${signal ?? `exit code ${code}`}${last ? ` (${last})` : ''}`);
    });
  }

  /** A process of Node, on the first `threads` processors. @param env variables that are its own */
  static ofNode(task: Task, threads: Threads, env: Readonly<Record<string, string>> = {}): Contestant {
    const program = path.join(packageRoot(), 'dist', 'kernel', 'benchMain.js');
    const { file: execPath, args: execArgv } = pinned(threads, process.execPath);
    const stdio = ['ignore', 'ignore', 'pipe', 'ipc'] as const;
    const child = fork(program, [JSON.stringify(task)], {
      execPath,
      execArgv,
      stdio: [...stdio],
      env: { ...process.env, ...env },
    });
    const contestant = new Contestant(child, (question) => child.send(question));
    child.on('message', (message) => contestant.hear(message));
    return contestant;
  }

  /** A program that reads and writes lines, on the first `threads` processors. */
  static ofProgram(command: string, args: string[], threads: Threads): Contestant {
    const { file, args: all } = pinned(threads, command, args);
    const child = spawn(file, all, { stdio: 'pipe' });
    // How a process ended says why it took no message.
    child.stdin.on('error', () => undefined);
    const contestant = new Contestant(child, (question) => child.stdin.write(`${JSON.stringify(question)}\n`));
    createInterface(child.stdout).on('line', (line) => {
      // Libraries may print there, too.
      if (line.startsWith('{')) contestant.hear(JSON.parse(line));
    });
    return contestant;
  }

  /** Waits until the first pass is done. @throws {ContestantError} when it cannot be */
  ready(): Promise<Ready> {
    return this.answer(readySchema);
  }

  /** @throws {ContestantError} when a pass fails */
  run(question: Question): Promise<Times> {
    this.put(question);
    return this.answer(timesSchema);
  }

  /** Ends the process; waits until it is gone. */
  async close(): Promise<void> {
    this.child.kill();
    while (!this.ended) await new Promise<void>((resolve) => (this.heard = resolve));
  }

  private async answer<T>(schema: z.ZodType<T>): Promise<T> {
    while (this.answers.length === 0) {
      if (this.ended) throw this.ended;
      await new Promise<void>((resolve) => (this.heard = resolve));
    }
    const message = this.answers.shift();
    const failure = failureSchema.safeParse(message);
    if (failure.success) throw new ContestantError(failure.data.reason);
    return schema.parse(message);
  }

  private hear(message: unknown): void {
    this.answers.push(message);
    this.heard?.();
  }

  private end(reason: string): void {
    this.ended ??= new ContestantError(reason);
    this.heard?.();
  }
}

export interface Threads {
  count: number;
  /** Whether there are more, from which processes must be kept. */
  restricted: boolean;
}

/** The command, kept to some processors. */
export function pinned(
  { count, restricted }: Threads,
  command: string,
  args: string[] = [],
): { file: string; args: string[] } {
  if (!restricted) return { file: command, args };
  return { file: 'taskset', args: ['--cpu-list', `0-${count - 1}`, command, ...args] };
}

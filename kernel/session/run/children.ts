/** The child processes that cells start and do not wait for: an interrupt ends those of its cell, and of no other. */
import { ChildProcess } from 'node:child_process';
import { currentCell } from './cellContext';
import { Flag, MAX_CHILDREN } from './interruptFlags';

export class ChildProcesses {
  private readonly running = new Set<ChildProcess>();

  /** @param flags where the watchdog reads which children the main thread does not wait for */
  constructor(private readonly flags: Int32Array) {}

  install(): void {
    // Every way of starting a process that is not waited for comes through here, and its pid is known at once.
    const prototype = ChildProcess.prototype as unknown as { spawn(options: unknown): unknown };
    const { spawn } = prototype;
    const started = (child: ChildProcess) => this.started(child);
    prototype.spawn = function (this: ChildProcess, options: unknown): unknown {
      const result = spawn.call(this, options);
      if (this.pid !== undefined) started(this);
      return result;
    };
  }

  private started(child: ChildProcess): void {
    this.running.add(child);
    this.publish();
    const forget = currentCell()?.endsWith(() => child.kill('SIGTERM'));
    child.once('exit', () => {
      forget?.();
      this.running.delete(child);
      this.publish();
    });
  }

  private publish(): void {
    const pids = [...this.running].slice(-MAX_CHILDREN).map(({ pid }) => pid!);
    this.flags.set(pids, Flag.children + 1);
    Atomics.store(this.flags, Flag.children, pids.length);
  }
}

/** The way to a kernel's process: one that this process has started, or one that a keeper has. */
import type { Answer, Beat, DebugMessage, Execute, HostMessage, KernelMessage } from './protocol';

/** A cell that was asked to run, and that the kernel has not been given yet. */
export type WaitingCell = Pick<Execute, 'cellName' | 'code'>;

export interface KernelLink {
  readonly pid: number | undefined;
  /** The last lines that it wrote to stderr, as far as they are known here. */
  readonly tail: readonly string[];
  /** Settles when the process is gone, or this process has left it. */
  readonly exited: Promise<void>;
  post(message: HostMessage): void;
  /** Goes down the pipe that a busy kernel reads too. */
  ahead(message: Answer | Beat | DebugMessage): void;
  interrupt(): void;
  /** Ends the process at once. */
  kill(): void;
  /** Notes the cells that wait for their turn at the host, for the one that comes next. */
  note?(waiting: readonly WaitingCell[]): void;
  /** The host shows a run, to its end: the one that comes next need not be told. */
  shown?(id: string): void;
  /** Lets go of a process that lives on without its host; absent: it ends with its host. */
  leave?(): void;
}

/** What a host hears of a kernel, each in the order in which it was said. */
export interface KernelEars {
  message(message: KernelMessage): void;
  /** A message of the Debug Adapter Protocol. */
  debug(message: object): void;
  /** The process is gone; told once. */
  ended(reason: string): void;
}

export type Connect = (ears: KernelEars) => KernelLink;

/** Lines of stderr kept for telling why a kernel ended. */
const TAIL_LINES = 20;

/** The last lines of what a process wrote to stderr. */
export class Tail {
  readonly lines: string[] = [];

  add(text: string): void {
    this.lines.push(...text.trimEnd().split('\n'));
    this.lines.splice(0, this.lines.length - TAIL_LINES);
  }
}

export function withTail(reason: string, tail: readonly string[]): string {
  return tail.length === 0 ? reason : `${reason}\nLast lines of its stderr:\n${tail.join('\n')}`;
}

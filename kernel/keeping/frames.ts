/** What a host and a keeper say to each other over their socket, framed as in `pipe.ts`; an interrupt is its byte alone. */
import type { ChildOptions } from '../kernelChild';
import type { WaitingCell } from '../kernelLink';
import type {
  Answer,
  Ask,
  Beat,
  DebugMessage,
  Display,
  Execute,
  Finished,
  HostMessage,
  KernelMessage,
} from '../protocol';
import type { Ready, Started, Stream } from '../protocol';

/** How long a kernel lives on without a host, in milliseconds; 0: it ends with its host. */
export interface Patience {
  /** One that computes, or has done so since its host left. */
  busy: number;
  /** One that waits for cells. */
  idle: number;
}

/** A keeper's first message, over the channel to who has started it. */
export interface KeeperOptions {
  child: ChildOptions;
  /** Where it puts its file and its socket: a folder for the user's eyes alone. */
  folder: string;
  /** Whose kernel it is: what {@link KeeperFile} is found by. */
  owner: string;
  patience: Patience;
}

/** The answer: its file, once it listens. */
export type KeeperStarted = { file: string } | { error: string };

/** What a keeper's file holds; who can read it has the user's rights. */
export interface KeeperFile {
  protocol: number;
  owner: string;
  /** The keeper's. */
  pid: number;
  /** A socket's path, or the name of a pipe of Windows. */
  socket: string;
  /** A secret, in hexadecimal digits. */
  token: string;
}

export type ToKeeper =
  /** `peek`: tell the state, and no more. */
  | { type: 'hello'; token: string; peek?: boolean }
  /** The host continues with what the welcome said. */
  | { type: 'take' }
  | { type: 'post'; message: HostMessage }
  | { type: 'ahead'; message: Answer | Beat | DebugMessage }
  | { type: 'note'; waiting: readonly WaitingCell[] }
  /** A run has ended, and the host shows all of it. */
  | { type: 'shown'; id: string }
  /** The kernel may end, and its keeper with it. */
  | { type: 'kill' };

export type FromKeeper =
  | Welcome
  | { type: 'refused' }
  | KeptState
  | { type: 'message'; message: KernelMessage }
  | { type: 'debug'; message: object }
  | { type: 'ended'; reason: string };

export interface KeptState {
  type: 'state';
  /** Whether a host has the kernel. */
  isHeld: boolean;
  /** Whether the kernel is gone, and its keeper waits to tell of it. */
  hasEnded: boolean;
  isBusy: boolean;
  /** The titles of those under way. */
  trainings: string[];
}

export interface Welcome {
  type: 'welcome';
  /** The kernel's. */
  pid: number | undefined;
  /** Absent: the kernel has not been initialised. */
  ready?: Ready;
  runs: KeptRun[];
  /** Questions that nobody has answered. */
  asks: Ask[];
  /** Runs whose outputs were too large to be kept. */
  lost: string[];
  /** Cells that waited when the last host went. */
  waiting: readonly WaitingCell[];
  /** Why the kernel is gone, if it is. */
  ended?: string;
}

/** One run of a cell, and all that it has shown: as much of it as its outputs hold now. */
export interface KeptRun {
  cell: Execute;
  started?: Started;
  outputs: (Stream | Display)[];
  finished?: Finished;
  /** Whether some of it was said when no host listened, or no host has said that it shows its end. */
  missed: boolean;
}

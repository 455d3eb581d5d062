/** The process of a kernel: how it is started, and how what its cells left is ended. */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { compileCacheFolder } from './engine/cacheFolder';

export interface ChildOptions {
  /** The bundled `dist/kernel/main.js`. */
  kernelMain: string;
  /** The Node (20 or newer) that runs it; default: the one that runs this. */
  nodePath?: string;
  /** Where relative paths and imports of cells start from (absolute). */
  folder: string;
  /** Variables that the kernel's process has beside those of this one. */
  env?: Readonly<Record<string, string>>;
}

const NODE_FLAGS = [
  // Ending JavaScript inside a timer leaves Node's bookkeeping of async ids behind; by default Node aborts over it.
  '--no-force-async-hooks-checks',
  // Code that runs for the first time, as cells do, else looks for each global name in the variables of one cell after
  // the other: with thousands of cells that is most of their time.
  '--no-lazy-feedback-allocation',
];

/** A detached process is one without a window on Windows, and elsewhere the first of a group that can be ended whole. */
const LEADS_A_GROUP = process.platform !== 'win32';

/** @throws Error for a relative path, or a folder that is not there */
export function requireFolder(folder: string): void {
  if (!path.isAbsolute(folder)) throw new Error(`The kernel's folder "${folder}" is no absolute path.`);
  if (!existsSync(folder)) throw new Error(`The kernel's folder ${folder} does not exist. Was it moved or deleted?`);
}

export function forkKernel({ kernelMain, nodePath = process.execPath, folder, env }: ChildOptions): ChildProcess {
  const given = { ...process.env, ...env };
  return fork(kernelMain, [], {
    execPath: nodePath,
    execArgv: NODE_FLAGS,
    cwd: folder,
    detached: LEADS_A_GROUP,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    // The last one is harmless for Node, and makes VS Code's Electron behave as Node.
    env: { NODE_COMPILE_CACHE: compileCacheFolder(given), ...given, ELECTRON_RUN_AS_NODE: '1' },
  });
}

/** Ends what the cells of a kernel started and left: such processes are of the group that their kernel led. */
export function endGroup(leader: number | undefined): void {
  if (leader === undefined || !LEADS_A_GROUP) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // There is none.
  }
}

/** A kernel as a child process: how it is started, heard, and ended with what its cells left. */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import path from 'node:path';
import { Arrivals } from './arrivals';
import { compileCacheFolder } from './engine/cacheFolder';
import { isCrash, rememberFailure } from './engine/devices/failures';
import { forgetPasses } from './engine/devices/passes';
import { Tail, withTail, type KernelEars, type KernelLink } from './kernelLink';
import { largestTensors } from './memoryWords';
import { framed, PipeReader } from './pipe';
import {
  INTERRUPT_BYTE,
  INTERRUPT_FD,
  isBeat,
  isDebugMessage,
  type Ahead,
  type Answer,
  type Beat,
  type DebugMessage,
  type DeviceSummary,
  type HostMessage,
  type KernelMessage,
  type TensorMemory,
} from './protocol';

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

/** What V8 and Node say when JavaScript's heap is full. */
const OUT_OF_HEAP = /heap out of memory|Reached heap limit|OOMErrorHandler/;

/** How long an ended kernel's pipes are listened to. */
const LAST_WORDS_MS = 500;

/** Node says so at every end of a process whose inspector is in use. */
const INSPECTOR_FAREWELL = /^Waiting for the debugger to disconnect\.\.\.\n?/gm;

/** A detached process is one without a window on Windows, and elsewhere the first of a group that can be ended whole. */
const LEADS_A_GROUP = process.platform !== 'win32';

/** @throws Error for a relative path, or a folder that is not there */
export function requireFolder(folder: string): void {
  if (!path.isAbsolute(folder)) throw new Error(`The kernel's folder "${folder}" is no absolute path.`);
  if (!existsSync(folder)) throw new Error(`The kernel's folder ${folder} does not exist. Was it moved or deleted?`);
}

function forkKernel({ kernelMain, nodePath = process.execPath, folder, env }: ChildOptions): ChildProcess {
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
function endGroup(leader: number | undefined): void {
  if (leader === undefined || !LEADS_A_GROUP) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // There is none.
  }
}

export class KernelChild implements KernelLink {
  readonly exited: Promise<void>;
  private readonly process: ChildProcess;
  private readonly stderr = new Tail();
  private readonly arrivals = new Arrivals((message) => this.receive(message));
  private device: DeviceSummary | undefined;
  private memory: TensorMemory | undefined;
  private runningCell: string | undefined;
  private isGone = false;
  /** Whether V8 has said that its heap is full: what follows is a native stack. */
  private ranOut = false;

  /** @throws Error for a folder that is not there */
  constructor(
    options: ChildOptions,
    private readonly ears: KernelEars,
  ) {
    requireFolder(options.folder);
    const child = forkKernel(options);
    this.process = child;
    this.exited = this.untilExit();
    child.on('message', (message) => this.arrivals.receive(message as KernelMessage));
    const ahead = new PipeReader((message) => {
      if (isDebugMessage(message)) this.ears.debug(message.message);
      else if (isBeat(message)) this.ears.message(message);
      else this.arrivals.receiveAhead(message as Ahead);
    });
    this.pipe.on('data', (piece: Buffer) => ahead.push(piece));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.nativeOutput('stdout', text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.nativeOutput('stderr', text));
    // A kernel that ended closes its pipes; `close` tells it, with the reason.
    this.pipe.on('error', (error) => this.stderr.add(`interrupt pipe: ${error.message}`));
  }

  get tail(): readonly string[] {
    return this.stderr.lines;
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  post(message: HostMessage): void {
    // A failed write means the process is gone, which `close` reports.
    this.process.send(message, (error) => error && this.stderr.add(`send: ${error.message}`));
  }

  ahead(message: Answer | Beat | DebugMessage): void {
    this.pipe.write(framed(message));
  }

  interrupt(): void {
    this.pipe.write(Uint8Array.of(INTERRUPT_BYTE));
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  private get pipe(): Duplex {
    return this.process.stdio[INTERRUPT_FD] as Duplex;
  }

  private untilExit(): Promise<void> {
    const { process: child } = this;
    return new Promise((resolve) => {
      child.once('error', (error) => {
        this.ended(`Node could not be started (${child.spawnfile}): ${error.message}`);
        resolve();
      });
      let lastWords: NodeJS.Timeout | undefined;
      const ended = (code: number | null, signal: NodeJS.Signals | null) => {
        clearTimeout(lastWords);
        if (isCrash(signal)) this.blameDevice(signal);
        this.ended(this.ranOut ? ranOutReason(this.memory) : reasonOf(code, signal, this.memory));
        resolve();
      };
      child.once('close', ended);
      // Processes that a cell started may hold the pipes open for as long as they like.
      child.once('exit', (code, signal) => {
        endGroup(child.pid);
        lastWords = setTimeout(() => ended(code, signal), LAST_WORDS_MS);
      });
    });
  }

  private receive(message: KernelMessage): void {
    if (message.type === 'ready') this.device = message.device;
    if (message.type === 'memoryHeld') this.memory = message.memory;
    if (message.type === 'started') this.runningCell = message.id;
    if (message.type === 'finished') this.runningCell = undefined;
    this.ears.message(message);
  }

  /** What native code printed past the kernel's own streams. */
  private nativeOutput(name: 'stdout' | 'stderr', printed: string): void {
    const text = printed.replace(INSPECTOR_FAREWELL, '');
    if (text === '') return;
    if (name === 'stderr') {
      this.ranOut ||= OUT_OF_HEAP.test([...this.tail.slice(-1), text].join(''));
      this.stderr.add(text);
    }
    this.ears.message({ type: 'stream', id: this.runningCell, name, text });
  }

  /** The next kernel tries the device in a separate process, or passes it by. */
  private blameDevice(signal: NodeJS.Signals | null): void {
    const { device } = this;
    if (!device) forgetPasses();
    else if (device.gpu) rememberFailure(device.name, `it ended a kernel by ${signal}`);
  }

  private ended(reason: string): void {
    if (this.isGone) return;
    this.isGone = true;
    this.ears.ended(this.ranOut ? reason : withTail(reason, this.tail));
  }
}

/** What follows for the window that shows the kernel. */
export const GONE = 'Its variables are lost; the next run starts a new kernel.';

/** @param memory what its tensors held when a cell ended last, where that was much */
function ranOutReason(memory: TensorMemory | undefined): string {
  const remedy = 'keep large arrays of numbers in a Float32Array or a tensor.';
  return `The kernel ran out of memory for JavaScript’s own values: ${remedy} ${GONE}${heldText(memory)}`;
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null, memory: TensorMemory | undefined): string {
  const why = signal === 'SIGKILL' ? ', which the system sends when memory runs out' : '';
  const how = signal ? `was ended by signal ${signal}${why}` : `ended with exit code ${code}`;
  return `The kernel ${how}. ${GONE}${why && heldText(memory)}`;
}

function heldText(memory: TensorMemory | undefined): string {
  return memory ? `\nWhen its last cell had ended, ${largestTensors(memory)}` : '';
}

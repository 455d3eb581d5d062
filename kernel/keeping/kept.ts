/** The host's side of a keeper: starts one with its kernel, or finds one that an earlier host has left. */
import { fork } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { KernelClient, type KernelOptions } from '../client';
import { requireFolder, type ChildOptions } from '../kernelChild';
import { Tail, type KernelEars, type KernelLink, type WaitingCell } from '../kernelLink';
import { framed, PipeReader } from '../pipe';
import {
  INTERRUPT_BYTE,
  PROTOCOL_VERSION,
  type Answer,
  type Beat,
  type DebugMessage,
  type HostMessage,
  type KernelMessage,
} from '../protocol';
import { showsTraining } from '../runningTrainings';
import type { FromKeeper, KeeperOptions, KeeperStarted, KeptRun, Patience, ToKeeper, Welcome } from './frames';
import { keepersFolder, keptFor, removeKept, type Kept } from './places';

export type { WaitingCell } from '../kernelLink';
export type { KeptRun, Patience } from './frames';

export interface KeptOptions extends KernelOptions {
  /** Whose kernel it is; hosts find it by that. */
  owner: string;
  patience: Patience;
}

/** A kernel that an earlier host has left, and what its cells have shown. */
export interface Found {
  client: KernelClient;
  /** What the kernel says from now on waits until this is called: who shows it has to be ready. */
  listen(): void;
  runs: KeptRun[];
  /** The names of cells whose outputs were too many to be kept. */
  lost: string[];
  /** Cells that waited for their turn when the earlier host went; nobody has run them. */
  waiting: readonly WaitingCell[];
}

/** How long a keeper may take to listen, and to answer. */
const ANSWER_MS = 15_000;

/** An earlier host that is about to end has its kernel for as long. */
const TAKEN_MS = 3000;
const TAKEN_POLL_MS = 100;

/**
 * As {@link KernelClient.start}, of a kernel that outlives this process.
 *
 * @throws NoKeeper where there is no private place for its socket; Error as there
 */
export async function startKept(options: KeptOptions): Promise<KernelClient> {
  requireFolder(options.folder);
  const { keeper, welcome } = await greeted(await startKeeper(options));
  return KernelClient.start(options, (ears) => {
    const link = new KeptLink(keeper, welcome, ears);
    keeper.say({ type: 'take' });
    queueMicrotask(() => link.listen());
    return link;
  });
}

/**
 * The kernel of an owner that an earlier host has left; undefined if there is none.
 *
 * @param isWanted whether a host wants what the kernel has run: it stays where it is otherwise
 * @throws Error for a kernel of another version of LatentLab, which continues
 */
export async function findKept(
  options: KeptOptions,
  isWanted: (runs: readonly KeptRun[]) => boolean = () => true,
): Promise<Found | undefined> {
  for (const kept of keptFor(keepersFolder({ ...process.env, ...options.env }), options.owner)) {
    const { protocol, pid } = kept.content;
    if (protocol !== PROTOCOL_VERSION && isAlive(pid)) {
      throw new Error(
        `A kernel of another version of LatentLab still runs for this notebook (process ${pid}); it ends by itself.`,
      );
    }
    const found = await greetedUntil(kept, performance.now() + TAKEN_MS);
    if (!found) continue;
    const { keeper, welcome } = found;
    const { ready, runs, asks, lost, waiting } = welcome;
    if (!ready || !isWanted(runs)) {
      keeper.socket.destroy();
      continue;
    }
    const said = [...runs.flatMap(({ outputs }): KernelMessage[] => outputs), ...asks];
    keeper.say({ type: 'take' });
    let link!: KeptLink;
    const underWay = runs.filter(({ finished }) => !finished).map(({ cell }) => cell.id);
    const connect = (ears: KernelEars) => (link = new KeptLink(keeper, welcome, ears));
    const client = KernelClient.resume(options, connect, ready, { said, underWay });
    return { client, runs, lost, waiting, listen: () => link.listen() };
  }
  return undefined;
}

/** There is no place for a keeper here: a kernel can be started without one. */
export class NoKeeper extends Error {}

async function startKeeper({ kernelMain, nodePath, folder, env, owner, patience }: KeptOptions): Promise<Kept> {
  const child: ChildOptions = { kernelMain, folder, ...(nodePath && { nodePath }), ...(env && { env }) };
  const keepers = keepersFolder({ ...process.env, ...env });
  const options = {
    ...(nodePath && { execPath: nodePath }),
    execArgv: [],
    detached: true,
    // Its own window, which Windows gives a detached process, is not shown.
    windowsHide: true,
    stdio: ['ignore' as const, 'ignore' as const, 'ignore' as const, 'ipc' as const],
    // The last one is harmless for Node, and makes VS Code's Electron behave as Node.
    env: { ...process.env, ...env, ELECTRON_RUN_AS_NODE: '1' },
  };
  const keeper = fork(path.join(path.dirname(kernelMain), 'keeper.js'), [], options);
  const started = await new Promise<KeeperStarted>((resolve) => {
    keeper.once('message', (message) => resolve(message as KeeperStarted));
    keeper.once('error', ({ message }) =>
      resolve({ error: `Node could not be started (${keeper.spawnfile}): ${message}` }),
    );
    keeper.once('exit', (code, signal) => resolve({ error: `The kernel's keeper ended with ${signal ?? code}.` }));
    keeper.send({ child, folder: keepers, owner, patience } satisfies KeeperOptions);
  });
  keeper.unref();
  if ('error' in started) throw new NoKeeper(started.error);
  const kept = keptFor(keepers, owner).find(({ file }) => file === started.file);
  if (!kept) throw new NoKeeper(`The kernel's keeper left no file ${started.file}.`);
  return kept;
}

interface Greeted {
  keeper: Connection;
  welcome: Welcome;
}

/** What a keeper says waits until somebody hears it. */
class Connection {
  private hear: ((message: FromKeeper) => void) | undefined;
  private readonly unheard: FromKeeper[] = [];
  readonly closed: Promise<void>;

  constructor(readonly socket: Socket) {
    const reader = new PipeReader((message) => {
      if (this.hear) this.hear(message as FromKeeper);
      else this.unheard.push(message as FromKeeper);
    });
    socket.on('data', (piece: Buffer) => reader.push(piece));
    // `close` follows.
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** From now on, what was said before first. */
  listen(hear: (message: FromKeeper) => void): void {
    for (const message of this.unheard.splice(0)) hear(message);
    this.hear = hear;
  }

  next(): Promise<FromKeeper> {
    return new Promise((resolve) => {
      this.hear = (message) => {
        this.hear = undefined;
        resolve(message);
      };
    });
  }

  say(message: ToKeeper): void {
    if (this.socket.writable) this.socket.write(framed(message));
  }
}

/** Undefined if nobody listens any more, or another host has the kernel. */
async function greetedUntil(kept: Kept, deadline: number): Promise<Greeted | undefined> {
  try {
    return await greeted(kept);
  } catch (error) {
    if (error instanceof Taken && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, TAKEN_POLL_MS));
      return greetedUntil(kept, deadline);
    }
    if (!(error instanceof Taken) && !isAlive(kept.content.pid)) removeKept(kept);
    return undefined;
  }
}

class Taken extends Error {}

/** @throws Taken where another host has the kernel; Error where nobody listens */
async function greeted(kept: Kept): Promise<Greeted> {
  const { keeper, answer } = await asked(kept);
  if (answer?.type === 'welcome') return { keeper, welcome: answer };
  keeper.socket.destroy();
  throw answer ? new Taken('Another window has the kernel.') : new Error('The keeper of the kernel does not answer.');
}

/** Says hello, and waits for the answer; undefined if nobody listens. */
async function asked({ content: { socket: address, token } }: Kept, peek = false) {
  const keeper = new Connection(connect(address));
  const first = keeper.next();
  keeper.say({ type: 'hello', token, peek });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ANSWER_MS)));
  const answer = (await Promise.race([first, keeper.closed, late])) ?? undefined;
  clearTimeout(timer);
  return { keeper, answer };
}

/** A kernel that no host has. */
export interface Unheld {
  owner: string;
  /** Whether it is gone, and what it did last waits for a host. */
  hasEnded: boolean;
  isBusy: boolean;
  /** The titles of trainings under way. */
  trainings: string[];
  /** Ends it, with its keeper. Where a host has come meanwhile, it stays. */
  end(): Promise<void>;
}

/**
 * The kernels of this user that live on without a host.
 *
 * @param env of the kernels: tells where their keepers' files are
 */
export async function unheldKernels(env: Readonly<Record<string, string>> = {}): Promise<Unheld[]> {
  const found: Unheld[] = [];
  for (const kept of keptFor(keepersFolder({ ...process.env, ...env }))) {
    const { keeper, answer } = await asked(kept, true);
    keeper.socket.destroy();
    if (answer?.type !== 'state' || answer.isHeld) continue;
    const { hasEnded, isBusy, trainings } = answer;
    found.push({ owner: kept.content.owner, hasEnded, isBusy, trainings, end: () => endKept(kept) });
  }
  return found;
}

async function endKept(kept: Kept): Promise<void> {
  const { keeper, answer } = await asked(kept);
  if (answer?.type !== 'welcome') return;
  keeper.listen((message) => {
    if (message.type === 'ended') keeper.socket.end();
  });
  keeper.say({ type: 'kill' });
  await keeper.closed;
}

/** A kernel at the other end of a keeper's socket. */
class KeptLink implements KernelLink {
  readonly pid: number | undefined;
  private readonly stderr = new Tail();
  readonly exited: Promise<void>;
  private hasLeft = false;

  constructor(
    private readonly keeper: Connection,
    private readonly welcome: Welcome,
    private readonly ears: KernelEars,
  ) {
    this.pid = welcome.pid;
    this.exited = keeper.closed;
    void keeper.closed.then(() => this.end('The kernel’s keeper has ended, and the kernel with it.'));
  }

  get tail(): readonly string[] {
    return this.stderr.lines;
  }

  /** What was said since the welcome is heard first. */
  listen(): void {
    const { ended: reason } = this.welcome;
    this.keeper.listen((message) => this.receive(message));
    if (reason !== undefined) this.receive({ type: 'ended', reason });
  }

  post(message: HostMessage): void {
    this.keeper.say({ type: 'post', message });
  }

  ahead(message: Answer | Beat | DebugMessage): void {
    this.keeper.say({ type: 'ahead', message });
  }

  interrupt(): void {
    const { socket } = this.keeper;
    if (socket.writable) socket.write(Uint8Array.of(INTERRUPT_BYTE));
  }

  note(waiting: readonly WaitingCell[]): void {
    this.keeper.say({ type: 'note', waiting });
  }

  shown(id: string): void {
    this.keeper.say({ type: 'shown', id });
  }

  kill(): void {
    this.keeper.say({ type: 'kill' });
  }

  leave(): void {
    this.hasLeft = true;
    this.keeper.socket.end();
  }

  private receive(message: FromKeeper): void {
    if (message.type === 'message') this.hear(message.message);
    else if (message.type === 'debug') this.ears.debug(message.message);
    else if (message.type === 'ended') {
      this.end(message.reason);
      // Heard: the keeper has nothing left to tell.
      if (!this.hasLeft) this.kill();
      this.keeper.socket.end();
    }
  }

  private hear(message: KernelMessage): void {
    if (message.type === 'stream' && message.name === 'stderr') this.stderr.add(message.text);
    this.ears.message(message);
  }

  private end(reason: string): void {
    if (!this.hasLeft) this.ears.ended(reason);
  }
}

/** Whether a run is not over, or has left a training that is not. */
export function isUnderWay({ finished, outputs }: KeptRun): boolean {
  return !finished || outputs.some((output) => output.type === 'display' && showsTraining(output));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

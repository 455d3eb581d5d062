/** A real kernel process for tests, in a separate temporary folder, with everything it said. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KernelClient, type AskUser, type KernelOptions } from '../../kernel/client';
import type { HeartbeatOptions } from '../../kernel/heartbeat';
import { findKept, startKept, type Found, type KeptOptions, type Patience } from '../../kernel/keeping/kept';
import type { CellError, Display, Finished, KernelMessage, Stream, ViewChange, ViewFrame } from '../../kernel/protocol';
import type { LossCurvesChange } from '../../kernel/views/types';

export const kernelMain = path.resolve('dist/kernel/main.js');

export interface CellRun extends Finished {
  displays: Display[];
  /** The text/plain of the last value shown. */
  text: string | undefined;
  /** What was printed, neighbouring pieces of one stream joined. */
  printed: Printed[];
}

interface Printed {
  name: Stream['name'];
  text: string;
}

export interface StartOptions {
  device?: string;
  seed?: number;
  startupDeadline?: number;
  kernelMain?: string;
  folder?: string;
  nodePath?: string;
  ask?: AskUser;
  heartbeat?: HeartbeatOptions;
  env?: Readonly<Record<string, string>>;
  onSilence?(isSilent: boolean): void;
}

export interface Keeping {
  owner?: string;
  patience?: Partial<Patience>;
}

const MINUTE = 60_000;

function keptOptions({ owner = 'the test', patience }: Keeping): Pick<KeptOptions, 'owner' | 'patience'> {
  return { owner, patience: { busy: MINUTE, idle: MINUTE, ...patience } };
}

export class KernelUnderTest {
  readonly messages: KernelMessage[] = [];
  exit: CellError | undefined;
  private waiting: { matches(message: KernelMessage): boolean; resolve(message: KernelMessage): void }[] = [];
  private cells = 0;
  client!: KernelClient;

  private constructor(
    readonly folder: string,
    private readonly ownsFolder: boolean,
  ) {}

  /** @param options a `folder` of the caller's own is the caller's to remove */
  static async start(options: StartOptions = {}): Promise<KernelUnderTest> {
    const kernel = KernelUnderTest.in(options.folder);
    kernel.client = await KernelClient.start(kernel.optionsFrom(options));
    return kernel;
  }

  /** One that outlives its host. */
  static async startKept(options: StartOptions & Keeping): Promise<KernelUnderTest> {
    const kernel = KernelUnderTest.in(options.folder);
    kernel.client = await startKept({ ...kernel.optionsFrom(options), ...keptOptions(options) });
    return kernel;
  }

  /** The one of this folder that another host has left, if it is there, and what it tells. */
  static async find({
    isWanted,
    ...options
  }: StartOptions & Keeping & { folder: string; isWanted?: () => boolean }): Promise<
    (Found & { kernel: KernelUnderTest }) | undefined
  > {
    const kernel = KernelUnderTest.in(options.folder);
    const found = await findKept({ ...kernel.optionsFrom(options), ...keptOptions(options) }, isWanted);
    if (!found) return undefined;
    kernel.client = found.client;
    found.listen();
    return { ...found, kernel };
  }

  private static in(folder: string | undefined): KernelUnderTest {
    return new KernelUnderTest(folder ?? mkdtempSync(path.join(tmpdir(), 'latentlab-kernel-')), folder === undefined);
  }

  private optionsFrom({ device = 'wasm', ...options }: StartOptions): KernelOptions {
    return {
      kernelMain,
      ...options,
      device,
      folder: this.folder,
      onMessage: (message) => this.receive(message),
      onExit: (reason) => (this.exit = reason),
    };
  }

  /** Writes a file into the notebook's folder. */
  write(name: string, content: string | Uint8Array): void {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** Drops what was said so far: a long test would search it again and again. */
  forget(): void {
    this.messages.length = 0;
  }

  /** Runs a cell to its end. */
  async run(code: string, seed?: number | null): Promise<CellRun> {
    return this.begin(code, seed).finished;
  }

  /** Sends a cell; its end is a promise. */
  begin(code: string, seed?: number | null): { id: string; cellName: string; finished: Promise<CellRun> } {
    const number = ++this.cells;
    // As hosts have them: another host's cells have others.
    const id = randomUUID();
    const cellName = `cell ${number}`;
    const finished = this.client.execute({ id, cellName, language: 'typescript', code, seed }).then((end): CellRun => {
      // As a notebook does.
      this.client.shown(id);
      const own = this.messages.filter((message) => 'id' in message && message.id === id);
      const displays = own.filter((message) => message.type === 'display');
      const printed = joined(own.filter((message) => message.type === 'stream'));
      return { ...end, displays, printed, text: displays.at(-1)?.bundle['text/plain'] as string | undefined };
    });
    return { id, cellName, finished };
  }

  /** The next message, or one already here, that matches. */
  next<T extends KernelMessage['type']>(
    type: T,
    matches: (message: Extract<KernelMessage, { type: T }>) => boolean = () => true,
  ): Promise<Extract<KernelMessage, { type: T }>> {
    const wanted = (message: KernelMessage): message is Extract<KernelMessage, { type: T }> =>
      message.type === type && matches(message as Extract<KernelMessage, { type: T }>);
    const here = this.messages.find(wanted);
    if (here) return Promise.resolve(here);
    return new Promise((resolve) => {
      this.waiting.push({
        matches: wanted,
        resolve: (message) => resolve(message as Extract<KernelMessage, { type: T }>),
      });
    });
  }

  async stop(): Promise<void> {
    await this.client.shutdown();
    if (this.ownsFolder) rmSync(this.folder, { recursive: true, force: true });
  }

  private receive(message: KernelMessage): void {
    this.messages.push(message);
    const ready = this.waiting.filter(({ matches }) => matches(message));
    this.waiting = this.waiting.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve(message);
  }
}

function joined(pieces: Stream[]): Printed[] {
  const printed: Printed[] = [];
  for (const { name, text } of pieces) {
    const last = printed.at(-1);
    if (last?.name === name) last.text += text;
    else printed.push({ name, text });
  }
  return printed;
}

/** Settles when a training of the kernel has told that it has done more than so many steps. */
export async function trainedBy(kernel: KernelUnderTest, steps: number): Promise<{ viewId: string; step: number }> {
  const stepOf = (change: unknown) => (change as LossCurvesChange).progress.step;
  const { viewId, change } = await kernel.next('viewChange', (told) => stepOf(told.change) > steps);
  return { viewId, step: stepOf(change) };
}

/** What a view's renderers received, in order. */
export function toldOf(kernel: KernelUnderTest, viewId: string): (ViewFrame | ViewChange)[] {
  return kernel.messages.filter(
    (message) => (message.type === 'viewFrame' || message.type === 'viewChange') && message.viewId === viewId,
  ) as (ViewFrame | ViewChange)[];
}

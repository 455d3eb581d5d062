/** A second thread for passes over memory that both threads share; there is one in a process, and it sleeps meanwhile. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { builtFile } from '../../packageRoot';
import { chunkCount, KERNELS, workOn, type KernelTable, type Work } from './chunks';

/** Places in the control words. */
export const TICKET = 0;
export const DONE = 1;
/** How many chunks the other thread has done. */
export const TAKEN = 2;
const WORDS = 3;
/** Low bits of a ticket are the next chunk, the others the number of the work: a chunk of an older one cannot be taken. */
export const CHUNK_BITS = 16;
const TURNS = 2 ** (31 - CHUNK_BITS);
/** Numbers that describe work: memory, kernel, n, how many addresses, how many others, then these. */
export const HEAD = 5;
const MOST_NUMBERS = 32;
const MOST_CHUNKS = 2 ** CHUNK_BITS - 1;
/** A thread that has taken a chunk and does not end it. */
const PATIENCE_MS = 10_000;

/** What the thread is started with. */
export interface Shared {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  readonly sums: Float64Array;
  readonly port: MessagePort;
  readonly module: WebAssembly.Module;
}

/** A memory that the thread is to know by a number. */
export interface Introduced {
  readonly id: number;
  readonly memory: WebAssembly.Memory;
}

export class Crew {
  private readonly words = new Int32Array(new SharedArrayBuffer(WORDS * 4));
  private readonly numbers = new Float64Array(new SharedArrayBuffer(MOST_NUMBERS * 8));
  private readonly sums = new Float64Array(new SharedArrayBuffer(MOST_CHUNKS * 8));
  private readonly port: MessagePort;
  private turn = 0;
  private memories = 0;

  constructor(module: WebAssembly.Module) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const { words, numbers, sums } = this;
    const workerData: Shared = { words, numbers, sums, port: port2, module };
    const worker = new Worker(builtFile('optimizerThread.js'), { workerData, transferList: [port2], execArgv: [] });
    // Without it, this thread does all of the work.
    worker.on('error', () => {});
    worker.unref();
    port1.unref();
  }

  /** How many chunks the other thread has done. */
  get taken(): number {
    return Atomics.load(this.words, TAKEN);
  }

  /** Makes a memory known to the thread. */
  introduce(memory: WebAssembly.Memory): number {
    const id = this.memories++;
    this.port.postMessage({ id, memory } satisfies Introduced);
    return id;
  }

  /**
   * Does the work with the other thread, which takes chunks as soon as it is awake: until then they are done here.
   *
   * @returns the sum of what the chunks' kernels tell, added in their order whoever did them
   */
  do(memory: number, kernels: KernelTable, work: Work): number {
    const { words, numbers, sums } = this;
    const { kernel, addresses, n, others } = work;
    const chunks = chunkCount(n);
    if (chunks > MOST_CHUNKS) throw new RangeError(`${n} weights are more than ${MOST_CHUNKS} chunks.`);
    numbers.set([memory, KERNELS.indexOf(kernel), n, addresses.length, others.length, ...addresses, ...others]);
    this.turn = (this.turn + 1) % TURNS;
    Atomics.store(words, DONE, 0);
    Atomics.store(words, TICKET, this.turn << CHUNK_BITS);
    Atomics.notify(words, TICKET);
    for (;;) {
      const chunk = takeChunk(words, this.turn, chunks);
      if (chunk === undefined) break;
      sums[chunk] = workOn(kernels, work, chunk);
      Atomics.add(words, DONE, 1);
    }
    this.waitFor(chunks);
    let sum = 0;
    for (let chunk = 0; chunk < chunks; chunk++) sum += sums[chunk]!;
    return sum;
  }

  /** The other thread's last chunk takes microseconds. */
  private waitFor(chunks: number): void {
    const { words } = this;
    const start = performance.now();
    for (let turns = 0; Atomics.load(words, DONE) < chunks; turns++) {
      if (turns % 4096 !== 4095) continue;
      if (performance.now() - start > PATIENCE_MS)
        throw new Error('The second thread of the optimizer does not answer.');
      Atomics.wait(words, DONE, Atomics.load(words, DONE), 1);
    }
  }
}

/** The next chunk of this work; undefined if none is left, or other work has begun. */
export function takeChunk(words: Int32Array, turn: number, chunks: number): number | undefined {
  for (;;) {
    const ticket = Atomics.load(words, TICKET);
    const chunk = ticket & (2 ** CHUNK_BITS - 1);
    if (ticket >>> CHUNK_BITS !== turn || chunk >= chunks) return undefined;
    if (Atomics.compareExchange(words, TICKET, ticket, ticket + 1) === ticket) return chunk;
  }
}

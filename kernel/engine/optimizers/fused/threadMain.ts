/** The optimizer's second thread: takes chunks of the work that the first one describes, then sleeps. */
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { chunkCount, KERNELS, workOn, type KernelTable, type Work } from './chunks';
import { CHUNK_BITS, DONE, HEAD, takeChunk, TAKEN, TICKET, type Introduced, type Shared } from './crew';

const { words, numbers, sums, port, module } = workerData as Shared;
const kernels = new Map<number, KernelTable>();

for (let turn = 0; ;) {
  const ticket = Atomics.load(words, TICKET);
  if (ticket >>> CHUNK_BITS === turn) {
    Atomics.wait(words, TICKET, ticket);
    continue;
  }
  turn = ticket >>> CHUNK_BITS;
  for (;;) {
    // What describes the work stays as it is while one of its chunks is under way: it is read once one is taken.
    const chunk = takeChunk(words, turn, chunkCount(numbers[2]!));
    if (chunk === undefined) break;
    const { memory, work } = described();
    sums[chunk] = workOn(kernelsOn(memory), work, chunk);
    Atomics.add(words, TAKEN, 1);
    Atomics.add(words, DONE, 1);
  }
}

function described(): { memory: number; work: Work } {
  const [memory, kernel, n, addresses, others] = numbers;
  const rest = [...numbers.subarray(HEAD, HEAD + addresses! + others!)];
  return {
    memory: memory!,
    work: { kernel: KERNELS[kernel!]!, n: n!, addresses: rest.slice(0, addresses), others: rest.slice(addresses) },
  };
}

function kernelsOn(memory: number): KernelTable {
  while (!kernels.has(memory)) {
    const { message } = receiveMessageOnPort(port) as { message: Introduced };
    const { exports } = new WebAssembly.Instance(module, { env: { memory: message.memory } });
    kernels.set(message.id, exports as unknown as KernelTable);
  }
  return kernels.get(memory)!;
}

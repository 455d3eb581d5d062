/** What differs between machines that compute the same, to be set by hand: `npm run verify` shows what depends on it. */
import { availableParallelism } from 'node:os';

interface Variation {
  /** Threads of ONNX Runtime's sessions; as many as the machine has cores, unless told. */
  threads?: number;
  /** Whether convolutions may run on ONNX Runtime's blocks of channels. Default true. */
  blocks?: boolean;
}

let variation: Variation = {};

/** For this process, before a device is chosen. */
export function vary(how: Variation): void {
  variation = how;
}

export function threadCount(): number {
  return variation.threads ?? availableParallelism();
}

export function mayBlock(): boolean {
  return variation.blocks ?? true;
}

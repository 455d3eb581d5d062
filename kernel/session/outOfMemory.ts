/** Errors that mean that memory is used up, in the words of V8, WebAssembly and the runtimes that compute. */
import { largestTensors } from '../memoryWords';
import type { CellError, TensorMemory } from '../protocol';

const PLAIN = [
  /Array buffer allocation failed/,
  /out of memory/i,
  /bad_alloc/,
  /failed to allocate/i,
  /OOM when allocating/,
  /RESOURCE_EXHAUSTED/,
  /_ALLOC_FAILED/,
];

/** One array that is longer than memory can be: `tf.zeros([100_000, 100_000])`. */
const TOO_LONG = /Invalid typed array length: \d{9,}/;

/** What WebAssembly says for many reasons, memory among them: tensors have to take more than this many bytes. */
const VAGUE = [/memory access out of bounds/, /^Aborted\(/];
const VAGUE_FROM = 1e9;

/**
 * An error of a cell, with what takes the memory where that is its reason.
 *
 * @param memory tells the tensors that are alive
 */
export function explainMemory(error: CellError, memory: () => TensorMemory): CellError {
  const isPlain = error.kind === 'error' && [...PLAIN, TOO_LONG].some((pattern) => pattern.test(error.message));
  const isVague = error.kind === 'error' && VAGUE.some((pattern) => pattern.test(error.message));
  if (!isPlain && !isVague) return error;
  const held = memory();
  if (!isPlain && held.bytes < VAGUE_FROM) return error;
  const remedy = isVague
    ? 'WebAssembly has 4 GB. Once these are used up, it may not work until you restart the kernel.'
    : 'Dispose of tensors that you no longer need (tf.dispose, tf.tidy), or restart the kernel.';
  const what = TOO_LONG.test(error.message) ? 'One array cannot be that long' : 'Memory is used up';
  const text = `${what}: ${largestTensors(held)}\n${remedy}`;
  return { ...error, message: `${error.message}\n${text}`, stack: `${error.stack}\n\n${text}` };
}

/** Arguments of the command line, as numbers and names. */
import { availableParallelism } from 'node:os';

/** What is wrong with the command line; answered with the command's usage and exit code 2. */
export class UsageError extends Error {}

/** What an option lists, separated by commas. */
export function namesIn<Name extends string>(
  option: string,
  text: string | undefined,
  known: readonly Name[],
): Name[] | undefined {
  return text?.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new UsageError(`--${option} knows ${known.join(', ')}; found "${name}"`);
    return found;
  });
}

export function threadsOf(text: string): number {
  const available = availableParallelism();
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= available) return count;
  throw new UsageError(`--threads is a number from 1 to ${available}, the processors here; found "${text}"`);
}

export function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

export function seedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new UsageError(`--seed is a whole number, found "${text}"`);
  return seed;
}

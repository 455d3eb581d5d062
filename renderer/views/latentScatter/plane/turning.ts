/** What turns three dimensions, loaded when a reader asks for them. */
import type { boxMarks } from './boxMarks';
import type { boxOf, turnedSpace } from './solid';

interface Turning {
  boxMarks: typeof boxMarks;
  boxOf: typeof boxOf;
  turnedSpace: typeof turnedSpace;
}

let loaded: Turning | undefined;

/** Undefined until it is loaded: then there are two dimensions. */
export function turning(): Turning | undefined {
  return loaded;
}

export async function loadTurning(): Promise<void> {
  loaded ??= await import('./solidParts');
}

/** What turns three dimensions, loaded when a reader asks for them. */
import type { boxMarks } from '../../../../kernel/figures/scatter/boxMarks';
import type { boxOf, thirdAxis, turnedSpace } from '../../../../kernel/figures/scatter/solidSpace';

interface Turning {
  boxMarks: typeof boxMarks;
  boxOf: typeof boxOf;
  thirdAxis: typeof thirdAxis;
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

/** What the kernel's main thread and its debug adapter, in the watchdog's thread, tell each other. */
import type { PlaceTable } from './scriptPlaces';

/** Where the adapter finds {@link DebugAccess} in the main thread. */
export const ACCESS = 'latentlab.debug';

/** A script that has a source of the user's. */
export interface ScriptFacts {
  /** V8's name of it. */
  url: string;
  /** What the user calls the source. */
  name: string;
  /** What the host calls it: the address of a cell's document, or a file. */
  path: string;
  /** SHA-256 of the source, in hexadecimal. */
  checksum: string;
  /** Names that mean something else in the script: what an ES module imports. */
  aliases: Record<string, string>;
}

export interface ScriptDetails extends ScriptFacts {
  code: string;
  places: PlaceTable;
  /** As `tryBlocks.ts` has them. */
  tries: number[];
}

export type ToAdapter =
  /** Runs as soon as the adapter has answered with the number. */
  | { type: 'script'; number: number; script: ScriptDetails }
  | { type: 'log'; breakpoint: number; text: string }
  /** Nothing that was said before is on its way any more. */
  | { type: 'flushed' };

/** Called by the adapter through V8, on top of whatever runs. */
export interface DebugAccess {
  scripts(): ScriptFacts[];
  details(url: string): { code: string; places: number[]; tries: number[] } | undefined;
  text(url: string): string | undefined;
  /** A logpoint's word, or what is wrong with a condition. */
  log(breakpoint: number, values: unknown[]): false;
  /** Answers with `flushed`. */
  flush(): void;
}

/** Where positions in files that the session compiled come from. */
import type { Place } from '../../compile/rewrite';
import type { Origin } from './compileFile';

/** A file of the user's as it goes to V8. */
export interface CompiledScript {
  /** As V8 names it in stacks. */
  file: string;
  source: string;
  code: string;
  origin: Origin;
  /** What names of the source are called in the code. */
  aliases: Record<string, string>;
}

const origins = new Map<string, Origin>();
let hear: (script: CompiledScript) => void = () => {};

/** A script is about to be given to V8. */
export function rememberScript(script: CompiledScript): void {
  origins.set(script.file, script.origin);
  hear(script);
}

/** @param listener hears of each script from now on */
export function watchScripts(listener: (script: CompiledScript) => void): void {
  hear = listener;
}

/** A place in a compiled file as the place in its source; undefined for other files. */
export function sourcePlace(file: string, place: Place): Place | undefined {
  return origins.get(file)?.(place);
}

/** `file:line:column`, in the source. */
export function placeIn(file: string, given: Place): string {
  const { line, column } = sourcePlace(file, given) ?? given;
  return `${file}:${line}:${column}`;
}

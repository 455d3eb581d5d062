/** Where positions in files that the session compiled come from. */
import type { Place } from '../../compile/rewrite';
import type { Origin } from './compileFile';

const origins = new Map<string, Origin>();

/** @param file as V8 names it in stacks */
export function rememberOrigin(file: string, origin: Origin): void {
  origins.set(file, origin);
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

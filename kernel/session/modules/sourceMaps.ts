/** Where positions in files that the session compiled come from. */
import { originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping';

const maps = new Map<string, TraceMap>();

/** @param file as V8 names it in stacks */
export function rememberMap(file: string, map: TraceMap): void {
  maps.set(file, map);
}

/**
 * A position in a compiled file (from 1) as the place in its source; undefined for other files.
 */
export function sourcePlace(file: string, line: number, column: number): { line: number; column: number } | undefined {
  const map = maps.get(file);
  if (!map) return undefined;
  const found = originalPositionFor(map, { line, column: column - 1 });
  return found.line === null ? undefined : { line: found.line, column: found.column + 1 };
}

/** `file:line:column`, in the source. */
export function placeOf(file: string, line: number, column: number): string {
  const place = sourcePlace(file, line, column) ?? { line, column };
  return `${file}:${place.line}:${place.column}`;
}

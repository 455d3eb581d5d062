/** Cells that are nested more deeply than TypeScript's parser or V8 can follow. */
import { CellSyntaxError } from '../errors';
import { lineStarts, placeOf } from './rewrite';

/** What V8 throws when a recursion of its own or of JavaScript goes too deep. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}

/** The error that names where a cell is nested most deeply. */
export function tooDeep(source: string, cellName: string): CellSyntaxError {
  const { line, column } = placeOf(lineStarts(source), deepest(source));
  const message =
    'The cell is nested too deeply here to compile. Assign inner parts to variables, or read the data from a file.';
  return new CellSyntaxError(message, source, cellName, line, column);
}

const TOKENS = /\/\/.*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[([{]|[)\]}]|\belse\b|=>|\?|\.(?=[\w$#])/g;

/** The offset of the innermost bracket; without brackets, of the last link of the longest chain. */
function deepest(source: string): number {
  let [depth, most, at, last] = [0, 0, 0, 0];
  for (const { 0: token, index } of source.matchAll(TOKENS)) {
    if (/^[([{]$/.test(token)) depth++;
    else if (/^[)\]}]$/.test(token)) depth--;
    else if (/^(?:else|=>|\?|\.)$/.test(token)) last = index;
    if (depth > most) [most, at] = [depth, index];
  }
  return most > 50 ? at : last;
}

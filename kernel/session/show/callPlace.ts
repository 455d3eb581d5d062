/** Where in a cell a function of ours was called. */
import type { CheckPlace } from '../../views/index';
import { currentSession } from '../current';

type Place = Pick<CheckPlace, 'cell' | 'line' | 'document'>;

/**
 * The place of the call in the cell that runs, and the cell's text; nothing outside of cells. Asked before anything is
 * awaited.
 */
export function callPlace(): { place?: Place; code: string } {
  const message = runningCell();
  if (!message) return { code: '' };
  const { cellName, source, code } = message;
  const stack = new Error('place').stack ?? '';
  const at = stack.split('\n').find((line) => line.includes(`${cellName}:`));
  const line = Number(at?.slice(at.indexOf(`${cellName}:`) + cellName.length + 1).match(/^\d+/)?.[0] ?? 1);
  return { place: { cell: cellName, line, ...(source !== undefined && { document: source }) }, code };
}

function runningCell() {
  try {
    return currentSession().current?.message;
  } catch {
    // The library outside of a notebook.
    return undefined;
  }
}

/** The line from this one on that has the identity, as a text with doubled backslashes or as it is; this one where none has. */
export function lineOf(identity: string, code: string, from: number): number {
  const lines = code.split('\n').map((line) => line.replaceAll('\\\\', '\\'));
  const found = lines.findIndex((line, i) => i >= from - 1 && line.includes(identity));
  return found < 0 ? from : found + 1;
}

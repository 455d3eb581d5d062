/** A notebook with its injected cell. No TypeScript is loaded for it: each run of a sweep has one. */
import { isCode, lines, tags } from '../format';
import type { CodeCell, Notebook } from '../format';
import { newId } from '../metadata';
import { INJECTED_TAG, PARAMETERS_TAG } from './overriding';

/** Puts a text behind the parameters cell, in place of what was injected before. */
export function injectSource(notebook: Notebook, source: string): void {
  const { cells } = notebook;
  for (let i = cells.length - 1; i >= 0; i--) if (tags(cells[i]!).includes(INJECTED_TAG)) cells.splice(i, 1);
  const at = cells.findIndex((cell) => isCode(cell) && tags(cell).includes(PARAMETERS_TAG));
  const id = newId(`${INJECTED_TAG}:${source}`, new Set(cells.map((cell) => cell.id)));
  const injected: CodeCell = {
    cell_type: 'code',
    execution_count: null,
    ...(notebook.nbformat_minor >= 5 && { id }),
    metadata: { tags: [INJECTED_TAG] },
    outputs: [],
    source: lines(source),
  };
  cells.splice(at + 1, 0, injected);
}

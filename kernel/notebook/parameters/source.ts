/** The text of an injected cell, and its place. No TypeScript is loaded for it: each run of a sweep has one. */
import { isCode, lines, tags } from '../format';
import type { CodeCell, Notebook } from '../format';
import { newId } from '../metadata';
import type { ParameterValue } from './types';

export const PARAMETERS_TAG = 'parameters';
export const INJECTED_TAG = 'injected-parameters';

/** The first line of an injected cell. */
export const INJECTED_COMMENT = '// Parameters of this run';

/** The name of the parameter that is also the default seed of models and trainings. */
export const SEED = 'seed';

/** The text of a cell that overrides. */
export function injectedSource(
  values: Readonly<Record<string, ParameterValue>>,
  declared: readonly { name: string; declaration: string }[],
): string {
  const known = declared.filter(({ name }) => Object.hasOwn(values, name));
  const rows = known.map(({ name, declaration }) => `${declaration} = ${JSON.stringify(values[name])};`);
  return [INJECTED_COMMENT, ...rows].join('\n');
}

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

/** Quick fixes, and imports put in order. */
import ts from 'typescript';
import type { Edit, Fix, Span } from '../protocol';
import { targetOf, type At } from './positions';
import type { Sources } from './sources';

const FORMAT: ts.FormatCodeSettings = { ...ts.getDefaultFormatCodeSettings('\n'), indentSize: 2, tabSize: 2 };

type InCell = Omit<At, 'position'>;

export function fixes(at: InCell, range: Span, codes: readonly number[], sources: Sources): Fix[] {
  const { project, module } = at;
  const start = range.start + module.shift;
  const preferences = { quotePreference: 'single' as const, autoImportFileExcludePatterns: project.hiddenFromImports };
  const actions = project.service.getCodeFixesAtPosition(
    module.file,
    start,
    start + range.length,
    codes,
    FORMAT,
    preferences,
  );
  return actions.flatMap(({ description, changes, fixName }) => {
    const edits = editsOf(at, changes, sources);
    return edits && edits.length > 0 ? [{ title: description, edits, isPreferred: PREFERRED.has(fixName) }] : [];
  });
}

const PREFERRED = new Set(['import', 'spelling', 'fixAwaitInSyncFunction', 'addMissingAwait']);

export function organizeImports(at: InCell, sources: Sources): Edit[] {
  const { project, module } = at;
  const scope: ts.OrganizeImportsArgs = { type: 'file', fileName: module.file };
  return editsOf(at, project.service.organizeImports(scope, FORMAT, undefined), sources, true) ?? [];
}

/**
 * @param some whether changes of what we have added to a cell are left out, or make all of them useless
 * @returns undefined if a change would be one of files that are not the user's
 */
function editsOf(
  at: InCell,
  changes: readonly ts.FileTextChanges[],
  sources: Sources,
  some = false,
): Edit[] | undefined {
  const edits: Edit[] = [];
  for (const { fileName, textChanges } of changes) {
    if (!at.project.mayEdit(fileName)) return undefined;
    for (const { span, newText } of textChanges) {
      const target = targetOf(at.project, fileName, span, sources);
      if (target) edits.push({ ...target, text: newText });
      else if (!some) return undefined;
    }
  }
  return edits;
}

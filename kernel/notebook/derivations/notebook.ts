import type { Cell, Notebook } from '../format';
import { lines } from '../format';
import type { DerivationCell } from './derivation';

/** Names of files that are derivations in Markdown. */
export function isDerivation(path: string): boolean {
  return /\.(?:md|markdown)$/i.test(path);
}

/** A derivation as a notebook of nbformat 4.5, which has no outputs yet. Front matter becomes a raw cell. */
export function notebookOf(cells: readonly DerivationCell[]): Notebook {
  return { cells: cells.map(cellOf), metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

function cellOf({ kind, language, text, tags = [] }: DerivationCell): Cell {
  const source = lines(text);
  if (kind === 'markdown') return { cell_type: 'markdown', metadata: {}, source };
  if (language !== 'typescript') return { cell_type: 'raw', metadata: {}, source };
  const metadata = tags.length > 0 ? { tags: [...tags] } : {};
  return { cell_type: 'code', execution_count: null, metadata, outputs: [], source };
}

/**
 * Checks the types of notebooks without an editor, with the editor's own service:
 * `node dist/extension/checkNotebooks.cjs NOTEBOOK.ipynb …` prints the errors of their cells and fails if there is one.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Cell } from './protocol';
import { Formulas } from './service/formulas';
import { NotebookTypes } from './service/service';

interface SavedCell {
  cell_type: string;
  source: string | string[];
  metadata?: { vscode?: { languageId?: string } };
}

const types = new NotebookTypes(path.join(__dirname, '..', '..'), new Formulas(() => () => undefined), console.warn);

const notebooks = process.argv.slice(2).map((name) => path.resolve(name));
if (notebooks.length === 0)
  fail('Name the notebooks to check: node dist/extension/checkNotebooks.cjs NOTEBOOK.ipynb …');
const cellsOf = new Map(notebooks.map((file) => [file, readCells(file)]));
// All before the first is checked: TypeScript then knows the library once.
for (const [file, cells] of cellsOf) types.open(file, path.dirname(file), cells);
const errors = notebooks.flatMap(errorsOf);
for (const error of errors) console.error(error);
if (errors.length > 0) process.exitCode = 1;

function readCells(file: string): Cell[] {
  const { cells } = contentOf(file);
  if (!Array.isArray(cells)) fail(`${file} is not a notebook: it has no list of cells.`);
  return cells.filter(({ cell_type }) => cell_type === 'code').map(cellOf);
}

function contentOf(file: string): { cells: SavedCell[] } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { cells: SavedCell[] };
  } catch (error) {
    return fail(`${file} cannot be read as a notebook: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}

function errorsOf(file: string): string[] {
  return cellsOf.get(file)!.flatMap(({ id, text }) =>
    types
      .problems({ notebook: file, cell: id })
      .filter(({ severity }) => severity === 'error')
      .map(({ range: { start }, code, message }) => {
        const place = `${path.relative('', file)}, ${id.replace('-', ' ')}, ${start.line + 1}:${start.character + 1}`;
        return `${place}: TS${code} ${message}\n    ${text.split('\n')[start.line]!.trim()}`;
      }),
  );
}

function cellOf({ source, metadata }: SavedCell, index: number): Cell {
  const language = metadata?.vscode?.languageId === 'javascript' ? 'javascript' : 'typescript';
  return { id: `cell-${index + 1}`, language, text: [source].flat().join('') };
}

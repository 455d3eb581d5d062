import { readFileSync } from 'node:fs';
import { parse, printParseErrorCode } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import type { z } from 'zod';
import { DerivationError, readDerivation } from './derivations/derivation';
import { isDerivation, notebookOf } from './derivations/notebook';
import { notebookSchema } from './format';
import type { Notebook } from './format';

/** How a notebook's JSON is laid out, kept so that an untouched notebook is written back byte for byte. */
export interface Layout {
  indent: string;
  lineBreak: '\n' | '\r\n';
  endsWithBreak: boolean;
}

/** As Jupyter and VS Code lay out a notebook. */
export const JUPYTER_LAYOUT: Layout = { indent: ' ', lineBreak: '\n', endsWithBreak: true };

export interface NotebookFile {
  notebook: Notebook;
  layout: Layout;
}

/** What the user must mend before a notebook can be read or run. */
export class NotebookError extends Error {
  override readonly name = 'NotebookError';
}

/**
 * Reads a notebook of nbformat 4, or a derivation in Markdown. Fields this program does not know stay in place, in their
 * order.
 * @throws NotebookError naming the file, the place in it, what was found and what was expected
 */
export function readNotebook(path: string): NotebookFile {
  const bytes = readBytes(path);
  if (!isDerivation(path)) return parseNotebook(bytes.toString('utf8'), path);
  try {
    return { notebook: notebookOf(readDerivation(bytes)), layout: JUPYTER_LAYOUT };
  } catch (error) {
    if (error instanceof DerivationError) throw new NotebookError(`${path}: ${error.message}`);
    throw error;
  }
}

/** As {@link readNotebook}, of a text; `path` names it in errors. */
export function parseNotebook(text: string, path: string): NotebookFile {
  const value = parseJson(text.replace(/^\uFEFF/, ''), path);
  refuseOtherFormats(value, path);
  const checked = notebookSchema.safeParse(value);
  if (!checked.success) {
    throw new NotebookError(`${path} is not a notebook: ${describe(checked.error.issues[0]!, value)}`);
  }
  // The value itself, not the parsed copy: a copy would have the known fields first.
  return { notebook: value as Notebook, layout: layoutOf(text) };
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new NotebookError(`${path}: there is no such file`);
    if (code === 'EISDIR') throw new NotebookError(`${path} is a folder; name a notebook (.ipynb or .md) in it`);
    throw new NotebookError(`${path} cannot be read: ${message}`);
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.trim() === '') throw new NotebookError(`${path} is empty; expected a notebook (JSON)`);
    const problems: ParseError[] = [];
    parse(text, problems, { disallowComments: true });
    const [first] = problems;
    const where = first ? `${position(text, first.offset)}: ${words(printParseErrorCode(first.error))}` : String(error);
    throw new NotebookError(`${path} is not JSON, as notebooks are: ${where}`);
  }
}

function refuseOtherFormats(value: unknown, path: string): void {
  const found = (value as { nbformat?: unknown } | null)?.nbformat;
  if (typeof found !== 'number' || found === 4) return;
  const hint = found < 4 ? `. Convert it first: jupyter nbconvert --to notebook --inplace ${path}` : '';
  throw new NotebookError(`${path} has notebook format ${found}, expected 4${hint}`);
}

/** `cells[2].source: expected text or a list of lines, found 3`. */
function describe(issue: z.core.$ZodIssue, root: unknown): string {
  const place = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const found = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    root,
  );
  return `${place.replace(/^\./, '') || 'the file'}: expected ${expected(issue)}, found ${brief(found)}`;
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type')
    return issue.expected === 'record' ? 'an object' : `a value of type ${issue.expected}`;
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(' or ');
  if (issue.code !== 'invalid_union') return issue.message;
  switch (issue.discriminator) {
    case 'cell_type':
      return '"markdown", "code" or "raw"';
    case 'output_type':
      return '"stream", "display_data", "execute_result" or "error"';
    default:
      return 'text or a list of lines';
  }
}

function brief(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** `line 3, column 14`, counted from 1. */
function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** `CommaExpected` → `comma expected`. */
const words = (code: string) => code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

function layoutOf(text: string): Layout {
  return {
    indent: /^\s*\{\r?\n([ \t]*)/.exec(text)?.[1] ?? '',
    lineBreak: text.includes('\r\n') ? '\r\n' : '\n',
    endsWithBreak: text.endsWith('\n'),
  };
}

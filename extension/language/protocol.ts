/**
 * What the extension host and the language worker say to each other: plain data. Offsets count UTF-16 units from a
 * cell's start, lines and characters from 0.
 */

/**
 * What a worker may take (MB). A checker goes deep on deep expressions. V8 collects garbage of heaps that may have 2 GB so
 * seldom that they grow to three times what they hold.
 */
export const WORKER_LIMITS = { maxOldGenerationSizeMb: 2000, stackSizeMb: 8 } as const;

export interface Cell {
  /** Stays the cell's when others are moved, added or deleted. */
  id: string;
  language: 'typescript' | 'javascript';
  text: string;
}

/** The cell that stands for what views have declared: it is in no document. */
export const OF_VIEWS = 'of-views';

export interface Span {
  start: number;
  length: number;
}

/** A cell of a notebook; notebooks are named by their URI. */
export interface CellName {
  notebook: string;
  cell: string;
}

export interface Place extends CellName {
  offset: number;
}

export interface Range {
  start: { line: number; character: number };
  end: { line: number; character: number };
}

/** In a cell, or in a file on disk. */
export type Target = ({ cell: CellName } | { file: string }) & { range: Range };

export type Edit = Target & { text: string };

/** TypeScript's word for what an item is: `const`, `method`, `interface` … */
export type Kind = string;

export interface Completion {
  name: string;
  kind: Kind;
  sortText: string;
  /** Text that is put in, where it is not the name. */
  insertText?: string;
  /** What is replaced, where it is not the word at the cursor. */
  replaces?: Span;
  /** Shown beside the name: where the item comes from. */
  from?: string;
  /** Whose name it is that accepting imports. */
  imports?: string;
  deprecated?: boolean;
}

export interface CompletionList {
  items: Completion[];
  /** Whether the items are members of a value whose type says nothing of them. */
  untyped?: { expression: string };
}

export interface Documentation {
  /** TypeScript, on one or more lines. */
  signature: string;
  /** Markdown; formulas are pictures. */
  markdown: string;
}

export interface CompletionDetail extends Documentation {
  edits: Edit[];
}

export interface Hover extends Documentation {
  range: Range;
  /** The name in the library's reference, such as `VAE` or `VAE.encode`; absent for what is not the library's. */
  reference?: string;
}

export interface Signature {
  label: string;
  markdown: string;
  /** Offsets into the label. */
  parameters: { label: [number, number]; markdown: string }[];
}

export interface SignatureHelp {
  signatures: Signature[];
  active: number;
  activeParameter: number;
}

export interface Problem {
  range: Range;
  message: string;
  code: number;
  severity: 'error' | 'warning' | 'hint';
  unnecessary?: boolean;
  deprecated?: boolean;
  related: { target: Target; message: string }[];
}

export interface DocumentSymbol {
  name: string;
  kind: Kind;
  range: Range;
  selection: Range;
  children: DocumentSymbol[];
}

export interface WorkspaceSymbol {
  name: string;
  kind: Kind;
  container: string;
  target: Target;
}

export interface Fix {
  title: string;
  edits: Edit[];
  isPreferred: boolean;
}

export interface Hint {
  position: { line: number; character: number };
  text: string;
  kind: 'type' | 'parameter' | 'other';
  padLeft: boolean;
  padRight: boolean;
}

/** Names and answers of questions. */
export interface Questions {
  completions(at: Place): CompletionList | undefined;
  completionDetail(at: Place, item: Pick<Completion, 'name' | 'imports'>): CompletionDetail | undefined;
  hover(at: Place): Hover | undefined;
  signatureHelp(at: Place): SignatureHelp | undefined;
  definitions(at: Place): Target[];
  typeDefinitions(at: Place): Target[];
  implementations(at: Place): Target[];
  references(at: Place): Target[];
  /** What would be renamed, or why it cannot be. */
  renameRange(at: Place): { range: Range; placeholder: string } | { refusal: string };
  rename(at: Place, name: string): Edit[];
  symbols(cell: CellName): DocumentSymbol[];
  workspaceSymbols(query: string): WorkspaceSymbol[];
  fixes(cell: CellName, range: Span, codes: number[]): Fix[];
  organizeImports(cell: CellName): Edit[];
  hints(cell: CellName, range: Span): Hint[];
  /** Looks for one cell's problems at once. */
  problems(cell: CellName): Problem[];
}

export type QuestionName = keyof Questions;

export type ToWorker =
  | { type: 'open'; notebook: string; folder: string; cells: Cell[] }
  /** The cells in their order; those that are known keep their text. */
  | { type: 'cells'; notebook: string; cells: Cell[] }
  | { type: 'edit'; notebook: string; cell: string; language: Cell['language']; text: string }
  | { type: 'close'; notebook: string }
  /** Files on disk were changed, made or deleted. */
  | { type: 'files'; files: string[] }
  | { type: 'look'; formulas: 'light' | 'dark' }
  | { type: 'ask'; id: number; question: QuestionName; args: unknown[] }
  | { type: 'cancel'; id: number };

export type FromWorker =
  | { type: 'answer'; id: number; value?: unknown; error?: string }
  | { type: 'problems'; notebook: string; cell: string; problems: Problem[] }
  /** Why types are not as they should be: a tsconfig that cannot be read. */
  | { type: 'warning'; message: string };

export interface WorkerOptions {
  /** The product's own folder, which holds `dist/types` and `node_modules`. */
  product: string;
}

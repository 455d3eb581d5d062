/** A notebook as a TypeScript program: cells in their order, imports at the top, prose as comments, figures to files. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { isCode, joined, tags } from '../format';
import type { Cell, Notebook } from '../format';
import { bindCells, type BoundCell, type Edit } from './scriptBindings';
import { importLines, type Imported } from './scriptImports';

export interface ScriptPlaces {
  /** The name of the notebook, for the first line. */
  name: string;
  /** The folders that relative imports start from, in the notebook and in the script. */
  from: string;
  to: string;
}

/** What the library is for scripts that were notebooks. */
const LIBRARY = 'latentlab/notebook';

/** What cells have without an import. */
const GLOBALS = new Set(['display', 'html', 'markdown', 'latex', 'svg', 'prompt', 'confirm', 'alert']);

const LANGUAGES = new Set(['typescript', 'javascript']);

export function scriptExport(notebook: Notebook, places: ScriptPlaces): string {
  const language = String((notebook.metadata.language_info as { name?: unknown } | null)?.name ?? 'typescript');
  const runs = (cell: Cell) =>
    isCode(cell) && LANGUAGES.has(languageOf(cell, language)) && !tags(cell).includes('skip-execution');
  const code = notebook.cells.filter(runs);
  const bound = bindCells(code.map((cell, i) => ({ name: `cell ${i + 1}`, text: sourceOf(cell) })));
  const imports: Imported[] = [];
  let number = 0;
  const parts = notebook.cells.map((cell) => {
    if (!runs(cell)) return comment(joined(cell.source));
    const one = bound.cells[number++]!;
    return cellText(one, number, imports, places);
  });
  const free = new Set(bound.cells.flatMap((cell) => [...cell.free]));
  const body = parts.filter((part) => part !== '').join('\n\n');
  const globals = [...free].filter((name) => GLOBALS.has(name));
  if (/\bawait show\(/.test(body)) globals.push('show');
  for (const name of globals) imports.push({ from: LIBRARY, name, as: name, isType: false });
  return [
    `// ${places.name}, exported by LatentLab as a program: node FILE.ts (Node 22.18 or newer), or npx tsx FILE.ts.`,
    '// Figures go to a folder beside it. Run it in the notebook’s folder, so that it finds the same files.',
    ...(needsTransform(bound.cells)
      ? ['// It has enums or namespaces: node --experimental-transform-types FILE.ts.']
      : []),
    ...importLines(imports),
    ...environment(free),
    ...(bound.shared.length > 0
      ? [
          '',
          '// Declared in several cells, and used by functions of earlier ones.',
          `let ${bound.shared.map((name) => `${name}: any`).join(', ')};`,
        ]
      : []),
    '',
    body,
    '',
  ].join('\n');
}

function languageOf(cell: Cell, notebookLanguage: string): string {
  const own = (cell.metadata.vscode as { languageId?: unknown } | null | undefined)?.languageId;
  return typeof own === 'string' ? own : notebookLanguage;
}

/** A cell that is one object literal shows it. */
function sourceOf(cell: Cell): string {
  const source = joined(cell.source);
  if (!/^\s*\{/.test(source)) return source;
  const wrapped = `(${source.trim().replace(/;$/, '')}\n)`;
  const file = ts.createSourceFile('cell.ts', wrapped, ts.ScriptTarget.ESNext);
  const isObject = (file as ts.SourceFile & { parseDiagnostics: unknown[] }).parseDiagnostics.length === 0;
  return isObject ? wrapped : source;
}

// --- a cell ---------------------------------------------------------------------------------------------------------

function cellText(cell: BoundCell, number: number, imports: Imported[], places: ScriptPlaces): string {
  const { file } = cell;
  const edits: Edit[] = [...cell.edits];
  const last = file.statements.at(-1);
  for (const statement of file.statements) {
    const [start, end] = [statement.getStart(file), statement.end];
    if (ts.isImportDeclaration(statement)) {
      imports.push(...importedBy(statement, cell.edits, places));
      edits.push({ start: statement.pos, end, text: '' });
      continue;
    }
    const assigned = cell.shared.get(statement);
    if (assigned) edits.push({ start: end, end, text: ` ${assigned.join(' ')}` });
    // What a cell ends with is shown.
    if (statement === last && ts.isExpressionStatement(statement)) {
      const { expression } = statement;
      edits.push({ start, end: start, text: 'await show(' });
      edits.push({ start: expression.end, end: expression.end, text: `, 'cell-${number}')` });
    }
  }
  const dynamic = dynamicImports(file, places);
  return withEdits(file.text, inStatements([...edits, ...dynamic], file)).trim();
}

/** Edits inside an import that is taken out go with it. */
function inStatements(edits: readonly Edit[], file: ts.SourceFile): Edit[] {
  const gone = file.statements.filter(ts.isImportDeclaration);
  const isGone = ({ start, end, text }: Edit) =>
    gone.some((one) => start >= one.pos && end <= one.end && !(start === one.pos && text === ''));
  return edits.filter((edit) => !isGone(edit));
}

function withEdits(text: string, edits: readonly Edit[]): string {
  // Edits at one place come in the order in which they were found.
  const sorted = edits
    .map((edit, i) => ({ ...edit, i }))
    .sort((a, b) => b.start - a.start || b.end - a.end || b.i - a.i);
  return sorted.reduce(
    (changed, { start, end, text: instead }) => changed.slice(0, start) + instead + changed.slice(end),
    text,
  );
}

function importedBy(statement: ts.ImportDeclaration, edits: readonly Edit[], places: ScriptPlaces): Imported[] {
  const from = moduleFor((statement.moduleSpecifier as ts.StringLiteral).text, places);
  const clause = statement.importClause;
  const attributes = statement.attributes?.getText();
  if (!clause) return [{ from, name: '', as: '', isType: false, attributes }];
  const isType = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const localName = (node: ts.Identifier) =>
    edits.find(({ start }) => start === node.getStart())?.text.replace(/^.* as /, '') ?? node.text;
  const named = clause.namedBindings;
  const others: Imported[] = !named
    ? []
    : ts.isNamespaceImport(named)
      ? [{ from, name: '*', as: localName(named.name), isType, attributes }]
      : named.elements.map((one) => ({
          from,
          name: (one.propertyName ?? one.name).text,
          as: localName(one.name),
          isType: isType || one.isTypeOnly,
          attributes,
        }));
  return [
    ...(clause.name ? [{ from, name: 'default', as: localName(clause.name), isType, attributes }] : []),
    ...others,
  ];
}

/** `latentlab` of cells shows things; a relative path is another one where the script lies elsewhere. */
function moduleFor(specifier: string, { from, to }: ScriptPlaces): string {
  if (specifier === 'latentlab') return LIBRARY;
  if (!specifier.startsWith('.') || isAbsolute(specifier)) return specifier;
  const path = relative(to, resolve(from, specifier)).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

function dynamicImports(file: ts.SourceFile, places: ScriptPlaces): Edit[] {
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    const [argument] =
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments : [];
    if (argument && ts.isStringLiteralLike(argument)) {
      const text = `'${moduleFor(argument.text, places)}'`;
      edits.push({ start: argument.getStart(file), end: argument.end, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits;
}

// --- around the cells -----------------------------------------------------------------------------------------------

/** What CommonJS has and cells have too. */
function environment(free: ReadonlySet<string>): string[] {
  const lines = [
    ...(free.has('require') ? ["const require = (await import('node:module')).createRequire(import.meta.url);"] : []),
    ...(free.has('__dirname') ? ['const __dirname = import.meta.dirname;'] : []),
    ...(free.has('__filename') ? ['const __filename = import.meta.filename;'] : []),
  ];
  return lines.length > 0 ? ['', ...lines] : [];
}

/** What Node does not run by leaving types out. */
function needsTransform(cells: readonly BoundCell[]): boolean {
  const found = (node: ts.Node): boolean =>
    (ts.isEnumDeclaration(node) && !node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) ||
    ts.isModuleDeclaration(node) ||
    (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) ||
    (ts.forEachChild(node, (child) => found(child) || undefined) ?? false);
  return cells.some(({ file }) => found(file));
}

function comment(text: string): string {
  const trimmed = text.trim();
  return trimmed === ''
    ? ''
    : trimmed
        .split('\n')
        .map((line) => `// ${line}`.trimEnd())
        .join('\n');
}

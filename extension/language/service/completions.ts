/** Completions: TypeScript's, names that cells above declare, and exports of the library that are not imported yet. */
import ts from 'typescript';
import { OF_VIEWS, type Completion, type CompletionDetail, type CompletionList } from '../protocol';
import { documentationOf, markdownOf } from './docs';
import type { Formulas } from './formulas';
import { importEdit } from './imports';
import { rangeInCell, type At } from './positions';

const PREFERENCES: ts.UserPreferences = {
  includeCompletionsWithInsertText: true,
  includeAutomaticOptionalChainCompletions: true,
  includeCompletionsWithObjectLiteralMethodSnippets: false,
  includePackageJsonAutoImports: 'off',
  importModuleSpecifierPreference: 'shortest',
};

/** With what an entry stands for. */
const LISTED = { ...PREFERENCES, includeSymbol: true };

const LIBRARY = 'latentlab';

/** Names from the notebook come behind those of the scope, tfjs's names of kernels and what would be imported come last. */
const OF_NOTEBOOK = '11';
const NAME_OF_KERNEL = '16';
const TO_IMPORT = '17';

export function completions(at: At): CompletionList | undefined {
  const { project, module, position } = at;
  const found = project.service.getCompletionsAtPosition(module.file, position, LISTED);
  const untyped = untypedBefore(at);
  if (!found) return untyped && { items: [], untyped };
  const items = found.entries.filter(({ name }) => !isOurs(name)).map((entry) => completionOf(at, entry));
  if (!found.isGlobalCompletion) return { items, ...(untyped && { untyped }) };
  const names = new Set(items.map(({ name }) => name));
  const more = [...fromNotebook(at), ...fromLibrary(at)].filter(({ name }) => !names.has(name) && names.add(name));
  return { items: [...items, ...more] };
}

export function completionDetail(
  at: At,
  { name, imports }: Pick<Completion, 'name' | 'imports'>,
  formulas: Formulas,
): CompletionDetail | undefined {
  if (imports !== undefined) return detailToImport(at, name, imports, formulas);
  const { project, module, position } = at;
  const detail = project.service.getCompletionEntryDetails(
    module.file,
    position,
    name,
    undefined,
    undefined,
    PREFERENCES,
    undefined,
  );
  if (detail) return { ...documentationOf(detail, formulas), edits: [] };
  const visible = at.notebook.visibleFrom(module).get(name);
  if (!visible) return undefined;
  const { file, shift } = visible.module;
  const info = project.service.getQuickInfoAtPosition(file, visible.binding.start + shift);
  return info && { ...documentationOf(info, formulas), edits: [] };
}

function completionOf({ module }: At, entry: ts.CompletionEntry): Completion {
  const { name, kind, insertText, replacementSpan, kindModifiers } = entry;
  const sortText = isKernelName(entry) ? NAME_OF_KERNEL : entry.sortText;
  const replaces = replacementSpan && module.inCell(replacementSpan);
  return {
    name,
    kind,
    sortText,
    ...(insertText !== undefined && { insertText }),
    ...(replaces && { replaces }),
    ...(kindModifiers?.includes('deprecated') && { deprecated: true }),
  };
}

/** `tf.Abs` is the string by which tfjs finds a kernel: of use to few, and beside `tf.abs` in the way of the others. */
function isKernelName({ symbol }: ts.CompletionEntry): boolean {
  const file = symbol?.declarations?.[0]?.getSourceFile().fileName;
  return file?.endsWith('/tfjs-core/dist/kernel_names.d.ts') ?? false;
}

/** Names of files that stand for cells. */
function isOurs(name: string): boolean {
  return name.startsWith('.latentlab-');
}

function fromNotebook({ notebook, module }: At): Completion[] {
  return [...notebook.visibleFrom(module)].map(([name, { module: other, binding }]) => ({
    name,
    kind: binding.constant === undefined ? 'let' : KINDS[binding.constant],
    sortText: OF_NOTEBOOK,
    from: other.cell.id === OF_VIEWS ? 'a view' : `cell ${notebook.cells.indexOf(other) + 1}`,
  }));
}

const KINDS = {
  'a constant': 'const',
  'an import': 'alias',
  'a function': 'function',
  'a class': 'class',
  'an enum': 'enum',
  'a namespace': 'module',
};

/** What the library exports, by the program that it was asked of. */
const exportsOf = new WeakMap<ts.Program, Completion[]>();

function fromLibrary({ project }: At): Completion[] {
  const { program } = project;
  const known = exportsOf.get(program);
  if (known) return known;
  const items = libraryExports(project).map(([name, symbol]) => ({
    name,
    kind: kindOf(symbol, program.getTypeChecker()),
    sortText: TO_IMPORT,
    from: LIBRARY,
    imports: LIBRARY,
  }));
  exportsOf.set(program, items);
  return items;
}

function libraryExports({ program, libraryFile }: At['project']): [string, ts.Symbol][] {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(libraryFile);
  const module = file && checker.getSymbolAtLocation(file);
  return module ? checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]) : [];
}

function kindOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (flags & ts.SymbolFlags.Class) return 'class';
  if (flags & ts.SymbolFlags.Function) return 'function';
  if (flags & ts.SymbolFlags.Module) return 'module';
  if (flags & ts.SymbolFlags.Interface) return 'interface';
  return flags & ts.SymbolFlags.TypeAlias ? 'type' : 'const';
}

function detailToImport(at: At, name: string, from: string, formulas: Formulas): CompletionDetail | undefined {
  const { project, module } = at;
  const symbol = libraryExports(project).find(([exported]) => exported === name)?.[1];
  if (!symbol) return undefined;
  const checker = project.program.getTypeChecker();
  const declared = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const edit = importEdit(module.cell.text, name, from);
  const range = rangeInCell(module, { start: edit.span.start + module.shift, length: edit.span.length });
  const cell = { notebook: at.notebook.uri, cell: module.cell.id };
  return {
    signature: `import { ${name} } from '${from}'`,
    markdown: markdownOf(declared.getDocumentationComment(checker), declared.getJsDocTags(checker), formulas),
    edits: range ? [{ cell, range, text: edit.text }] : [],
  };
}

/** `value.` where the value's type is `any`: its members are a running kernel's to tell. */
function untypedBefore({ project, module, position }: At): { expression: string } | undefined {
  const program = project.program;
  const file = program.getSourceFile(module.file);
  if (!file) return undefined;
  const access = accessAt(file, position);
  if (!access || !isChainOfNames(access.expression)) return undefined;
  const type = program.getTypeChecker().getTypeAtLocation(access.expression);
  return type.flags & ts.TypeFlags.Any ? { expression: access.expression.getText(file) } : undefined;
}

function accessAt(file: ts.SourceFile, position: number): ts.PropertyAccessExpression | undefined {
  let found: ts.PropertyAccessExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (position < node.pos || position > node.end) return;
    if (ts.isPropertyAccessExpression(node) && position > node.expression.end && position <= node.name.end)
      found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Reading it runs nothing but getters, which the kernel leaves alone. */
function isChainOfNames(node: ts.Expression): boolean {
  return ts.isIdentifier(node) || (ts.isPropertyAccessExpression(node) && isChainOfNames(node.expression));
}

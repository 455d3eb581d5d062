/** Definitions, references, renaming, and the symbols of cells. */
import ts from 'typescript';
import type { DocumentSymbol, Edit, Target, WorkspaceSymbol } from '../protocol';
import { rangeInCell, targetOf, type At } from './positions';
import type { Project } from './project';
import type { Sources } from './sources';

type Definition = Pick<ts.DocumentSpan, 'fileName' | 'textSpan'>;

/** Links between cells are seen through: TypeScript names the declaration, not the import. */
export function definitions({ project, module, position }: At, sources: Sources): Target[] {
  return targets(project, project.service.getDefinitionAtPosition(module.file, position), sources);
}

export function typeDefinitions({ project, module, position }: At, sources: Sources): Target[] {
  return targets(project, project.service.getTypeDefinitionAtPosition(module.file, position), sources);
}

export function implementations({ project, module, position }: At, sources: Sources): Target[] {
  return targets(project, project.service.getImplementationAtPosition(module.file, position), sources);
}

export function references({ project, module, position }: At, sources: Sources): Target[] {
  return targets(project, project.service.getReferencesAtPosition(module.file, position), sources);
}

function targets(project: Project, found: readonly Definition[] | undefined, sources: Sources): Target[] {
  const all = (found ?? []).flatMap(({ fileName, textSpan }) => targetOf(project, fileName, textSpan, sources) ?? []);
  return [...new Map(all.map((target) => [JSON.stringify(target), target])).values()];
}

export function renameRange(at: At): { range: Target['range']; placeholder: string } | { refusal: string } {
  const { project, module, position } = at;
  const info = project.service.getRenameInfo(module.file, position, { allowRenameOfImportPath: false });
  if (!info.canRename) return { refusal: info.localizedErrorMessage };
  const range = rangeInCell(module, info.triggerSpan);
  if (!range) return { refusal: 'There is no name here.' };
  const others = isOfCells(at) ? [] : locations(at).filter(({ fileName }) => !project.mayEdit(fileName));
  const [foreign] = others;
  if (foreign) return { refusal: `${info.displayName} is declared in ${foreign.fileName}, which you cannot change.` };
  return { range, placeholder: info.displayName };
}

/** @throws Error where something that is not the user's would change */
export function rename(at: At, name: string, sources: Sources): Edit[] {
  const refused = renameRange(at);
  if ('refusal' in refused) throw new Error(refused.refusal);
  if (isOfCells(at)) return renamedInCells(at, name, sources);
  return locations(at).flatMap(({ fileName, textSpan, prefixText = '', suffixText = '' }) => {
    const target = targetOf(at.project, fileName, textSpan, sources);
    return target ? [{ ...target, text: `${prefixText}${name}${suffixText}` }] : [];
  });
}

function locations({ project, module, position }: At): readonly ts.RenameLocation[] {
  const preferences = { providePrefixAndSuffixTextForRename: true };
  return project.service.findRenameLocations(module.file, position, false, false, preferences) ?? [];
}

/** Whether the name here is one that cells have in common: declared or imported at the top level of one. */
function isOfCells(at: At): boolean {
  return cellName(at) !== undefined;
}

function cellName({ project, notebook, module, position }: At): string | undefined {
  const node = identifierAt(project.program.getSourceFile(module.file), position);
  if (!node || !notebook.declarerOf(node.text, module)) return undefined;
  const checker = project.program.getTypeChecker();
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  const isTopLevel = symbol?.declarations?.some((declaration) => isAtTopLevel(declaration, node.text));
  return isTopLevel ? node.text : undefined;
}

function isAtTopLevel(declaration: ts.Declaration, name: string): boolean {
  const { name: own } = declaration as ts.NamedDeclaration;
  if (!own || !ts.isIdentifier(own) || own.text !== name) return false;
  for (let node: ts.Node = declaration.parent; ; node = node.parent) {
    if (ts.isSourceFile(node)) return true;
    const isWithin =
      ts.isVariableDeclarationList(node) ||
      ts.isVariableStatement(node) ||
      ts.isBindingElement(node) ||
      ts.isBindingName(node) ||
      ts.isVariableDeclaration(node) ||
      ts.isImportClause(node) ||
      ts.isNamedImports(node) ||
      ts.isImportDeclaration(node);
    if (!isWithin) return false;
  }
}

/** Every place of the name in the cells; where it stands for a property or an export too, that keeps its name. */
function renamedInCells(at: At, name: string, sources: Sources): Edit[] {
  const old = cellName(at)!;
  const found = at.project.service.getReferencesAtPosition(at.module.file, at.position) ?? [];
  const edits = found.flatMap(({ fileName, textSpan }): Edit[] => {
    const cell = at.project.cellOf(fileName);
    const target = cell?.notebook === at.notebook ? targetOf(at.project, fileName, textSpan, sources) : undefined;
    const node = target && identifierAt(at.project.program.getSourceFile(fileName), textSpan.start);
    if (!target || node?.text !== old) return [];
    return [{ ...target, text: renamedName(node, name) }];
  });
  return [...new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values()];
}

function renamedName({ parent, text }: ts.Identifier, name: string): string {
  if (ts.isShorthandPropertyAssignment(parent)) return `${text}: ${name}`;
  if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent) && !parent.propertyName) {
    return parent.dotDotDotToken ? name : `${text}: ${name}`;
  }
  if (ts.isImportSpecifier(parent) && !parent.propertyName) return `${text} as ${name}`;
  return ts.isExportSpecifier(parent) && !parent.propertyName ? `${name} as ${text}` : name;
}

function identifierAt(file: ts.SourceFile | undefined, position: number): ts.Identifier | undefined {
  let found: ts.Identifier | undefined;
  const visit = (node: ts.Node): void => {
    if (position < node.pos || position > node.end) return;
    if (ts.isIdentifier(node) && position >= node.getStart(file)) found = node;
    ts.forEachChild(node, visit);
  };
  if (file) visit(file);
  return found;
}

export function symbols({ project, module }: Omit<At, 'position'>): DocumentSymbol[] {
  const tree = project.service.getNavigationTree(module.file);
  const symbolOf = ({ text, kind, spans, nameSpan, childItems }: ts.NavigationTree): DocumentSymbol[] => {
    const [span] = spans;
    const range = span && rangeInCell(module, span);
    const selection = nameSpan && rangeInCell(module, nameSpan);
    const children = (childItems ?? []).flatMap(symbolOf);
    if (!range || !selection || kind === ts.ScriptElementKind.alias) return children;
    return [{ name: text, kind, range, selection, children }];
  };
  return (tree.childItems ?? []).flatMap(symbolOf);
}

/** At most so many, as VS Code asks again for a longer query. */
const MAX_SYMBOLS = 256;

export function workspaceSymbols(project: Project, query: string, sources: Sources): WorkspaceSymbol[] {
  const items = project.service.getNavigateToItems(query, MAX_SYMBOLS, undefined, true);
  return items.flatMap(({ name, kind, containerName, fileName, textSpan }) => {
    const target = project.cellOf(fileName) && targetOf(project, fileName, textSpan, sources);
    return target && kind !== ts.ScriptElementKind.alias ? [{ name, kind, container: containerName, target }] : [];
  });
}

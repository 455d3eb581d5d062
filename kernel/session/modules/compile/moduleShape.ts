/** What an ES module imports and exports. */
import ts from 'typescript';
import { lineStarts, placeOf, type Place } from '../../compile/rewrite';
import { boundNames, walk } from '../../compile/scopes';

/** What `export default` of a value without a name is called. */
export const DEFAULT = '__default__';

export interface ModuleShape {
  /** One for each statement that names a module, in their order. */
  imports: ImportedModule[];
  /** Imports whose names are all exported again: their indices. */
  stars: number[];
  exports: Map<string, Value>;
  /** What the module calls that which it imports. */
  locals: Map<string, Imported>;
  /** Whether it awaits at its top level. */
  isAsync: boolean;
}

export interface ImportedModule {
  specifier: string;
  /** Names that it must have. */
  names: string[];
  /** Where the statement stands in the tree's text. */
  place: Place;
}

/** A variable of the module, or something imported. */
export type Value = { variable: string } | Imported;

/** A name of an imported module; without one, its namespace. */
export interface Imported {
  index: number;
  name?: string;
}

export function shapeOf(file: ts.SourceFile): ModuleShape {
  const shape: ModuleShape = {
    imports: [],
    stars: [],
    exports: new Map(),
    locals: importedNames(file),
    isAsync: awaitsAtTopLevel(file),
  };
  const lines = lineStarts(file.text);
  for (const statement of file.statements) {
    const specifier = specifierOf(statement);
    if (specifier) {
      shape.imports.push({
        specifier: specifier.text,
        names: wantedNames(statement),
        place: placeOf(lines, statement.getStart(file)),
      });
    }
    if (ts.isExportDeclaration(statement)) addReexports(shape, statement);
    else if (ts.isExportAssignment(statement)) shape.exports.set('default', { variable: DEFAULT });
    else if (hasModifier(statement, ts.SyntaxKind.ExportKeyword)) {
      const isDefault = hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
      for (const name of declaredNames(statement)) shape.exports.set(isDefault ? 'default' : name, { variable: name });
    }
  }
  return shape;
}

function addReexports(shape: ModuleShape, { exportClause, moduleSpecifier }: ts.ExportDeclaration): void {
  const index = shape.imports.length - 1;
  if (!exportClause) shape.stars.push(index);
  else if (ts.isNamespaceExport(exportClause)) shape.exports.set(exportClause.name.text, { index });
  else {
    for (const { name, propertyName } of exportClause.elements) {
      const inner = (propertyName ?? name).text;
      const own = shape.locals.get(inner) ?? { variable: inner };
      shape.exports.set(name.text, moduleSpecifier ? { index, name: inner } : own);
    }
  }
}

function specifierOf(statement: ts.Statement): ts.StringLiteral | undefined {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return undefined;
  return statement.moduleSpecifier as ts.StringLiteral | undefined;
}

function wantedNames(statement: ts.Statement): string[] {
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    if (!clause || !ts.isNamedExports(clause)) return [];
    return clause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
  }
  const clause = (statement as ts.ImportDeclaration).importClause;
  const bindings = clause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
  return [...(clause?.name ? ['default'] : []), ...named.map(({ name, propertyName }) => (propertyName ?? name).text)];
}

function importedNames(file: ts.SourceFile): Map<string, Imported> {
  const names = new Map<string, Imported>();
  let index = -1;
  for (const statement of file.statements) {
    if (specifierOf(statement)) index++;
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined;
    const bindings = clause?.namedBindings;
    if (clause?.name) names.set(clause.name.text, { index, name: 'default' });
    if (bindings && ts.isNamespaceImport(bindings)) names.set(bindings.name.text, { index });
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    for (const { name, propertyName } of bindings.elements) {
      names.set(name.text, { index, name: (propertyName ?? name).text });
    }
  }
  return names;
}

export function hasModifier(statement: ts.Statement, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(statement) && (ts.getModifiers(statement)?.some((one) => one.kind === kind) ?? false);
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  }
  if (!ts.isFunctionDeclaration(statement) && !ts.isClassDeclaration(statement)) return [];
  return [statement.name?.text ?? DEFAULT];
}

function awaitsAtTopLevel(file: ts.SourceFile): boolean {
  if (!/\bawait\b/.test(file.text)) return false;
  let found = false;
  walk(file, (node, { boundary }) => {
    found ||=
      !boundary && (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined));
    return !found;
  });
  return found;
}

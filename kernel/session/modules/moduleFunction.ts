/**
 * An ES module as a function's body. The function returns a generator: up to its first `yield` it tells its exports,
 * functions already usable, as modules that import each other need it; then it waits for what it imports, and runs.
 * Exports are getters and imports are read where they are used, so that both stay alive.
 */
import ts from 'typescript';
import { at, declare, isAnonymous, letStatement, namedValue, withoutExport } from '../nodes';
import { boundNames } from '../patterns';
import { enclosingFunction } from '../scopes';
import { OwnNames } from '../shadowing';
import type { Transpilation } from '../transpile';
import { isDynamicImport, moduleMember } from './runtimeNames';

const f = ts.factory;

/** What `export default` of a value without a name is called. */
const DEFAULT = '__default__';

export interface ModuleShape {
  /** In their order; a module may be imported by several statements. */
  imports: ImportedModule[];
  /** Imports whose names are all exported again: their indices. */
  stars: number[];
  exports: Map<string, Value>;
  /** Whether it awaits at its top level. */
  isAsync: boolean;
}

export interface ImportedModule {
  specifier: string;
  /** Names that it must have. */
  names: string[];
  /** `line:column` of the statement in the source. */
  place: string;
}

/** A variable of the module, or a name of an imported module (without a name: the module's namespace). */
type Value = { variable: string } | Imported;
interface Imported {
  index: number;
  name?: string;
}

/** @param placeOf `line:column` in the source of a position in the tree */
export function shapeOf(file: ts.SourceFile, placeOf: (position: number) => string): ModuleShape {
  const shape: ModuleShape = { imports: [], stars: [], exports: new Map(), isAsync: awaitsAtTopLevel(file) };
  const locals = importedNames(file);
  const valueOf = (name: string): Value => locals.get(name) ?? { variable: name };
  for (const statement of file.statements) {
    const specifier = specifierOf(statement);
    if (specifier) {
      const place = placeOf(statement.getStart(file));
      shape.imports.push({ specifier: specifier.text, names: wantedNames(statement), place });
    }
    const index = shape.imports.length - 1;
    if (ts.isExportDeclaration(statement)) {
      const clause = statement.exportClause;
      if (!clause) shape.stars.push(index);
      else if (ts.isNamespaceExport(clause)) shape.exports.set(clause.name.text, { index });
      else {
        for (const { name, propertyName } of clause.elements) {
          const inner = (propertyName ?? name).text;
          shape.exports.set(name.text, specifier ? { index, name: inner } : valueOf(inner));
        }
      }
    } else if (ts.isExportAssignment(statement)) {
      shape.exports.set('default', { variable: DEFAULT });
    } else if (isExported(statement)) {
      for (const name of declaredNames(statement))
        shape.exports.set(isDefault(statement) ? 'default' : name, valueOf(name));
    }
  }
  return shape;
}

/** @param script the tree that `shape` is of */
export function moduleFunction(
  shape: ModuleShape,
  { file, checker }: Transpilation,
): ts.TransformerFactory<ts.SourceFile> {
  const locals = importedNames(file);
  const names = new OwnNames(new Set(locals.keys()), file, checker);
  return (context) => (tree) => new ModuleTransformer(context, shape, locals, names).file(tree);
}

class ModuleTransformer {
  constructor(
    private readonly context: ts.TransformationContext,
    private readonly shape: ModuleShape,
    private readonly locals: ReadonlyMap<string, Imported>,
    private readonly names: OwnNames,
  ) {}

  file(file: ts.SourceFile): ts.SourceFile {
    const { isAsync } = this.shape;
    const body = file.statements.flatMap((statement) => this.topLevel(statement));
    const wait = f.createExpressionStatement(f.createYieldExpression(undefined, undefined));
    const generator = f.createFunctionExpression(
      isAsync ? [f.createModifier(ts.SyntaxKind.AsyncKeyword)] : undefined,
      f.createToken(ts.SyntaxKind.AsteriskToken),
      undefined,
      undefined,
      [],
      undefined,
      f.createBlock([this.exports(), wait, ...body], true),
    );
    const strict = f.createExpressionStatement(f.createStringLiteral('use strict'));
    return f.updateSourceFile(file, [strict, f.createReturnStatement(generator)]);
  }

  /** `__module__.export({ name: () => name, … })` */
  private exports(): ts.Statement {
    const getters = [...this.shape.exports].map(([name, value]) => {
      const read = 'variable' in value ? f.createIdentifier(value.variable) : imported(value);
      const getter = f.createArrowFunction(undefined, undefined, [], undefined, undefined, read);
      return f.createPropertyAssignment(f.createComputedPropertyName(f.createStringLiteral(name)), getter);
    });
    return f.createExpressionStatement(
      f.createCallExpression(moduleMember('export'), undefined, [f.createObjectLiteralExpression(getters, true)]),
    );
  }

  private topLevel(statement: ts.Statement): ts.Statement[] {
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return [];
    if (ts.isExportAssignment(statement)) {
      const value = this.visit(statement.expression);
      const named = isAnonymous(value) ? namedValue('default', value) : value;
      return [at(letStatement([declare(DEFAULT, named)]), statement)];
    }
    const visited = this.visit(statement);
    if (!isExported(statement)) return [visited];
    const modifiers = withoutExport((visited as { modifiers?: ts.NodeArray<ts.ModifierLike> }).modifiers);
    if (ts.isVariableStatement(visited))
      return [f.updateVariableStatement(visited, modifiers, visited.declarationList)];
    if (ts.isClassDeclaration(visited)) return [this.exportedClass(visited, modifiers)];
    if (ts.isFunctionDeclaration(visited)) return this.exportedFunction(visited, modifiers);
    return [visited];
  }

  private exportedClass(node: ts.ClassDeclaration, modifiers: ts.ModifierLike[] | undefined): ts.Statement {
    const { name, heritageClauses, members } = node;
    if (name) return f.updateClassDeclaration(node, modifiers, name, undefined, heritageClauses, members);
    const value = f.createClassExpression(modifiers, undefined, undefined, heritageClauses, members);
    return at(letStatement([declare(DEFAULT, namedValue('default', at(value, node)))]), node);
  }

  private exportedFunction(node: ts.FunctionDeclaration, modifiers: ts.ModifierLike[] | undefined): ts.Statement[] {
    const { asteriskToken: star, name = f.createIdentifier(DEFAULT), parameters, body } = node;
    const declaration = f.updateFunctionDeclaration(
      node,
      modifiers,
      star,
      name,
      undefined,
      parameters,
      undefined,
      body,
    );
    return node.name ? [declaration] : [declaration, namedDefault()];
  }

  private visit<T extends ts.Node>(node: T): T {
    return ts.visitNode(node, this.visitor) as T;
  }

  private readonly visitor = (node: ts.Node): ts.Node => {
    if (ts.isIdentifier(node)) return this.read(node) ?? node;
    if (ts.isShorthandPropertyAssignment(node)) {
      const value = this.read(node.name);
      return value ? at(f.createPropertyAssignment(f.createIdentifier(node.name.text), value), node) : this.each(node);
    }
    if (isDynamicImport(node)) {
      const visited = this.each(node);
      return at(f.createCallExpression(moduleMember('import'), undefined, visited.arguments), node);
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return at(moduleMember('meta'), node);
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return this.call(node, node.expression);
    if (ts.isTaggedTemplateExpression(node) && ts.isIdentifier(node.tag)) {
      const tag = this.read(node.tag);
      const template = this.visit(node.template);
      return tag ? f.updateTaggedTemplateExpression(node, detached(tag), undefined, template) : this.each(node);
    }
    return this.each(node);
  };

  /** An imported function is not called as a method of its namespace. */
  private call(node: ts.CallExpression, callee: ts.Identifier): ts.Node {
    const value = this.read(callee);
    const visited = this.each(node);
    return value ? f.updateCallExpression(visited, at(detached(value), callee), undefined, visited.arguments) : visited;
  }

  private read(id: ts.Identifier): ts.Expression | undefined {
    const value = this.locals.get(id.text);
    return value && this.names.renamed(id) !== undefined ? at(imported(value), id) : undefined;
  }

  private each<T extends ts.Node>(node: T): T {
    return ts.visitEachChild(node, this.visitor, this.context);
  }
}

/** `__module__.imports[index].name` */
function imported({ index, name }: Imported): ts.Expression {
  const namespace = f.createElementAccessExpression(moduleMember('imports'), index);
  if (name === undefined) return namespace;
  return ts.isIdentifierStart(name.charCodeAt(0), ts.ScriptTarget.ES2022) && /^[\w$]+$/.test(name)
    ? f.createPropertyAccessExpression(namespace, name)
    : f.createElementAccessExpression(namespace, f.createStringLiteral(name));
}

/** `(0, value)` */
function detached(value: ts.Expression): ts.Expression {
  return f.createParenthesizedExpression(f.createComma(f.createNumericLiteral(0), value));
}

/** The name that the language gives to `export default function () {}`. */
function namedDefault(): ts.Statement {
  const define = f.createPropertyAccessExpression(f.createIdentifier('Object'), 'defineProperty');
  const descriptor = f.createObjectLiteralExpression([
    f.createPropertyAssignment('value', f.createStringLiteral('default')),
    f.createPropertyAssignment('configurable', f.createTrue()),
  ]);
  const args = [f.createIdentifier(DEFAULT), f.createStringLiteral('name'), descriptor];
  return f.createExpressionStatement(f.createCallExpression(define, undefined, args));
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

function hasModifier(statement: ts.Statement, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(statement) && (ts.getModifiers(statement)?.some((one) => one.kind === kind) ?? false);
}

function isExported(statement: ts.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword);
}

function isDefault(statement: ts.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  }
  if (!ts.isFunctionDeclaration(statement) && !ts.isClassDeclaration(statement)) return [];
  return [statement.name?.text ?? DEFAULT];
}

function awaitsAtTopLevel(file: ts.SourceFile): boolean {
  const find = (node: ts.Node): boolean =>
    ((ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) &&
      !enclosingFunction(node)) ||
    ts.forEachChild(node, find) === true;
  return find(file);
}

/** Where names of a JavaScript tree are declared, and which function a node belongs to. */
import ts from 'typescript';
import { boundNames } from './patterns';

/** What a function's body, a class's field or a static block is evaluated in. */
export type Boundary =
  ts.SignatureDeclaration | ts.ClassStaticBlockDeclaration | ts.PropertyDeclaration | ts.ModuleBlock;

/** The innermost function-like part around a node; undefined at top level. */
export function enclosingFunction(node: ts.Node): Boundary | undefined {
  let child = node;
  for (let parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (!isBoundary(parent)) continue;
    // Computed keys and decorators are evaluated outside of the member that they belong to.
    const outside = ts.isDecorator(child) || ts.isComputedPropertyName(child);
    if (!outside) return parent;
  }
  return undefined;
}

function isBoundary(node: ts.Node): node is Boundary {
  return (
    ts.isFunctionLike(node) ||
    ts.isClassStaticBlockDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isModuleBlock(node)
  );
}

export function isVar(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0;
}

export interface TopLevelNames {
  /** Of imports, functions, classes, `let` and `const`. */
  lexical: Set<string>;
  /** Of `var`s outside functions, wherever they stand. */
  variables: Set<string>;
}

export function topLevelNames(file: ts.SourceFile): TopLevelNames {
  const lexical = new Set<string>();
  const variables = new Set<string>();
  for (const statement of file.statements) {
    for (const name of lexicalNames(statement)) lexical.add(name);
  }
  const collect = (node: ts.Node): void => {
    if (isBoundary(node)) return;
    if (ts.isVariableDeclarationList(node) && isVar(node)) {
      for (const { name } of node.declarations) boundNames(name).forEach((bound) => variables.add(bound));
    }
    ts.forEachChild(node, collect);
  };
  ts.forEachChild(file, collect);
  return { lexical, variables };
}

function lexicalNames(statement: ts.Statement): string[] {
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
    const namespace = namedBindings && ts.isNamespaceImport(namedBindings) ? [namedBindings] : [];
    return [...named, ...namespace].map((binding) => binding.name.text).concat(name ? [name.text] : []);
  }
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
    return statement.name ? [statement.name.text] : [];
  }
  if (ts.isVariableStatement(statement) && !isVar(statement.declarationList)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  }
  return [];
}

/** Whether a declaration's name is one of {@link topLevelNames}. */
export function isTopLevel(declaration: ts.Node): boolean {
  let node = declaration;
  while (ts.isBindingElement(node) || ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node)) {
    node = node.parent;
  }
  if (ts.isVariableDeclaration(node)) {
    const list = node.parent;
    if (!ts.isVariableDeclarationList(list)) return false;
    if (isVar(list)) return !enclosingFunction(list);
    return ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent);
  }
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return ts.isSourceFile(node.parent);
  return ts.isImportClause(node) || ts.isImportSpecifier(node) || ts.isNamespaceImport(node);
}

/** Names that some inner scope declares: parameters, locals, caught errors, function and class expressions. */
export function nestedNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const collect = (node: ts.Node): void => {
    if (declaresVariable(node) && node.name && ts.isIdentifier(node.name) && !isTopLevel(node)) {
      names.add(node.name.text);
    }
    ts.forEachChild(node, collect);
  };
  ts.forEachChild(file, collect);
  return names;
}

type VariableDeclaration =
  | ts.VariableDeclaration
  | ts.BindingElement
  | ts.ParameterDeclaration
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ClassLikeDeclaration
  | ts.ImportClause
  | ts.ImportSpecifier
  | ts.NamespaceImport;

/** In JavaScript files TypeScript also takes `name.property = …` for a declaration; that is none here. */
export function declaresVariable(node: ts.Node): node is VariableDeclaration {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isBindingElement(node) ||
    ts.isParameter(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassLike(node) ||
    ts.isImportClause(node) ||
    ts.isImportSpecifier(node) ||
    ts.isNamespaceImport(node)
  );
}

/** Whether an identifier stands for a variable, as opposed to a property, a label or a name of a module's. */
export function isVariableName(id: ts.Identifier): boolean {
  const { parent } = id;
  if (!parent) return false;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === id;
  if (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) return parent.initializer === id;
  if (ts.isBindingElement(parent)) return parent.propertyName !== id;
  return !(
    ts.isMethodDeclaration(parent) ||
    ts.isAccessor(parent) ||
    ts.isBreakOrContinueStatement(parent) ||
    (ts.isLabeledStatement(parent) && parent.label === id) ||
    ts.isMetaProperty(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent) ||
    ts.isNamespaceExport(parent) ||
    ts.isImportAttribute(parent)
  );
}

/** Where names of a cell's tree are declared, and which function a node belongs to. */
import ts from 'typescript';

/** What a function's body, a class's field or a static block is evaluated in. */
export type Boundary =
  ts.SignatureDeclaration | ts.ClassStaticBlockDeclaration | ts.PropertyDeclaration | ts.ModuleBlock;

export class Scope {
  readonly names = new Set<string>();

  /**
   * @param parent absent: the cell's top level
   * @param boundary the innermost function-like part around; absent at top level
   * @param holdsVars whether `var`s stop here on their way up
   */
  constructor(
    readonly parent?: Scope,
    readonly boundary?: Boundary,
    private readonly holdsVars = true,
  ) {}

  /** The scope that a `var` in this one is a variable of. */
  get forVars(): Scope {
    return this.holdsVars || !this.parent ? this : this.parent.forVars;
  }

  /** Whether a name means a variable of the cell's top level, of an earlier cell or a global. */
  isOuter(name: string): boolean {
    for (let scope: Scope | undefined = this as Scope; scope?.parent; scope = scope.parent) {
      if (scope.names.has(name)) return false;
    }
    return true;
  }
}

/**
 * Visits every node with its scope, outer ones first. A loop, not a recursion: trees are as deep as what people
 * generate. A scope knows all its names only when the walk is over.
 *
 * @param visit returns false to leave out what lies in the node
 */
export function walk(file: ts.SourceFile, visit: (node: ts.Node, scope: Scope) => boolean | void): void {
  const waiting: [ts.Node, Scope][] = [];
  const enqueue = (node: ts.Node, scopeOf: (child: ts.Node) => Scope) => {
    const first = waiting.length;
    ts.forEachChild(node, (child) => void waiting.push([child, scopeOf(child)]));
    for (let i = first, j = waiting.length - 1; i < j; i++, j--) {
      [waiting[i], waiting[j]] = [waiting[j]!, waiting[i]!];
    }
  };
  const top = new Scope();
  enqueue(file, () => top);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, scope] = next;
    declareNames(node, scope);
    if (visit(node, scope) !== false) enqueue(node, innerScopes(node, scope));
  }
}

/** The scope of each child of a node. */
function innerScopes(node: ts.Node, scope: Scope): (child: ts.Node) => Scope {
  if (isBoundary(node)) {
    const inner = new Scope(scope, node);
    if (ts.isFunctionExpression(node) && node.name) inner.names.add(node.name.text);
    // Computed keys and decorators are evaluated outside of the member that they belong to.
    return (child) => (ts.isDecorator(child) || ts.isComputedPropertyName(child) ? scope : inner);
  }
  if (ts.isClassLike(node)) {
    const inner = new Scope(scope, scope.boundary, false);
    if (node.name) inner.names.add(node.name.text);
    return () => inner;
  }
  if (isBlockScope(node)) {
    const inner = new Scope(scope, scope.boundary, false);
    return () => inner;
  }
  return () => scope;
}

/** Adds the names that a node declares, other than to what lies in it. */
function declareNames(node: ts.Node, scope: Scope): void {
  if (ts.isVariableDeclarationList(node)) {
    const holder = isVar(node) ? scope.forVars : scope;
    for (const { name } of node.declarations) addNames(name, holder);
  } else if (ts.isParameter(node)) addNames(node.name, scope);
  else if (ts.isVariableDeclaration(node) && ts.isCatchClause(node.parent)) addNames(node.name, scope);
  else if ((ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name)
    scope.names.add(node.name.text);
  else if ((ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) && ts.isIdentifier(node.name)) {
    scope.names.add(node.name.text);
  }
}

function addNames(name: ts.BindingName, scope: Scope): void {
  for (const bound of boundNames(name)) scope.names.add(bound);
}

function isBoundary(node: ts.Node): node is Boundary {
  return (
    ts.isFunctionLike(node) ||
    ts.isClassStaticBlockDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isModuleBlock(node)
  );
}

function isBlockScope(node: ts.Node): boolean {
  // A function's own block is its scope.
  if (ts.isBlock(node)) return !isBoundary(node.parent);
  return ts.isCaseBlock(node) || ts.isCatchClause(node) || ts.isIterationStatement(node, false);
}

export function isVar(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0;
}

/** Every name that a binding declares. */
export function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

/** What a top-level statement declares, other than by `var`. */
export function lexicalNames(statement: ts.Statement): string[] {
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings, phaseModifier } = statement.importClause ?? {};
    if (phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
    const elements = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
    const named = elements.filter(({ isTypeOnly }) => !isTypeOnly);
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

/** Whether an identifier gives a value to a variable that no scope inside of the cell declares. */
export function isAssignedOutside(id: ts.Identifier, scope: Scope): boolean {
  return isVariableName(id) && isAssigned(id) && scope.isOuter(id.text);
}

/** Whether an expression is given a value: by `=` and its relatives, `++`, a pattern, or the head of a loop. */
function isAssigned(target: ts.Node): boolean {
  const { parent } = target;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    return parent.left === target && kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
  }
  if (ts.isPrefixUnaryExpression(parent)) {
    return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  }
  if (ts.isPostfixUnaryExpression(parent)) return true;
  if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) return parent.initializer === target;
  return isInPattern(target, parent) && isAssigned(outermost(parent));
}

/** Whether a node takes a value in what may be a pattern of an assignment. */
function isInPattern(target: ts.Node, parent: ts.Node): boolean {
  if (ts.isPropertyAssignment(parent)) return parent.initializer === target;
  if (ts.isShorthandPropertyAssignment(parent)) return parent.name === target;
  return (
    ts.isParenthesizedExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isSpreadAssignment(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent)
  );
}

/** A property stands for the object literal that it lies in. */
function outermost(node: ts.Node): ts.Node {
  return ts.isObjectLiteralElement(node) && ts.isObjectLiteralExpression(node.parent) ? node.parent : node;
}

/** What a parameters cell computes from one of its bindings as it runs, before an override can be seen. */
import ts from 'typescript';

/** Methods that call the functions they are given before they return. */
const AT_ONCE = new Set([
  ...['map', 'flatMap', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'some', 'every'],
  ...['forEach', 'reduce', 'reduceRight', 'from', 'sort', 'toSorted', 'replace', 'replaceAll'],
]);

/**
 * The other names of a cell whose values are computed from a name, also by patterns, by assignments and by functions
 * that the cell calls. A function that is called later sees the override, so it is none of them.
 */
export function computedFrom(name: string, file: ts.SourceFile): string[] {
  const functions = functionsReading(name, file);
  const reads = (node: ts.Node | undefined) => node !== undefined && readsNow(node, name, functions, false);
  const found = new Map<string, boolean>();
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      // The last declaration of a name counts, as it does when the cell runs.
      for (const declaration of statement.declarationList.declarations) {
        const isRead =
          reads(declaration.initializer) || (!ts.isIdentifier(declaration.name) && reads(declaration.name));
        for (const bound of boundBy(declaration.name)) found.set(bound, isRead);
      }
    } else if (ts.isClassDeclaration(statement)) {
      if (statement.name) found.set(statement.name.text, reads(statement));
    } else if (!isDeclaration(statement) && reads(statement)) {
      for (const assigned of assignedIn(statement)) found.set(assigned, true);
    }
  }
  found.delete(name);
  return [...found].flatMap(([other, isComputed]) => (isComputed ? [other] : []));
}

const isDeclaration = (statement: ts.Statement) =>
  ts.isFunctionDeclaration(statement) ||
  ts.isTypeAliasDeclaration(statement) ||
  ts.isInterfaceDeclaration(statement) ||
  ts.isImportDeclaration(statement);

/** Functions of the cell that read the name when they are called, or call one that does. */
function functionsReading(name: string, file: ts.SourceFile): ReadonlySet<string> {
  const all = file.statements.flatMap((statement): { called: string; body: ts.Node }[] => {
    if (ts.isFunctionDeclaration(statement)) {
      return statement.name && statement.body ? [{ called: statement.name.text, body: statement }] : [];
    }
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name: called, initializer }) =>
      ts.isIdentifier(called) && initializer && ts.isFunctionLike(initializer)
        ? [{ called: called.text, body: initializer }]
        : [],
    );
  });
  const found = new Set<string>();
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const { called, body } of all) if (readsNow(body, name, found, true)) found.add(called);
  }
  return found;
}

/** @param isCalled whether a function at this place is called at once */
function readsNow(node: ts.Node, name: string, functions: ReadonlySet<string>, isCalled: boolean): boolean {
  const within = (one: ts.Node, called = false) => readsNow(one, name, functions, called);
  if (ts.isTypeNode(node)) return false;
  if (ts.isIdentifier(node)) {
    if (isMemberName(node)) return false;
    return node.text === name || (isCalled && functions.has(node.text));
  }
  if (ts.isFunctionLike(node)) {
    const { parameters, body } = node as ts.FunctionLikeDeclaration;
    if (!isCalled || !body || parameters.some((one) => boundBy(one.name).includes(name))) return false;
    return parameters.some(({ initializer }) => initializer && within(initializer)) || within(body);
  }
  if (ts.isPropertyDeclaration(node) && !node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)) {
    return false;
  }
  if (ts.isParenthesizedExpression(node)) return within(node.expression, isCalled);
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const { expression, arguments: given = [] } = node;
    const isAtOnce = ts.isPropertyAccessExpression(expression) && AT_ONCE.has(expression.name.text);
    return within(expression, true) || given.some((one) => within(one, isAtOnce));
  }
  return ts.forEachChild(node, (child) => within(child) || undefined) ?? false;
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (
    (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent)) &&
    parent.name === node
  );
}

function boundBy(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((one) => (ts.isBindingElement(one) ? boundBy(one.name) : []));
}

/** The names whose values, or parts of them, a statement sets. */
function assignedIn(node: ts.Node): string[] {
  if (ts.isFunctionLike(node)) return [];
  const own = ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) ? targetsOf(node.left) : [];
  const inner: string[] = [];
  ts.forEachChild(node, (child) => void inner.push(...assignedIn(child)));
  return [...own, ...inner];
}

const isAssignment = (kind: ts.SyntaxKind) =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

function targetsOf(target: ts.Expression): string[] {
  if (ts.isIdentifier(target)) return [target.text];
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target))
    return targetsOf(target.expression);
  if (ts.isParenthesizedExpression(target) || ts.isSpreadElement(target)) return targetsOf(target.expression);
  if (ts.isArrayLiteralExpression(target)) return target.elements.flatMap(targetsOf);
  if (!ts.isObjectLiteralExpression(target)) return [];
  return target.properties.flatMap((property) => {
    if (ts.isShorthandPropertyAssignment(property)) return [property.name.text];
    return ts.isPropertyAssignment(property) ? targetsOf(property.initializer) : [];
  });
}

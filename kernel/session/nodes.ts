/** Small pieces of syntax trees that the cell compiler makes. */
import ts from 'typescript';

const f = ts.factory;

/** The global through which compiled cells reach their session. */
export const RUNTIME_NAME = '__latentlab__';

/** Gives a new node the source position of the one it stands for. */
export function at<T extends ts.Node>(node: T, original: ts.Node): T {
  return ts.setTextRange(ts.setOriginalNode(node, original), original);
}

/** `__latentlab__.member` */
export function runtimeMember(member: string): ts.Expression {
  return f.createPropertyAccessExpression(f.createIdentifier(RUNTIME_NAME), member);
}

/** `__latentlab__.method(…)` */
export function runtimeCall(method: string, args: readonly ts.Expression[] = []): ts.Expression {
  return f.createCallExpression(runtimeMember(method), undefined, args);
}

export function declare(name: string | ts.BindingName, value?: ts.Expression): ts.VariableDeclaration {
  return f.createVariableDeclaration(name, undefined, undefined, value);
}

export function letStatement(declarations: readonly ts.VariableDeclaration[], original?: ts.Node): ts.Statement {
  const list = f.createVariableDeclarationList(declarations, ts.NodeFlags.Let);
  return f.createVariableStatement(undefined, original ? at(list, original) : list);
}

/** The value under the name that JavaScript would infer for it: `({ name: value }).name`. */
export function namedValue(name: string, value: ts.Expression): ts.Expression {
  const holder = f.createObjectLiteralExpression([f.createPropertyAssignment(name, value)]);
  return f.createPropertyAccessExpression(f.createParenthesizedExpression(holder), name);
}

/** Whether a function or class takes its name from what it is assigned to. */
export function isAnonymous(value: ts.Expression): boolean {
  return ts.isArrowFunction(value) || ((ts.isFunctionExpression(value) || ts.isClassExpression(value)) && !value.name);
}

/** A value on its own, in the place of the statement that had it. */
export function valueStatement(value: ts.Expression, statement: ts.Statement): ts.Statement {
  const bare = ts.isFunctionExpression(value) || ts.isClassExpression(value);
  return at(f.createExpressionStatement(bare ? f.createParenthesizedExpression(value) : value), statement);
}

/** Whether a statement at a cell's end gives the cell its value. */
export function isValue(statement: ts.Statement): boolean {
  return (
    ts.isExpressionStatement(statement) ||
    ts.isExportAssignment(statement) ||
    ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && !statement.name)
  );
}

export function isEmptyExport(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && !statement.moduleSpecifier;
}

export function withoutExport(modifiers: ts.NodeArray<ts.ModifierLike> | undefined): ts.ModifierLike[] | undefined {
  return modifiers?.filter(
    (modifier) => modifier.kind !== ts.SyntaxKind.ExportKeyword && modifier.kind !== ts.SyntaxKind.DefaultKeyword,
  );
}

/**
 * Interrupts in asynchronous code: each async function remembers on entry what the session's interrupts were, and asks
 * the session after each await whether there has been one since.
 */
import ts from 'typescript';
import { at, declare, runtimeCall } from './nodes';

const f = ts.factory;

/** Local constant of an async function: `{ interrupts }` as of its entry. */
export const ENTERED = '__latentlab_entered__';

/** What {@link ENTERED} is for the top level of a cell; later cells must not replace it, so it has the cell's number. */
export function enteredCell(cell: number): string {
  return `__latentlab_cell_${cell}__`;
}

export type AsyncFunction = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

export function isAsyncFunction(node: ts.Node): node is AsyncFunction {
  return (
    (ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isArrowFunction(node) ||
      ts.isMethodDeclaration(node)) &&
    (node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) ?? false)
  );
}

/** `value` → `__latentlab__.resumed(value, entered)` */
export function resumed(value: ts.Expression, entered: string): ts.Expression {
  return runtimeCall('resumed', [value, f.createIdentifier(entered)]);
}

/** The function with {@link ENTERED} as its first statement. */
export function rememberingEntry(node: AsyncFunction): AsyncFunction {
  const body = node.body;
  if (!body) return node;
  const constant = f.createVariableDeclarationList([declare(ENTERED, runtimeCall('entered'))], ts.NodeFlags.Const);
  const remember = f.createVariableStatement(undefined, constant);
  const statements = ts.isBlock(body) ? body.statements : [at(f.createReturnStatement(body), body)];
  return withBody(node, at(f.createBlock([remember, ...statements], true), body));
}

function withBody(node: AsyncFunction, body: ts.Block): AsyncFunction {
  const { modifiers, asteriskToken: star, typeParameters: types, parameters, type } = node;
  if (ts.isArrowFunction(node)) {
    return f.updateArrowFunction(node, node.modifiers, types, parameters, type, node.equalsGreaterThanToken, body);
  }
  if (ts.isMethodDeclaration(node)) {
    return f.updateMethodDeclaration(node, modifiers, star, node.name, undefined, types, parameters, type, body);
  }
  if (ts.isFunctionExpression(node)) {
    return f.updateFunctionExpression(node, node.modifiers, star, node.name, types, parameters, type, body);
  }
  return f.updateFunctionDeclaration(node, modifiers, star, node.name, types, parameters, type, body);
}

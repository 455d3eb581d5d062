/** Says what is wrong with an `await` where JavaScript has none; V8 answers with a riddle ("missing ) after …"). */
import ts from 'typescript';
import { isVariableName, type Boundary } from './scopes';

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

/**
 * @param boundary the innermost function-like part around the node
 * @returns what to write instead of an `await` that is neither at top level nor in an async function
 */
export function misplacedAwait(node: ts.Node, boundary: Boundary | undefined): string | undefined {
  return boundary && !isAsyncFunction(boundary) && awaits(node) ? advice(boundary) : undefined;
}

function awaits(node: ts.Node): boolean {
  return (
    ts.isAwaitExpression(node) ||
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing) ||
    // `await (x)` outside an async function parses as a call of a function named `await`.
    (ts.isIdentifier(node) && node.text === 'await' && isVariableName(node))
  );
}

function advice(boundary: Boundary): string {
  if (ts.isModuleBlock(boundary)) return refusal('a namespace');
  if (ts.isClassStaticBlockDeclaration(boundary)) return refusal('a static block of a class');
  if (ts.isPropertyDeclaration(boundary)) return refusal('the initial value of a class field');
  if (ts.isConstructorDeclaration(boundary)) return refusal('a constructor');
  if (ts.isAccessor(boundary)) return refusal('a getter or setter');
  return `'await' is only allowed in async functions and at the top level of a cell; write: ${asynchronous(boundary)}`;
}

function refusal(place: string): string {
  return `'await' is not allowed in ${place}; wait at the top level of the cell or in an async function instead.`;
}

function asynchronous(fn: ts.SignatureDeclaration): string {
  if (ts.isArrowFunction(fn)) return 'async (…) => …';
  const star = 'asteriskToken' in fn && fn.asteriskToken ? '*' : '';
  const name = fn.name && ts.isIdentifier(fn.name) ? fn.name.text : '';
  if (ts.isMethodDeclaration(fn)) return `async ${star}${name || '[…]'}(…) { … }`;
  return `async function${star}${name ? ` ${name}` : ''}(…) { … }`;
}

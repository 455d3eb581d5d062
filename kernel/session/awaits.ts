/** Finds an `await` where JavaScript has none, which V8 would answer with a riddle ("missing ) after argument list"). */
import ts from 'typescript';
import { isAsyncFunction } from './asyncFunctions';
import { enclosingFunction, isVariableName, type Boundary } from './scopes';

export interface MisplacedAwait {
  /** Offset in the source. */
  start: number;
  message: string;
}

/** The first `await` of a source that is neither at top level nor in an async function. */
export function misplacedAwait(file: ts.SourceFile): MisplacedAwait | undefined {
  const find = (node: ts.Node): MisplacedAwait | undefined => {
    if (awaits(node)) {
      const boundary = enclosingFunction(node);
      if (boundary && !isAsyncFunction(boundary)) return { start: startOf(node, file), message: advice(boundary) };
    }
    return ts.forEachChild(node, find);
  };
  return ts.forEachChild(file, find);
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

function startOf(node: ts.Node, file: ts.SourceFile): number {
  return (ts.isForOfStatement(node) ? node.awaitModifier! : node).getStart(file);
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

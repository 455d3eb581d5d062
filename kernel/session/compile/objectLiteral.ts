/** A whole cell like `{ a: 1, b: 2 }` is an object, as in Node's and Deno's REPL; a real block stays one. */
import ts from 'typescript';
import { parse, parseError } from './transpile';

/** @returns the tree of the cell in parentheses when that is one object literal */
export function objectLiteral(source: string, extension: 'ts' | 'js'): ts.SourceFile | undefined {
  if (!startsWithBrace(source)) return undefined;
  const file = parse(`(${source}\n)`, extension);
  const [only, ...others] = file.statements;
  if (parseError(file) || others.length > 0 || !only || !ts.isExpressionStatement(only)) return undefined;
  const { expression } = only;
  if (!ts.isParenthesizedExpression(expression)) return undefined;
  return ts.isObjectLiteralExpression(withoutTypes(expression.expression)) ? file : undefined;
}

/** Behind comments; scripts that begin otherwise need no second parse. */
function startsWithBrace(source: string): boolean {
  return /^(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*\{/.test(source);
}

function withoutTypes(value: ts.Expression): ts.Expression {
  return ts.isAsExpression(value) || ts.isSatisfiesExpression(value) ? withoutTypes(value.expression) : value;
}

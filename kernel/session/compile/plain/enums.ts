/**
 * Enums as the JavaScript that TypeScript's emitter makes of them, where the text says the values: the emitter costs
 * milliseconds of processor time, and writes anew all else that stands in the cell.
 */
import ts from 'typescript';
import type { Rewrite } from '../rewrite';

type Value = number | string;

/** @returns whether the enum is of this kind; the text is left alone otherwise */
export function rewriteEnum(declaration: ts.EnumDeclaration, file: ts.SourceFile, rewrite: Rewrite): boolean {
  const { parent, members, modifiers = [] } = declaration;
  const exported = modifiers.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  const isPlain = modifiers.every((modifier) => modifier === exported || modifier.kind === ts.SyntaxKind.ConstKeyword);
  const values = ts.isSourceFile(parent) && isPlain ? valuesOf(members) : undefined;
  if (!values) return false;
  const name = declaration.name.text;
  rewrite.replace(exported?.end ?? declaration.getStart(file), members.pos, ` var ${name}; (function (${name}) {`);
  [...values].forEach(([key, value], i) => {
    const member = members[i]!;
    rewrite.replace(member.getStart(file), member.end, assignment(name, key, value));
    // A comma is where the next member's text, blanks and all, begins.
    const comma = members[i + 1]?.pos ?? (members.hasTrailingComma ? members.end : undefined);
    if (comma !== undefined) rewrite.replace(comma - 1, comma, ';');
  });
  rewrite.replace(declaration.end - 1, declaration.end, `})(${name} || (${name} = {}));`);
  return true;
}

/** A number leads back to its name. */
function assignment(name: string, key: string, value: Value): string {
  const property = `${name}[${JSON.stringify(key)}] = ${JSON.stringify(value)}`;
  return typeof value === 'number' ? `${name}[${property}] = ${JSON.stringify(key)}` : property;
}

/** Each member's value; undefined when the text alone does not say one of them. */
function valuesOf(members: readonly ts.EnumMember[]): Map<string, Value> | undefined {
  const values = new Map<string, Value>();
  let last: Value = -1;
  for (const { name, initializer } of members) {
    const value: Value | undefined = initializer ? valueOf(initializer, values) : following(last);
    const isName = ts.isIdentifier(name) || ts.isStringLiteral(name);
    if (!isName || values.has(name.text) || value === undefined || !isWritable(value)) return undefined;
    values.set(name.text, value);
    last = value;
  }
  return values;
}

function following(value: Value): Value | undefined {
  return typeof value === 'number' ? value + 1 : undefined;
}

/** Whether JSON has the value. */
function isWritable(value: Value): boolean {
  return typeof value === 'string' || (Number.isFinite(value) && !Object.is(value, -0));
}

/** What a constant expression comes to; names are those of earlier members. */
function valueOf(expression: ts.Expression, known: ReadonlyMap<string, Value>): Value | undefined {
  if (ts.isNumericLiteral(expression)) return Number(expression.text);
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isIdentifier(expression)) return known.get(expression.text);
  if (ts.isParenthesizedExpression(expression)) return valueOf(expression.expression, known);
  if (ts.isPrefixUnaryExpression(expression)) {
    const value = valueOf(expression.operand, known);
    return typeof value === 'number' ? UNARY[expression.operator]?.(value) : undefined;
  }
  if (!ts.isBinaryExpression(expression)) return undefined;
  const [left, right] = [valueOf(expression.left, known), valueOf(expression.right, known)];
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  return BINARY[expression.operatorToken.kind]?.(left, right);
}

const { SyntaxKind } = ts;

const UNARY: Partial<Record<ts.SyntaxKind, (value: number) => number>> = {
  [SyntaxKind.PlusToken]: (value) => value,
  [SyntaxKind.MinusToken]: (value) => -value,
  [SyntaxKind.TildeToken]: (value) => ~value,
};

const BINARY: Partial<Record<ts.SyntaxKind, (left: number, right: number) => number>> = {
  [SyntaxKind.PlusToken]: (left, right) => left + right,
  [SyntaxKind.MinusToken]: (left, right) => left - right,
  [SyntaxKind.AsteriskToken]: (left, right) => left * right,
  [SyntaxKind.BarToken]: (left, right) => left | right,
  [SyntaxKind.AmpersandToken]: (left, right) => left & right,
  [SyntaxKind.CaretToken]: (left, right) => left ^ right,
  [SyntaxKind.LessThanLessThanToken]: (left, right) => left << right,
  [SyntaxKind.GreaterThanGreaterThanToken]: (left, right) => left >> right,
};

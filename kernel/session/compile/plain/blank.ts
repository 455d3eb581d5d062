/** Types overwritten with blanks, so that every place and every function's text stays as it was written. */
import { bisectLeft } from 'd3-array';
import { blankSourceFile } from 'ts-blank-space';
import ts from 'typescript';
import { isStackOverflow } from '../depth';
import { walk } from '../scopes';
import { parse } from '../transpile';

export interface Blanked {
  text: string;
  /** What is no type and no JavaScript either, and stands in the text still. */
  rest: ts.Node[];
}

/** @returns undefined for a cell that is too deep and holds more than types */
export function withoutTypes(cell: ts.SourceFile): Blanked | undefined {
  try {
    return blanked(cell);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    return blankedAround(cell);
  }
}

function blanked(cell: ts.SourceFile): Blanked {
  const rest: ts.Node[] = [];
  return { text: blankSourceFile(cell, (node) => rest.push(node)), rest };
}

/**
 * Blanking is a recursion, which long chains exceed. Those without types need none of it: something short stands in
 * their place meanwhile.
 */
function blankedAround(cell: ts.SourceFile): Blanked | undefined {
  const { text } = cell;
  const untyped = longExpressionsWithoutTypes(cell);
  let around = '';
  let end = 0;
  for (const part of untyped) {
    around +=
      text.slice(end, part.start) + `0${text.slice(part.start + 1, part.end).replace(/[^\r\n\u2028\u2029]/g, ' ')}`;
    end = part.end;
  }
  const { text: plain, rest } = blanked(parse(around + text.slice(end), 'ts'));
  if (rest.length > 0) return undefined;
  // Blanking keeps every length.
  let whole = '';
  end = 0;
  for (const part of untyped) {
    whole += plain.slice(end, part.start) + text.slice(part.start, part.end);
    end = part.end;
  }
  return { text: whole + plain.slice(end), rest };
}

/** So long is what could be deep. */
const LONG = 200;

/** The outermost ones, in the order of the text. */
function longExpressionsWithoutTypes(cell: ts.SourceFile): { start: number; end: number }[] {
  const types: number[] = [];
  walk(cell, (node) => {
    if (isTypeSyntax(node)) types.push(node.getStart(cell));
    return true;
  });
  types.sort((a, b) => a - b);
  const found: { start: number; end: number }[] = [];
  walk(cell, (node) => {
    const [start, end] = [node.getStart(cell), node.end];
    if (end - start < LONG) return false;
    if (!ts.isExpression(node) || types[bisectLeft(types, start)]! < end) return true;
    found.push({ start, end });
    return false;
  });
  return found.sort((a, b) => a.start - b.start);
}

/** Whether a node, or one of its own tokens, is none of JavaScript's. */
function isTypeSyntax(node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) return node.typeArguments !== undefined;
  if (ts.isHeritageClause(node)) return node.token === ts.SyntaxKind.ImplementsKeyword;
  if (ts.isFunctionDeclaration(node)) return node.body === undefined;
  if (ts.isModifier(node)) return !JAVASCRIPT_MODIFIERS.has(node.kind);
  return (
    ts.isTypeOnlyImportOrExportDeclaration(node) ||
    ts.isTypeNode(node) ||
    ts.isTypeElement(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node) ||
    ts.isImportEqualsDeclaration(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isNonNullExpression(node) ||
    (ts.isClassElement(node) && 'body' in node && node.body === undefined) ||
    ('questionToken' in node && node.questionToken !== undefined && !ts.isConditionalExpression(node)) ||
    ('exclamationToken' in node && node.exclamationToken !== undefined)
  );
}

const JAVASCRIPT_MODIFIERS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AsyncKeyword,
  ts.SyntaxKind.StaticKeyword,
  ts.SyntaxKind.ConstKeyword,
  ts.SyntaxKind.ExportKeyword,
  ts.SyntaxKind.DefaultKeyword,
]);

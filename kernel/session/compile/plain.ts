/**
 * A cell as JavaScript. Types are overwritten with blanks, so that every place and every function's text stays as it
 * was written; what has no such form (enums, decorators, JSX, `using`) goes through TypeScript's own emitter.
 */
import { originalPositionFor } from '@jridgewell/trace-mapping';
import { blankSourceFile } from 'ts-blank-space';
import { bisectLeft } from 'd3-array';
import ts from 'typescript';
import { isStackOverflow } from './depth';
import { importEquals } from './imports';
import type { Place } from './rewrite';
import { walk } from './scopes';
import { parse, Transpilation } from './transpile';

export interface PlainCell {
  /** The tree of the JavaScript. */
  file: ts.SourceFile;
  /** A place in the JavaScript as one in the cell. */
  origin(place: Place): Place;
}

/** @throws ts.Diagnostic for types in JavaScript */
export function plainCell(cell: ts.SourceFile, options: ts.CompilerOptions): PlainCell {
  const blanked = needsEmitter(cell, options) ? undefined : withoutTypes(cell);
  if (blanked === undefined) return emitted(cell, options);
  if (blanked === cell.text) return { file: cell, origin: (place) => place };
  return { file: parse(blanked, 'ts'), origin: (place) => place };
}

function withoutTypes(cell: ts.SourceFile): string | undefined {
  try {
    return blanked(cell);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    return blankedAround(cell);
  }
}

function blanked(cell: ts.SourceFile): string | undefined {
  let unblankable = false;
  const text = blankSourceFile(cell, () => (unblankable = true));
  return unblankable ? undefined : text;
}

/**
 * Blanking is a recursion, which long chains exceed. Those without types need none of it: something short stands in
 * their place meanwhile.
 */
function blankedAround(cell: ts.SourceFile): string | undefined {
  const { text } = cell;
  const untyped = longExpressionsWithoutTypes(cell);
  let around = '';
  let end = 0;
  for (const part of untyped) {
    around +=
      text.slice(end, part.start) + `0${text.slice(part.start + 1, part.end).replace(/[^\r\n\u2028\u2029]/g, ' ')}`;
    end = part.end;
  }
  const plain = blanked(parse(around + text.slice(end), 'ts'));
  if (plain === undefined) return undefined;
  // Blanking keeps every length.
  let whole = '';
  end = 0;
  for (const part of untyped) {
    whole += plain.slice(end, part.start) + text.slice(part.start, part.end);
    end = part.end;
  }
  return whole + plain.slice(end);
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

function emitted(cell: ts.SourceFile, options: ts.CompilerOptions): PlainCell {
  const { code, map } = new Transpilation(cell, options).emit({ before: [importEquals] });
  const origin = ({ line, column }: Place): Place => {
    const found = originalPositionFor(map, { line, column: column - 1 });
    return { line: found.line ?? line, column: (found.column ?? column - 1) + 1 };
  };
  return { file: parse(code, 'js'), origin };
}

/** What may be the syntax that only the emitter compiles; it is looked for in the tree then. */
const SUSPICIOUS = /@|\busing\b|\baccessor\b|<\/|\/>/;

function needsEmitter(cell: ts.SourceFile, { useDefineForClassFields = true }: ts.CompilerOptions): boolean {
  // Fields that are assigned are no syntax of JavaScript.
  if (!useDefineForClassFields && /\bclass\b/.test(cell.text)) return true;
  if (!SUSPICIOUS.test(cell.text)) return false;
  let found = false;
  walk(cell, (node) => {
    found ||= isForEmitter(node);
    return !found;
  });
  return found;
}

function isForEmitter(node: ts.Node): boolean {
  return (
    ts.isDecorator(node) ||
    node.kind === ts.SyntaxKind.AccessorKeyword ||
    ts.isJsxElement(node) ||
    ts.isJsxSelfClosingElement(node) ||
    ts.isJsxFragment(node) ||
    (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using) ||
    (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing)
  );
}

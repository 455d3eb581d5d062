/**
 * A cell as JavaScript. Types are overwritten with blanks, so that every place and every function's text stays as it
 * was written; what has no such form (enums, decorators, JSX, `using`) goes through TypeScript's own emitter.
 */
import { originalPositionFor } from '@jridgewell/trace-mapping';
import { blankSourceFile } from 'ts-blank-space';
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
  let unblankable = false;
  try {
    const blanked = blankSourceFile(cell, () => (unblankable = true));
    return unblankable ? undefined : blanked;
  } catch (error) {
    // It is a recursion; long chains without types need none of it.
    if (isStackOverflow(error) && !hasTypes(cell)) return cell.text;
    throw error;
  }
}

function hasTypes(cell: ts.SourceFile): boolean {
  let found = false;
  walk(cell, (node) => {
    found ||= isTypeSyntax(node);
    return !found;
  });
  return found;
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

/**
 * A cell as JavaScript. Types are overwritten with blanks, so that every place and every function's text stays as it
 * was written. Enums and parameter properties become what they stand for; what has no such form (namespaces, decorators,
 * JSX, `using`) goes through TypeScript's own emitter.
 */
import { originalPositionFor } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import { withoutTypes, type Blanked } from './blank';
import { rewriteEnum } from './enums';
import { importEquals } from '../imports';
import { rewriteParameterProperties } from './parameterProperties';
import { Rewrite, type Place, type Rewritten } from '../rewrite';
import { walk } from '../scopes';
import { parse, Transpilation } from '../transpile';

export interface PlainCell {
  /** The tree of the JavaScript. */
  file: ts.SourceFile;
  /** A place in the JavaScript as one in the cell. */
  origin(place: Place): Place;
}

const AS_IT_STANDS: PlainCell['origin'] = (place) => place;

export function plainCell(cell: ts.SourceFile, options: ts.CompilerOptions): PlainCell {
  if (needsEmitter(cell, options)) return emitted(cell, options);
  const blanked = withoutTypes(cell);
  if (!blanked) return emitted(cell, options);
  if (blanked.rest.length > 0) return withoutRest(cell, blanked, options) ?? emitted(cell, options);
  const file = blanked.text === cell.text ? cell : parse(blanked.text, 'ts');
  return { file, origin: AS_IT_STANDS };
}

/** Undefined when there is something in the rest that only the emitter compiles. */
function withoutRest(
  cell: ts.SourceFile,
  { text, rest }: Blanked,
  { useDefineForClassFields = true }: ts.CompilerOptions,
): PlainCell | undefined {
  const rewrite = new Rewrite(text);
  for (const node of new Set(rest.map(constructorOf))) {
    const done = ts.isEnumDeclaration(node)
      ? rewriteEnum(node, cell, rewrite)
      : ts.isConstructorDeclaration(node) && rewriteParameterProperties(node, cell, useDefineForClassFields, rewrite);
    if (!done) return undefined;
  }
  const rewritten = rewrite.finish('');
  return { file: parse(rewritten.text, 'ts'), origin: originIn(rewritten) };
}

/** A constructor stands for the modifiers of its parameters. */
function constructorOf(node: ts.Node): ts.Node {
  return ts.isModifier(node) && ts.isParameter(node.parent) ? node.parent.parent : node;
}

/** Its own function, so that it does not keep the cell's tree. */
function originIn(rewritten: Rewritten): PlainCell['origin'] {
  return (place) => rewritten.origin(place);
}

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
  const assignsFields = !useDefineForClassFields && /\bclass\b/.test(cell.text);
  if (!assignsFields && !SUSPICIOUS.test(cell.text)) return false;
  let found = false;
  walk(cell, (node) => {
    found ||= isForEmitter(node) || (assignsFields && ts.isPropertyDeclaration(node));
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

/**
 * `constructor(private x: number) {}` as the fields and assignments that it stands for, without TypeScript's emitter,
 * which costs milliseconds of processor time and writes anew all else that stands in the cell.
 */
import ts from 'typescript';
import type { Rewrite } from '../rewrite';

/**
 * @param declares whether the fields stand in the class too, as `useDefineForClassFields` has it
 * @returns whether the constructor is of a kind that is done here; the text is left alone otherwise
 */
export function rewriteParameterProperties(
  constructor: ts.ConstructorDeclaration,
  file: ts.SourceFile,
  declares: boolean,
  rewrite: Rewrite,
): boolean {
  const properties = constructor.parameters.filter(({ modifiers }) => modifiers !== undefined);
  const names = properties.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  const place = assignmentsPlace(constructor);
  if (place === undefined || names.length < properties.length) return false;
  for (const { modifiers } of properties) {
    for (const modifier of modifiers!) rewrite.replace(modifier.getStart(file), modifier.end, '');
  }
  const { members } = constructor.parent;
  if (declares) rewrite.replace(members.pos, members.pos, ` ${names.map((name) => `${name};`).join(' ')}`);
  rewrite.replace(place, place, `; ${names.map((name) => `this.${name} = ${name};`).join(' ')}`);
  return true;
}

/** Where the body has `this` first; undefined if that is not plain to see. */
function assignmentsPlace({ body, parent }: ts.ConstructorDeclaration): number | undefined {
  if (!body) return undefined;
  const [first] = body.statements;
  const isDirective = first && ts.isExpressionStatement(first) && ts.isStringLiteral(first.expression);
  if (isDirective) return undefined;
  const isDerived = parent.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  return isDerived ? body.statements.find(isSuperCall)?.end : body.statements.pos;
}

function isSuperCall(statement: ts.Statement): boolean {
  return (
    ts.isExpressionStatement(statement) &&
    ts.isCallExpression(statement.expression) &&
    statement.expression.expression.kind === ts.SyntaxKind.SuperKeyword
  );
}

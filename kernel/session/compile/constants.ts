/**
 * Which names of a session's cells may not be given another value. To V8 all of them are variables, since any cell may
 * declare any name again.
 */
import ts from 'typescript';
import { boundNames, isVar, lexicalNames } from './scopes';

/** What a name stands for, in TypeScript's words. */
export type Constant = 'a constant' | 'an import' | 'a function' | 'a class' | 'an enum' | 'a namespace';

/** What each top-level name of a cell stands for; undefined for variables. */
export function declaredConstants(file: ts.SourceFile): Map<string, Constant | undefined> {
  const declared = new Map<string, Constant | undefined>();
  for (const statement of file.statements) {
    for (const name of [...lexicalNames(statement), ...otherNames(statement)]) declared.set(name, kindOf(statement));
  }
  return declared;
}

function kindOf(statement: ts.Statement): Constant | undefined {
  if (ts.isVariableStatement(statement)) return isConst(statement.declarationList) ? 'a constant' : undefined;
  if (ts.isFunctionDeclaration(statement)) return 'a function';
  if (ts.isClassDeclaration(statement)) return 'a class';
  if (ts.isEnumDeclaration(statement)) return 'an enum';
  return ts.isModuleDeclaration(statement) ? 'a namespace' : 'an import';
}

function otherNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    const list = statement.declarationList;
    return isVar(list) ? list.declarations.flatMap(({ name }) => boundNames(name)) : [];
  }
  const named =
    ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement) || ts.isImportEqualsDeclaration(statement);
  return named && ts.isIdentifier(statement.name) ? [statement.name.text] : [];
}

/** `const`, `using` and `await using`. */
function isConst(list: ts.VariableDeclarationList): boolean {
  return (list.flags & (ts.NodeFlags.Const | ts.NodeFlags.Using)) !== 0;
}

/** A constant that no value is given to where it is declared. */
export function lacksValue(node: ts.Node): boolean {
  if (!ts.isVariableDeclaration(node) || node.initializer || !ts.isVariableDeclarationList(node.parent)) return false;
  const { parent: list } = node;
  return isConst(list) && !ts.isForInStatement(list.parent) && !ts.isForOfStatement(list.parent) && !isAmbient(list);
}

/** In `declare const …`, `declare namespace …` and the like. */
function isAmbient(node: ts.Node): boolean {
  for (let outer = node.parent; outer; outer = outer.parent) {
    const modifiers = ts.canHaveModifiers(outer) ? ts.getModifiers(outer) : undefined;
    if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) return true;
  }
  return false;
}

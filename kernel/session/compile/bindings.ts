/**
 * The syntax-tree half of `compile.ts`: changes a JavaScript module's text so that its top level becomes a script whose
 * bindings any later cell may declare again. All else stays as it was written.
 */
import ts from 'typescript';
import { isAsyncFunction, type AsyncFunction } from './awaits';
import { importCall, importStatement } from './imports';
import {
  CONSTANT,
  DYNAMIC_IMPORT,
  ENTERED,
  enteredCell,
  hiddenName,
  META,
  ownName,
  REMEMBERING_BLOCK,
  REMEMBERING_VALUE,
  resuming,
  resumingEachRound,
  RUNTIME_NAME,
} from './ownSource';
import { Rewrite, type Rewritten } from './rewrite';
import { boundNames, isAssignedOutside, isVar, isVariableName, lexicalNames, walk, type Scope } from './scopes';

export interface CellNames {
  /** Globals' names that cells may have bindings of. */
  shadowed: ReadonlySet<string>;
  /** Whether a name is a constant's; giving it a value throws. */
  isGuarded(name: string): boolean;
}

/** @param cell the cell's number, another for each run */
export function normalizeBindings(file: ts.SourceFile, names: CellNames, cell: number): Rewritten {
  return new CellRewriter(file, names, cell).rewritten();
}

/** A reference that may mean a binding which goes by another name, or may not be written. */
interface Reference {
  id: ts.Identifier;
  scope: Scope;
}

const BLANKS = /(?:\s|\/\/.*|\/\*[^]*?\*\/)*/y;

class CellRewriter {
  private readonly rewrite: Rewrite;
  private readonly references: Reference[] = [];
  /** Async functions that await. */
  private readonly awaiting = new Set<AsyncFunction>();
  private readonly imports: ts.Statement[] = [];
  private readonly functions: ts.Statement[] = [];
  private readonly variables = new Set<string>();
  private awaitsAtTopLevel = false;

  constructor(
    private readonly file: ts.SourceFile,
    private readonly names: CellNames,
    private readonly cell: number,
  ) {
    this.rewrite = new Rewrite(file.text);
  }

  rewritten(): Rewritten {
    const result = this.resultStatement();
    for (const statement of this.file.statements) this.topLevel(statement, statement === result);
    walk(this.file, (node, scope) => this.visit(node, scope));
    for (const reference of this.references) this.reference(reference);
    for (const statement of [...this.imports, ...this.functions]) this.rewrite.toFront(this.rangeOf(statement));
    return this.rewrite.finish(`"use strict";${this.hoisted()}`);
  }

  /** What stands above the cell's own statements: the cell's entry and its `var`s. */
  private hoisted(): string {
    const lexical = new Set(this.file.statements.flatMap(lexicalNames));
    const fresh = [...this.variables].filter((name) => !lexical.has(name)).map(this.scriptName);
    if (this.awaitsAtTopLevel) fresh.unshift(`${enteredCell(this.cell)} = ${RUNTIME_NAME}.entered()`);
    return fresh.length > 0 ? ` let ${fresh.join(', ')}; ` : ' ';
  }

  // --- statements of the top level ----------------------------------------------------------------------------------

  /** The value of a last statement that is an expression is the cell's result. */
  private resultStatement(): ts.Statement | undefined {
    const last = this.file.statements.findLast((statement) => !isEmptyExport(statement));
    return last && isValue(last) ? last : undefined;
  }

  private topLevel(statement: ts.Statement, isResult: boolean): void {
    const { start, end } = this.rangeOf(statement);
    if (ts.isImportDeclaration(statement)) {
      this.imports.push(statement);
      this.rewrite.replace(start, end, importStatement(statement, this.scriptName));
    } else if (ts.isExportDeclaration(statement)) {
      const call = statement.moduleSpecifier && `${importCall(statement.moduleSpecifier, [])};`;
      if (call) this.imports.push(statement);
      this.rewrite.replace(start, end, call ?? ';');
    } else if (ts.isFunctionDeclaration(statement) && statement.name) {
      this.functions.push(statement);
      this.declaration(statement, statement.name);
    } else if (ts.isClassDeclaration(statement) && statement.name) {
      this.declaration(statement, statement.name);
    } else if (ts.isVariableStatement(statement)) {
      this.withoutExport(statement, statement.declarationList);
    } else if (isValue(statement)) {
      this.value(statement, isResult);
    }
  }

  /** `function f() {}` → `let f = function () {};` */
  private declaration(statement: ts.FunctionDeclaration | ts.ClassDeclaration, name: ts.Identifier): void {
    this.withoutExport(statement);
    const before = `;let ${this.scriptName(name.text)} = `;
    this.rewrite.wrap({ start: this.afterExport(statement), end: statement.end }, before, ';');
    // A function's own name would be a second binding; a class has it in the language too.
    if (ts.isFunctionDeclaration(statement) && !this.names.shadowed.has(name.text)) {
      this.rewrite.replace(name.getStart(this.file), name.end, hiddenName(name.text));
    }
  }

  /** An expression, or what an anonymous default export exports. */
  private value(statement: ts.Statement, isResult: boolean): void {
    const expression =
      ts.isExpressionStatement(statement) || ts.isExportAssignment(statement) ? statement.expression : statement;
    const start = expression === statement ? this.afterExport(statement) : expression.getStart(this.file);
    if (ts.isExportAssignment(statement)) this.rewrite.replace(statement.getStart(this.file), start, '');
    else if (expression === statement) this.withoutExport(statement);
    const range = { start, end: expression.end };
    if (isResult) this.rewrite.wrap(range, `;${RUNTIME_NAME}.result((`, '))');
    else if (!ts.isExpressionStatement(statement)) this.rewrite.wrap(range, ';(', ');');
  }

  private withoutExport(statement: ts.Statement, first?: ts.Node): void {
    const start = statement.getStart(this.file);
    const end = first ? first.getStart(this.file) : this.afterExport(statement);
    if (end > start) this.rewrite.replace(start, end, '');
  }

  /** Where a declaration begins behind `export` and `default`. */
  private afterExport(statement: ts.Statement): number {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const own = modifiers.filter(
      ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
    );
    const end = own.at(-1)?.end;
    if (end === undefined) return statement.getStart(this.file);
    BLANKS.lastIndex = end;
    return end + BLANKS.exec(this.file.text)![0].length;
  }

  private readonly scriptName = (name: string): string => (this.names.shadowed.has(name) ? ownName(name) : name);

  // --- what lies in them --------------------------------------------------------------------------------------------

  private visit(node: ts.Node, scope: Scope): boolean {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return false;
    if (ts.isIdentifier(node)) this.identifier(node, scope);
    else if (ts.isAwaitExpression(node)) this.rewrite.wrap(this.rangeOf(node), ...resuming(this.entered(scope)));
    else if (ts.isForOfStatement(node) && node.awaitModifier) {
      this.rewrite.wrap(this.rangeOf(node.statement), ...resumingEachRound(this.entered(scope)));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      this.rewrite.replace(node.expression.getStart(this.file), node.expression.end, DYNAMIC_IMPORT);
    } else if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      this.rewrite.replace(node.getStart(this.file), node.end, META);
    } else if (ts.isVariableDeclarationList(node) && !scope.boundary) this.variableList(node, scope);
    return true;
  }

  private variableList(list: ts.VariableDeclarationList, scope: Scope): void {
    const start = list.getStart(this.file);
    if (isVar(list)) this.assignments(list, start);
    else if (scope.parent) return;
    else if (this.file.text.startsWith('const', start)) this.rewrite.replace(start, start + 'const'.length, 'let');
    for (const { name, initializer } of list.declarations) {
      if (!ts.isIdentifier(name) || !initializer || !this.names.shadowed.has(name.text)) continue;
      // The name that JavaScript would infer.
      if (isAnonymous(initializer)) {
        this.rewrite.wrap(this.rangeOf(initializer), `({ ${name.text}: `, ` }).${name.text}`);
      }
    }
  }

  /** `var a = 1, {b} = c` → `void (a = 1, {b} = c);`, with the names declared on top. */
  private assignments(list: ts.VariableDeclarationList, start: number): void {
    const { parent } = list;
    const first = list.declarations[0]!.getStart(this.file);
    for (const { name } of list.declarations) boundNames(name).forEach((bound) => this.variables.add(bound));
    if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) {
      this.rewrite.replace(start, first, '');
      return;
    }
    for (const declaration of list.declarations) {
      if (!declaration.initializer) this.rewrite.replace(declaration.getStart(this.file), declaration.end, 'void 0');
    }
    this.rewrite.replace(start, start + 'var'.length, 'void');
    const closed = !ts.isVariableStatement(parent) || this.file.text[parent.end - 1] === ';';
    this.rewrite.wrap({ start: first, end: list.end }, '(', closed ? ')' : ');');
  }

  /** The variable that knows the interrupts seen when the function around an await, or the cell, was entered. */
  private entered({ boundary }: Scope): string {
    if (!boundary) {
      this.awaitsAtTopLevel = true;
      return enteredCell(this.cell);
    }
    if (isAsyncFunction(boundary) && boundary.body && !this.awaiting.has(boundary)) this.remember(boundary);
    return ENTERED;
  }

  private remember(fn: AsyncFunction): void {
    this.awaiting.add(fn);
    const body = fn.body!;
    const start = body.getStart(this.file);
    if (ts.isBlock(body)) this.rewrite.replace(start, start + 1, REMEMBERING_BLOCK);
    else this.rewrite.wrap({ start, end: body.end }, ...REMEMBERING_VALUE);
  }

  // --- names --------------------------------------------------------------------------------------------------------

  private identifier(id: ts.Identifier, scope: Scope): void {
    if (this.names.shadowed.has(id.text) || this.names.isGuarded(id.text)) this.references.push({ id, scope });
  }

  private reference({ id, scope }: Reference): void {
    const assigned = this.names.isGuarded(id.text) && isAssignedOutside(id, scope);
    const renamed = this.names.shadowed.has(id.text) && isReference(id) && scope.isOuter(id.text);
    if (!assigned && !renamed) return;
    const name = renamed ? ownName(id.text) : id.text;
    const text = assigned ? CONSTANT.join(name) : name;
    const { parent } = id;
    const shorthand =
      ts.isShorthandPropertyAssignment(parent) ||
      (ts.isBindingElement(parent) &&
        ts.isObjectBindingPattern(parent.parent) &&
        !parent.propertyName &&
        !parent.dotDotDotToken);
    const isName = shorthand && parent.name === id;
    this.rewrite.replace(id.getStart(this.file), id.end, isName ? `${id.text}: ${text}` : text);
  }

  private rangeOf(node: ts.Node): { start: number; end: number } {
    return { start: node.getStart(this.file), end: node.end };
  }
}

/** What names functions and classes themselves is no reference. */
function isReference(id: ts.Identifier): boolean {
  const { parent } = id;
  const isOwnName = (ts.isFunctionLike(parent) || ts.isClassLike(parent)) && parent.name === id;
  return !isOwnName && isVariableName(id);
}

/** Whether a function or class takes its name from what it is assigned to. */
function isAnonymous(value: ts.Expression): boolean {
  return ts.isArrowFunction(value) || ((ts.isFunctionExpression(value) || ts.isClassExpression(value)) && !value.name);
}

/** Whether a statement at a cell's end gives the cell its value. */
function isValue(statement: ts.Statement): boolean {
  return (
    ts.isExpressionStatement(statement) ||
    ts.isExportAssignment(statement) ||
    ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && !statement.name)
  );
}

function isEmptyExport(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && !statement.moduleSpecifier;
}

/**
 * The syntax-tree half of `compile.ts`: a transformer over JavaScript (TypeScript's own transformations are done)
 * that turns a module's top level into a script whose bindings any later cell may declare again.
 */
import ts from 'typescript';
import { ENTERED, enteredCell, isAsyncFunction, rememberingEntry, resumed } from './asyncFunctions';
import { importCall, importStatements } from './imports';
import {
  at,
  declare,
  isAnonymous,
  isEmptyExport,
  isValue,
  letStatement,
  namedValue,
  runtimeCall,
  runtimeMember,
  valueStatement,
  withoutExport,
} from './nodes';
import { asAssignmentTarget } from './patterns';
import { enclosingFunction, isVar, type TopLevelNames } from './scopes';
import type { OwnNames } from './shadowing';

const f = ts.factory;

export interface CellNames {
  topLevel: TopLevelNames;
  own: OwnNames;
}

/** @param cell the cell's number, another for each run */
export function normalizeBindings(names: CellNames, cell: number): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => new CellTransformer(context, names, cell).file(file);
}

class CellTransformer {
  /** Functions and imports come first, as the language hoists them. */
  private readonly imports: ts.Statement[] = [];
  private readonly functions: ts.Statement[] = [];
  private readonly body: ts.Statement[] = [];
  private awaitsAtTopLevel = false;

  constructor(
    private readonly context: ts.TransformationContext,
    private readonly names: CellNames,
    private readonly cell: number,
  ) {}

  file(file: ts.SourceFile): ts.SourceFile {
    for (const statement of file.statements) {
      this.topLevel(statement);
    }
    this.resultOf(file);
    const strict = f.createExpressionStatement(f.createStringLiteral('use strict'));
    const statements = [strict, ...this.hoisted(), ...this.imports, ...this.functions, ...this.body];
    return f.updateSourceFile(file, statements);
  }

  /** What stands above the cell's own statements: the cell's entry and its `var`s. */
  private hoisted(): ts.Statement[] {
    const { lexical, variables } = this.names.topLevel;
    const fresh = [...variables].filter((name) => !lexical.has(name));
    const declarations = fresh.map((name) => declare(this.scriptName(name)));
    if (this.awaitsAtTopLevel) declarations.unshift(declare(enteredCell(this.cell), runtimeCall('entered')));
    return declarations.length > 0 ? [letStatement(declarations)] : [];
  }

  private topLevel(statement: ts.Statement): void {
    if (ts.isImportDeclaration(statement)) {
      this.imports.push(...importStatements(statement, this.scriptName));
    } else if (ts.isFunctionDeclaration(statement)) {
      const value = this.functionValue(statement);
      if (statement.name) this.functions.push(this.binding(statement, statement.name, value));
      else this.body.push(valueStatement(value, statement));
    } else if (ts.isClassDeclaration(statement)) {
      const value = this.classValue(statement);
      this.body.push(
        statement.name ? this.binding(statement, statement.name, value) : valueStatement(value, statement),
      );
    } else if (ts.isVariableStatement(statement)) {
      this.body.push(this.variableStatement(statement));
    } else if (ts.isExportAssignment(statement)) {
      this.body.push(valueStatement(this.visit(statement.expression), statement));
    } else if (ts.isExportDeclaration(statement)) {
      if (statement.moduleSpecifier) {
        this.imports.push(at(f.createExpressionStatement(importCall(statement.moduleSpecifier, [])), statement));
      }
    } else {
      this.body.push(this.visit(statement));
    }
  }

  private readonly scriptName = (name: string): string => this.names.own.declared(name);

  // --- declarations -------------------------------------------------------------------------------------------------

  private functionValue(statement: ts.FunctionDeclaration): ts.Expression {
    const visited = this.visit(statement);
    const expression = f.createFunctionExpression(
      visited.modifiers?.filter((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword),
      visited.asteriskToken,
      undefined,
      undefined,
      visited.parameters,
      undefined,
      visited.body ?? f.createBlock([]),
    );
    return at(expression, statement);
  }

  private classValue(statement: ts.ClassDeclaration): ts.Expression {
    const visited = this.visitEach(statement);
    const { modifiers, heritageClauses, members } = visited;
    return at(
      f.createClassExpression(withoutExport(modifiers), statement.name, undefined, heritageClauses, members),
      statement,
    );
  }

  private binding(statement: ts.Statement, name: ts.Identifier, value: ts.Expression): ts.Statement {
    return at(letStatement([this.declaration(name, value)]), statement);
  }

  private declaration(name: ts.Identifier, value: ts.Expression | undefined): ts.VariableDeclaration {
    const scriptName = this.scriptName(name.text);
    if (scriptName === name.text) return declare(name, value);
    const named = value && isAnonymous(value) ? namedValue(name.text, value) : value;
    return declare(at(f.createIdentifier(scriptName), name), named);
  }

  private variableStatement(statement: ts.VariableStatement): ts.Statement {
    const list = statement.declarationList;
    if (isVar(list)) {
      return at(f.createExpressionStatement(this.assignments(list)), statement);
    }
    const declarations = list.declarations.map((declaration) => {
      const { name, initializer } = declaration;
      if (!ts.isIdentifier(name)) return this.visitEach(declaration);
      return at(this.declaration(name, initializer && this.visit(initializer)), declaration);
    });
    return at(letStatement(declarations, list), statement);
  }

  /** `var a = 1, {b} = c` → `a = 1, {b} = c`, with the names declared on top. */
  private assignments(list: ts.VariableDeclarationList): ts.Expression {
    const parts: ts.Expression[] = [];
    for (const { name, initializer } of list.declarations) {
      if (!initializer) continue;
      const value = this.visit(initializer);
      const renamed = ts.isIdentifier(name) && this.scriptName(name.text) !== name.text;
      const named = renamed && isAnonymous(value) ? namedValue(name.text, value) : value;
      parts.push(at(f.createAssignment(asAssignmentTarget(this.visit(name)), named), name.parent));
    }
    const only = parts.length > 0 ? parts.reduce((left, right) => f.createComma(left, right)) : f.createVoidZero();
    return ts.isBinaryExpression(only) && ts.isObjectLiteralExpression(only.left)
      ? f.createParenthesizedExpression(only)
      : only;
  }

  // --- expressions --------------------------------------------------------------------------------------------------

  private visit<T extends ts.Node>(node: T): T {
    return ts.visitNode(node, this.visitor) as T;
  }

  private visitEach<T extends ts.Node>(node: T): T {
    return ts.visitEachChild(node, this.visitor, this.context);
  }

  private readonly visitor = (node: ts.Node): ts.Node => {
    if (ts.isIdentifier(node)) return this.variable(node) ?? node;
    if (ts.isShorthandPropertyAssignment(node)) return this.shorthand(node);
    if (ts.isBindingElement(node)) return this.bindingElement(node);
    if (ts.isAwaitExpression(node)) return at(resumed(this.visitEach(node), this.entered(node)), node);
    if (isAsyncFunction(node)) return rememberingEntry(this.visitEach(node));
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const values = node.arguments.map((argument) => this.visit(argument));
      return at(runtimeCall('dynamicImport', values), node);
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return at(runtimeMember('meta'), node);
    }
    if (ts.isForOfStatement(node) && node.awaitModifier) return this.forAwait(node);
    if (ts.isVariableStatement(node) && isVar(node.declarationList) && !enclosingFunction(node)) {
      return at(f.createExpressionStatement(this.assignments(node.declarationList)), node);
    }
    if (ts.isVariableDeclarationList(node) && isVar(node) && !enclosingFunction(node)) {
      return this.loopVariable(node);
    }
    return this.visitEach(node);
  };

  /** A reference to a cell's binding that goes by another name in scripts. */
  private variable(id: ts.Identifier): ts.Identifier | undefined {
    const name = this.names.own.renamed(id);
    return name === undefined ? undefined : at(f.createIdentifier(name), id);
  }

  /** `{ process }` → `{ process: process__cell }` */
  private shorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
    const name = this.variable(node.name);
    if (!name) return this.visitEach(node);
    const initial = node.objectAssignmentInitializer;
    const value = initial ? f.createAssignment(name, this.visit(initial)) : name;
    return at(f.createPropertyAssignment(f.createIdentifier(node.name.text), value), node);
  }

  /** `const { process } = …` → `let { process: process__cell } = …` */
  private bindingElement(node: ts.BindingElement): ts.Node {
    const visited = this.visitEach(node);
    const shorthand = ts.isObjectBindingPattern(node.parent) && !node.propertyName && !node.dotDotDotToken;
    if (!shorthand || visited.name === node.name || !ts.isIdentifier(node.name)) return visited;
    const property = f.createIdentifier(node.name.text);
    return f.updateBindingElement(visited, undefined, property, visited.name, visited.initializer);
  }

  /** `for (var i = 0; …)` → `for (i = 0; …)`, `for (var x of xs)` → `for (x of xs)`. */
  private loopVariable(list: ts.VariableDeclarationList): ts.Expression {
    const { parent } = list;
    if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) {
      return asAssignmentTarget(this.visit(list.declarations[0]!.name));
    }
    return this.assignments(list);
  }

  private forAwait(loop: ts.ForOfStatement): ts.Statement {
    const visited = this.visitEach(loop);
    const check = f.createExpressionStatement(resumed(f.createVoidZero(), this.entered(loop)));
    const body = f.createBlock([check, visited.statement], true);
    const { awaitModifier, initializer, expression } = visited;
    return at(f.updateForOfStatement(visited, awaitModifier, initializer, expression, body), loop);
  }

  /** The variable that knows the interrupts seen when the function around an await, or the cell, was entered. */
  private entered(node: ts.Node): string {
    if (enclosingFunction(node)) return ENTERED;
    this.awaitsAtTopLevel = true;
    return enteredCell(this.cell);
  }

  /** The value of a last statement that is an expression is the cell's result. */
  private resultOf(file: ts.SourceFile): void {
    const last = file.statements.filter((statement) => !isEmptyExport(statement)).at(-1);
    const emitted = this.body.at(-1);
    if (last && isValue(last) && emitted && ts.isExpressionStatement(emitted)) {
      const result = runtimeCall('result', [emitted.expression]);
      this.body[this.body.length - 1] = at(f.createExpressionStatement(result), emitted);
    }
  }
}

/**
 * The syntax-tree half of `compile.ts`: a transformer over JavaScript (TypeScript's own transformations are done)
 * that turns a module's top level into a script whose bindings any later cell may declare again.
 */
import ts from 'typescript';
import { asAssignmentTarget, boundNames } from './patterns';

const f = ts.factory;

/**
 * @param runtime name of the global object with `import`, `dynamicImport`, `meta`, `interrupts`, `resumed`, `result`
 * @param interrupts how many interrupts the session has seen; an await that resumes after one more throws
 */
export function normalizeBindings(runtime: string, interrupts: number): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => new CellTransformer(context, runtime, interrupts).file(file);
}

/** Local constant of an async function: the interrupts seen when it was entered. */
const ENTERED = '__latentlab_entered__';

class CellTransformer {
  /** Functions and imports come first, as the language hoists them. */
  private readonly imports: ts.Statement[] = [];
  private readonly functions: ts.Statement[] = [];
  private readonly body: ts.Statement[] = [];
  /** Names of `var`s anywhere outside functions: declared once, on top. */
  private readonly variables = new Set<string>();
  private readonly declared = new Set<string>();

  constructor(
    private readonly context: ts.TransformationContext,
    private readonly runtime: string,
    private readonly interrupts: number,
  ) {}

  file(file: ts.SourceFile): ts.SourceFile {
    for (const statement of file.statements) {
      this.topLevel(statement);
    }
    this.resultOf(file);
    const fresh = [...this.variables].filter((name) => !this.declared.has(name));
    const hoisted = fresh.length > 0 ? [this.letStatement(fresh.map((name) => f.createVariableDeclaration(name)))] : [];
    const strict = f.createExpressionStatement(f.createStringLiteral('use strict'));
    return f.updateSourceFile(file, [strict, ...hoisted, ...this.imports, ...this.functions, ...this.body]);
  }

  private topLevel(statement: ts.Statement): void {
    if (ts.isImportDeclaration(statement)) {
      this.imports.push(...this.importStatements(statement));
    } else if (ts.isFunctionDeclaration(statement) && statement.name) {
      this.functions.push(this.functionStatement(statement, statement.name));
    } else if (ts.isClassDeclaration(statement) && statement.name) {
      this.body.push(this.classStatement(statement, statement.name));
    } else if (ts.isVariableStatement(statement)) {
      this.body.push(this.variableStatement(statement));
    } else if (ts.isExportAssignment(statement)) {
      this.body.push(at(f.createExpressionStatement(this.visit(statement.expression)), statement));
    } else if (ts.isExportDeclaration(statement)) {
      if (statement.moduleSpecifier) {
        this.imports.push(at(f.createExpressionStatement(this.importCall(statement.moduleSpecifier, [])), statement));
      }
    } else {
      this.body.push(this.visit(statement));
    }
  }

  // --- declarations -------------------------------------------------------------------------------------------------

  private importStatements(statement: ts.ImportDeclaration): ts.Statement[] {
    const clause = statement.importClause;
    const bindings = clause?.namedBindings;
    const names = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
    const wanted = names.map((element) => (element.propertyName ?? element.name).text);
    const call = this.importCall(statement.moduleSpecifier, clause?.name ? ['default', ...wanted] : wanted);
    if (!clause) {
      return [at(f.createExpressionStatement(call), statement)];
    }
    if (bindings && ts.isNamespaceImport(bindings)) {
      this.declared.add(bindings.name.text);
      const namespace = this.letStatement([f.createVariableDeclaration(bindings.name, undefined, undefined, call)]);
      if (!clause.name) return [at(namespace, statement)];
      this.declared.add(clause.name.text);
      const fallback = f.createPropertyAccessExpression(bindings.name, 'default');
      const first = f.createVariableDeclaration(clause.name, undefined, undefined, fallback);
      return [at(namespace, statement), at(this.letStatement([first]), statement)];
    }
    const elements = names.map((element) => f.createBindingElement(undefined, element.propertyName, element.name));
    if (clause.name) {
      elements.unshift(f.createBindingElement(undefined, 'default', clause.name));
    }
    for (const element of elements) this.declare(element.name);
    const pattern = f.createObjectBindingPattern(elements);
    return [at(this.letStatement([f.createVariableDeclaration(pattern, undefined, undefined, call)]), statement)];
  }

  /** `await runtime.import(specifier, [names])`: rejects when a name is missing from the module. */
  private importCall(specifier: ts.Expression, names: string[]): ts.Expression {
    const list = f.createArrayLiteralExpression(names.map((name) => f.createStringLiteral(name)));
    return f.createAwaitExpression(this.call('import', [specifier, list]));
  }

  private functionStatement(statement: ts.FunctionDeclaration, name: ts.Identifier): ts.Statement {
    this.declared.add(name.text);
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
    const declaration = f.createVariableDeclaration(name, undefined, undefined, at(expression, statement));
    return at(this.letStatement([declaration]), statement);
  }

  private classStatement(statement: ts.ClassDeclaration, name: ts.Identifier): ts.Statement {
    this.declared.add(name.text);
    const visited = this.visitEach(statement);
    const modifiers = withoutExport(visited.modifiers);
    const expression = f.createClassExpression(modifiers, name, undefined, visited.heritageClauses, visited.members);
    const declaration = f.createVariableDeclaration(name, undefined, undefined, at(expression, statement));
    return at(this.letStatement([declaration]), statement);
  }

  private variableStatement(statement: ts.VariableStatement): ts.Statement {
    const list = statement.declarationList;
    if (isVar(list)) {
      return at(f.createExpressionStatement(this.assignments(list)), statement);
    }
    if ((list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Using || isAwaitUsing(list)) {
      return this.visit(statement);
    }
    for (const declaration of list.declarations) this.declare(declaration.name);
    const declarations = list.declarations.map((declaration) => this.visitEach(declaration));
    return at(this.letStatement(declarations, list), statement);
  }

  private declare(name: ts.BindingName): void {
    for (const identifier of boundNames(name)) this.declared.add(identifier);
  }

  /** `var a = 1, {b} = c` → `a = 1, {b} = c`, with the names declared on top. */
  private assignments(list: ts.VariableDeclarationList): ts.Expression {
    const parts: ts.Expression[] = [];
    for (const declaration of list.declarations) {
      for (const name of boundNames(declaration.name)) this.variables.add(name);
      if (declaration.initializer) {
        const target = asAssignmentTarget(this.visitEach(declaration).name);
        parts.push(at(f.createAssignment(target, this.visit(declaration.initializer)), declaration));
      }
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
    if (ts.isAwaitExpression(node)) {
      return at(this.call('resumed', [this.visitEach(node), this.entered(node)]), node);
    }
    if (isAsyncFunction(node) && node.body) {
      return this.rememberingEntry(this.visitEach(node));
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      return at(
        this.call(
          'dynamicImport',
          node.arguments.map((argument) => this.visit(argument)),
        ),
        node,
      );
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return at(f.createPropertyAccessExpression(f.createIdentifier(this.runtime), 'meta'), node);
    }
    if (ts.isForOfStatement(node) && node.awaitModifier) {
      return this.forAwait(this.visitEach(node), node);
    }
    if (ts.isVariableStatement(node) && isVar(node.declarationList) && !insideFunction(node)) {
      return at(f.createExpressionStatement(this.assignments(node.declarationList)), node);
    }
    if (ts.isVariableDeclarationList(node) && isVar(node) && !insideFunction(node)) {
      return this.loopVariable(node);
    }
    return this.visitEach(node);
  };

  /** `for (var i = 0; …)` → `for (i = 0; …)`, `for (var x of xs)` → `for (x of xs)`. */
  private loopVariable(list: ts.VariableDeclarationList): ts.Expression {
    const parent = ts.getOriginalNode(list).parent;
    if (parent && (ts.isForOfStatement(parent) || ts.isForInStatement(parent))) {
      const name = list.declarations[0]!.name;
      for (const identifier of boundNames(name)) this.variables.add(identifier);
      return asAssignmentTarget(name);
    }
    return this.assignments(list);
  }

  private forAwait(loop: ts.ForOfStatement, original: ts.Node): ts.Statement {
    const check = f.createExpressionStatement(this.call('resumed', [f.createVoidZero(), this.entered(original)]));
    const body = f.createBlock([check, loop.statement], true);
    return at(f.updateForOfStatement(loop, loop.awaitModifier, loop.initializer, loop.expression, body), original);
  }

  /** The interrupts seen when the function around an await was entered; at top level, when the cell was compiled. */
  private entered(node: ts.Node): ts.Expression {
    return insideFunction(node) ? f.createIdentifier(ENTERED) : f.createNumericLiteral(this.interrupts);
  }

  /** The function with {@link ENTERED} as its first statement. */
  private rememberingEntry(node: AsyncFunction): ts.Node {
    const seen = f.createPropertyAccessExpression(f.createIdentifier(this.runtime), 'interrupts');
    const constant = f.createVariableDeclaration(ENTERED, undefined, undefined, seen);
    const remember = f.createVariableStatement(
      undefined,
      f.createVariableDeclarationList([constant], ts.NodeFlags.Const),
    );
    const body = node.body!;
    const statements = ts.isBlock(body) ? body.statements : [at(f.createReturnStatement(body), body)];
    const block = at(f.createBlock([remember, ...statements], true), body);
    if (ts.isArrowFunction(node)) {
      const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken } = node;
      return f.updateArrowFunction(node, modifiers, typeParameters, parameters, type, equalsGreaterThanToken, block);
    }
    const { modifiers, asteriskToken: star, typeParameters, parameters, type } = node;
    if (ts.isMethodDeclaration(node)) {
      return f.updateMethodDeclaration(
        node,
        modifiers,
        star,
        node.name,
        undefined,
        typeParameters,
        parameters,
        type,
        block,
      );
    }
    if (ts.isFunctionExpression(node)) {
      const plain = (modifiers as readonly ts.ModifierLike[] | undefined)?.filter(ts.isModifier);
      return f.updateFunctionExpression(node, plain, star, node.name, typeParameters, parameters, type, block);
    }
    return f.updateFunctionDeclaration(node, modifiers, star, node.name, typeParameters, parameters, type, block);
  }

  /** The value of a last statement that is an expression is the cell's result. */
  private resultOf(file: ts.SourceFile): void {
    const last = file.statements.filter((statement) => !isEmptyExport(statement)).at(-1);
    const emitted = this.body.at(-1);
    if (last && emitted && ts.isExpressionStatement(last) && ts.isExpressionStatement(emitted)) {
      this.body[this.body.length - 1] = at(
        f.createExpressionStatement(this.call('result', [emitted.expression])),
        emitted,
      );
    }
  }

  private call(method: string, args: readonly ts.Expression[]): ts.Expression {
    const target = f.createPropertyAccessExpression(f.createIdentifier(this.runtime), method);
    return f.createCallExpression(target, undefined, args);
  }

  private letStatement(declarations: ts.VariableDeclaration[], original?: ts.Node): ts.VariableStatement {
    const list = f.createVariableDeclarationList(declarations, ts.NodeFlags.Let);
    return f.createVariableStatement(undefined, original ? at(list, original) : list);
  }
}

/** Gives a new node the source position of the one it stands for. */
function at<T extends ts.Node>(node: T, original: ts.Node): T {
  return ts.setTextRange(ts.setOriginalNode(node, original), original);
}

type AsyncFunction = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

function isAsyncFunction(node: ts.Node): node is AsyncFunction {
  return (
    (ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isArrowFunction(node) ||
      ts.isMethodDeclaration(node)) &&
    (node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) ?? false)
  );
}

function isVar(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0;
}

function isAwaitUsing(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing;
}

function isEmptyExport(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && !statement.moduleSpecifier;
}

function insideFunction(node: ts.Node): boolean {
  for (let parent = ts.getOriginalNode(node).parent; parent; parent = parent.parent) {
    if (ts.isFunctionLike(parent) || ts.isClassStaticBlockDeclaration(parent)) return true;
  }
  return false;
}

function withoutExport(modifiers: ts.NodeArray<ts.ModifierLike> | undefined): ts.ModifierLike[] | undefined {
  return modifiers?.filter(
    (modifier) => modifier.kind !== ts.SyntaxKind.ExportKeyword && modifier.kind !== ts.SyntaxKind.DefaultKeyword,
  );
}

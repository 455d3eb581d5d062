/**
 * An ES module as a function's body, its text otherwise as it was. The function returns a generator: up to its first
 * `yield` it tells its exports, functions already usable, as modules that import each other need it; then it waits for
 * what it imports, and runs. Exports are getters and imports are read where they are used, so that both stay alive.
 */
import ts from 'typescript';
import { Rewrite, type Rewritten } from '../../compile/rewrite';
import { DEFAULT, hasModifier, type Imported, type ModuleShape } from './moduleShape';
import { moduleMember, rewriteDynamicImport } from './runtimeNames';
import { isVariableName, walk, type Scope } from '../../compile/scopes';

/** @param file JavaScript without syntax that only TypeScript compiles */
export function moduleFunction(file: ts.SourceFile, shape: ModuleShape): Rewritten {
  const rewrite = new Rewrite(file.text);
  rewrite.wrap({ start: 0, end: file.text.length }, '', '\n};');
  for (const statement of file.statements) rewriteStatement(rewrite, file, statement);
  const read: { id: ts.Identifier; scope: Scope }[] = [];
  walk(file, (node, scope) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return false;
    rewriteDynamicImport(rewrite, file, node);
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      rewrite.replace(node.getStart(file), node.end, moduleMember('meta'));
    } else if (ts.isIdentifier(node) && shape.locals.has(node.text)) read.push({ id: node, scope });
    return true;
  });
  for (const { id, scope } of read) {
    if (isVariableName(id) && scope.isOuter(id.text)) readImported(rewrite, file, id, shape.locals.get(id.text)!);
  }
  return rewrite.finish(headOf(file, shape));
}

function headOf(file: ts.SourceFile, { exports, isAsync }: ModuleShape): string {
  const getters = [...exports].map(([name, value]) => {
    const read = 'variable' in value ? value.variable : imported(value);
    return `[${JSON.stringify(name)}]: () => ${read}`;
  });
  const tell = `${moduleMember('export')}({ ${getters.join(', ')} });`;
  const nameless = file.statements.some((one) => ts.isFunctionDeclaration(one) && !one.name);
  // The name that the language gives to `export default function () {}`.
  const name = `Object.defineProperty(${DEFAULT}, 'name', { value: 'default', configurable: true });`;
  const before = [tell, ...(nameless ? [name] : [])].join(' ');
  return `'use strict'; return ${isAsync ? 'async ' : ''}function* () { ${before} yield; `;
}

function rewriteStatement(rewrite: Rewrite, file: ts.SourceFile, statement: ts.Statement): void {
  const start = statement.getStart(file);
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) {
    rewrite.replace(start, statement.end, ';');
  } else if (ts.isExportAssignment(statement)) {
    rewriteDefault(rewrite, file, start, statement.expression);
  } else if (hasModifier(statement, ts.SyntaxKind.ExportKeyword)) {
    const nameless = (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) && !statement.name;
    if (nameless && ts.isClassDeclaration(statement)) rewriteDefault(rewrite, file, start, statement);
    else dropExport(rewrite, file, statement);
    if (nameless && ts.isFunctionDeclaration(statement)) {
      const open = file.text.indexOf('(', (statement.asteriskToken ?? lastModifier(statement)).end);
      rewrite.replace(open, open, ` ${DEFAULT}`);
    }
  }
}

/** `export default value` → `const __default__ = value` */
function rewriteDefault(rewrite: Rewrite, file: ts.SourceFile, start: number, value: ts.Node): void {
  let bare = value;
  while (ts.isParenthesizedExpression(bare)) bare = bare.expression;
  const anonymous = ts.isArrowFunction(bare) || ((ts.isFunctionExpression(bare) || ts.isClassLike(bare)) && !bare.name);
  const from = ts.isClassDeclaration(value) ? lastModifier(value).end : value.getStart(file);
  // A function or class takes its name from the property that it is the value of.
  rewrite.replace(start, from, `const ${DEFAULT} = ${anonymous ? '({ default: ' : ''}`);
  if (anonymous) rewrite.wrap({ start: from, end: value.end }, '', ' }).default;');
}

function dropExport(rewrite: Rewrite, file: ts.SourceFile, statement: ts.Statement): void {
  for (const modifier of ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []) {
    const dropped = modifier.kind === ts.SyntaxKind.ExportKeyword || modifier.kind === ts.SyntaxKind.DefaultKeyword;
    if (dropped) rewrite.replace(modifier.getStart(file), modifier.end, '');
  }
}

function lastModifier(node: ts.FunctionDeclaration | ts.ClassDeclaration): ts.Node {
  return ts.getModifiers(node)!.at(-1)!;
}

function readImported(rewrite: Rewrite, file: ts.SourceFile, id: ts.Identifier, value: Imported): void {
  const { parent } = id;
  const start = id.getStart(file);
  const called =
    (ts.isCallExpression(parent) && parent.expression === id) ||
    (ts.isTaggedTemplateExpression(parent) && parent.tag === id);
  if (ts.isShorthandPropertyAssignment(parent)) rewrite.replace(start, id.end, `${id.text}: ${imported(value)}`);
  else if (!called) rewrite.replace(start, id.end, imported(value));
  // An imported function is not called as a method of its namespace.
  else rewrite.replace(start, id.end, `${beginsStatement(id, file) ? ';' : ''}(0, ${imported(value)})`);
}

/** Whether a parenthesis in a node's place could be taken for a call of what stands on the line before. */
function beginsStatement(node: ts.Node, file: ts.SourceFile): boolean {
  const start = node.getStart(file);
  let outer = node;
  while (!ts.isStatement(outer) && outer.getStart(file) === start) outer = outer.parent;
  if (!ts.isExpressionStatement(outer) || outer.getStart(file) !== start) return false;
  return ts.isSourceFile(outer.parent) || ts.isBlock(outer.parent) || ts.isCaseOrDefaultClause(outer.parent);
}

/** What the names that a module imports are called in its function. */
export function namesInCode({ locals }: ModuleShape): Record<string, string> {
  return Object.fromEntries([...locals].map(([name, value]) => [name, imported(value)]));
}

/** `__module__.imports[index].name` */
function imported({ index, name }: Imported): string {
  const namespace = `${moduleMember('imports')}[${index}]`;
  if (name === undefined) return namespace;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${namespace}.${name}` : `${namespace}[${JSON.stringify(name)}]`;
}

/** What a cell declares at its top level, and which names it mentions: what links a notebook's cells. */
import ts from 'typescript';
import type { Constant } from '../../../kernel/session/compile/constants';

export interface Binding {
  /** Where the name stands in the cell. */
  start: number;
  /** What it stands for if no value may be given to it, which a kernel refuses from other cells too. */
  constant?: Constant;
}

export interface Bindings {
  declared: ReadonlyMap<string, Binding>;
  /** Those of them that the cell exports itself. */
  exported: ReadonlySet<string>;
  mentioned: ReadonlySet<string>;
  /** Whether what stands behind the cell's text is at its top level: no brace, comment or template is open at its end. */
  closed: boolean;
}

const END = '\n;export {};';

export function bindingsOf(text: string, kind: ts.ScriptKind): Bindings {
  const parsing: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  const file = ts.createSourceFile('cell', text + END, parsing, true, kind);
  const last = file.statements.at(-1);
  const closed = last !== undefined && ts.isExportDeclaration(last) && last.end === file.text.length;
  const declared = new Map<string, Binding>();
  const exported = new Set<string>();
  for (const statement of file.statements) {
    for (const [name, binding] of declaredBy(statement)) {
      declared.set(name, binding);
      if (isExported(statement)) exported.add(name);
    }
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      for (const { name } of statement.exportClause.elements) exported.add(name.text);
    }
  }
  addVars(file, declared);
  return { declared, exported, mentioned: mentionedIn(file), closed };
}

function declaredBy(statement: ts.Statement): [string, Binding][] {
  if (ts.isVariableStatement(statement)) {
    const { flags, declarations } = statement.declarationList;
    const isConstant = (flags & (ts.NodeFlags.Const | ts.NodeFlags.Using)) !== 0;
    return declarations
      .flatMap(({ name }) => namesOf(name))
      .map((id) => bound(id, isConstant ? 'a constant' : undefined));
  }
  if (ts.isImportDeclaration(statement)) return importedBy(statement.importClause).map((id) => bound(id, 'an import'));
  if (ts.isImportEqualsDeclaration(statement)) return [bound(statement.name, 'an import')];
  if (ts.isFunctionDeclaration(statement)) return statement.name ? [bound(statement.name, 'a function')] : [];
  if (ts.isClassDeclaration(statement)) return statement.name ? [bound(statement.name, 'a class')] : [];
  if (ts.isEnumDeclaration(statement)) return [bound(statement.name, 'an enum')];
  if (ts.isModuleDeclaration(statement))
    return ts.isIdentifier(statement.name) ? [bound(statement.name, 'a namespace')] : [];
  const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  return isType ? [bound(statement.name)] : [];
}

function bound(name: ts.Identifier, constant?: Constant): [string, Binding] {
  return [name.text, { start: name.getStart(), ...(constant && { constant }) }];
}

function importedBy(clause: ts.ImportClause | undefined): ts.Identifier[] {
  const names = clause?.name ? [clause.name] : [];
  const bindings = clause?.namedBindings;
  if (!bindings) return names;
  return [...names, ...(ts.isNamespaceImport(bindings) ? [bindings.name] : bindings.elements.map(({ name }) => name))];
}

function namesOf(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  return ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** `var` in blocks and loops is the cell's too. */
function addVars(file: ts.SourceFile, declared: Map<string, Binding>): void {
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped)) {
      for (const id of node.declarations.flatMap(({ name }) => namesOf(name))) {
        if (!declared.has(id.text)) declared.set(id.text, { start: id.getStart() });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

/** Names that may mean another cell's; which of them do is TypeScript's to find out. */
function mentionedIn(file: ts.SourceFile): Set<string> {
  const mentioned = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && mayRefer(node)) mentioned.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mentioned;
}

function mayRefer(id: ts.Identifier): boolean {
  const { parent } = id;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== id;
  if (ts.isQualifiedName(parent)) return parent.right !== id;
  if (ts.isPropertyAssignment(parent) || ts.isJsxAttribute(parent) || ts.isEnumMember(parent))
    return parent.name !== id;
  if (ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isAccessor(parent)) {
    return parent.name !== id;
  }
  if (ts.isPropertySignature(parent) || ts.isMethodSignature(parent)) return parent.name !== id;
  if (ts.isBindingElement(parent)) return parent.initializer === id;
  return !ts.isImportSpecifier(parent) && !ts.isImportClause(parent) && !ts.isNamespaceImport(parent);
}

/** `import` statements of cells, which become calls of the session. */
import ts from 'typescript';
import { at, declare, letStatement, runtimeCall } from './nodes';

const f = ts.factory;

/** @param scriptName what the script calls a name that the cell declares */
export function importStatements(
  statement: ts.ImportDeclaration,
  scriptName: (name: string) => string,
): ts.Statement[] {
  const clause = statement.importClause;
  const bindings = clause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
  const wanted = named.map((element) => (element.propertyName ?? element.name).text);
  const call = importCall(statement.moduleSpecifier, clause?.name ? ['default', ...wanted] : wanted);
  if (!clause) return [at(f.createExpressionStatement(call), statement)];
  const local = (name: ts.Identifier) => at(f.createIdentifier(scriptName(name.text)), name);
  if (bindings && ts.isNamespaceImport(bindings)) {
    const namespace = at(letStatement([declare(local(bindings.name), call)]), statement);
    if (!clause.name) return [namespace];
    const fallback = f.createPropertyAccessExpression(local(bindings.name), 'default');
    return [namespace, at(letStatement([declare(local(clause.name), fallback)]), statement)];
  }
  const elements = named.map(({ name, propertyName }) => bindingOf(propertyName ?? name, local(name)));
  if (clause.name) elements.unshift(bindingOf(f.createIdentifier('default'), local(clause.name)));
  return [at(letStatement([declare(f.createObjectBindingPattern(elements), call)]), statement)];
}

/** `await runtime.import(specifier, [names])`: rejects when a name is missing from the module. */
export function importCall(specifier: ts.Expression, names: string[]): ts.Expression {
  const list = f.createArrayLiteralExpression(names.map((name) => f.createStringLiteral(name)));
  return f.createAwaitExpression(runtimeCall('import', [specifier, list]));
}

function bindingOf(property: ts.ModuleExportName, local: ts.Identifier): ts.BindingElement {
  const same = property.text === local.text;
  return f.createBindingElement(undefined, same ? undefined : property, local);
}

/** `import fs = require('fs')` → `const fs = require('fs')`: TypeScript drops it from ES modules. */
export const importEquals: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const visitor = (node: ts.Statement): ts.Statement => {
    if (!ts.isImportEqualsDeclaration(node) || node.isTypeOnly) return node;
    const { moduleReference, name } = node;
    if (!ts.isExternalModuleReference(moduleReference)) return node;
    const call = f.createCallExpression(f.createIdentifier('require'), undefined, [moduleReference.expression]);
    const list = f.createVariableDeclarationList(
      [at(declare(name, at(call, moduleReference)), node)],
      ts.NodeFlags.Const,
    );
    return at(f.createVariableStatement(undefined, list), node);
  };
  const statements = ts.visitNodes(file.statements, (node) =>
    visitor(node as ts.Statement),
  ) as ts.NodeArray<ts.Statement>;
  return context.factory.updateSourceFile(file, statements);
};

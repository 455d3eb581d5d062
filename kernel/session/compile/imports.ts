/** `import` statements of cells, which become calls of the session. */
import ts from 'typescript';
import { at } from './nodes';
import { RUNTIME_NAME } from './ownSource';

const f = ts.factory;

/** @param scriptName what the script calls a name that the cell declares */
export function importStatement(statement: ts.ImportDeclaration, scriptName: (name: string) => string): string {
  const clause = statement.importClause;
  const bindings = clause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
  const wanted = named.map((element) => element.propertyName ?? element.name);
  const fallback = clause?.name && scriptName(clause.name.text);
  if (bindings && ts.isNamespaceImport(bindings)) {
    const namespace = scriptName(bindings.name.text);
    const statements = `let ${namespace} = ${importCall(statement.moduleSpecifier, [])};`;
    return fallback ? `${statements} let ${fallback} = ${namespace}.default;` : statements;
  }
  const names = wanted.map(({ text }) => text);
  const call = importCall(statement.moduleSpecifier, fallback ? ['default', ...names] : names);
  if (!clause) return `${call};`;
  const elements = named.map(({ name }, i) => elementOf(wanted[i]!, scriptName(name.text)));
  if (fallback) elements.unshift(`default: ${fallback}`);
  return elements.length > 0 ? `let { ${elements.join(', ')} } = ${call};` : `${call};`;
}

/** `await runtime.import(specifier, [names])`: rejects when a name is missing from the module. */
export function importCall(specifier: ts.Expression, names: string[]): string {
  return `await ${RUNTIME_NAME}.import(${specifier.getText()}, ${JSON.stringify(names)})`;
}

function elementOf(property: ts.ModuleExportName, local: string): string {
  if (property.text === local) return local;
  return `${ts.isIdentifier(property) ? property.text : JSON.stringify(property.text)}: ${local}`;
}

/** `import fs = require('fs')` → `const fs = require('fs')`: TypeScript drops it from ES modules. */
export const importEquals: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const visitor = (node: ts.Statement): ts.Statement => {
    if (!ts.isImportEqualsDeclaration(node) || node.isTypeOnly) return node;
    const { moduleReference, name } = node;
    if (!ts.isExternalModuleReference(moduleReference)) return node;
    const call = f.createCallExpression(f.createIdentifier('require'), undefined, [moduleReference.expression]);
    const declaration = f.createVariableDeclaration(name, undefined, undefined, at(call, moduleReference));
    const list = f.createVariableDeclarationList([at(declaration, node)], ts.NodeFlags.Const);
    return at(f.createVariableStatement(undefined, list), node);
  };
  const statements = ts.visitNodes(file.statements, (node) =>
    visitor(node as ts.Statement),
  ) as ts.NodeArray<ts.Statement>;
  return context.factory.updateSourceFile(file, statements);
};

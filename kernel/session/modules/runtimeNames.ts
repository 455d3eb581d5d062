/** What compiled files call the things that the session gives them, and the calls that they make of them. */
import ts from 'typescript';
import { at } from '../nodes';

const f = ts.factory;

/** Holds the imported namespaces, `import.meta` and `import()` of the file. */
const MODULE = '__module__';

/** The parameters of every compiled file: those of CommonJS, which ES modules may use as well, and our own. */
export const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname', MODULE] as const;

export function moduleMember(name: string): ts.PropertyAccessExpression {
  return f.createPropertyAccessExpression(f.createIdentifier(MODULE), name);
}

export function isDynamicImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** `import(name)` → `__module__.import(name)` */
export const dynamicImports: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const visitor = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visitor, context);
    if (!isDynamicImport(visited)) return visited;
    return at(f.createCallExpression(moduleMember('import'), undefined, visited.arguments), node);
  };
  return ts.visitNode(file, visitor) as ts.SourceFile;
};

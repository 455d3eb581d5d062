/** What compiled files call the things that the session gives them. */
import ts from 'typescript';
import type { Rewrite } from '../../compile/rewrite';

/** Holds the imported namespaces, `import.meta` and `import()` of the file. */
const MODULE = '__module__';

/** The parameters of every compiled file: those of CommonJS, which ES modules may use as well, and our own. */
export const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname', MODULE] as const;

export function moduleMember(name: string): string {
  return `${MODULE}.${name}`;
}

/** `import(name)` → `__module__.import(name)` */
export function rewriteDynamicImport(rewrite: Rewrite, file: ts.SourceFile, node: ts.Node): void {
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return;
  rewrite.replace(node.expression.getStart(file), node.expression.end, moduleMember('import'));
}

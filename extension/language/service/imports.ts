/** Where a name that is imported by accepting it is written. */
import ts from 'typescript';
import type { Span } from '../protocol';

export interface TextEdit {
  span: Span;
  text: string;
}

/** Into an import of the same module if the cell has one, else as a separate line on top. */
export function importEdit(text: string, name: string, from: string): TextEdit {
  const file = ts.createSourceFile('cell.ts', text, ts.ScriptTarget.Latest, true);
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !isFrom(statement, from)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (statement.importClause?.phaseModifier !== undefined || !bindings || !ts.isNamedImports(bindings)) continue;
    const last = bindings.elements.at(-1);
    if (last) return { span: { start: last.end, length: 0 }, text: `, ${name}` };
    return { span: { start: bindings.getStart(file), length: bindings.getWidth(file) }, text: `{ ${name} }` };
  }
  return { span: { start: 0, length: 0 }, text: `import { ${name} } from '${from}';\n` };
}

function isFrom({ moduleSpecifier }: ts.ImportDeclaration, from: string): boolean {
  return ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === from;
}

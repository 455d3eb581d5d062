/** The parameters that a notebook declares: the bindings of its cell that is tagged `parameters`. */
import ts from 'typescript';
import { typeOfNode, typeOfValue, valueOf } from './typeNodes';
import type { Known } from './typeNodes';
import { isClear, typeText } from './types';
import type { ParameterType, ParameterValue } from './types';
import { computedFrom } from './uses';

export interface DeclaredParameter {
  name: string;
  type: ParameterType;
  /** The type in the notebook's words. */
  typeText: string;
  /** What it is without an override, where that is a literal. */
  value?: ParameterValue;
  /** What an override of it begins with: `const beta: number`. */
  declaration: string;
  /** Other names of the cell whose values are computed from it, before an override can be seen. */
  usedBy: string[];
  /** What a comment above it, or behind it in its line, says. */
  comment?: string;
}

/**
 * The bindings of a parameters cell, in their order. Bindings of patterns (`const { a } = …`), functions, classes and
 * imports are none.
 *
 * @param source TypeScript or JavaScript; a cell with errors in its syntax has those that can be read
 */
export function declaredParameters(source: string): DeclaredParameter[] {
  const file = ts.createSourceFile('parameters.ts', source, ts.ScriptTarget.ES2022, true);
  const types = new Map<string, ts.TypeAliasDeclaration | ts.InterfaceDeclaration>();
  for (const statement of file.statements) {
    if (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)) {
      types.set(statement.name.text, statement);
    }
  }
  const bindings = new Map<string, ParameterType>();
  const known: Known = { types, bindings };
  const found = file.statements.filter(ts.isVariableStatement).flatMap((statement) => {
    const { declarationList: list } = statement;
    return list.declarations.flatMap((declaration) => {
      if (!ts.isIdentifier(declaration.name)) return [];
      const one = parameterOf(declaration, keywordOf(list), commentOf(statement, file), known);
      bindings.set(one.name, one.type);
      return [{ one }];
    });
  });
  // The last declaration of a name counts, as it does when the cell runs.
  const last = found.filter(({ one }, i) => !found.slice(i + 1).some((later) => later.one.name === one.name));
  return last.map(({ one }) => ({ ...one, usedBy: computedFrom(one.name, file) }));
}

function parameterOf(
  { name, type: annotation, initializer }: ts.VariableDeclaration,
  keyword: string,
  comment: string | undefined,
  known: Known,
): DeclaredParameter {
  const type = annotation
    ? typeOfNode(annotation, known)
    : initializer
      ? typeOfValue(initializer, known)
      : { kind: 'unclear' as const, text: 'any' };
  const value = initializer && valueOf(initializer);
  const text = (name as ts.Identifier).text;
  return {
    name: text,
    type,
    typeText: annotation?.getText() ?? (isClear(type) ? typeText(type) : 'a type that its initial value does not tell'),
    ...(value !== undefined && { value }),
    declaration: `${keyword} ${text}${annotation ? `: ${annotation.getText()}` : ''}`,
    usedBy: [],
    ...(comment !== undefined && { comment }),
  };
}

function keywordOf({ flags }: ts.VariableDeclarationList): string {
  if (flags & ts.NodeFlags.Const) return 'const';
  return flags & ts.NodeFlags.Let ? 'let' : 'var';
}

function commentOf(statement: ts.Statement, file: ts.SourceFile): string | undefined {
  const text = file.text;
  const above = ts.getLeadingCommentRanges(text, statement.pos)?.at(-1);
  const behind = ts.getTrailingCommentRanges(text, statement.end)?.[0];
  const range = behind ?? above;
  if (!range) return undefined;
  const words = text
    .slice(range.pos, range.end)
    .replace(/^\/\*\*?|\*\/$|^\/\/+/g, '')
    .replace(/\s*\n\s*\*?\s*/g, ' ')
    .trim();
  return words === '' ? undefined : words;
}

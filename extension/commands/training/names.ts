/** Names that the new cell gives its variables: none that the notebook has, so that what is there stays. */
import type { BindingName, Node } from 'typescript';
import type { Family } from './plan';

export interface Names {
  data: string;
  whole: string;
  part: string;
  rest: string;
  train: string;
  validation: string;
  model: string;
  history: string;
  /** The trained model. */
  result: string;
}

/** The usual names; where one of them is taken, all with the first number that makes them free. */
export function freeNames(family: Family, taken: ReadonlySet<string>): Names {
  for (let number = 1; ; number++) {
    const name = (word: string) => (number === 1 ? word : `${word}${number}`);
    const names: Names = {
      data: name('data'),
      whole: name('whole'),
      part: name('part'),
      rest: name('rest'),
      train: name('train'),
      validation: name('validation'),
      model: name('model'),
      history: name('history'),
      result: name(family),
    };
    if (Object.values(names).every((one) => !taken.has(one as string))) return names;
  }
}

/** The names that a cell's code declares at its top, without those that it imports from the library. */
export async function declaredNames(code: string): Promise<string[]> {
  const { default: ts } = await import('typescript');
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ESNext, true);
  const names: string[] = [];
  const bound = (name: BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name.text);
    else for (const element of name.elements) if (!ts.isOmittedExpression(element)) bound(element.name);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) bound(name);
    if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
      names.push(statement.name.text);
    }
  }
  return names;
}

/**
 * The data of a whole cell: the expression that it ends with, or the variable that its last statement declares.
 *
 * @returns undefined when the cell ends with neither
 */
export async function lastValueOf(code: string): Promise<string | undefined> {
  const { default: ts } = await import('typescript');
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ESNext, true);
  const last = file.statements.at(-1);
  if (!last) return undefined;
  if (ts.isExpressionStatement(last)) return last.expression.getText(file);
  if (!ts.isVariableStatement(last)) return undefined;
  const name = last.declarationList.declarations.at(-1)?.name;
  return name && ts.isIdentifier(name) ? name.text : undefined;
}

/**
 * The expression that is selected: blanks and a semicolon around it do not count.
 *
 * @returns undefined if the selection is none, or only a part of one
 */
export async function expressionIn(code: string, start: number, end: number): Promise<string | undefined> {
  const selected = code.slice(start, end);
  const first = start + (selected.length - selected.trimStart().length);
  const last = first + selected.trim().replace(/;$/, '').trimEnd().length;
  if (last <= first) return undefined;
  const { default: ts } = await import('typescript');
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ESNext, true);
  const find = (node: Node): string | undefined => {
    if (node.getStart(file) === first && node.end === last && ts.isExpression(node)) return node.getText(file);
    return ts.forEachChild(node, (child) => (child.pos <= first && last <= child.end ? find(child) : undefined));
  };
  return find(file);
}

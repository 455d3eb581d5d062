/** What the cells of a notebook declare at their top, with the types that they say. */
import type * as TypeScript from 'typescript';
import type { BindingName, ImportDeclaration, VariableDeclaration } from 'typescript';

/**
 * Names and types: `const x: number[] = …` has the type `number[]`, `const q = new MultivariateGaussian(…)` and
 * `await LinearGaussianModel.of(…)` those of their classes; of any other name the type is the empty text.
 *
 * @param codes texts of cells, in their order; later ones declare names again
 */
export async function declaredTypes(codes: readonly string[]): Promise<Map<string, string>> {
  const { default: ts } = await import('typescript');
  const found = new Map<string, string>();
  const bind = (name: BindingName, type: string): void => {
    if (ts.isIdentifier(name)) found.set(name.text, type);
    else for (const element of name.elements) if (!ts.isOmittedExpression(element)) bind(element.name, '');
  };
  const typeOf = ({ type, initializer }: VariableDeclaration): string => {
    if (type) return type.getText();
    // The helpers of written cells are the same in each.
    const helper =
      initializer && /^\(from: number, to: number, term: .*?total ([+*]) value/s.exec(initializer.getText());
    if (helper) return helper[1] === '+' ? 'helper of sums' : 'helper of products';
    const value = initializer && ts.isAwaitExpression(initializer) ? initializer.expression : initializer;
    if (value && ts.isNewExpression(value)) return value.expression.getText();
    if (value && ts.isCallExpression(value) && ts.isPropertyAccessExpression(value.expression)) {
      return value.expression.name.text === 'of' ? value.expression.expression.getText() : '';
    }
    return '';
  };
  for (const code of codes) {
    const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ESNext, true);
    for (const statement of file.statements) {
      if (ts.isVariableStatement(statement)) {
        for (const one of statement.declarationList.declarations) bind(one.name, typeOf(one));
      } else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
        found.set(statement.name.text, '');
      } else if (ts.isImportDeclaration(statement)) {
        for (const name of importedNames(ts, statement)) found.set(name, '');
      }
    }
  }
  return found;
}

function importedNames({ isNamedImports }: typeof TypeScript, { importClause }: ImportDeclaration): string[] {
  const bindings = importClause?.namedBindings;
  const named = !bindings ? [] : isNamedImports(bindings) ? bindings.elements.map(({ name }) => name) : [bindings.name];
  return [...named, ...(importClause?.name ? [importClause.name] : [])].map(({ text }) => text);
}

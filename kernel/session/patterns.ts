/** Binding patterns (`{a, b: [c = 1], ...d}`) in TypeScript's syntax trees. */
import ts from 'typescript';

const f = ts.factory;

/** Every name that a binding declares. */
export function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

/** A binding pattern as the target of an assignment: `{a, b: [c = 1], ...d}` read as an expression. */
export function asAssignmentTarget(name: ts.BindingName): ts.Expression {
  if (ts.isIdentifier(name)) return name;
  if (ts.isArrayBindingPattern(name)) {
    return f.createArrayLiteralExpression(
      name.elements.map((element) => {
        if (ts.isOmittedExpression(element)) return element;
        const target = withDefault(asAssignmentTarget(element.name), element.initializer);
        return element.dotDotDotToken ? f.createSpreadElement(target) : target;
      }),
    );
  }
  return f.createObjectLiteralExpression(
    name.elements.map((element) => {
      const target = asAssignmentTarget(element.name);
      if (element.dotDotDotToken) return f.createSpreadAssignment(target);
      const property = element.propertyName ?? (element.name as ts.Identifier);
      return f.createPropertyAssignment(property, withDefault(target, element.initializer));
    }),
  );
}

function withDefault(target: ts.Expression, initializer: ts.Expression | undefined): ts.Expression {
  return initializer ? f.createAssignment(target, initializer) : target;
}

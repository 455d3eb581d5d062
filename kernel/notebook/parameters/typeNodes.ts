/** Types of bindings, from their declarations alone: an annotation, or else the initial value. */
import ts from 'typescript';
import { isClear, unionOf } from './types';
import type { Field, ParameterType, ParameterValue } from './types';

/** The types that the cell names, and the types of its bindings so far. */
export interface Known {
  types: ReadonlyMap<string, ts.TypeAliasDeclaration | ts.InterfaceDeclaration>;
  bindings: ReadonlyMap<string, ParameterType>;
}

const NUMBER: ParameterType = { kind: 'number' };
const STRING: ParameterType = { kind: 'string' };
const BOOLEAN: ParameterType = { kind: 'boolean' };

const KEYWORDS = new Map<ts.SyntaxKind, ParameterType>([
  [ts.SyntaxKind.NumberKeyword, NUMBER],
  [ts.SyntaxKind.StringKeyword, STRING],
  [ts.SyntaxKind.BooleanKeyword, BOOLEAN],
]);

/** The type that an annotation says. */
export function typeOfNode(node: ts.TypeNode, known: Known, depth = 0): ParameterType {
  const unclear: ParameterType = { kind: 'unclear', text: node.getText() };
  if (depth > 20) return unclear;
  const inner = (one: ts.TypeNode) => typeOfNode(one, known, depth + 1);
  const keyword = KEYWORDS.get(node.kind);
  if (keyword) return keyword;
  if (ts.isParenthesizedTypeNode(node)) return inner(node.type);
  if (ts.isUnionTypeNode(node)) return unionOf(node.types.map(inner));
  if (ts.isArrayTypeNode(node)) return { kind: 'list', of: inner(node.elementType) };
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword) return inner(node.type);
  if (ts.isTupleTypeNode(node)) {
    const items = node.elements.map((one) => (ts.isNamedTupleMember(one) ? one.type : one));
    const isPlain = items.every((one) => !ts.isRestTypeNode(one) && !ts.isOptionalTypeNode(one));
    return isPlain ? { kind: 'tuple', items: items.map(inner) } : unclear;
  }
  if (ts.isTypeLiteralNode(node)) return fieldsOf(node.members, inner) ?? unclear;
  if (ts.isLiteralTypeNode(node)) return literalType(node.literal) ?? unclear;
  if (ts.isTypeReferenceNode(node)) return referenceType(node, known, inner) ?? unclear;
  return unclear;
}

function literalType(literal: ts.LiteralTypeNode['literal']): ParameterType | undefined {
  if (literal.kind === ts.SyntaxKind.NullKeyword) return { kind: 'null' };
  const value = valueOf(literal as ts.Expression);
  const isSimple = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isSimple ? { kind: 'literal', value } : undefined;
}

function referenceType(
  { typeName, typeArguments = [] as unknown as ts.NodeArray<ts.TypeNode> }: ts.TypeReferenceNode,
  known: Known,
  inner: (node: ts.TypeNode) => ParameterType,
): ParameterType | undefined {
  const name = typeName.getText();
  const [first, second] = typeArguments;
  const declared = known.types.get(name);
  if (declared) {
    if (declared.typeParameters) return undefined;
    if (ts.isTypeAliasDeclaration(declared)) return inner(declared.type);
    return declared.heritageClauses ? undefined : fieldsOf(declared.members, inner);
  }
  if ((name === 'Array' || name === 'ReadonlyArray') && first) return { kind: 'list', of: inner(first) };
  if (name === 'Readonly' && first) return inner(first);
  if (name === 'Record' && first?.kind === ts.SyntaxKind.StringKeyword && second) {
    return { kind: 'object', fields: [], others: inner(second) };
  }
  return undefined;
}

function fieldsOf(
  members: readonly ts.TypeElement[],
  inner: (node: ts.TypeNode) => ParameterType,
): ParameterType | undefined {
  const fields: Field[] = [];
  let others: ParameterType | undefined;
  for (const member of members) {
    if (ts.isPropertySignature(member) && member.type && !ts.isComputedPropertyName(member.name)) {
      const optional = member.questionToken !== undefined;
      fields.push({ name: nameText(member.name), type: inner(member.type), optional });
    } else if (ts.isIndexSignatureDeclaration(member)) others = inner(member.type);
    else return undefined;
  }
  return { kind: 'object', fields, others };
}

function nameText(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)
    ? name.text
    : name.getText();
}

const ARITHMETIC = new Set([
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.AsteriskAsteriskToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.PercentToken,
]);

/** The type of an initial value, literals widened as TypeScript does it for variables. */
export function typeOfValue(value: ts.Expression, known: Known): ParameterType {
  const unclear: ParameterType = { kind: 'unclear', text: value.getText() };
  const inner = (one: ts.Expression) => typeOfValue(one, known);
  if (ts.isParenthesizedExpression(value) || ts.isSatisfiesExpression(value)) return inner(value.expression);
  if (ts.isAsExpression(value)) {
    return isConst(value.type) ? inner(value.expression) : typeOfNode(value.type, known);
  }
  if (ts.isNumericLiteral(value)) return NUMBER;
  if (ts.isStringLiteralLike(value) || ts.isTemplateExpression(value)) return STRING;
  if (value.kind === ts.SyntaxKind.TrueKeyword || value.kind === ts.SyntaxKind.FalseKeyword) return BOOLEAN;
  if (ts.isPrefixUnaryExpression(value)) {
    return value.operator === ts.SyntaxKind.ExclamationToken ? BOOLEAN : NUMBER;
  }
  if (ts.isIdentifier(value)) {
    if (value.text === 'NaN' || value.text === 'Infinity') return NUMBER;
    return known.bindings.get(value.text) ?? unclear;
  }
  if (ts.isBinaryExpression(value)) return binaryType(value, inner) ?? unclear;
  if (/^(Math|Number)\b/.test(value.getText())) return NUMBER;
  if (ts.isArrayLiteralExpression(value) && value.elements.length > 0) {
    const of = unionOf(value.elements.map(inner));
    return isClear(of) ? { kind: 'list', of } : unclear;
  }
  if (ts.isObjectLiteralExpression(value)) return objectType(value, inner) ?? unclear;
  return unclear;
}

function binaryType(
  { left, right, operatorToken }: ts.BinaryExpression,
  inner: (value: ts.Expression) => ParameterType,
): ParameterType | undefined {
  if (ARITHMETIC.has(operatorToken.kind as never)) return NUMBER;
  if (operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const kinds = [inner(left).kind, inner(right).kind];
  if (kinds.includes('string')) return STRING;
  return kinds.every((kind) => kind === 'number') ? NUMBER : undefined;
}

function objectType(
  { properties }: ts.ObjectLiteralExpression,
  inner: (value: ts.Expression) => ParameterType,
): ParameterType | undefined {
  const fields: Field[] = [];
  for (const property of properties) {
    if (!ts.isPropertyAssignment(property) || ts.isComputedPropertyName(property.name)) return undefined;
    fields.push({ name: nameText(property.name), type: inner(property.initializer), optional: false });
  }
  return fields.every(({ type }) => isClear(type)) ? { kind: 'object', fields } : undefined;
}

function isConst(type: ts.TypeNode): boolean {
  return ts.isTypeReferenceNode(type) && type.typeName.getText() === 'const';
}

/** What a literal is; undefined for what has to be computed. */
export function valueOf(node: ts.Expression): ParameterValue | undefined {
  if (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node) || ts.isAsExpression(node)) {
    return valueOf(node.expression);
  }
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (node.kind === ts.SyntaxKind.NullKeyword) return null;
  if (ts.isPrefixUnaryExpression(node)) {
    const value = valueOf(node.operand);
    if (typeof value !== 'number') return undefined;
    return node.operator === ts.SyntaxKind.MinusToken ? -value : value;
  }
  if (ts.isArrayLiteralExpression(node)) {
    const items = node.elements.map(valueOf);
    return items.includes(undefined) ? undefined : (items as ParameterValue[]);
  }
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const entries = node.properties.map((property) =>
    ts.isPropertyAssignment(property) ? ([nameText(property.name), valueOf(property.initializer)] as const) : undefined,
  );
  const isWhole = entries.every((entry) => entry !== undefined && entry[1] !== undefined);
  return isWhole ? (Object.fromEntries(entries as [string, ParameterValue][]) as ParameterValue) : undefined;
}

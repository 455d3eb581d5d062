/** The claims of a display formula: `a = b ≤ c` are two, and each line of an `aligned` continues or begins anew. */
import type { Token } from './tokens';

/** A relation that a check can hold. */
export type CheckedRelation = '=' | '≤' | '≥';

export interface Claim {
  readonly left: readonly Token[];
  readonly right: readonly Token[];
  /** As it is written: `=`, `≤`, `<`, `≈`, `:=`, `∼`, … */
  readonly relation: string;
}

/** A formula as its claims, and what stands between them without one. */
export interface Statements {
  readonly claims: readonly Claim[];
  /** Expressions without a relation, and remarks. */
  readonly alone: readonly (readonly Token[])[];
}

/** Relations that separate the sides of a claim; a colon stands in `1:T` too. */
const SEPARATES = new Set(['=', '≤', '≥', '<', '>', '≪', '≫', '≈', '≠', ':=', '=:', '∼', '→', '←', '⇒', '⇔', '∝', '∈']);

export function statementsOf(tokens: readonly Token[]): Statements {
  const claims: Claim[] = [];
  const alone: (readonly Token[])[] = [];
  for (const statement of statements(tokens)) {
    const { sides, relations } = sidesOf(statement);
    const known = sides.map(trimmed);
    if (relations.length === 0) alone.push(known[0]!);
    relations.forEach((relation, i) => {
      const [left, right] = [known[i]!, known[i + 1]!];
      if (left.length > 0 && right.length > 0) claims.push({ left, right, relation });
    });
  }
  return { claims, alone: alone.filter((one) => one.some(({ kind }) => kind !== 'text' && kind !== 'punctuation')) };
}

/**
 * Parts that a comma and a gap, a gap, or an arrow of implication separate; a line that begins with a relation
 * continues.
 */
function statements(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  let depth = 0;
  tokens.forEach((token, i) => {
    if (token.kind === 'open') depth++;
    if (token.kind === 'close') depth = Math.max(0, depth - 1);
    const next = tokens[i + 1];
    const isEnd =
      depth === 0 &&
      (token.kind === 'gap' ||
        (token.kind === 'punctuation' &&
          (next === undefined || next.kind === 'row' || next.kind === 'text' || separatesLater(tokens, i))) ||
        (token.kind === 'relation' && (token.text === '⇒' || token.text === '⇔')) ||
        (token.kind === 'row' && startsAnew(tokens, i)));
    if (isEnd) found.push([]);
    else if (token.kind !== 'row') found.at(-1)!.push(token);
  });
  return found.map((part) => [...part]).filter((part) => part.length > 0);
}

/** Whether a comma separates claims: another side follows it before the next comma. */
function separatesLater(tokens: readonly Token[], at: number): boolean {
  const isBehindRelation = tokens.slice(0, at).some((token) => token.kind === 'relation' && SEPARATES.has(token.text));
  const next = tokens.slice(at + 1).find(({ kind }) => kind !== 'gap');
  return isBehindRelation && next?.kind !== 'row';
}

/** A line that has its own left side. */
function startsAnew(tokens: readonly Token[], at: number): boolean {
  const line: Token[] = [];
  for (const token of tokens.slice(at + 1)) {
    if (token.kind === 'row') break;
    line.push(token);
  }
  const [first] = line;
  if (!first || first.kind === 'relation' || first.kind === 'sign' || first.kind === 'times') return false;
  return line.some((token) => token.kind === 'relation' && SEPARATES.has(token.text));
}

function sidesOf(statement: readonly Token[]): { sides: Token[][]; relations: string[] } {
  const sides: Token[][] = [[]];
  const relations: string[] = [];
  let depth = 0;
  for (const token of statement) {
    if (token.kind === 'open') depth++;
    if (token.kind === 'close') depth = Math.max(0, depth - 1);
    if (depth === 0 && token.kind === 'relation' && SEPARATES.has(token.text)) {
      relations.push(token.text);
      sides.push([]);
    } else sides.at(-1)!.push(token);
  }
  // `… = a, = b`: an empty side between two relations is none.
  for (let i = sides.length - 2; i > 0; i--) {
    // `a ≤ … ≤ b` says `a ≤ b`.
    if (!trimmed(sides[i]!).every((token) => token.kind === 'foreign' && token.what === 'dots')) continue;
    sides.splice(i, 1);
    relations.splice(i, 1);
  }
  return { sides, relations };
}

/** Without remarks, gaps and punctuation around it, and without what follows a remark. */
function trimmed(side: readonly Token[]): Token[] {
  const isOuter = (token: Token) =>
    ['gap', 'punctuation', 'row', 'text'].includes(token.kind) || (token.kind === 'relation' && token.text === ':');
  let [start, end] = [0, side.length];
  while (start < end && isOuter(side[start]!)) start++;
  const remark = side.findIndex(({ kind }, i) => i > start && kind === 'text');
  if (remark > 0) end = remark;
  while (end > start && isOuter(side[end - 1]!)) end--;
  return side.slice(start, end);
}

/** What a check asks of the sides; undefined if numbers cannot decide it. */
export function checkedRelation(relation: string): CheckedRelation | undefined {
  const known: Record<string, CheckedRelation> = {
    '=': '=',
    '≤': '≤',
    '≥': '≥',
    '<': '≤',
    '>': '≥',
    '≪': '≤',
    '≫': '≥',
    '≈': '=',
  };
  return known[relation];
}

/** What stands above, below and around a sign: powers, indices, limits, and what an expectation is over. */
import { isDensityLetter, splitAt, variablesIn, wholeDensity, wordOf } from './densities';
import type { Density, Expression } from './expression';
import { NotUnderstood } from './expression';
import type { Token, TokenOf } from './tokens';

export type SymbolToken = TokenOf<'symbol'>;

/** Reads tokens that stand in a separate place. */
export interface Reader {
  inner(tokens: readonly Token[]): Expression;
}

/** `E_{z ∼ q(z|x)}`, `E_{q(z|x)}`, `E_q`, `E_x`, `E_{z₁,…,z_L ∼ q}`. */
export function expectedOver(sub: readonly Token[]): { over?: Density; variable?: string } {
  if (sub.length === 0) return {};
  const [before = [], after] = splitAt(sub, (token) => token.kind === 'relation' && token.text === '∼');
  if (after) {
    const names = variablesIn(before);
    if (names.length !== 1) throw new NotUnderstood('an expectation over several draws');
    const [only] = after;
    const isData = after.length === 1 && only?.kind === 'symbol' && only.name.startsWith('cal:');
    if (isData) return { over: { letter: 'p', index: '', of: names, given: [] }, variable: names[0]! };
    return { over: wholeDensity(after), variable: names[0]! };
  }
  if (isDensityLetter(sub[0])) return { over: wholeDensity(sub) };
  const names = variablesIn(sub);
  return names.length === 1 ? { variable: names[0]! } : {};
}

/** A power, where a superscript is a number or arithmetic; other superscripts belong to a name. */
export function raised(base: Expression, sup: readonly Token[] | undefined, parser: Reader): Expression {
  if (!sup || sup.length === 0) return base;
  if (sup.some((token) => token.kind === 'symbol' && /^(top|intercal|prime)$/.test(token.name))) {
    throw new NotUnderstood('a transposed vector or matrix');
  }
  return { kind: 'power', base, exponent: parser.inner(sup) };
}

export function normOf(
  of: Expression,
  sub: readonly Token[] | undefined,
  sup: readonly Token[] | undefined,
  tex: string,
  parser: Reader,
): Expression {
  const order = (sub ?? []).map(wordOf).join('');
  if (order !== '' && order !== '1' && order !== '2') throw new NotUnderstood(`a norm of kind ${order}`);
  return raised({ kind: 'norm', of, order: order === '1' ? '1' : '2', tex }, sup, parser);
}

/** A symbol with its index; superscripts that are no numbers belong to its name. */
export function symbolOf(token: SymbolToken, tex: string, parser: Reader): Expression {
  const sup = token.sup ?? [];
  const primes = sup.filter((part) => part.kind === 'symbol' && part.name === 'prime').length;
  const rest = sup.filter((part) => !(part.kind === 'symbol' && part.name === 'prime'));
  const isName =
    rest.some(({ kind }) => kind === 'open' || kind === 'text') ||
    /^\*|top|star|ast|dagger$/.test(rest.map(wordOf).join(''));
  const starred = isName ? rest.map(wordOf).join('') : '';
  const name = [token.name, starred, "'".repeat(primes)].filter(Boolean).join('_');
  const indices = token.sub
    ? splitAt(token.sub, ({ kind }) => kind === 'punctuation').flatMap((part) => indicesOf(part, parser))
    : [];
  const symbol: Expression = { kind: 'symbol', name, indices, tex };
  return isName || rest.length === 0 ? symbol : raised(symbol, rest, parser);
}

/** `ij` as two indices. */
function indicesOf(part: readonly Token[], parser: Reader): Expression[] {
  const letters = part.every(({ kind, ...token }) => kind === 'symbol' && !('sub' in token) && !('sup' in token));
  return letters ? part.map((token) => parser.inner([token])) : [parser.inner(part)];
}

/** `i = 1`, `j`, `j ≤ i`, `i > k`. */
export function limitsOf(
  sub: readonly Token[],
  sup: readonly Token[] | undefined,
  parser: Reader,
): { index: string; from?: Expression; to?: Expression } {
  const at = sub.findIndex(({ kind }) => kind === 'relation');
  const names = variablesIn(at < 0 ? sub : sub.slice(0, at));
  if (names.length !== 1 || splitAt(sub, ({ kind }) => kind === 'punctuation').length > 1) {
    throw new NotUnderstood('what is counted under this sum');
  }
  const index = names[0]!;
  const to = sup ? { to: parser.inner(sup) } : {};
  if (at < 0) return { index, ...to };
  const relation = (sub[at] as TokenOf<'relation'>).text;
  const limit = parser.inner(sub.slice(at + 1));
  const one: Expression = { kind: 'number', value: '1' };
  const shifted = (minus: boolean): Expression => ({
    kind: 'sum',
    terms: [
      { minus: false, value: limit },
      { minus, value: one },
    ],
  });
  switch (relation) {
    case '=':
      return { index, from: limit, ...to };
    case '≤':
      return { index, from: one, to: limit };
    case '<':
      return { index, from: one, to: shifted(true) };
    case '≥':
      return { index, from: limit, ...to };
    case '>':
      return { index, from: shifted(false), ...to };
    default:
      throw new NotUnderstood('what is counted under this sum');
  }
}

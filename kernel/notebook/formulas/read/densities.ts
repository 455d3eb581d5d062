/** Densities and divergences, as the field writes them: `p(x | z)`, `q_φ(z | x)`, `KL(q ‖ p)`. */
import type { Density } from './expression';
import { NotUnderstood } from './expression';
import type { Token, TokenOf } from './tokens';

/** Subscripts that name parameters, which a density has in any case. */
const PARAMETERS = new Set(['theta', 'phi', 'psi', 'lambda', 'eta']);

/** Whether a token is a letter for a density, and what is in brackets behind it. */
export function isDensityLetter(token: Token | undefined): token is TokenOf<'symbol'> {
  return token?.kind === 'symbol' && /^[pq](\^(hat|tilde|bar))?$/.test(token.name);
}

/** @param args what stands between the brackets behind the letter; absent where there are none */
export function densityOf(letter: TokenOf<'symbol'>, args?: readonly Token[]): Density {
  const index = (letter.sub ?? [])
    .map(wordOf)
    .filter((word) => !PARAMETERS.has(word))
    .join('');
  if (!args) return { letter: letter.name, index, of: [], given: [] };
  const [of = [], given = []] = splitAt(args, ({ kind }) => kind === 'bar');
  return { letter: letter.name, index, of: variablesIn(of), given: variablesIn(given) };
}

/** Both sides of the bars in `KL(q ‖ p)`. */
export function divergenceSides(args: readonly Token[]): [Density, Density] {
  let parts = splitAt(args, ({ kind }) => kind === 'norm');
  // `KL(q, p)`, and `KL(q | p)` where neither side has a bar.
  if (parts.length === 1)
    parts = splitAt(
      args,
      ({ kind, ...token }) => kind === 'punctuation' || ('delimiter' in token && token.delimiter === '‖'),
    );
  const [from, to, ...more] = parts;
  if (!from || !to || more.length > 0) throw new NotUnderstood('the two sides of this divergence');
  return [wholeDensity(from), wholeDensity(to)];
}

/** A density that is all there is, such as the subscript of an expectation. */
export function wholeDensity(tokens: readonly Token[]): Density {
  const [letter, ...rest] = tokens.filter(({ kind }) => kind !== 'gap' && kind !== 'text');
  if (!isDensityLetter(letter)) throw new NotUnderstood('which distribution this is');
  if (rest.length === 0) {
    // `q_{φ(z|x)}`: what belongs behind the letter stands in its subscript.
    const open = letter.sub?.findIndex(({ kind }) => kind === 'open') ?? -1;
    if (open < 0) return densityOf(letter);
    const { sub, ...bare } = letter;
    return densityOf({ ...bare, sub: sub!.slice(0, open) }, bracketed(sub!.slice(open)));
  }
  return densityOf(letter, bracketed(rest));
}

function bracketed(tokens: readonly Token[]): readonly Token[] {
  const [first] = tokens;
  if (tokens.length === 1 && first?.kind === 'group') return first.body;
  if (first?.kind === 'open' && tokens.at(-1)?.kind === 'close') return tokens.slice(1, -1);
  throw new NotUnderstood('which distribution this is');
}

/** The names of variables in a list; parameters behind a semicolon are no part of it. */
export function variablesIn(tokens: readonly Token[]): string[] {
  const [variables = []] = splitAt(tokens, (token) => token.kind === 'punctuation' && token.text === ';');
  return splitAt(variables, ({ kind }) => kind === 'punctuation')
    .map((part) =>
      part
        .filter(({ kind }) => kind !== 'gap')
        .map(wordOf)
        .join(''),
    )
    .filter((name) => name !== '' && !PARAMETERS.has(name));
}

/** A name of a token, with its scripts; the number of a sample, as in x^{(i)}, is no part of it. */
export function wordOf(token: Token): string {
  switch (token.kind) {
    case 'symbol': {
      const isSample = token.sup?.[0]?.kind === 'open';
      const scripts = [...(token.sub ?? []), ...(isSample ? [] : (token.sup ?? []))].map(wordOf);
      return [token.name, ...scripts].join('_');
    }
    case 'number':
    case 'text':
    case 'times':
      return token.text.trim();
    case 'relation':
      return token.text;
    case 'group':
      return token.body.map(wordOf).join('');
    case 'sign':
      return token.text === '-' ? '−' : '+';
    default:
      return '';
  }
}

/** Parts between the tokens that separate them, outside brackets. */
export function splitAt(tokens: readonly Token[], separates: (token: Token) => boolean): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'open') depth++;
    if (token.kind === 'close') depth--;
    if (depth === 0 && separates(token)) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

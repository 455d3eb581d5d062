/** What letters mean in this field, and which brackets belong to them. */
import { wordOf } from './densities';
import type { SymbolToken } from './scripts';
import type { Token } from './tokens';

export const foreign = (what: string) =>
  what === 'dots' ? 'what the dots stand for' : `“${what}” has no meaning here`;

export const UNKNOWN_NAMES: Record<string, string> = {
  JS: 'the library has no Jensen–Shannon divergence; write it by two KL divergences',
  TC: 'a total correlation: see klDecomposition(…) and totalCorrelation(…)',
  MMD: 'a maximum mean discrepancy: see squaredMMD(…)',
  tr: 'a trace of matrices',
  det: 'a determinant',
};

export const GREEK = new Set(
  'alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau phi varphi chi psi omega Sigma Lambda Omega Theta Phi Psi Gamma Delta Pi'.split(
    ' ',
  ),
);

/** `∂f` and `∂x`, `df` and `dx`. */
export const isDerivative = ([first, ...rest]: readonly Token[]) =>
  first?.kind === 'symbol' && (first.name === 'partial' || (first.name === 'd' && rest.length > 0));

export const isBracket = (token: Token | undefined) =>
  (token?.kind === 'open' && token.text !== '{') || (token?.kind === 'group' && token.delimiter !== '|');

export const isExpectation = (token: Token) => token.kind === 'symbol' && (token.name === 'bb:E' || token.name === 'E');

export const isDivergence = ({ name, sub }: SymbolToken) =>
  name === 'KL' || ((name === 'D' || name === 'cal:D') && /^K_?L$/.test((sub ?? []).map(wordOf).join('')));

export const isTransposed = ({ sup }: SymbolToken) =>
  (sup ?? []).some((token) => token.kind === 'symbol' && (token.name === 'top' || token.name === 'intercal'));

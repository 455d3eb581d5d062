/** Names in code for names in a formula. */

const WORDS: Record<string, string> = { "'": 'Prime', '*': 'Star', '+': 'Plus', '−': 'Minus', '-': 'Minus', top: 'T' };

/** Words of JavaScript, and names that written cells use otherwise. */
const TAKEN = new Set(
  (
    'break case catch class const continue debugger default delete do else enum export extends false finally for function if ' +
    'import in instanceof new null return super switch this throw true try typeof var void while with yield let static ' +
    'await async of check tf todo expectation propagate estimate seed display html latex markdown svg Math'
  ).split(' '),
);

/** `\hat\rho_j` as `rhoHatJ`, `z_{1:T}` as `z1T`: letters and digits, in camel case. */
export function identifier(name: string): string {
  const parts = name
    .replace(/(cal|bb):/g, '')
    .split(/[\s_^:,|().]+|(?=['*+−-])|(?<=['*+−-])/)
    .filter(Boolean)
    .map((part) => WORDS[part] ?? part.replace(/[^\p{L}\p{N}$]/gu, ''));
  const [first = 'part', ...rest] = parts.filter(Boolean);
  const joined = first + rest.map((part) => part[0]!.toUpperCase() + part.slice(1)).join('');
  const word = /^[\p{L}_$]/u.test(joined) ? joined : `_${joined}`;
  return TAKEN.has(word) ? `${word}_` : word;
}

/** `σ` for `sigma`, as a reader of a comment knows it. */
export function spoken(name: string): string {
  return name
    .replace(/(cal|bb):/g, '')
    .replace(/[A-Za-z]+/g, (word) => GREEK[word] ?? word)
    .replace(/_(?=[^_])/g, '')
    .replace(/\^(hat|tilde|bar)/g, (_, accent: string) => ACCENTS[accent]!);
}

const ACCENTS: Record<string, string> = { hat: '\u0302', tilde: '\u0303', bar: '\u0304' };

const GREEK: Record<string, string> = Object.fromEntries(
  'alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω'
    .split(' ')
    .reduce<[string, string][]>((pairs, word, i, all) => (i % 2 === 0 ? [...pairs, [word, all[i + 1]!]] : pairs), []),
);

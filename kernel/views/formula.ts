/** Formulas as trees of MathML, which browsers draw, and as one line of plain text for pictures and other readers. */
import katex from 'katex';
import type { MathElement } from './types';

/** A LaTeX formula as MathML; LaTeX that cannot be read stays as text. */
export function formulaTree(tex: string): MathElement {
  try {
    return parsed(katex.renderToString(tex, { output: 'mathml', throwOnError: true, displayMode: true }));
  } catch (error) {
    if (error instanceof katex.ParseError) return { tag: 'math', children: [{ tag: 'mtext', children: [tex] }] };
    throw error;
  }
}

/** A formula in one line: fractions as `a/b`, powers and indices as superscripts where Unicode has them. */
export function formulaText(tree: MathElement): string {
  return tidied(text(tree));
}

const TOKEN = /<(\/?)([\w-]+)([^>]*?)(\/?)>|([^<]+)/g;
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g;
/** What KaTeX wraps its MathML in, and the LaTeX that it repeats. */
const OUTER = new Set(['span', 'semantics']);

/** The tree of KaTeX's MathML, which is well-formed XML. */
function parsed(mathml: string): MathElement {
  const root: MathElement = { tag: 'math', children: [] };
  const open: MathElement[] = [root];
  for (const [, closing, tag, attributes = '', empty, content] of mathml.matchAll(TOKEN)) {
    const parent = open.at(-1)!;
    if (content !== undefined) addText(parent, unescaped(content));
    else if (closing) open.pop();
    else {
      const element = elementOf(tag!, attributes);
      // The contents of `math` and of wrappers are the root's own.
      const transparent = OUTER.has(element.tag) || element.tag === 'math';
      if (!transparent && element.tag !== 'annotation') parent.children.push(element);
      if (!empty) open.push(transparent ? root : element);
    }
  }
  return root;
}

/** The invisible sign between a function and its argument becomes the space that browsers leave out. */
function addText(parent: MathElement, content: string): void {
  if (content === '\u2061') Object.assign(parent, { tag: 'mspace', attributes: { width: '0.167em' } });
  else parent.children.push(inVariant(content, parent));
}

function elementOf(tag: string, text: string): MathElement {
  const attributes = Object.fromEntries([...text.matchAll(ATTRIBUTE)].map(([, name, value]) => [name!, value!]));
  delete attributes['xmlns'];
  delete attributes['class'];
  return Object.keys(attributes).length === 0 ? { tag, children: [] } : { tag, attributes, children: [] };
}

/** First letters of Unicode's mathematical alphabets: capitals and small letters. */
const ALPHABETS: Record<string, [number, number]> = {
  'double-struck': [0x1d538, 0x1d552],
  script: [0x1d49c, 0x1d4b6],
  bold: [0x1d400, 0x1d41a],
  'bold-italic': [0x1d468, 0x1d482],
};
/** Letters that Unicode had before those alphabets. */
const LETTERLIKE: Record<string, Record<string, string>> = {
  'double-struck': { C: 'ℂ', H: 'ℍ', N: 'ℕ', P: 'ℙ', Q: 'ℚ', R: 'ℝ', Z: 'ℤ' },
  script: { B: 'ℬ', E: 'ℰ', F: 'ℱ', H: 'ℋ', I: 'ℐ', L: 'ℒ', M: 'ℳ', R: 'ℛ', e: 'ℯ', g: 'ℊ', o: 'ℴ' },
};

/** Text in the alphabet of its element: browsers know `mathvariant="normal"` alone. */
function inVariant(content: string, { attributes }: MathElement): string {
  const variant = attributes?.['mathvariant'] ?? '';
  const [capital, small] = ALPHABETS[variant] ?? [];
  if (capital === undefined || small === undefined) return content;
  return content.replace(/[A-Za-z]/g, (letter) => {
    const first = letter <= 'Z' ? capital - 65 : small - 97;
    return LETTERLIKE[variant]?.[letter] ?? String.fromCodePoint(first + letter.charCodeAt(0));
  });
}

function text(node: MathElement | string): string {
  if (typeof node === 'string') return node;
  const { tag, children } = node;
  const child = (i: number) => text(children[i] ?? '');
  switch (tag) {
    case 'mfrac':
      return `${grouped(child(0))}/${grouped(child(1))}`;
    case 'msqrt':
      return `√${grouped(children.map(text).join(''))}`;
    case 'msup':
      return child(0) + raised(child(1));
    case 'msub':
    case 'munder':
      return child(0) + lowered(child(1));
    case 'msubsup':
    case 'munderover':
      return child(0) + lowered(child(1)) + raised(child(2));
    case 'mover':
      return accented(child(0), child(1));
    case 'mspace':
      return ' ';
    case 'mtr':
      return `${children.map(text).join(' ')}  `;
    case 'mo':
      return spaced(children.map(text).join(''));
    default:
      return children.map(text).join('');
  }
}

const RELATIONS = /^[=≤≥≈≠<>∼≡→←↦∈∣+−±∥×⟹⇒]$/u;

function spaced(operator: string): string {
  return RELATIONS.test(operator) ? ` ${operator} ` : operator === ',' ? ', ' : operator;
}

/** Accents that stand over one letter, as combining characters. */
const ACCENTS: Record<string, string> = { '^': '\u0302', '~': '\u0303', ˉ: '\u0304', '¯': '\u0304', '→': '\u20d7' };

function accented(base: string, accent: string): string {
  const combining = ACCENTS[accent.trim()];
  return combining && [...base].length === 1 ? base + combining : base;
}

const UP = new Map([...'0123456789+−=()nixTk′'].map((from, i) => [from, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱˣᵀᵏ′'][i]!]));
const DOWN = new Map(
  [...'0123456789+−=()aehijklmnoprstuvxβ'].map((from, i) => [from, [...'₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦ'][i]!]),
);

const raised = (content: string) => shifted(content.replace('⊤', 'T').replaceAll('-', '−'), UP, '^');
const lowered = (content: string) => shifted(content, DOWN, '_');

function shifted(content: string, letters: ReadonlyMap<string, string>, mark: string): string {
  const compact = content.replaceAll(' ', '');
  if (compact === '') return '';
  if ([...compact].every((letter) => letters.has(letter))) return [...compact].map((one) => letters.get(one)).join('');
  return `${mark}${grouped(content.trim())}`;
}

function grouped(content: string): string {
  return /^[\p{L}\p{N}\p{M}.′]*$/u.test(content) ? content : `(${content.trim()})`;
}

function tidied(line: string): string {
  return line
    .replace(/[\u2061-\u2064\u200b]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/(^|[=≤≥,([] ?)− /g, '$1−')
    .replace(/ ([([])/g, '$1')
    .replace(/([([{]) /g, '$1')
    .replace(/ ([)\]},])/g, '$1')
    .trim();
}

function unescaped(content: string): string {
  return content
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');
}

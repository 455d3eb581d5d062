/** A formula as a flat list of what stands in it, from KaTeX's own parse tree: the first step to its meaning. */
import katex from 'katex';

/** What a token is; groups, fractions and scripts hold their own lists. */
export type Token = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'symbol'; readonly name: string; readonly sub?: Token[]; readonly sup?: Token[] }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'open' | 'close'; readonly text: string; readonly sub?: Token[]; readonly sup?: Token[] }
  | { readonly kind: 'bar' | 'norm'; readonly sub?: Token[]; readonly sup?: Token[] }
  | { readonly kind: 'relation' | 'sign' | 'times' | 'punctuation'; readonly text: string }
  | {
      readonly kind: 'group';
      readonly delimiter: string;
      readonly body: Token[];
      readonly sub?: Token[];
      readonly sup?: Token[];
    }
  | { readonly kind: 'fraction'; readonly over: Token[]; readonly under: Token[]; readonly sup?: Token[] }
  | { readonly kind: 'root'; readonly body: Token[]; readonly sup?: Token[] }
  | { readonly kind: 'operator'; readonly name: string; readonly sub?: Token[]; readonly sup?: Token[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'row' }
  /** So many em wide; a wide one separates. */
  | { readonly kind: 'gap'; readonly width: number }
  | { readonly kind: 'foreign'; readonly what: string }
);

/** A token that is known to be of this kind. */
export type TokenOf<Kind extends Token['kind']> = Token & { readonly kind: Kind };

/** A node of KaTeX's parse tree, as far as it is read here. */
interface Node {
  type: string;
  loc?: { start: number; end: number; lexer: { input: string } } | null;
  text?: string;
  name?: string;
  family?: string;
  label?: string;
  left?: string;
  right?: string;
  delim?: string;
  mclass?: string;
  font?: string;
  style?: string;
  dimension?: { number: number; unit: string };
  body?: Node | Node[] | Node[][];
  base?: Node | null;
  sub?: Node | null;
  sup?: Node | null;
  numer?: Node;
  denom?: Node;
  html?: Node[];
  mathml?: Node[];
}

/** KaTeX's parser is exported under a name that its types do not have. */
const { __parse: parse } = katex as unknown as { __parse(tex: string, options: object): Node[] };

/**
 * The tokens of a display formula.
 *
 * @param tex without dollars; labels and tags are no part of it
 * @throws katex.ParseError for what is no LaTeX
 */
export function tokensOf(tex: string): Token[] {
  const options = { displayMode: true, strict: 'ignore', trust: true, macros: {} };
  return joined(new Reader(tex).all(parse(tex, options)));
}

/** Commands of KaTeX's symbols that are written in more than one way. */
const RELATIONS: Record<string, string> = {
  '=': '=',
  '\\le': '≤',
  '\\leq': '≤',
  '\\leqslant': '≤',
  '\\ge': '≥',
  '\\geq': '≥',
  '\\geqslant': '≥',
  '<': '<',
  '>': '>',
  '\\approx': '≈',
  '\\simeq': '≈',
  '\\equiv': '=',
  '\\sim': '∼',
  ':': ':',
  '\\propto': '∝',
  '\\in': '∈',
  '\\to': '→',
  '\\rightarrow': '→',
  '\\longrightarrow': '→',
  '\\Rightarrow': '⇒',
  '\\Longrightarrow': '⇒',
  '\\implies': '⇒',
  '\\leftarrow': '←',
  '\\iff': '⇔',
  '\\Leftrightarrow': '⇔',
  '\\mid': '|',
  '\\parallel': '‖',
  '≠': '≠',
  '≔': ':=',
  '\\ll': '≪',
  '\\gg': '≫',
  '\\lt': '<',
  '\\gt': '>',
};

const OPEN = new Set(['(', '[', '\\{', '\\lbrace', '\\lbrack', '\\langle', '\\lfloor', '\\lceil']);
const CLOSE = new Set([')', ']', '\\}', '\\rbrace', '\\rbrack', '\\rangle', '\\rfloor', '\\rceil']);
const BARS = new Set(['|', '\\vert', '\\lvert', '\\rvert', '\\mid', '∣']);
const NORMS = new Set(['\\|', '\\Vert', '\\lVert', '\\rVert', '\\parallel', '‖', '∥']);
const TIMES = new Set(['\\cdot', '\\times', '\\ast', '*', '/', '\\odot', '⋅', '×']);

class Reader {
  constructor(private readonly tex: string) {}

  all(nodes: readonly Node[]): Token[] {
    return nodes.flatMap((node) => this.one(node));
  }

  /** Tokens of a node, whichever of its forms a field has. */
  private within(body: Node['body'] | null): Token[] {
    if (!body) return [];
    return Array.isArray(body) ? this.all(body.flat()) : this.one(body);
  }

  private one(node: Node): Token[] {
    const place = this.placeOf(node);
    const { text = '' } = node;
    switch (node.type) {
      case 'mathord':
      case 'textord':
        return [ordinary(text, place)];
      case 'atom':
        return [atom(node.family ?? '', text, place)];
      case 'supsub':
        return this.scripted(node, place);
      case 'genfrac':
        return [{ kind: 'fraction', over: this.within(node.numer), under: this.within(node.denom), ...place }];
      case 'leftright':
        return [this.delimited(node, place)];
      case 'sqrt':
        return [{ kind: 'root', body: this.within(node.body), ...place }];
      case 'op':
        return [{ kind: 'operator', name: (node.name ?? '').replace('\\', '') || textOf(node), ...place }];
      case 'operatorname':
        return [{ kind: 'operator', name: textOf(node), ...place }];
      case 'font':
        return [this.inFont(node, place)];
      case 'text':
        return [{ kind: 'text', text: textOf(node), ...place }];
      case 'accent':
        return [this.accented(node, place)];
      case 'delimsizing':
      case 'middle':
        return [delimiter(node.delim ?? '', place)];
      case 'ordgroup':
      case 'color':
      case 'sizing':
      case 'tag':
      case 'horizBrace':
      case 'overline':
      case 'underline':
      case 'enclose':
        return this.within(node.body ?? node.base);
      case 'mclass':
        return this.classed(node, place);
      case 'htmlmathml':
        return [relation(textOf({ type: 'ordgroup', body: node.mathml ?? [] }), place)];
      case 'array':
        return this.rows(node);
      case 'kern':
        return [{ kind: 'gap', width: widthOf(node), ...place }];
      case 'styling':
        // What is set smaller is a remark.
        return node.style?.startsWith('script')
          ? [{ kind: 'text', text: textOf(node), ...place }]
          : this.within(node.body);
      case 'spacing':
      case 'internal':
      case 'phantom':
      case 'hphantom':
      case 'vphantom':
      case 'raw':
        return [];
      case 'cr':
        return [{ kind: 'row', ...place }];
      default:
        return [{ kind: 'foreign', what: node.type, ...place }];
    }
  }

  private scripted({ base, sub, sup }: Node, place: Place): Token[] {
    // What stands below a brace is a remark, not a script.
    if (base?.type === 'horizBrace') return this.within(base.base);
    const [at, ...more] = base ? this.one(base).reverse() : [];
    const scripts = { ...(sub && { sub: this.within(sub) }), ...(sup && { sup: this.within(sup) }) };
    if (!at) return [{ kind: 'foreign', what: 'a script without a base', ...place }];
    const ends = { start: Math.min(place.start, at.start), end: Math.max(place.end, at.end) };
    const several = base?.type === 'ordgroup' && more.length > 0;
    if (several) {
      const body = [...more.reverse(), at];
      return [{ kind: 'group', delimiter: '{', body, ...scripts, ...ends }];
    }
    if (at.kind === 'number' && scripts.sup && !scripts.sub) {
      return [...more.reverse(), { kind: 'group', delimiter: '{', body: [at], ...scripts, ...ends }];
    }
    return [...more.reverse(), { ...at, ...scripts, ...ends } as Token];
  }

  private delimited(node: Node, place: Place): Token {
    const body = this.within(node.body);
    const left = node.left ?? '';
    if (NORMS.has(left)) return { kind: 'group', delimiter: '‖', body, ...place };
    if (BARS.has(left)) return { kind: 'group', delimiter: '|', body, ...place };
    return { kind: 'group', delimiter: plainDelimiter(left), body, ...place };
  }

  private inFont(node: Node, place: Place): Token {
    const name = textOf(node);
    const inner = this.within(node.body);
    if (inner.length > 1 && /^[A-Za-z]{2,}$/.test(name)) return { kind: 'symbol', name, ...place };
    const style = { mathcal: 'cal:', mathbb: 'bb:', mathscr: 'cal:' }[node.font ?? ''] ?? '';
    const [only] = inner;
    if (inner.length === 1 && only?.kind === 'symbol') return { ...only, name: style + only.name, ...place };
    return inner.length === 1 ? only! : { kind: 'group', delimiter: '{', body: inner, ...place };
  }

  private accented(node: Node, place: Place): Token {
    const inner = node.base ? this.one(node.base) : [];
    const accent = (node.label ?? '').replace(/^\\(wide)?/, '');
    const [only] = inner;
    if (inner.length === 1 && only?.kind === 'symbol') return { ...only, name: `${only.name}^${accent}`, ...place };
    return { kind: 'foreign', what: `a ${accent} over several signs`, ...place };
  }

  private classed(node: Node, place: Place): Token[] {
    const inner = this.within(node.body);
    if (node.mclass === 'mrel' && inner.length <= 2) return [relation(textOf(node), place)];
    return inner;
  }

  private rows(node: Node): Token[] {
    const rows = (node.body as Node[][]).map((cells) => this.all(cells));
    return rows.flatMap((row, i) => {
      const start = row[0]?.start ?? 0;
      return i === 0 ? row : [{ kind: 'row' as const, start, end: start }, ...row];
    });
  }

  /** Where a node stands in the text; what came from a macro stands nowhere. */
  private placeOf(node: Node): Place {
    const own = node.loc && node.loc.lexer.input === this.tex ? [node.loc] : [];
    const parts = [
      node.base,
      node.sub,
      node.sup,
      node.numer,
      node.denom,
      ...(Array.isArray(node.body) ? node.body.flat() : [node.body]),
    ];
    const places = parts
      .flatMap((part) => (part && !Array.isArray(part) ? [this.placeOf(part)] : []))
      .filter(({ end }) => end > 0);
    const all = [...own, ...places];
    if (all.length === 0) return { start: Infinity, end: -1 };
    return { start: Math.min(...all.map(({ start }) => start)), end: Math.max(...all.map(({ end }) => end)) };
  }
}

interface Place {
  start: number;
  end: number;
}

function ordinary(text: string, place: Place): Token {
  if (/^[\d.]$/.test(text)) return { kind: 'number', text, ...place };
  if (BARS.has(text)) return { kind: 'bar', ...place };
  if (NORMS.has(text)) return { kind: 'norm', ...place };
  if (TIMES.has(text)) return { kind: 'times', text, ...place };
  if (text === '\\dots' || text === '\\ldots' || text === '…') return { kind: 'foreign', what: 'dots', ...place };
  return { kind: 'symbol', name: text.replace(/^\\/, ''), ...place };
}

function atom(family: string, text: string, place: Place): Token {
  if (BARS.has(text)) return { kind: 'bar', ...place };
  if (NORMS.has(text)) return { kind: 'norm', ...place };
  switch (family) {
    case 'open':
    case 'close':
      return { kind: family, text: plainDelimiter(text), ...place };
    case 'rel':
      return relation(text, place);
    case 'punct':
      return { kind: 'punctuation', text, ...place };
    case 'bin':
      if (TIMES.has(text)) return { kind: 'times', text, ...place };
      return text === '+' || text === '-' || text === '−'
        ? { kind: 'sign', text: text === '−' ? '-' : text, ...place }
        : { kind: 'symbol', name: text.replace(/^\\/, ''), ...place };
    default:
      return { kind: 'foreign', what: text.includes('dots') ? 'dots' : text, ...place };
  }
}

function delimiter(text: string, place: Place): Token {
  if (BARS.has(text)) return { kind: 'bar', ...place };
  if (NORMS.has(text)) return { kind: 'norm', ...place };
  if (OPEN.has(text)) return { kind: 'open', text: plainDelimiter(text), ...place };
  if (CLOSE.has(text)) return { kind: 'close', text: plainDelimiter(text), ...place };
  return { kind: 'foreign', what: text, ...place };
}

function relation(text: string, place: Place): Token {
  if (NORMS.has(text)) return { kind: 'norm', ...place };
  if (BARS.has(text)) return { kind: 'bar', ...place };
  return { kind: 'relation', text: RELATIONS[text] ?? text.replace('\\', ''), ...place };
}

/** `\{` and `\lbrace` as `{`. */
function plainDelimiter(text: string): string {
  return { '\\lbrace': '{', '\\rbrace': '}', '\\{': '{', '\\}': '}', '\\lbrack': '[', '\\rbrack': ']' }[text] ?? text;
}

function textOf(node: Node): string {
  if (node.text !== undefined) return node.text.replace(/^\\/, '');
  const parts = [node.body ?? node.base ?? []].flat(2) as Node[];
  return parts.map(textOf).join('');
}

/** In em; a mu is an eighteenth of it. */
function widthOf({ dimension }: Node): number {
  if (!dimension) return 0;
  return dimension.unit === 'em' ? dimension.number : dimension.unit === 'mu' ? dimension.number / 18 : 0;
}

/** Digits that follow each other as numbers, two bars as a norm, `:` and `=` as one relation; what holds no sign is gone. */
function joined(tokens: Token[]): Token[] {
  const found: Token[] = [];
  for (const token of tokens.map(deep)) {
    const last = found.at(-1);
    const together = last && merged(last, token);
    if (together) found[found.length - 1] = together;
    else found.push(token);
  }
  const whole = found.filter((token) => token.kind !== 'gap' || token.width >= LEAST_GAP);
  // A full stop ends a sentence.
  return whole.flatMap((token) => {
    if (token.kind !== 'number' || !token.text.endsWith('.')) return [token];
    return token.text === '.' ? [] : [{ ...token, text: token.text.slice(0, -1) }];
  });
}

/** Three medium spaces separate, as a quad does. */
const LEAST_GAP = 0.8;

function deep(token: Token): Token {
  const inner: Record<string, Token[]> = {};
  for (const key of ['sub', 'sup', 'body', 'over', 'under'] as const) {
    const held = (token as unknown as Partial<Record<string, Token[]>>)[key];
    if (held) inner[key] = joined(held);
  }
  return { ...token, ...inner } as Token;
}

function merged(a: Token, b: Token): Token | undefined {
  const ends = { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
  if (a.kind === 'gap' && b.kind === 'gap') return { kind: 'gap', width: a.width + b.width, ...ends };
  if (a.kind === 'number' && b.kind === 'number') return { kind: 'number', text: a.text + b.text, ...ends };
  const raised = b.kind === 'group' && b.sup && b.body.length === 1 ? b.body[0] : undefined;
  if (a.kind === 'number' && b.kind === 'group' && raised?.kind === 'number') {
    return { ...b, ...ends, body: [{ ...raised, text: a.text + raised.text, ...ends }] };
  }
  if (a.kind === 'bar' && b.kind === 'bar' && a.end === b.start && !a.sup && !a.sub)
    return { ...b, ...ends, kind: 'norm' };
  if (a.kind === 'relation' && b.kind === 'relation') {
    const text = a.text + b.text;
    if (text === ':=' || text === '=:') return { kind: 'relation', text, ...ends };
  }
  return undefined;
}

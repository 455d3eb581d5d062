/** Tokens of a side → what it says. What is not understood becomes an `unknown` of its own, and the rest continues. */
import { densityOf, divergenceSides, isDensityLetter, splitAt, variablesIn, wholeDensity, wordOf } from './densities';
import type { Expression, MathFunction } from './expression';
import { NotUnderstood } from './expression';
import {
  foreign,
  GREEK,
  isBracket,
  isDerivative,
  isDivergence,
  isExpectation,
  isTransposed,
  UNKNOWN_NAMES,
} from './letters';
import { expectedOver, limitsOf, normOf, raised, symbolOf, type SymbolToken } from './scripts';
import { texOf } from './source';
import type { Token, TokenOf } from './tokens';

const FUNCTIONS: Record<string, MathFunction> = {
  log: 'log',
  ln: 'log',
  exp: 'exp',
  tanh: 'tanh',
  sin: 'sin',
  cos: 'cos',
  tan: 'tan',
  max: 'max',
  min: 'min',
};

/** @param source the formula in which the tokens stand */
export function parseSide(tokens: readonly Token[], source: string): Expression {
  const parser = new Parser(tokens, source);
  const side = parser.sum();
  return parser.isAtEnd ? side : { kind: 'unknown', tex: texOf(tokens, source), why: parser.whatIsLeft() };
}

class Parser {
  private at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly source: string,
  ) {}

  get isAtEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  whatIsLeft(): string {
    const token = this.tokens[this.at]!;
    return token.kind === 'foreign' ? foreign(token.what) : 'LatentLab cannot read how it continues';
  }

  /** Terms with their signs, up to what ends them. */
  sum(): Expression {
    const terms: { minus: boolean; value: Expression }[] = [];
    do {
      let minus = false;
      while (this.peek()?.kind === 'sign') minus = this.next<'sign'>().text === '-' ? !minus : minus;
      if (!this.startsOperand()) break;
      terms.push({ minus, value: this.product() });
      this.skip();
    } while (this.peek()?.kind === 'sign');
    if (terms.length === 0) throw new NotUnderstood('a term is missing');
    const [only] = terms;
    return terms.length === 1 && !only!.minus ? only!.value : { kind: 'sum', terms };
  }

  private product(): Expression {
    const factors: Expression[] = [];
    const under: Expression[] = [];
    for (;;) {
      this.skip();
      const token = this.peek();
      let divides = false;
      if (token?.kind === 'times') divides = this.next<'times'>().text === '/';
      this.skip();
      if (!this.startsOperand()) break;
      (divides ? under : factors).push(this.factor());
    }
    if (factors.length === 0) throw new NotUnderstood('a factor is missing');
    const over: Expression = factors.length === 1 ? factors[0]! : { kind: 'product', factors };
    if (under.length === 0) return over;
    return { kind: 'quotient', over, under: under.length === 1 ? under[0]! : { kind: 'product', factors: under } };
  }

  /** One operand with its power; one that is not understood is unknown as a whole. */
  private factor(): Expression {
    const start = this.at;
    try {
      return this.operand();
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      this.at = this.endOfTerm(start);
      const tex = texOf(this.tokens.slice(start, this.at), this.source);
      return { kind: 'unknown', tex, why: error.message };
    }
  }

  /** What is not understood takes the rest of its term with it. */
  private endOfTerm(start: number): number {
    let [depth, isBetween] = [0, false];
    for (let i = start; i < this.tokens.length; i++) {
      const { kind } = this.tokens[i]!;
      if (kind === 'open') depth++;
      if (kind === 'close') depth--;
      if (kind === 'norm' || kind === 'bar') isBetween = !isBetween;
      const isOutside = depth <= 0 && !isBetween;
      if (i > start && isOutside && ['sign', 'relation', 'punctuation'].includes(kind)) return i;
    }
    return this.tokens.length;
  }

  private operand(): Expression {
    const start = this.at;
    const token = this.next();
    const tex = () => texOf(this.tokens.slice(start, this.at), this.source);
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: token.text };
      case 'fraction':
        if (isDerivative(token.over) && isDerivative(token.under)) {
          throw new NotUnderstood('a derivative; compute it with tf.grad(…) or by differences');
        }
        return raised(
          { kind: 'quotient', over: this.inner(token.over), under: this.inner(token.under) },
          token.sup,
          this,
        );
      case 'root':
        return { kind: 'function', name: 'sqrt', of: this.inner(token.body) };
      case 'group':
        return this.group(token, tex);
      case 'open':
        return this.bracketed(token.text);
      case 'norm':
      case 'bar':
        return this.between(token.kind, tex);
      case 'operator':
        return this.operator(token, tex);
      case 'symbol':
        return this.symbol(token, start, tex);
      case 'text':
        throw new NotUnderstood(`“${token.text.trim()}” is written in words`);
      default:
        throw new NotUnderstood(token.kind === 'foreign' ? foreign(token.what) : 'what this is');
    }
  }

  inner(tokens: readonly Token[]): Expression {
    return parseSide(tokens, this.source);
  }

  // --- brackets ---------------------------------------------------------------------------------------------------

  private group({ delimiter, body, sup, sub }: TokenOf<'group'>, tex: () => string): Expression {
    if (delimiter === '‖') return normOf(this.inner(body), sub, sup, tex(), this);
    if (delimiter === '|') return raised({ kind: 'absolute', of: this.inner(body) }, sup, this);
    return raised(this.inner(body), sup, this);
  }

  private bracketed(open: string): Expression {
    if (open === '{') throw new NotUnderstood('what the set in braces is');
    const { body, close } = this.untilClose();
    return raised(this.inner(body), close.sup, this);
  }

  private untilClose(): { body: Token[]; close: TokenOf<'open' | 'close'> } {
    const start = this.at;
    for (let depth = 1; !this.isAtEnd; this.at++) {
      const token = this.tokens[this.at]!;
      if (token.kind === 'open') depth++;
      if (token.kind === 'close' && --depth === 0) {
        return { body: this.tokens.slice(start, this.at++), close: token };
      }
    }
    throw new NotUnderstood('where this bracket ends');
  }

  /** `‖…‖` and `|…|`, whose ends look alike. */
  private between(kind: 'norm' | 'bar', tex: () => string): Expression {
    const start = this.at;
    let depth = 0;
    while (!this.isAtEnd) {
      const token = this.tokens[this.at]!;
      if (token.kind === 'open') depth++;
      if (token.kind === 'close') depth--;
      this.at++;
      if (token.kind !== kind || depth !== 0) continue;
      const of = this.inner(this.tokens.slice(start, this.at - 1));
      if (kind === 'norm') return normOf(of, token.sub, token.sup, tex(), this);
      return raised({ kind: 'absolute', of }, token.sup, this);
    }
    throw new NotUnderstood(kind === 'norm' ? 'where this norm ends' : 'where this bar ends');
  }

  /** What stands in brackets right behind; absent: none does. */
  private arguments(): Token[] | undefined {
    const token = this.peek();
    if (token?.kind === 'group' && (token.delimiter === '(' || token.delimiter === '[')) {
      this.at++;
      if (token.sub) throw new NotUnderstood('an index of what a function gives');
      return token.body;
    }
    if (token?.kind !== 'open' || token.text === '{') return undefined;
    this.at++;
    const { body, close } = this.untilClose();
    if (close.sub) throw new NotUnderstood('an index of what a function gives');
    return body;
  }

  // --- operators --------------------------------------------------------------------------------------------------

  private operator(token: TokenOf<'operator'>, tex: () => string): Expression {
    const { name, sub, sup } = token;
    if (name === 'sum' || name === 'prod') return this.series(name === 'sum' ? 'sum' : 'product', sub, sup, tex);
    if (name === 'int' || name === 'iint') return this.integral(tex);
    if (name === 'KL') return this.divergence(tex);
    if (['argmax', 'argmin', 'arg max', 'arg min', 'arg'].includes(name))
      throw new NotUnderstood('an arg max is a search, which LatentLab does not run');
    const known = FUNCTIONS[name];
    if (!known) throw new NotUnderstood(`“${name}” is not a function that LatentLab knows`);
    if (sub) throw new NotUnderstood(`a ${name} over something is a search, which LatentLab does not run`);
    if (known === 'max' || known === 'min') {
      const args = this.arguments();
      if (!args) throw new NotUnderstood(`what the ${name} is of`);
      const of = splitAt(args, ({ kind }) => kind === 'punctuation').map((part) => this.inner(part));
      return { kind: 'call', name: `Math.${known}`, of, tex: tex() };
    }
    const of = this.argumentOf();
    return raised({ kind: 'function', name: known, of }, sup, this);
  }

  /** What a function without brackets is of: one bracket or density, else all factors up to the next sign. */
  private argumentOf(): Expression {
    const token = this.peek();
    if (isBracket(token)) return this.operand();
    const factors: Expression[] = [];
    while (this.startsOperand()) {
      const next = this.peek()!;
      if (factors.length > 0 && (next.kind === 'operator' || isExpectation(next))) break;
      factors.push(this.factor());
      if (factors.at(-1)!.kind === 'density' && factors.length === 1 && !isDensityLetter(this.peek())) break;
      this.skip();
    }
    if (factors.length === 0) throw new NotUnderstood('what this function is of');
    return factors.length === 1 ? factors[0]! : { kind: 'product', factors };
  }

  private series(
    operation: 'sum' | 'product',
    sub: Token[] | undefined,
    sup: Token[] | undefined,
    tex: () => string,
  ): Expression {
    const limits = limitsOf(sub ?? [], sup, this);
    const of = this.product();
    return { kind: 'series', operation, ...limits, of, tex: tex() };
  }

  /** Up to `dz`; several differentials may follow each other. */
  private integral(tex: () => string): Expression {
    const start = this.at;
    const variables: string[] = [];
    let end = this.at;
    for (let i = start; i < this.tokens.length; i++) {
      const [d, variable] = [this.tokens[i]!, this.tokens[i + 1]];
      if (d.kind !== 'symbol' || d.name !== 'd' || d.sub || variable?.kind !== 'symbol') continue;
      if (variables.length === 0) end = i;
      variables.push(wordOf(variable));
      i++;
      this.at = i + 1;
    }
    if (variables.length === 0) throw new NotUnderstood('by what this is integrated');
    return { kind: 'integral', variables, of: this.inner(this.tokens.slice(start, end)), tex: tex() };
  }

  private divergence(tex: () => string): Expression {
    const args = this.arguments();
    if (!args) return { kind: 'rate', tex: tex() };
    const [from, to] = divergenceSides(args);
    return { kind: 'divergence', from, to, tex: tex() };
  }

  // --- symbols ----------------------------------------------------------------------------------------------------

  private symbol(token: SymbolToken, start: number, tex: () => string): Expression {
    const { name } = token;
    if (isExpectation(token)) return this.expectation(token, tex);
    if (isDivergence(token)) return this.divergence(tex);
    if (name === 'nabla' || name === 'partial') return this.gradient(token, tex);
    if (isDensityLetter(token)) {
      const args = this.arguments();
      if (args) return raised({ kind: 'density', density: densityOf(token, args), tex: tex() }, undefined, this);
    }
    if ((name === 'I' || name === 'bb:I') && this.peekBracket()) return this.information(tex);
    if ((name === 'H' || name === 'bb:H') && this.peekBracket()) {
      return { kind: 'entropy', of: wholeDensity(this.arguments()!), tex: tex() };
    }
    if (name === 'cal:L' || name === 'ELBO') return this.boundOf(token, tex);
    if (name === 'JS' || name === 'TC' || name === 'MMD' || name === 'tr' || name === 'det') {
      throw new NotUnderstood(UNKNOWN_NAMES[name]!);
    }
    if (name === 'dots' || name === 'cdots') throw new NotUnderstood('what the dots stand for');
    if (
      (name === 'P' || name === 'Pr' || name === 'bb:P') &&
      this.peekBracket() &&
      this.lookInside().some(({ kind }) => kind === 'relation')
    )
      throw new NotUnderstood('a probability; count how often it happens');
    if (isTransposed(token)) throw new NotUnderstood('a product of matrices');
    if (this.isCall(token, start)) {
      const of = splitAt(this.arguments()!, ({ kind }) => kind === 'punctuation').map((part) => this.inner(part));
      const { sup: power, ...bare } = token;
      const called = (power ?? []).some(({ kind }) => kind !== 'number') ? wordOf(token) : wordOf(bare as Token);
      const call: Expression = { kind: 'call', name: called, of, tex: tex() };
      return raised(call, power?.every(({ kind }) => kind === 'number') ? power : undefined, this);
    }
    return symbolOf(token, tex(), this);
  }

  private expectation(token: SymbolToken, tex: () => string): Expression {
    const where = expectedOver(token.sub ?? []);
    this.skip();
    // Without brackets an expectation is of the rest of its term.
    const of = isBracket(this.peek()) || this.peek()?.kind === 'norm' ? this.operand() : this.product();
    return { kind: 'expectation', ...where, of, tex: tex() };
  }

  private gradient(token: SymbolToken, tex: () => string): Expression {
    if (!token.sub) throw new NotUnderstood('by what this gradient is taken');
    return { kind: 'gradient', by: token.sub.map(wordOf).join(''), of: this.product(), tex: tex() };
  }

  private information(tex: () => string): Expression {
    const [one, other, ...more] = splitAt(this.arguments()!, ({ kind }) => kind === 'punctuation').map((part) =>
      part.map(wordOf).join(''),
    );
    if (one === undefined || other === undefined || more.length > 0) {
      throw new NotUnderstood('the two variables of this mutual information');
    }
    return { kind: 'information', of: [one, other], tex: tex() };
  }

  private boundOf(token: SymbolToken, tex: () => string): Expression {
    const args = this.peekBracket() ? this.arguments()! : [];
    if (token.sub && token.name === 'cal:L') {
      throw new NotUnderstood('a bound or loss with an index; write what it is');
    }
    const names = variablesIn(args).map((name) => name.replace(/_.*/, ''));
    if (names.some((name) => !['q', 'x', 'phi', 'theta'].includes(name))) {
      throw new NotUnderstood(`${texOf([token], this.source)} of something other than q and x`);
    }
    return { kind: 'bound', name: token.name, tex: tex() };
  }

  /** `f(x)` is a call where the letter is one for functions, or has a lone variable in its brackets. */
  private isCall(token: SymbolToken, start: number): boolean {
    if (!this.peekBracket()) return false;
    // A thin space says that a product is meant.
    const opening = this.peek()!;
    if (opening.start - this.tokens[start]!.end >= 2) return false;
    const body = opening.kind === 'group' ? opening.body : this.lookInside();
    const isRaised = token.sup?.every(({ kind }) => kind === 'number') ?? false;
    const isWord = token.name.length > 1 && !GREEK.has(token.name.replace(/\^.*/, ''));
    if (!isRaised && (/^(cal:)?[A-Zfgr](\^|$)/.test(token.name) || isWord)) return true;
    if (
      /^[hk]$/.test(token.name) &&
      !token.sub &&
      body.every(({ kind }) => kind === 'symbol' || kind === 'punctuation')
    )
      return true;
    return body.length === 1 && body[0]!.kind === 'symbol' && GREEK.has(token.name.replace(/\^.*/, ''));
  }

  private lookInside(): Token[] {
    const { at } = this;
    try {
      return this.arguments() ?? [];
    } finally {
      this.at = at;
    }
  }

  // --- the list ---------------------------------------------------------------------------------------------------

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }

  private peekBracket(): boolean {
    const token = this.peek();
    return (
      (token?.kind === 'open' && token.text !== '{') || (token?.kind === 'group' && /^[([]$/.test(token.delimiter))
    );
  }

  private next<Kind extends Token['kind']>(): TokenOf<Kind> {
    return this.tokens[this.at++] as TokenOf<Kind>;
  }

  private skip(): void {
    while (['gap', 'row'].includes(this.peek()?.kind ?? '')) this.at++;
  }

  private startsOperand(): boolean {
    const kind = this.peek()?.kind;
    return kind !== undefined && !['sign', 'relation', 'punctuation', 'close', 'times', 'gap', 'row'].includes(kind);
  }
}

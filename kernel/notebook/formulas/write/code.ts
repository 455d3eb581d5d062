/** What a side says, as TypeScript. */
import type { Density, Expression } from '../read/expression';
import { NotUnderstood, partsOf } from '../read/expression';
import { Bound } from './bound';
import { expectationCode, informationCode, integralCode } from './expectations';
import { distribution, logDensity, type Given, type Scope } from './gaussians';
import { pathGradient } from './gradients';
import { atom, HELPERS, Level, within, type Code, type Inputs, type SideCode, type Writer } from './inputs';
import { identifier } from './names';
import { arrayIndexedBy, derivativeIn, labelOf, MATRICES, stubName, texOf } from './symbols';
import { normCode } from './vectors';

export class SideWriter implements Writer {
  private readonly estimates: string[] = [];

  /**
   * @param name how inputs are called in the code, free of what the notebook has
   * @param speaksOfPosterior whether 𝓛 and KL alone are those of q
   * @param points names that densities are of, x and z among them
   */
  constructor(
    readonly inputs: Inputs,
    readonly name: (wanted: string, type: string) => string,
    private readonly speaksOfPosterior: boolean,
    private readonly points: ReadonlySet<string>,
  ) {}

  write(side: Expression): SideCode {
    const { text } = this.number(side, new Bound());
    return { number: text, estimates: this.estimates };
  }

  /** A number; what cannot be one becomes its own stub. */
  number(expression: Expression, bound: Bound): Code {
    const [scalars, arrays, given] = [
      new Map(this.inputs.scalars),
      new Map(this.inputs.arrays),
      new Set(this.inputs.given),
    ];
    const before = this.estimates.length;
    try {
      return this.known(expression, bound);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      // What only the lost part asked for is not asked for.
      restore(this.inputs.scalars, scalars);
      restore(this.inputs.arrays, arrays);
      for (const what of [...this.inputs.given]) if (!given.has(what)) this.inputs.given.delete(what);
      this.estimates.length = before;
      return this.stub(expression, error.message);
    }
  }

  known(expression: Expression, bound: Bound): Code {
    switch (expression.kind) {
      case 'number':
        return atom(expression.value.startsWith('.') ? `0${expression.value}` : expression.value);
      case 'symbol':
        return this.symbol(expression, bound);
      case 'sum':
        return this.sum(expression, bound);
      case 'product': {
        if (isOfDensities(expression)) return atom(`Math.exp(${this.log(expression, bound).text})`);
        const factors = expression.factors.map((factor) => within(this.number(factor, bound), Level.Product));
        return { text: factors.join(' * '), level: factors.length > 1 ? Level.Product : Level.Sum };
      }
      case 'quotient':
        return this.quotient(expression, bound);
      case 'power':
        return this.power(expression, bound);
      case 'function':
        if (expression.name === 'log') return this.log(expression.of, bound);
        return atom(`Math.${expression.name}(${this.number(expression.of, bound).text})`);
      case 'absolute':
        return atom(`Math.abs(${this.number(expression.of, bound).text})`);
      case 'call':
        return this.call(expression, bound);
      case 'density':
        return atom(`Math.exp(${this.log(expression, bound).text})`);
      case 'divergence': {
        const scope = this.scope(bound);
        return atom(`${distribution(expression.from, scope)}.kl(${distribution(expression.to, scope)})`);
      }
      case 'rate':
        if (!this.speaksOfPosterior) throw new NotUnderstood('which two distributions this divergence is between');
        return atom(`${this.need('q')}.kl(${this.need('model')}.prior)`);
      case 'bound':
        if (!this.speaksOfPosterior) throw new NotUnderstood('what this letter stands for; write what it is');
        return atom(`${this.need('model')}.evidenceLowerBound(${this.need('x')}, ${this.need('q')})`);
      case 'entropy':
        return atom(`${distribution(expression.of, this.scope(bound))}.entropy()`);
      case 'information':
        return informationCode(this, expression.of);
      case 'expectation':
        return expectationCode(this, expression, bound);
      case 'integral':
        return integralCode(this, expression, bound);
      case 'series':
        return this.series(expression, bound);
      case 'norm':
        return normCode(this, expression, bound);
      case 'gradient':
        return pathGradient(this, expression, bound);
      case 'unknown':
        throw new NotUnderstood(expression.why);
    }
  }

  // --- arithmetic -------------------------------------------------------------------------------------------------

  private sum({ terms }: Extract<Expression, { kind: 'sum' }>, bound: Bound): Code {
    const parts = terms.map(({ minus, value }, i) => {
      const code = within(this.number(value, bound), minus ? Level.Product : Level.Sum);
      if (i === 0) return minus ? negative(code) : code;
      return `${minus ? '-' : '+'} ${code}`;
    });
    return { text: parts.join(' '), level: Level.Sum };
  }

  private quotient({ over, under }: Extract<Expression, { kind: 'quotient' }>, bound: Bound): Code {
    const derivative = over.kind === 'symbol' || over.kind === 'product' ? derivativeIn(over, under) : undefined;
    if (derivative) throw new NotUnderstood(derivative);
    if (isOfDensities(over) && isOfDensities(under)) {
      return atom(`Math.exp(${this.log({ kind: 'quotient', over, under }, bound).text})`);
    }
    const share = Number(over.kind === 'number' && over.value) / Number(under.kind === 'number' && under.value);
    if (over.kind === 'number' && under.kind === 'number' && String(share).length <= 5) return atom(String(share));
    const [top, bottom] = [this.number(over, bound), this.number(under, bound)];
    return { text: `${within(top, Level.Product)} / ${within(bottom, Level.Power)}`, level: Level.Product };
  }

  private power({ base, exponent }: Extract<Expression, { kind: 'power' }>, bound: Bound): Code {
    if (base.kind === 'symbol' && base.name === 'e' && base.indices.length === 0) {
      return atom(`Math.exp(${this.number(exponent, bound).text})`);
    }
    const [of, by] = [this.number(base, bound), this.number(exponent, bound)];
    return { text: `${within(of, Level.Atom)} ** ${within(by, Level.Atom)}`, level: Level.Power };
  }

  /** Logarithms of densities are what the library has; their exponentials would underflow. */
  private log(of: Expression, bound: Bound): Code {
    if (of.kind === 'density') {
      const text = logDensity(of.density, this.scope(bound));
      return text.startsWith('(') ? { text: text.slice(1, -1), level: Level.Sum } : atom(text);
    }
    if (isLetterOfDensity(of) && bound.points.size > 0) return atom(logDensity(bare(of.name), this.scope(bound)));
    const hasDensity = [...partsOf(of)].some((part) => part.kind === 'density' || isLetterOfDensity(part));
    if (hasDensity && of.kind === 'product') {
      const logs = of.factors.map((factor) => within(this.log(factor, bound), Level.Sum));
      return { text: logs.join(' + '), level: Level.Sum };
    }
    if (hasDensity && of.kind === 'quotient') {
      const [over, under] = [this.log(of.over, bound), this.log(of.under, bound)];
      return { text: `${over.text} - ${within(under, Level.Product)}`, level: Level.Sum };
    }
    return atom(`Math.log(${this.number(of, bound).text})`);
  }

  private symbol(symbol: Extract<Expression, { kind: 'symbol' }>, bound: Bound): Code {
    const { name, indices } = symbol;
    if (name === 'pi' && indices.length === 0) return atom('Math.PI');
    const index = bound.indices.get(name);
    if (index !== undefined && indices.length === 0) return atom(index);
    const isIndexed =
      indices.length > 0 &&
      indices.some((one) => [...partsOf(one)].some((part) => part.kind === 'symbol' && bound.indices.has(part.name)));
    if (isIndexed) return this.entry(symbol, bound);
    const drawn = indices.length === 0 ? this.pointOf(name, bound) : undefined;
    if (drawn !== undefined) return atom(`${drawn}[0]!`);
    if (/^(bb:|cal:)/.test(name)) throw new NotUnderstood('what this letter stands for');
    if (/^[A-Z]$/.test(name) && MATRICES.has(name)) throw new NotUnderstood('a matrix; write what is done with it');
    const whole = [name, ...indices.map(labelOf)].join('_');
    const called = this.name(identifier(whole), 'number');
    if (!this.inputs.scalars.has(called)) this.inputs.scalars.set(called, { name: whole });
    return atom(called);
  }

  /** What a name is called that stands for a point; undefined for any other. */
  private pointOf(name: string, { points }: Bound): string | undefined {
    const drawn = points.get(name);
    if (drawn !== undefined || !this.points.has(name)) return drawn;
    return name === 'x' || name === 'z' ? this.need(name) : undefined;
  }

  /** An entry of an array: indices count from 1 in a formula. */
  private entry({ name, indices }: Extract<Expression, { kind: 'symbol' }>, bound: Bound): Code {
    const rank = indices.length;
    const called = this.name(identifier(name), 'number' + '[]'.repeat(rank));
    this.inputs.arrays.set(called, { name, rank });
    const places = indices.map((one) => `[${this.number(one, bound).text} - 1]!`);
    return atom(called + places.join(''));
  }

  private call({ name, of }: Extract<Expression, { kind: 'call' }>, bound: Bound): Code {
    if (name.startsWith('Math.')) return atom(`${name}(${of.map((one) => this.number(one, bound).text).join(', ')})`);
    if (name === 'cal:N' || name === 'N') {
      throw new NotUnderstood('a normal distribution itself; logDensity of a MultivariateGaussian is its density');
    }
    const points = of.map((one) =>
      one.kind === 'symbol' && one.indices.length === 0 ? this.pointOf(one.name, bound) : undefined,
    );
    const args = of.map((one, i) => points[i] ?? this.number(one, bound).text);
    const types = points.map((one, i) => `${String.fromCharCode(97 + i)}: ${one ? 'readonly number[]' : 'number'}`);
    const type = `(${types.join(', ')}) => number`;
    const called = this.name(identifier(name), type);
    this.inputs.functions.set(called, { name, type });
    return atom(`${called}(${args.join(', ')})`);
  }

  private series(series: Extract<Expression, { kind: 'series' }>, bound: Bound): Code {
    const index = identifier(series.index);
    const inner = bound.withIndex(series.index, index);
    const term = this.number(series.of, inner).text;
    const array = arrayIndexedBy(series, this.inputs, (name, rank) =>
      this.name(identifier(name), 'number' + '[]'.repeat(rank)),
    );
    const isLength = series.to?.kind === 'symbol' && series.to.indices.length === 0 && array !== undefined;
    let to: string;
    if (isLength) {
      to = this.number(series.to!, bound).text;
      const scalar = this.inputs.scalars.get(to);
      if (scalar) scalar.definition ??= `${array}.length`;
    } else if (series.to) to = this.number(series.to, bound).text;
    else if (array !== undefined) to = `${array}.length`;
    else throw new NotUnderstood(`how far ${series.index} is counted`);
    const from = series.from ? this.number(series.from, bound).text : '1';
    this.inputs.helpers.add(series.operation);
    return atom(
      `${this.name(`${series.operation}Over`, HELPERS[series.operation])}(${from}, ${to}, (${index}) => ${term})`,
    );
  }

  // --- what is asked for ------------------------------------------------------------------------------------------

  need(what: Given): string {
    this.inputs.given.add(what);
    return this.name(what, what);
  }

  scope({ points }: Bound): Scope {
    return { points, need: (what) => this.need(what) };
  }

  estimate(code: string): Code {
    this.inputs.library.add(/^\w+/.exec(code)![0]);
    this.estimates.push(code);
    return atom(`e${this.estimates.length}`);
  }

  private stub(expression: Expression, why: string): Code {
    const tex = texOf(expression);
    const wanted = stubName(expression, this.inputs.stubs.size + 1);
    const called = this.name(wanted, `stub of ${tex}`);
    this.inputs.stubs.set(called, { tex, why });
    return atom(`${called}()`);
  }
}

/** JavaScript takes no `-a ** 2`. */
const negative = (code: string) => (code.includes('**') ? `-(${code})` : `-${code}`);

function restore<Value>(map: Map<string, Value>, before: ReadonlyMap<string, Value>): void {
  for (const key of [...map.keys()]) if (!before.has(key)) map.delete(key);
}

const isLetterOfDensity = (one: Expression): one is Extract<Expression, { kind: 'symbol' }> =>
  one.kind === 'symbol' && one.indices.length === 0 && (one.name === 'p' || one.name === 'q');

/** Densities multiplied, whose logarithms are added. */
const isOfDensities = (one: Expression): boolean =>
  one.kind === 'density' || (one.kind === 'product' && one.factors.every(isOfDensities));

const bare = (letter: string): Density => ({ letter, index: '', of: [], given: [] });

/** What a side says, as TypeScript. */
import type { Density, Expression } from './expression';
import { NotUnderstood, partsOf } from './expression';
import { distribution, logDensity, point, type Given, type Scope } from './gaussians';
import { identifier } from './names';

/** What the cell has to declare before its check. */
export interface Inputs {
  readonly library: Set<string>;
  /** Functions that the cell writes itself: sums and products over an index. */
  readonly helpers: Set<Helper>;
  readonly given: Set<Given>;
  /** Scalars by their names in code: what each is in the formula, and its definition where there is one. */
  readonly scalars: Map<string, { readonly name: string; definition?: string }>;
  /** Arrays of numbers, and how many indices they have. */
  readonly arrays: Map<string, { readonly name: string; readonly rank: number }>;
  readonly functions: Map<string, { readonly name: string; readonly type: string }>;
  /** What was not understood: a function without arguments stands for it. */
  readonly stubs: Map<string, { readonly tex: string; readonly why: string }>;
}

export type Helper = 'sum' | 'product';

export interface SideCode {
  /** A number; `e1`, `e2`, … stand for the estimates. */
  readonly number: string;
  /** Expressions of type `Promise<Estimate> | Estimate`, in which `seed` is known. */
  readonly estimates: readonly string[];
}

/** How tightly an expression holds together. */
enum Level {
  Sum,
  Product,
  Power,
  Atom,
}

interface Code {
  readonly text: string;
  readonly level: Level;
}

const atom = (text: string): Code => ({ text, level: Level.Atom });
const within = ({ text, level }: Code, least: Level) => (level >= least ? text : `(${text})`);

export class SideWriter {
  private readonly estimates: string[] = [];

  /**
   * @param name how inputs are called in the code, free of what the notebook has
   * @param speaksOfPosterior whether 𝓛 and KL alone are those of q
   * @param points names that densities are of, x and z among them
   */
  constructor(
    private readonly inputs: Inputs,
    private readonly name: (wanted: string, type: string) => string,
    private readonly speaksOfPosterior: boolean,
    private readonly points: ReadonlySet<string>,
  ) {}

  write(side: Expression): SideCode {
    const { text } = this.number(side, new Bound());
    return { number: text, estimates: this.estimates };
  }

  /** A number; what cannot be one becomes a stub of its own. */
  private number(expression: Expression, bound: Bound): Code {
    const [scalars, arrays, given] = [new Map(this.inputs.scalars), new Map(this.inputs.arrays), new Set(this.inputs.given)]; // prettier-ignore
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

  private known(expression: Expression, bound: Bound): Code {
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
        return this.information(expression.of);
      case 'expectation':
        return this.expectation(expression, bound);
      case 'integral':
        return this.integral(expression, bound);
      case 'series':
        return this.series(expression, bound);
      case 'norm':
        return this.norm(expression, bound);
      case 'gradient':
        return this.pathGradient(expression, bound);
      case 'unknown':
        throw new NotUnderstood(expression.why);
    }
  }

  // --- arithmetic -------------------------------------------------------------------------------------------------

  private sum({ terms }: Extract<Expression, { kind: 'sum' }>, bound: Bound): Code {
    const parts = terms.map(({ minus, value }, i) => {
      const code = within(this.number(value, bound), minus ? Level.Product : Level.Sum);
      if (i === 0) return minus ? `-${code}` : code;
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
    const isIndexed = indices.length > 0 && indices.some((one) => [...partsOf(one)].some((part) => part.kind === 'symbol' && bound.indices.has(part.name))); // prettier-ignore
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
      throw new NotUnderstood('a normal distribution as a whole; its density is logDensity of a MultivariateGaussian');
    }
    const points = of.map((one) => (one.kind === 'symbol' && one.indices.length === 0 ? this.pointOf(one.name, bound) : undefined)); // prettier-ignore
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
    const array = arrayIndexedBy(series, this.inputs, (name, rank) => this.name(identifier(name), 'number' + '[]'.repeat(rank))); // prettier-ignore
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
    return atom(`${this.name(series.operation, HELPERS[series.operation])}(${from}, ${to}, (${index}) => ${term})`);
  }

  // --- vectors ----------------------------------------------------------------------------------------------------

  private norm({ of, order }: Extract<Expression, { kind: 'norm' }>, bound: Bound): Code {
    const vectors: string[] = [];
    const entry = this.vectorEntry(of, bound, vectors);
    const [first] = vectors;
    if (first === undefined) throw new NotUnderstood('what the norm is of');
    const entries = entry.text === `${first}[i]!` ? first : `${first}.map((_, i) => ${entry.text})`;
    if (order === '2') return atom(`Math.hypot(...${entries})`);
    return atom(`${entries}.reduce((total, value) => total + Math.abs(value), 0)`);
  }

  /** The i-th entry of a vector. */
  private vectorEntry(of: Expression, bound: Bound, vectors: string[]): Code {
    switch (of.kind) {
      case 'symbol': {
        if (/^[A-Z]$/.test(of.name) && MATRICES.has(of.name)) throw new NotUnderstood('a matrix in a norm');
        const whole = [of.name, ...of.indices.map(labelOf)].join('_');
        const known = bound.points.get(whole) ?? (whole === 'x' || whole === 'z' ? this.need(whole) : undefined);
        const called = known ?? this.name(identifier(whole), 'number[]');
        if (known === undefined) this.inputs.arrays.set(called, { name: whole, rank: 1 });
        vectors.push(called);
        return atom(`${called}[i]!`);
      }
      case 'sum': {
        const parts = of.terms.map(({ minus, value }, i) => {
          const text = within(this.vectorEntry(value, bound, vectors), minus ? Level.Product : Level.Sum);
          return i === 0 ? (minus ? `-${text}` : text) : `${minus ? '-' : '+'} ${text}`;
        });
        return { text: parts.join(' '), level: Level.Sum };
      }
      case 'product': {
        const scalars = of.factors.slice(0, -1).map((factor) => within(this.number(factor, bound), Level.Product));
        const last = within(this.vectorEntry(of.factors.at(-1)!, bound, vectors), Level.Product);
        return { text: [...scalars, last].join(' * '), level: Level.Product };
      }
      case 'call': {
        if (of.of.length !== 1) throw new NotUnderstood('a vector that is a function of several');
        const inner = this.vectorArgument(of.of[0]!, bound);
        const type = '(x: readonly number[]) => number[]';
        const called = this.name(identifier(of.name), type);
        this.inputs.functions.set(called, { name: of.name, type });
        const text = `${called}(${inner})`;
        vectors.push(text);
        return atom(`${text}[i]!`);
      }
      default:
        throw new NotUnderstood('this vector');
    }
  }

  private vectorArgument(of: Expression, bound: Bound): string {
    const vectors: string[] = [];
    const { text } = this.vectorEntry(of, bound, vectors);
    return text === `${vectors[0]}[i]!` ? vectors[0]! : `${vectors[0]}.map((_, i) => ${text})`;
  }

  // --- expectations -----------------------------------------------------------------------------------------------

  private expectation(expectation: Extract<Expression, { kind: 'expectation' }>, bound: Bound): Code {
    const { of } = expectation;
    const over = expectation.over ?? overVariable(expectation.variable);
    if (!over) throw new NotUnderstood('which distribution this expectation is over');
    const closed = this.closedForm(over, of, bound);
    if (closed) return closed;
    const score = this.scoreGradient(expectation, bound);
    if (score) return score;
    const law = expectation.variable === 'epsilon' ? this.standardNormal() : distribution(over, this.scope(bound));
    return this.byDraws(law, variableOf(over, expectation.variable), of, bound);
  }

  private standardNormal(): string {
    this.inputs.library.add('MultivariateGaussian');
    return 'MultivariateGaussian.standard(1)';
  }

  /** `E_q[log p(x|z)]`, which the model has without draws. */
  private closedForm(over: Density, of: Expression, bound: Bound): Code | undefined {
    const isPosterior = over.letter === 'q' && over.index === '' && over.of.every((name) => name === 'z');
    if (!isPosterior || of.kind !== 'function' || of.name !== 'log' || of.of.kind !== 'density') return undefined;
    const { letter, index, of: what, given } = of.of.density;
    if (letter !== 'p' || index !== '' || what.join() !== 'x' || given.join() !== 'z') return undefined;
    const x = point('x', this.scope(bound));
    return atom(`${this.need('model')}.expectedLogLikelihood(${x}, ${this.need('q')})`);
  }

  private byDraws(law: string, variable: string, of: Expression, bound: Bound): Code {
    const drawn = identifier(variable);
    const inner = bound.withPoint(variable, drawn);
    if (bound.isInside) {
      // Draws inside draws have no error that is known.
      throw new NotUnderstood('an expectation by draws inside another one');
    }
    const { text } = this.known(of, inner);
    this.inputs.library.add('expectation');
    this.estimates.push(`expectation(${law}, (${drawn}) => ${text}, { seed })`);
    return atom(`e${this.estimates.length}`);
  }

  /** `∫ q(z) f(z) dz` as the expectation that it is. */
  private integral({ variables, of }: Extract<Expression, { kind: 'integral' }>, bound: Bound): Code {
    const factors = of.kind === 'product' ? of.factors : [of];
    const at = factors.findIndex((one) => one.kind === 'density' && variables.length === 1 && one.density.of.join() === variables[0]); // prettier-ignore
    const weight = factors[at];
    if (weight?.kind !== 'density') throw new NotUnderstood('an integral that is no expectation');
    const rest = factors.filter((_, i) => i !== at);
    const inner: Expression = rest.length === 0 ? { kind: 'number', value: '1' } : rest.length === 1 ? rest[0]! : { kind: 'product', factors: rest }; // prettier-ignore
    return this.expectation({ kind: 'expectation', over: weight.density, of: inner, tex: '' }, bound);
  } // prettier-ignore

  /** I(x; z) = H(x) − H(x|z), and H(x|z) is the same at every z of a linear Gaussian model. */
  private information([one, other]: readonly [string, string]): Code {
    if ([one, other].sort().join() !== 'x,z') throw new NotUnderstood(`the joint distribution of ${one} and ${other}`);
    const model = this.need('model');
    return { text: `${model}.evidence.entropy() - ${model}.likelihood(${this.need('z')}).entropy()`, level: Level.Sum };
  }

  // --- gradients --------------------------------------------------------------------------------------------------

  /** `∇_μ E_q[f(z)]`, by the reparameterised estimator. */
  private pathGradient({ by, of }: Extract<Expression, { kind: 'gradient' }>, bound: Bound): Code {
    const expectation = of.kind === 'integral' ? expectationOf(of) : of;
    if (expectation?.kind !== 'expectation' || expectation.over?.letter !== 'q' || bound.isInside) {
      throw new NotUnderstood('a gradient of something else than an expectation over q');
    }
    return this.gradientOf('reparameterizedGradients', by, expectation.of);
  }

  /** `E_q[f(z) ∇_μ log q(z)]`, by the score-function estimator; undefined for any other expectation. */
  private scoreGradient(expression: Expression, bound: Bound): Code | undefined {
    if (expression.kind !== 'expectation' || bound.isInside || expression.over?.letter !== 'q') return undefined;
    const { of } = expression;
    const factors = of.kind === 'product' ? of.factors : [of];
    const score = factors.find((factor) => factor.kind === 'gradient');
    if (score?.kind !== 'gradient') return undefined;
    const isScore = score.of.kind === 'function' && score.of.name === 'log' && score.of.of.kind === 'density' && score.of.of.density.letter === 'q'; // prettier-ignore
    const [rest, ...more] = factors.filter((factor) => factor !== score);
    if (!isScore || !rest || more.length > 0) throw new NotUnderstood('a gradient of something else than log q');
    return this.gradientOf('scoreFunctionGradients', score.by, rest);
  }

  private gradientOf(estimator: string, by: string, of: Expression): Code {
    if (of.kind !== 'call' || of.of.length !== 1) throw new NotUnderstood('a gradient of more than one function f(z)');
    const parameter = by.includes('sigma') ? 'sigma' : 'mu';
    const type = '(z: tf.Tensor1D) => tf.Tensor1D';
    const f = this.name(identifier(of.name), type);
    this.inputs.functions.set(f, { name: of.name, type });
    for (const name of ['mu', 'sigma']) this.inputs.scalars.set(this.name(name, 'number'), { name });
    for (const name of ['tf', 'estimate', estimator]) this.inputs.library.add(name);
    const options = `{ mu: ${this.name('mu', 'number')}, sigma: ${this.name('sigma', 'number')}, draws: 10_000, seed }`;
    this.estimates.push(`estimate(${estimator}(${f}, ${options}).${parameter})`);
    return atom(`e${this.estimates.length}`);
  }

  // --- what is asked for ------------------------------------------------------------------------------------------

  private need(what: Given): string {
    this.inputs.given.add(what);
    return this.name(what, what);
  }

  private scope({ points }: Bound): Scope {
    return { points, need: (what) => this.need(what) };
  }

  private stub(expression: Expression, why: string): Code {
    const tex = texOf(expression);
    const wanted = stubName(expression, this.inputs.stubs.size + 1);
    const called = this.name(wanted, `stub of ${tex}`);
    this.inputs.stubs.set(called, { tex, why });
    return atom(`${called}()`);
  }
}

/** Names that an expression around has bound. */
class Bound {
  readonly points: ReadonlyMap<string, string>;
  readonly indices: ReadonlyMap<string, string>;

  constructor(points: ReadonlyMap<string, string> = new Map(), indices: ReadonlyMap<string, string> = new Map()) {
    this.points = points;
    this.indices = indices;
  }

  /** Whether draws or counting are around. */
  get isInside(): boolean {
    return this.points.size > 0 || this.indices.size > 0;
  }

  withPoint(name: string, code: string): Bound {
    return new Bound(new Map([...this.points, [name, code]]), this.indices);
  }

  withIndex(name: string, code: string): Bound {
    return new Bound(this.points, new Map([...this.indices, [name, code]]));
  }
}

/** The types of the helpers, by which a notebook that has one is known. */
export const HELPERS: Record<Helper, string> = { sum: 'helper of sums', product: 'helper of products' };

/** Letters that stand for matrices in this field. */
const MATRICES = new Set(['A', 'C', 'H', 'I', 'J', 'M', 'P', 'Q', 'R', 'S', 'U', 'V', 'W', 'X']);

function restore<Value>(map: Map<string, Value>, before: ReadonlyMap<string, Value>): void {
  for (const key of [...map.keys()]) if (!before.has(key)) map.delete(key);
}

const isLetterOfDensity = (one: Expression): one is Extract<Expression, { kind: 'symbol' }> =>
  one.kind === 'symbol' && one.indices.length === 0 && (one.name === 'p' || one.name === 'q');

/** Densities multiplied, whose logarithms are added. */
const isOfDensities = (one: Expression): boolean =>
  one.kind === 'density' || (one.kind === 'product' && one.factors.every(isOfDensities));

const bare = (letter: string): Density => ({ letter, index: '', of: [], given: [] });

/** `E_x`, `E_z`, `E_ε`. */
function overVariable(variable: string | undefined): Density | undefined {
  if (variable === 'x') return { letter: 'p', index: '', of: ['x'], given: [] };
  if (variable === 'epsilon') return { letter: 'p', index: '', of: ['epsilon'], given: [] };
  return undefined;
}

function variableOf(over: Density, variable: string | undefined): string {
  return variable ?? over.of[0] ?? 'z';
}

function expectationOf({ variables, of }: Extract<Expression, { kind: 'integral' }>): Expression | undefined {
  const factors = of.kind === 'product' ? of.factors : [of];
  const weight = factors.find((one) => one.kind === 'density' && one.density.of.join() === variables.join());
  if (weight?.kind !== 'density') return undefined;
  const rest = factors.filter((one) => one !== weight);
  const inner: Expression = rest.length === 1 ? rest[0]! : { kind: 'product', factors: rest };
  return { kind: 'expectation', over: weight.density, of: inner, tex: '' };
}

/** `dR/dC`, `∂y/∂a`. */
function derivativeIn(over: Expression, under: Expression): string | undefined {
  const first = (one: Expression) => (one.kind === 'product' ? one.factors[0]! : one);
  const isD = (one: Expression) => one.kind === 'symbol' && one.name === 'd' && one.indices.length === 0;
  return isD(first(over)) && isD(first(under)) && under.kind === 'product' ? 'a derivative' : undefined;
}

function labelOf(index: Expression): string {
  if (index.kind === 'symbol') return [index.name, ...index.indices.map(labelOf)].join('');
  if (index.kind === 'number') return index.value;
  return 'tex' in index ? index.tex.replace(/[^A-Za-z0-9]/g, '') : '';
}

/** The array whose length says how far a series is counted. */
function arrayIndexedBy(
  { of, index }: Extract<Expression, { kind: 'series' }>,
  { arrays }: Inputs,
  called: (name: string, rank: number) => string,
): string | undefined {
  for (const part of partsOf(of)) {
    if (part.kind !== 'symbol' || part.indices[0]?.kind !== 'symbol' || part.indices[0].name !== index) continue;
    const name = called(part.name, part.indices.length);
    if (arrays.has(name)) return name;
  }
  return undefined;
}

/** The LaTeX of an expression, as far as it is known. */
function texOf(expression: Expression): string {
  if ('tex' in expression) return expression.tex;
  if (expression.kind === 'function') return `\\${expression.name} ${texOf(expression.of)}`;
  if (expression.kind === 'quotient') return `\\frac{${texOf(expression.over)}}{${texOf(expression.under)}}`;
  if (expression.kind === 'product') return expression.factors.map(texOf).join(' ');
  return '';
}

function stubName(expression: Expression, number: number): string {
  const tex = texOf(expression);
  const words = tex
    .replace(/\\(?:left|right|big|Big|bigg|Bigg|text|mathrm|mathbb|mathcal|mathbf|boldsymbol|frac|tfrac|operatorname)(?![A-Za-z])/g, ' ')
    .match(/[A-Za-z]+|\d+/g) ?? []; // prettier-ignore
  const name = identifier(words.slice(0, 4).join('_'));
  return words.length === 0 || name.length > 28 ? `part${number}` : name;
}

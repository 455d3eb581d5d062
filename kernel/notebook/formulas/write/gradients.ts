/** Gradients of expectations, by the library's two unbiased estimators. */
import type { Expression } from '../read/expression';
import { NotUnderstood } from '../read/expression';
import type { Bound } from './bound';
import type { Code, Writer } from './inputs';
import { identifier } from './names';

/** `∇_μ E_q[f(z)]`, by the reparameterised estimator. */
export function pathGradient(
  writer: Writer,
  { by, of }: Extract<Expression, { kind: 'gradient' }>,
  bound: Bound,
): Code {
  const expectation = of.kind === 'integral' ? expectationOf(of) : of;
  if (expectation?.kind !== 'expectation' || expectation.over?.letter !== 'q' || bound.isInside) {
    throw new NotUnderstood('a gradient of something other than an expectation over q');
  }
  return gradientOf(writer, 'reparameterizedGradients', by, expectation.of);
}

/** `E_q[f(z) ∇_μ log q(z)]`, by the score-function estimator; undefined for any other expectation. */
export function scoreGradient(writer: Writer, expression: Expression, bound: Bound): Code | undefined {
  if (expression.kind !== 'expectation' || bound.isInside || expression.over?.letter !== 'q') return undefined;
  const { of } = expression;
  const factors = of.kind === 'product' ? of.factors : [of];
  const score = factors.find((factor) => factor.kind === 'gradient');
  if (score?.kind !== 'gradient') return undefined;
  const isScore =
    score.of.kind === 'function' &&
    score.of.name === 'log' &&
    score.of.of.kind === 'density' &&
    score.of.of.density.letter === 'q';
  const [rest, ...more] = factors.filter((factor) => factor !== score);
  if (!isScore || !rest || more.length > 0) throw new NotUnderstood('a gradient of something other than log q');
  return gradientOf(writer, 'scoreFunctionGradients', score.by, rest);
}

function gradientOf(writer: Writer, estimator: string, by: string, of: Expression): Code {
  if (of.kind !== 'call' || of.of.length !== 1) throw new NotUnderstood('a gradient of more than one function f(z)');
  const parameter = by.includes('sigma') ? 'sigma' : 'mu';
  const type = '(z: tf.Tensor1D) => tf.Tensor1D';
  const f = writer.name(identifier(of.name), type);
  writer.inputs.functions.set(f, { name: of.name, type });
  for (const name of ['mu', 'sigma']) writer.inputs.scalars.set(writer.name(name, 'number'), { name });
  for (const name of ['tf', estimator]) writer.inputs.library.add(name);
  const options = `{ mu: ${writer.name('mu', 'number')}, sigma: ${writer.name('sigma', 'number')}, draws: 10_000, seed }`;
  return writer.estimate(`estimate(${estimator}(${f}, ${options}).${parameter})`);
}

function expectationOf({ variables, of }: Extract<Expression, { kind: 'integral' }>): Expression | undefined {
  const factors = of.kind === 'product' ? of.factors : [of];
  const weight = factors.find((one) => one.kind === 'density' && one.density.of.join() === variables.join());
  if (weight?.kind !== 'density') return undefined;
  const rest = factors.filter((one) => one !== weight);
  const inner: Expression = rest.length === 1 ? rest[0]! : { kind: 'product', factors: rest };
  return { kind: 'expectation', over: weight.density, of: inner, tex: '' };
}

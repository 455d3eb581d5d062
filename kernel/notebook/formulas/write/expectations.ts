/** Expectations, integrals and mutual information: in closed form where the model has one, else by draws. */
import type { Density, Expression } from '../read/expression';
import { NotUnderstood } from '../read/expression';
import type { Bound } from './bound';
import { distribution, point } from './gaussians';
import { scoreGradient } from './gradients';
import { atom, Level, type Code, type Writer } from './inputs';
import { identifier } from './names';

export function expectationCode(
  writer: Writer,
  expectation: Extract<Expression, { kind: 'expectation' }>,
  bound: Bound,
): Code {
  const { of } = expectation;
  const over = expectation.over ?? overVariable(expectation.variable);
  if (!over) throw new NotUnderstood('which distribution this expectation is over');
  const closed = closedForm(writer, over, of, bound);
  if (closed) return closed;
  const score = scoreGradient(writer, expectation, bound);
  if (score) return score;
  const law = expectation.variable === 'epsilon' ? standardNormal(writer) : distribution(over, writer.scope(bound));
  return byDraws(writer, law, variableOf(over, expectation.variable), of, bound);
}

function standardNormal(writer: Writer): string {
  writer.inputs.library.add('MultivariateGaussian');
  return 'MultivariateGaussian.standard(1)';
}

/** `E_q[log p(x|z)]`, which the model has without draws. */
function closedForm(writer: Writer, over: Density, of: Expression, bound: Bound): Code | undefined {
  const isPosterior = over.letter === 'q' && over.index === '' && over.of.every((name) => name === 'z');
  if (!isPosterior || of.kind !== 'function' || of.name !== 'log' || of.of.kind !== 'density') return undefined;
  const { letter, index, of: what, given } = of.of.density;
  if (letter !== 'p' || index !== '' || what.join() !== 'x' || given.join() !== 'z') return undefined;
  const x = point('x', writer.scope(bound));
  return atom(`${writer.need('model')}.expectedLogLikelihood(${x}, ${writer.need('q')})`);
}

function byDraws(writer: Writer, law: string, variable: string, of: Expression, bound: Bound): Code {
  const drawn = identifier(variable);
  const inner = bound.withPoint(variable, drawn);
  if (bound.isInside) {
    // Draws inside draws have no error that is known.
    throw new NotUnderstood('an expectation by draws inside another one');
  }
  const { text } = writer.known(of, inner);
  return writer.estimate(`expectation(${law}, (${drawn}) => ${text}, { seed })`);
}

/** `∫ q(z) f(z) dz` as the expectation that it is. */
export function integralCode(
  writer: Writer,
  { variables, of }: Extract<Expression, { kind: 'integral' }>,
  bound: Bound,
): Code {
  const factors = of.kind === 'product' ? of.factors : [of];
  const at = factors.findIndex(
    (one) => one.kind === 'density' && variables.length === 1 && one.density.of.join() === variables[0],
  );
  const weight = factors[at];
  if (weight?.kind !== 'density') throw new NotUnderstood('an integral that is not an expectation');
  const rest = factors.filter((_, i) => i !== at);
  const inner: Expression =
    rest.length === 0
      ? { kind: 'number', value: '1' }
      : rest.length === 1
        ? rest[0]!
        : { kind: 'product', factors: rest };
  return expectationCode(writer, { kind: 'expectation', over: weight.density, of: inner, tex: '' }, bound);
}

/** I(x; z) = H(x) − H(x|z), and H(x|z) is the same at every z of a linear Gaussian model. */
export function informationCode(writer: Writer, [one, other]: readonly [string, string]): Code {
  if ([one, other].sort().join() !== 'x,z') throw new NotUnderstood(`the joint distribution of ${one} and ${other}`);
  const model = writer.need('model');
  return { text: `${model}.evidence.entropy() - ${model}.likelihood(${writer.need('z')}).entropy()`, level: Level.Sum };
}

/** `E_x`, `E_z`, `E_ε`. */
function overVariable(variable: string | undefined): Density | undefined {
  if (variable === 'x') return { letter: 'p', index: '', of: ['x'], given: [] };
  if (variable === 'epsilon') return { letter: 'p', index: '', of: ['epsilon'], given: [] };
  return undefined;
}

function variableOf(over: Density, variable: string | undefined): string {
  return variable ?? over.of[0] ?? 'z';
}

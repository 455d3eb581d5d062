/**
 * The densities of a formula as distributions of the library. A linear Gaussian model has all of them in closed form, so
 * that a bound, a divergence or an expectation can be computed at once; whoever has another model puts it there.
 */
import type { Density } from '../read/expression';
import { NotUnderstood } from '../read/expression';
import { spoken } from './names';

/** What a written cell has to declare for them. */
export type Given = 'model' | 'x' | 'z' | 'q' | 'p';

export interface Scope {
  /** Names in the formula that stand for points, and what they are called in the code. */
  readonly points: ReadonlyMap<string, string>;
  need(what: Given): string;
}

/** The distribution as an expression of type `MultivariateGaussian`. */
export function distribution(density: Density, scope: Scope): string {
  const { letter, of, given } = density;
  if (density.index !== '') throw new NotUnderstood(`which distribution ${spokenDensity(density)} is`);
  if (letter.startsWith('q')) {
    if (letter !== 'q' || of.some((name) => name !== 'z')) throw unknown(density);
    return scope.need('q');
  }
  if (of.length === 0) return scope.need('p');
  const key = `${of.join()}|${given.join()}`;
  switch (key) {
    case 'z|':
      return `${scope.need('model')}.prior`;
    case 'z|x':
      return `${scope.need('model')}.posterior(${point('x', scope)})`;
    case 'x|':
      return `${scope.need('model')}.evidence`;
    case 'x|z':
      return `${scope.need('model')}.likelihood(${point('z', scope)})`;
    default:
      throw unknown(density);
  }
}

/** The logarithm of a density where its variables are. */
export function logDensity(density: Density, scope: Scope): string {
  const { letter, of, given } = density;
  if (letter === 'p' && given.length === 0 && [...of].sort().join() === 'x,z') {
    const model = scope.need('model');
    const [x, z] = [point('x', scope), point('z', scope)];
    return `(${model}.prior.logDensity(${z}) + ${model}.likelihood(${z}).logDensity(${x}))`;
  }
  if (letter === 'p' && of.join() === 'x' && given.length === 0) {
    return `${scope.need('model')}.logEvidence(${point('x', scope)})`;
  }
  return `${distribution(density, scope)}.logDensity(${point(of[0] ?? latent(scope), scope)})`;
}

/** `p` and `q` alone are of what the expectation around them draws. */
function latent({ points }: Scope): string {
  const drawn = [...points.keys()].at(-1);
  if (drawn === undefined) throw new NotUnderstood('what this density is of');
  return drawn;
}

export function point(name: string, scope: Scope): string {
  const known = scope.points.get(name);
  if (known !== undefined) return known;
  if (name === 'x' || name === 'z') return scope.need(name);
  throw new NotUnderstood(`what ${name} is`);
}

function unknown(density: Density): NotUnderstood {
  return new NotUnderstood(
    `${spokenDensity(density)} is not a density of a model with x and z; write it with your own distributions`,
  );
}

export function spokenDensity({ letter, index, of, given }: Density): string {
  const inner = given.length > 0 ? `${of.join(', ')} | ${given.join(', ')}` : of.join(', ');
  return spoken(`${letter}${index}${inner && `(${inner})`}`);
}

/** Formulas for a model with classes. */
import type { Objective } from '../objectives/terms';

/** Whether a function, by its name in LaTeX and what stands in its brackets, is given the class too. */
export type GivenClass = (name: string, argument: string) => boolean;

/** f and g, the two networks of an autoencoder, densities of data, and those that look at them: p(x|z), q(z|x). */
export const ofData: GivenClass = (name, argument) =>
  ['f', 'g'].includes(name) ||
  (name === 'p' && argument.startsWith('x|')) ||
  (name === 'q' && /\|(.*, ?)?x$/.test(argument));

/** The same formula with `,y` for each function that `given` names: q(z|x) as q(z|x,y). */
export function givenTheClass(latex: string, given: GivenClass): string {
  const call = /(?<![\\A-Za-z])[A-Za-z](?:_[A-Za-z])?\(/.exec(latex);
  if (!call) return latex;
  const start = call.index + call[0].length;
  const end = closing(latex, start);
  const [name, argument] = [call[0].slice(0, -1), latex.slice(start, end)];
  const inside = givenTheClass(argument, given) + (given(name, argument) ? ',y' : '');
  return latex.slice(0, start) + inside + givenTheClass(latex.slice(end), given);
}

/** The objective of a model with such formulas. */
export function objectiveGivenTheClass({ formula, terms, ...others }: Objective, given: GivenClass): Objective {
  const stated = (latex: string) => givenTheClass(latex, given);
  const all = Object.entries(terms).map(([name, term]) => [name, { ...term, formula: stated(term.formula) }]);
  return { ...others, formula: stated(formula), terms: Object.fromEntries(all) };
}

/** Where the bracket closes that was opened before `start`. */
function closing(latex: string, start: number): number {
  let depth = 1;
  for (let at = start; at < latex.length; at++) {
    if (latex[at] === '(') depth += 1;
    else if (latex[at] === ')' && --depth === 0) return at;
  }
  return latex.length;
}

/** Values that somebody gives to parameters, held against what the notebook declares. */
import { nearest } from '../../engine/nearest';
import { NotebookError } from '../read';
import type { DeclaredParameter } from './declared';
import { asFound, read, valueProblem } from './values';

/** A parameter's value as a command line gives it. */
export interface GivenText {
  name: string;
  text: string;
}

/** Where parameters are declared: what errors call the notebook, and its cell. */
export interface DeclaredAt {
  notebook: string;
  /** `cell 3 (tagged "parameters")` */
  cell: string;
}

/** @throws NotebookError unless it reads `name=value` */
export function givenText(argument: string): GivenText {
  const at = argument.indexOf('=');
  const name = argument.slice(0, at).trim();
  if (at < 1 || !/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) {
    throw new NotebookError(`-p takes NAME=VALUE, for example -p beta=4; found "${argument}"`);
  }
  return { name, text: argument.slice(at + 1) };
}

/**
 * Holds values against the notebook's parameters.
 *
 * @throws NotebookError naming the parameter, what was found and what is allowed
 */
export function checkParameters(
  given: Readonly<Record<string, unknown>>,
  declared: readonly DeclaredParameter[],
  at: DeclaredAt,
): void {
  for (const [name, value] of Object.entries(given)) {
    const one = declaredIn(declared, name, at);
    const problem = valueProblem(value, one);
    if (problem) throw new NotebookError(`${at.notebook}, ${at.cell}: ${problem}`);
    const stale = one.usedBy.filter((other) => !Object.hasOwn(given, other));
    if (stale.length > 0) {
      const what = stale.join(' and ');
      throw new NotebookError(
        `${at.notebook}, ${at.cell}: ${what} is computed from ${name} before a run can override it. Move ${what} to a cell below.`,
      );
    }
  }
}

/**
 * The value that a text stands for, by the parameter's type: a number, a word, `true`, a list as `[1, 2]` or `1,2`, JSON.
 *
 * @throws NotebookError as {@link checkParameters} does
 */
export function valueFrom({ name, text }: GivenText, declared: readonly DeclaredParameter[], at: DeclaredAt) {
  const one = declaredIn(declared, name, at);
  const value = read(text, one.type);
  const problem = valueProblem(value === undefined ? asFound(text, one.type) : value, one);
  if (problem) throw new NotebookError(`${at.notebook}, ${at.cell}: ${problem}`);
  return value!;
}

function declaredIn(declared: readonly DeclaredParameter[], name: string, at: DeclaredAt): DeclaredParameter {
  const found = declared.find((one) => one.name === name);
  if (found) return found;
  const names = declared.map((one) => one.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
  const known = declared.map((one) => `${one.name} (${one.typeText})`).join(', ');
  throw new NotebookError(
    `${at.notebook} has no parameter "${name}"${hint}; its ${at.cell} declares ${known || 'none'}`,
  );
}

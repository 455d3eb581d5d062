/** Values that somebody gives to parameters, held against what the notebook declares. */
import { nearest } from '../../engine/nearest';
import { NotebookError } from '../read';
import type { DeclaredParameter } from './declared';
import { isClear } from './typeNodes';
import { mismatch, typeText } from './types';
import type { ParameterType, ParameterValue } from './types';

/** A parameter's value as a command line gives it. */
export interface GivenText {
  name: string;
  text: string;
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
 * @param where what to call the notebook: its file
 * @throws NotebookError naming the parameter, what was found and what is allowed
 */
export function checkParameters(
  given: Readonly<Record<string, unknown>>,
  declared: readonly DeclaredParameter[],
  where: string,
): void {
  for (const [name, value] of Object.entries(given)) {
    const one = declaredIn(declared, name, where);
    const problem = valueProblem(value, one);
    if (problem) throw new NotebookError(`${where}: ${problem}`);
    const stale = one.usedBy.filter((other) => !Object.hasOwn(given, other));
    if (stale.length > 0) {
      const what = stale.join(' and ');
      throw new NotebookError(
        `${where}: ${what} in the parameters cell is computed from ${name} before a run can override it. Move ${what} to a cell below.`,
      );
    }
  }
}

/** What is wrong with a value, as a sentence without its end; undefined if nothing is. */
export function valueProblem(value: unknown, { name, type, typeText: text }: DeclaredParameter): string | undefined {
  if (!isClear(type)) {
    return `the type of ${name} cannot be told from the parameters cell; declare one that JSON has values for, for example "const ${name}: number = …"`;
  }
  const wrong = mismatch(value, type);
  if (!wrong) return undefined;
  const { place, found, expected } = wrong;
  const inside = place === '' ? '' : ` (at ${name}${place} it expects ${typeText(expected)})`;
  return `${name} is declared as ${text}${inside}; found ${brief(found)}`;
}

/**
 * The value that a text stands for, by the parameter's type: a number, a word, `true`, a list as `[1, 2]` or `1,2`, JSON.
 *
 * @throws NotebookError as {@link checkParameters} does
 */
export function valueFrom({ name, text }: GivenText, declared: readonly DeclaredParameter[], where: string) {
  const one = declaredIn(declared, name, where);
  const value = read(text, one.type);
  const problem = valueProblem(value === undefined ? text : value, one);
  if (problem) throw new NotebookError(`${where}: ${problem}`);
  return value!;
}

/** Undefined for a text that stands for no value of the type. */
export function read(text: string, type: ParameterType): ParameterValue | undefined {
  const fits = (value: ParameterValue | undefined) =>
    value !== undefined && mismatch(value, type) === undefined ? value : undefined;
  switch (type.kind) {
    case 'string':
      return text;
    case 'number':
      return text.trim() === '' ? undefined : fits(Number(text));
    case 'literal':
      return text === String(type.value) ? type.value : undefined;
    case 'union': {
      // Text of any kind is also a string: that comes last.
      const order = [...type.of].sort((a, b) => Number(a.kind === 'string') - Number(b.kind === 'string'));
      return order.map((one) => read(text, one)).find((value) => value !== undefined);
    }
    case 'list':
      return fits(json(text)) ?? fits(split(text).map((item) => read(item, type.of)) as ParameterValue[]);
    case 'tuple':
      return (
        fits(json(text)) ??
        fits(split(text).map((item, i) => type.items[i] && read(item, type.items[i])) as ParameterValue[])
      );
    case 'unclear':
      return undefined;
    default:
      return fits(json(text));
  }
}

const split = (text: string) => (text.trim() === '' ? [] : text.split(',').map((item) => item.trim()));

function json(text: string): ParameterValue | undefined {
  try {
    return JSON.parse(text) as ParameterValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function declaredIn(declared: readonly DeclaredParameter[], name: string, where: string): DeclaredParameter {
  const found = declared.find((one) => one.name === name);
  if (found) return found;
  const names = declared.map((one) => one.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
  const known = declared.map((one) => `${one.name} (${one.typeText})`).join(', ');
  throw new NotebookError(
    `${where} has no parameter "${name}"${hint}; its parameters cell declares ${known || 'none'}`,
  );
}

function brief(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

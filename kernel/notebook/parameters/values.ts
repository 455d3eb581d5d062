/** Values of parameters, and texts that stand for them. */
import type { DeclaredParameter } from './declared';
import { SEED } from './overriding';
import { isClear, mismatch, typeText } from './types';
import type { ParameterType, ParameterValue } from './types';

/** What is wrong with a value, as a sentence without its end; undefined if nothing is. */
export function valueProblem(value: unknown, { name, type, typeText: text }: DeclaredParameter): string | undefined {
  if (!isClear(type)) {
    return `the parameters cell does not say the type of ${name}; declare one that JSON can express, for example "const ${name}: number = …"`;
  }
  const wrong = mismatch(value, type);
  if (!wrong) return name === SEED ? seedProblem(value) : undefined;
  const { place, found, expected } = wrong;
  const inside = place === '' ? '' : ` (at ${name}${place} it expects ${typeText(expected)})`;
  return `${name} is declared as ${text}${inside}; found ${brief(found)}`;
}

function seedProblem(value: unknown): string | undefined {
  if (typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0)) return undefined;
  return `seed is also the default seed of models and trainings, a whole number from 0; found ${value}`;
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
      // What begins as JSON does is meant as JSON.
      if (isListText(text)) return fits(json(text));
      return fits(split(text).map((item) => read(item, type.of)) as ParameterValue[]);
    case 'tuple':
      if (isListText(text)) return fits(json(text));
      return fits(split(text).map((item, i) => type.items[i] && read(item, type.items[i])) as ParameterValue[]);
    case 'unclear':
      return undefined;
    default:
      return fits(json(text));
  }
}

const isListText = (text: string) => text.trim().startsWith('[');

const split = (text: string) => (text.trim() === '' ? [] : text.split(',').map((item) => item.trim()));

/** As an error shows it: what is JSON for a list or an object names the place in it. */
export function asFound(text: string, type: ParameterType): unknown {
  const value = ['list', 'tuple', 'object'].includes(type.kind) ? json(text) : undefined;
  return typeof value === 'object' && value !== null ? value : text;
}

function json(text: string): ParameterValue | undefined {
  try {
    return JSON.parse(text) as ParameterValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function brief(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

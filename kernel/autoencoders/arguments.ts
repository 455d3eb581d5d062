/** Checks of arguments: an error names the function and the argument, what was found and what is taken. */
import * as tf from '@tensorflow/tfjs';
import { meant } from '../engine/index';

/** What an argument has to be, in words, where a value is something else; undefined if it is that. */
export type Kind = (value: unknown) => string | undefined;

/** An argument's name, its value, and what it has to be. */
export type Argument = readonly [name: string, value: unknown, kind: Kind];

/**
 * @param caller the function as its users call it
 * @throws TypeError at the first argument that is of another kind
 */
export function takes(caller: string, ...given: readonly Argument[]): void {
  for (const [name, value, kind] of given) {
    const expected = kind(value);
    if (expected !== undefined) {
      throw new TypeError(`${caller} takes as "${name}" ${expected}; found ${found(value)}.`);
    }
  }
}

/** A value in a few words. */
export function found(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (value instanceof tf.Tensor) return foundTensor(value);
  if (Array.isArray(value)) return foundArray(value);
  const made = (value.constructor as { name?: string } | undefined)?.name;
  if (isDisposedModel(value)) return `a ${made} that has been disposed`;
  if (made && made !== 'Object') return `a ${made}`;
  const fields = Object.keys(value);
  return fields.length === 0 ? 'an empty object' : `an object with ${fields.slice(0, 5).join(', ')}`;
}

function foundTensor(tensor: tf.Tensor): string {
  const state = tensor.isDisposed ? ' that has been disposed' : '';
  return `a tensor of shape [${tensor.shape.join(', ')}] and type ${tensor.dtype}${state}`;
}

function foundArray(items: readonly unknown[]): string {
  if (items.length === 0) return 'an empty array';
  const odd = items.findIndex((item) => typeof item !== 'number');
  if (odd < 0) return items.length > 4 ? `an array of ${items.length} numbers` : `[${items.join(', ')}]`;
  const widths = new Set(items.map((item) => (isList(item) ? item.length : -1)));
  if (widths.size > 1 || widths.has(-1)) return `an array with ${found(items[odd])} at index ${odd}`;
  const [width] = widths;
  return `an array of ${items.length} × ${width}`;
}

// --- kinds --------------------------------------------------------------------------------------------------------

const when = (holds: boolean, expected: string): string | undefined => (holds ? undefined : expected);

/** Also undefined, for what may be left out. */
export const optional =
  (kind: Kind): Kind =>
  (value) =>
    value === undefined ? undefined : kind(value);

export const finite: Kind = (value) => when(typeof value === 'number' && Number.isFinite(value), 'a finite number');

export const positive: Kind = (value) =>
  when(typeof value === 'number' && Number.isFinite(value) && value > 0, 'a number above 0');

export const integer: Kind = (value) => when(Number.isSafeInteger(value), 'a whole number');

/** A whole number that is not smaller. */
export const whole =
  (least: number): Kind =>
  (value) =>
    when(Number.isSafeInteger(value) && (value as number) >= least, `a whole number from ${least}`);

export const oneOf =
  (...words: readonly string[]): Kind =>
  (value) => {
    if (words.includes(value as string)) return undefined;
    // Looked for only here: this takes longer than all else that is checked.
    return words.map((word) => JSON.stringify(word)).join(' or ') + meant(value, words);
  };

export const text: Kind = (value) => when(typeof value === 'string', 'text');

export const flag: Kind = (value) => when(typeof value === 'boolean', 'true or false');

export const path: Kind = (value) => when(typeof value === 'string' && value !== '', 'the path of a file or folder');

export const callable: Kind = (value) => when(typeof value === 'function', 'a function');

/** An object with these fields; their values are not looked at. */
export const object =
  (...fields: readonly string[]): Kind =>
  (value) =>
    when(
      isObject(value) && !(value instanceof tf.Tensor) && fields.every((field) => field in value),
      fields.length === 0 ? 'an object of options' : `an object with ${fields.join(', ')}`,
    );

export const instance =
  (Class: abstract new (...args: never[]) => object, article = 'a'): Kind =>
  (value) =>
    when(value instanceof Class, `${article} ${Class.name.replace(/^_/, '')}`);

/** Something with these verbs, as the library's models have them; not one that was disposed. */
export const modelWith =
  (...verbs: readonly string[]): Kind =>
  (value) =>
    when(
      isObject(value) && verbs.every((verb) => isCallable(value, verb)) && !isDisposedModel(value),
      `a model with ${verbs.map((verb) => `${verb}()`).join(' and ')}`,
    );

/** A list of numbers: an array or a typed array. */
export const numbers: Kind = (value) => when(isNumbers(value), 'a list of finite numbers');

/** So many numbers: an array or a typed array. */
export const numbersOf =
  (length: number): Kind =>
  (value) =>
    when(isNumbers(value) && value.length === length, `a list of ${length} finite numbers`);

/** An array or a typed array of anything. */
export const list: Kind = (value) => when(isList(value), 'a list');

/** The shape of a tensor, with `rank` axes if a rank is given. */
export const shapeOfAxes =
  (axes?: number): Kind =>
  (value) =>
    when(
      Array.isArray(value) && (axes === undefined || value.length === axes) && value.every(isLength),
      `the shape of a tensor, ${axes === undefined ? 'a list of' : axes} whole numbers from 0`,
    );

/** Rows of finite numbers, each of one length; at least one. */
export const matrix: Kind = (value) => when(isMatrix(value), 'rows of finite numbers, all of one length');

/** So many rows of finite numbers, each of so many. */
export const matrixOf =
  (rows: number, columns: number): Kind =>
  (value) =>
    when(
      isMatrix(value) && (value as number[][]).length === rows && (value as number[][])[0]!.length === columns,
      `${rows} rows of ${columns} finite numbers`,
    );

/** What models take as data. */
export const sampleInput: Kind = (value) =>
  when(
    isSamples(value) || isRows(value) || isNumberRows(value),
    'a Dataset, a tensor [n, d] or rows of numbers, such as Dataset.from(rows)',
  );

/** Samples that know their shape. */
export const dataset: Kind = (value) => when(isSamples(value), 'a Dataset, such as Dataset.from(rows)');

/** A tensor [n, d] or rows of numbers. */
export const rowInput: Kind = (value) =>
  when(isRows(value), 'a tensor [n, d] or rows of finite numbers, all of one length');

/** A tensor that is not disposed, of the given rank if there is one. */
export const tensor =
  (rank?: number): Kind =>
  (value) =>
    when(
      isTensor(value) && (rank === undefined || value.rank === rank),
      rank === undefined ? 'a tensor' : `a tensor of rank ${rank}`,
    );

/** A tensor of the shape of another one. */
export const tensorLike =
  (other: { shape: readonly number[] }): Kind =>
  (value) =>
    when(isTensor(value) && value.shape.join() === other.shape.join(), `a tensor of shape [${other.shape.join(', ')}]`);

/** A tensor [n, d] with so many columns; of any number where that is undefined. */
export const tensorOfWidth =
  (width: number): Kind =>
  (value) =>
    when(isTensor(value) && value.rank === 2 && value.shape[1] === width, `a tensor of shape [n, ${width}]`);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isCallable = (value: object, name: string) => typeof (value as Record<string, unknown>)[name] === 'function';

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor && !value.isDisposed;

const isLength = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

const isNumbers = (value: unknown): value is ArrayLike<number> =>
  isList(value) && Array.prototype.every.call(value, Number.isFinite);

function isMatrix(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  const [first] = value as unknown[];
  return value.every((row) => isNumbers(row) && row.length > 0 && row.length === (first as ArrayLike<number>).length);
}

/** NaN among them is for those who read the rows, since they can say where it is. */
function isNumberRows(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((row) => Array.isArray(row) || ArrayBuffer.isView(row))
  );
}

const isRows = (value: unknown): boolean => (isTensor(value) ? value.rank === 2 && value.size > 0 : isMatrix(value));

function isSamples(value: unknown): boolean {
  const known = value as { values?: unknown; shape?: unknown; width?: unknown; length?: unknown } | null | undefined;
  return (
    isObject(known) && known.values instanceof Float32Array && isObject(known.shape) && typeof known.width === 'number'
  );
}

function isDisposedModel(value: object): boolean {
  const { parameters } = value as { parameters?: unknown };
  if (!isObject(parameters)) return false;
  const weights = Object.values(parameters);
  return weights.length > 0 && weights.every((weight) => weight instanceof tf.Tensor && weight.isDisposed);
}

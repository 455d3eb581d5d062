/**
 * What functions of your own give back. A part that a cell defines is looked at when it is made, and what its functions
 * give whenever they are called, so that a wrong result is named where it comes from and not where tfjs stumbles over
 * it.
 */
import * as tf from '@tensorflow/tfjs';
import { found } from '../arguments';
import type { Kind } from '../arguments';

/**
 * Checks what a function gave, and gives it back.
 *
 * @param who whose function it is and which: `The posterior "mine": "of"`
 * @param given the arguments of the call
 * @throws TypeError naming the function, what it gave and what is expected
 */
export type Result = (who: string, value: unknown, given?: readonly unknown[]) => unknown;

/** What an object has to have: functions, ones that may be left out, and other fields. */
export interface Contract {
  functions?: Readonly<Record<string, Result>>;
  optional?: Readonly<Record<string, Result>>;
  fields?: Readonly<Record<string, Kind>>;
}

/** @throws TypeError naming the function, what it gave and what is expected */
export function wrongResult(who: string, value: unknown, expected: string): never {
  const hint = isPromise(value) ? '; the result must not be a promise: leave out async' : '';
  throw new TypeError(`${who} gives ${found(value)}, expected ${expected}${hint}.`);
}

/** A result of this kind. */
export function gives(kind: (...given: never[]) => Kind): Result {
  return (who, value, given = []) => {
    const expected = kind(...(given as never[]))(value);
    if (expected !== undefined) wrongResult(who, value, expected);
    return value;
  };
}

/** A result that may be undefined. */
export function maybe(result: Result): Result {
  return (who, value, given) => (value === undefined ? undefined : result(who, value, given));
}

/** A record whose entries have fields of these kinds; `what` describes them. */
export function givesRecord(what: string, entry: Kind, reserved: readonly string[] = []): Result {
  return (who, value) => {
    if (!isPlainObject(value)) wrongResult(who, value, `an object of ${what}, by name`);
    for (const [name, one] of Object.entries(value as object)) {
      const expected = entry(one);
      if (expected !== undefined) wrongResult(`${who}: "${name}"`, one, expected);
      if (reserved.includes(name)) {
        throw new TypeError(`${who} names something "${name}", a name that the model uses itself; choose another.`);
      }
    }
    return value;
  };
}

/**
 * An object that keeps the contract, whose functions are checked at every call. It is the object itself to `instanceof`
 * and to whoever looks at its fields.
 */
export function givesObject(what: string, contract: (...given: never[]) => Contract): Result {
  return (who, value, given = []) => checkedObject(who, what, value, contract(...(given as never[])));
}

/** See {@link givesObject}. */
export function checkedObject<T>(who: string, what: string, value: T, contract: Contract): T {
  const { functions = {}, optional = {}, fields = {} } = contract;
  if (!isObject(value)) wrongResult(who, value, `${what}: an object with ${Object.keys(functions).join(', ')}`);
  const object = value as Record<string, unknown>;
  for (const name of Object.keys(functions)) {
    if (typeof object[name] === 'function') continue;
    const found = object[name] === undefined ? `without "${name}"` : `whose "${name}" is no function`;
    wrongObject(who, object, found, `${what}, with ${Object.keys(functions).join(', ')}`);
  }
  for (const name of Object.keys(optional)) {
    if (object[name] === undefined || typeof object[name] === 'function') continue;
    wrongObject(who, object, `whose "${name}" is no function`, `${what}; "${name}" may be left out`);
  }
  for (const [name, kind] of Object.entries(fields)) {
    const expected = kind(object[name]);
    if (expected !== undefined) wrongResult(`${who}: "${name}"`, object[name], expected);
  }
  return watched(who, object, { ...optional, ...functions }) as T;
}

function wrongObject(who: string, object: object, how: string, expected: string): never {
  throw new TypeError(`${who} gives ${found(object)} ${how}, expected ${expected}.`);
}

/** The object, with results that are checked. */
function watched(who: string, object: object, results: Readonly<Record<string, Result>>): object {
  const functions = new Map<PropertyKey, unknown>();
  return new Proxy(object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function' || key === 'constructor') return value;
      const known = functions.get(key);
      if (known) return known;
      const result = typeof key === 'string' ? results[key] : undefined;
      const call = (...given: unknown[]): unknown => {
        const got: unknown = Reflect.apply(value, target, given);
        return result ? result(nested(who, String(key)), got, given) : got;
      };
      functions.set(key, call);
      return call;
    },
  });
}

/** `The posterior "mine": "of"` and `logProb`: `The posterior "mine": "of(…).logProb"`. */
function nested(who: string, name: string): string {
  const [, part, outer] = /^(.*): "(\w+)"$/.exec(who) ?? [];
  return part === undefined ? `${who}: "${name}"` : `${part}: "${outer}(…).${name}"`;
}

// --- kinds --------------------------------------------------------------------------------------------------------

/** A float32 tensor of this shape; null stands for any length. */
export function floats(shape: readonly (number | null)[], meaning = ''): Kind {
  const words = `a tensor of shape [${shape.map((length) => length ?? 'n').join(', ')}] and type float32`;
  return (value) => {
    const right =
      value instanceof tf.Tensor &&
      value.dtype === 'float32' &&
      value.rank === shape.length &&
      shape.every((length, axis) => length === null || length === value.shape[axis]);
    return right ? undefined : meaning === '' ? words : `${words}: ${meaning}`;
  };
}

/** First values of a parameter. */
export const initialKind: Kind = (value) => {
  const { shape, values } = (isObject(value) ? value : {}) as { shape?: unknown; values?: unknown };
  return Array.isArray(shape) && typeof values === 'function'
    ? undefined
    : 'first values with a shape, such as initial.zeros([2, 3])';
};

/** Random numbers that are declared. */
export const drawKind: Kind = (value) => {
  const { shape, values } = (isObject(value) ? value : {}) as { shape?: unknown; values?: unknown };
  return Array.isArray(shape) && typeof values === 'function' ? undefined : 'a declaration, such as normal([n, 2])';
};

/** Values that data may have. */
export const supportKind: Kind = (value) => {
  if (value === undefined || value === null) return undefined;
  const { low, high } = (isObject(value) ? value : {}) as { low?: unknown; high?: unknown };
  return typeof low === 'number' && typeof high === 'number' ? undefined : 'null or { low, high, reason }';
};

/** Nothing, or an object that {@link givesRecord} would take. */
export const recordKind =
  (entry: Kind, what: string): Kind =>
  (value) =>
    value === undefined || (isPlainObject(value) && Object.values(value).every((one) => entry(one) === undefined))
      ? undefined
      : `an object of ${what}, by name`;

export const anything: Kind = () => undefined;

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isPromise(value) && !(value instanceof tf.Tensor) && !Array.isArray(value); // prettier-ignore
}

function isPlainObject(value: unknown): value is object {
  return isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
}

function isPromise(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof tf.Tensor) &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

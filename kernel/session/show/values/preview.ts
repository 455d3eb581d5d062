/** Values in a line each, without running code of theirs: `Point { x: 1, y: 2 }`, `[1, 2, 3, …]`. */
import { inspect, types } from 'node:util';
import type { ValueKind } from '../../../views/types';
import { typeOf } from '../../variables/describe';
import { tensorFacts } from '../../variables/numbers';
import { childCount, childrenOf } from '../../variables/paths';
import { className, isObject, ownProperty, property, prototypeOf } from '../../variables/safely';

/** A line is cut after this many characters, a text by itself after more. */
const LINE = 72;
const LONGEST_TEXT = 1000;
/** Texts within a line of others. */
const SHORT_TEXT = 30;
/** Values that a line looks at, at most. */
const LOOKED_AT = 16;

export interface Line {
  kind: ValueKind;
  text: string;
  /** Whether it says all of the value. */
  whole: boolean;
}

/** A value as a separate line. */
export function lineOf(value: unknown): Line {
  return isObject(value) ? lineOfObject(value) : primitive(value, LONGEST_TEXT);
}

/** Symbols that are keys of a value, for those who look at them as at other properties. */
export function symbolKeys(value: object): symbol[] {
  if (types.isProxy(value) || tensorFacts(value)) return [];
  return Object.getOwnPropertySymbols(value).filter((key) => ownProperty(value, key)?.enumerable);
}

function primitive(value: unknown, longest: number): Line {
  switch (typeof value) {
    case 'string': {
      const left = value.length - longest;
      const text = inspect(value.slice(0, longest), { breakLength: Infinity, maxStringLength: Infinity });
      if (left <= 0) return { kind: 'text', text, whole: true };
      return { kind: 'text', text: `${text}… ${left.toLocaleString('en-US')} more characters`, whole: false };
    }
    case 'number':
      return { kind: 'number', text: Object.is(value, -0) ? '-0' : String(value), whole: true };
    case 'bigint':
      return { kind: 'number', text: cut(`${value}n`, longest), whole: true };
    default:
      return { kind: 'word', text: String(value), whole: true };
  }
}

function lineOfObject(value: object): Line {
  if (types.isProxy(value)) return { kind: 'other', text: 'Proxy, not looked into', whole: true };
  const facts = tensorFacts(value);
  if (facts) {
    const state = facts.disposed ? ', disposed' : '';
    return { kind: 'other', text: `Tensor [${facts.shape.join(', ')}] ${facts.dtype}${state}`, whole: true };
  }
  if (typeof value === 'function') return { kind: 'function', text: functionLine(value), whole: true };
  const special = specialLine(value);
  if (special) return special;
  const isList = Array.isArray(value) || types.isTypedArray(value) || types.isSet(value);
  return { kind: isList ? 'list' : 'object', ...contentLine(value) };
}

function functionLine(value: object): string {
  const name = ownProperty(value, 'name')?.value as unknown;
  const word = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
  return typeof name === 'string' && name !== '' ? `${word} ${cut(name, LINE)}` : word;
}

/** What says more than the properties of a value do. */
function specialLine(value: object): Line | undefined {
  if (types.isDate(value)) {
    const time = Date.prototype.getTime.call(value);
    const text = Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString();
    return { kind: 'other', text, whole: true };
  }
  if (types.isRegExp(value) && prototypeOf(value) === RegExp.prototype) {
    return { kind: 'other', text: cut(RegExp.prototype.toString.call(value), LINE), whole: true };
  }
  if (types.isNativeError(value)) {
    const message = property(value, 'message');
    const name = className(value);
    const text = typeof message === 'string' && message !== '' ? `${name}: ${message}` : name;
    return { kind: 'error', text: cut(text.split('\n')[0]!, LONGEST_TEXT), whole: false };
  }
  const isBuffer = types.isAnyArrayBuffer(value) || types.isDataView(value);
  if (isBuffer) return { kind: 'other', text: `${className(value)}, ${value.byteLength} bytes`, whole: true };
  const isClosed = types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value);
  return isClosed ? { kind: 'other', text: className(value), whole: childCount(value) === 0 } : undefined;
}

/** As much of what a value holds as a line takes. */
function contentLine(value: object): { text: string; whole: boolean } {
  const count = childCount(value);
  const isList = Array.isArray(value) || types.isTypedArray(value);
  const [open, close] = isList ? ['[', ']'] : ['{ ', ' }'];
  const start = `${nameBefore(value, count)}${open}`;
  const parts: string[] = [];
  let length = start.length + close.length;
  let whole = symbolKeys(value).length === 0;
  for (const { label, step, value: held } of childrenOf(value, 0, LOOKED_AT)) {
    const line = held ? within(held.value) : { text: '(…)', whole: false };
    const part = types.isMap(value)
      ? `${label} => ${line.text}`
      : typeof step === 'string'
        ? `${keyText(label)}: ${line.text}`
        : line.text;
    if (length + part.length > LINE && parts.length > 0) break;
    parts.push(part);
    length += part.length + 2;
    whole &&= line.whole;
  }
  if (parts.length < count) parts.push('…');
  const text = parts.length === 0 ? `${start.trimEnd()}${close.trimStart()}` : `${start}${parts.join(', ')}${close}`;
  return { text: cut(text, 2 * LINE), whole: whole && parts.length === count && parts.at(-1) !== '…' };
}

/** `Point `, `Map(2) `; nothing where the brackets say it. */
function nameBefore(value: object, count: number): string {
  if (Array.isArray(value)) return count > LOOKED_AT ? `(${count.toLocaleString('en-US')}) ` : '';
  const name = className(value);
  if (types.isMap(value) || types.isSet(value) || types.isTypedArray(value)) return `${name}(${count}) `;
  if (prototypeOf(value) === null) return 'Object without prototype ';
  return name === 'Object' ? '' : `${name} `;
}

/** A value among others of a line. */
function within(value: unknown): { text: string; whole: boolean } {
  if (typeof value === 'string' && value.length > SHORT_TEXT)
    return { text: inspect(cut(value, SHORT_TEXT)), whole: false };
  if (typeof value === 'number' && !Number.isInteger(value)) return rounded(value);
  if (!isObject(value)) return primitive(value, SHORT_TEXT);
  if (types.isProxy(value)) return { text: 'Proxy', whole: true };
  if (tensorFacts(value) || typeof value === 'function' || types.isDate(value) || types.isRegExp(value)) {
    return lineOfObject(value);
  }
  if (types.isNativeError(value)) return { text: className(value), whole: false };
  const count = childCount(value);
  if (Array.isArray(value)) return { text: count === 0 ? '[]' : `[… ${count}]`, whole: count === 0 };
  const name = typeOf(value);
  if (count > 0 || symbolKeys(value).length > 0)
    return { text: name === 'Object' ? '{…}' : `${name} {…}`, whole: false };
  return { text: name === 'Object' ? '{}' : `${name} {}`, whole: true };
}

function rounded(value: number): { text: string; whole: boolean } {
  const text = String(Number(value.toPrecision(7)));
  return { text, whole: text === String(value) };
}

function keyText(label: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(label) ? label : inspect(cut(label, SHORT_TEXT));
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Values as a list shows them: what they are, in words and numbers, without running code of theirs. */
import { inspect, types } from 'node:util';
import { widthOf } from '../../autoencoders/samples';
import type { ValuePath, Variable } from '../../protocol';
import { isDataset, isHistory, modelState, type LibraryClasses } from './libraryValues';
import { itemOf, numbersIn, placesIn, tensorFacts, type Numbers } from './numbers';
import { pictureShape } from './picture';
import { className, isObject, ownKeys, ownProperty, property, prototypeOf } from './safely';
import { sparkline } from './sparkline';

/** Numbers that are read of a value for its sparkline. */
export const MOST_READ = 4096;
const LONGEST_TEXT = 80;
/** Items and properties in the text of what holds them. */
const SHOWN = 6;

export type Described = Omit<Variable, 'path' | 'expression' | 'plots' | 'name'>;

export interface Place {
  name: string;
  path: ValuePath;
  expression?: string;
}

/** What a property with a getter is: nobody asks it. */
export const GETTER: Described = { type: '', kind: 'getter', text: '(…)', hasPicture: false, expandable: false };

export async function describe(value: unknown, library: LibraryClasses): Promise<Described> {
  if (!isObject(value)) return plain(typeOf(value), 'value', shortText(value));
  if (types.isProxy(value)) return plain('Proxy', 'value', 'not looked into');
  if (typeof value === 'function') return describeFunction(value);
  const facts = tensorFacts(value);
  if (facts) return describeTensor(value, facts);
  if (isDataset(value)) return describeDataset(value, library);
  const model = modelState(value);
  if (model) {
    const { bytes, ...state } = model;
    const text = library.line(value) ?? '';
    return { ...plain(className(value), 'model', text), bytes, model: state, expandable: true };
  }
  if (isHistory(value)) return describeHistory(value, library);
  const numbers = numbersIn(value);
  if (numbers) return describeNumbers(value, numbers);
  return describeOther(value, library);
}

async function describeTensor(value: object, facts: NonNullable<ReturnType<typeof tensorFacts>>): Promise<Described> {
  const { shape, dtype, bytes, disposed } = facts;
  const name = ownProperty(value, 'trainable') ? 'Variable' : 'Tensor';
  const base = { ...plain(name, 'tensor', disposed ? 'disposed' : ''), shape, dtype };
  if (disposed) return base;
  const numbers = numbersIn(value);
  return { ...base, bytes, ...(numbers && (await drawn(numbers))) };
}

async function describeNumbers(value: object, numbers: Numbers): Promise<Described> {
  const { shape, dtype, bytes } = numbers;
  return {
    ...plain(className(value), 'numbers', ''),
    shape,
    dtype,
    bytes,
    ...(await drawn(numbers)),
    expandable: true,
  };
}

/** The sparkline of numbers; of a single one its value. */
async function drawn(numbers: Numbers): Promise<Pick<Described, 'text' | 'hasPicture' | 'sparkline'>> {
  const { size, shape } = numbers;
  const hasPicture = pictureShape(shape) !== undefined;
  const values = size === 0 ? [] : await numbers.at(placesIn(size, MOST_READ));
  const text = size === 1 && values ? shortText(values[0]) : '';
  const axes = shape.filter((length) => length > 1).length;
  return { text, hasPicture, sparkline: values && sparkline(values, axes, size) };
}

async function describeDataset(value: object, library: LibraryClasses): Promise<Described> {
  const values = property(value, 'values');
  const shape = property(value, 'shape') as Parameters<typeof widthOf>[0];
  const base = { ...plain(className(value), 'data', library.line(value) ?? ''), expandable: true };
  if (!(values instanceof Float32Array)) return base;
  const row = shape.kind === 'image' ? [shape.height, shape.width, shape.channels] : [widthOf(shape)];
  const n = values.length / widthOf(shape);
  const read = Float64Array.from(placesIn(values.length, MOST_READ), (place) => values[place]!);
  return {
    ...base,
    shape: [n, ...row],
    dtype: 'float32',
    bytes: values.byteLength,
    sparkline: sparkline(read, 2, values.length),
    hasPicture: shape.kind === 'image',
  };
}

async function describeHistory(value: object, library: LibraryClasses): Promise<Described> {
  const base = { ...plain(className(value), 'history', library.line(value) ?? ''), expandable: true };
  const series = property(value, 'series');
  const total = (Array.isArray(series) ? series : []).find(
    (one) => property(one, 'name') === 'total' && property(one, 'split') === 'train',
  );
  const losses = numbersIn(property(total, 'values'));
  return losses ? { ...base, sparkline: (await drawn(losses)).sparkline } : base;
}

function describeFunction(value: object): Described {
  const source = Function.prototype.toString.call(value);
  if (/^class\b/.test(source)) return plain('class', 'class', '');
  const count = Number(ownProperty(value, 'length')?.value ?? 0);
  return plain('function', 'function', `${count} ${count === 1 ? 'parameter' : 'parameters'}`);
}

function describeOther(value: object, library: LibraryClasses): Described {
  const type = className(value);
  const line = library.line(value);
  if (line !== undefined) return { ...plain(type, 'object', line), expandable: true };
  const length = lengthOf(value);
  if (length !== undefined) {
    return { ...plain(type, 'list', previewOf(value)), shape: [length], expandable: length > 0, ...bytesOf(value) };
  }
  const text = specialText(value) ?? previewOf(value);
  return { ...plain(type, 'object', text), expandable: ownKeys(value).length > 0, ...bytesOf(value) };
}

function bytesOf(value: object): { bytes?: number } {
  if (types.isAnyArrayBuffer(value) || ArrayBuffer.isView(value)) return { bytes: value.byteLength };
  return {};
}

function plain(type: string, kind: Variable['kind'], text: string): Described {
  return { type, kind, text, hasPicture: false, expandable: false };
}

/** How many items a list, a map or a set has; undefined for what is none of these. */
export function lengthOf(value: object): number | undefined {
  if (types.isProxy(value)) return undefined;
  if (Array.isArray(value)) return value.length;
  if (types.isTypedArray(value)) return value.length;
  if (types.isMap(value)) return sizeOfMap.call(value) as number;
  return types.isSet(value) ? (sizeOfSet.call(value) as number) : undefined;
}

const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, 'size')!.get!;
const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, 'size')!.get!;

export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'function') return 'function';
  return isObject(value) ? className(value) : typeof value;
}

/** A value in a few characters. */
export function shortText(value: unknown): string {
  if (typeof value === 'string') return inspect(cut(value), { breakLength: Infinity });
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(7)));
  if (!isObject(value)) return typeof value === 'bigint' ? cut(`${value}n`) : String(value);
  if (types.isProxy(value)) return 'Proxy';
  const facts = tensorFacts(value);
  if (facts) return `Tensor [${facts.shape.join(', ')}]`;
  if (typeof value === 'function') return 'function';
  const length = lengthOf(value);
  return length === undefined ? className(value) : `${className(value)}(${length})`;
}

/** `[1, 2, 3, …]`, `{ a: 1, b: 'x', … }`. */
function previewOf(value: object): string {
  if (Array.isArray(value)) {
    const items = Array.from({ length: Math.min(SHOWN, value.length) }, (_, i) => shortText(itemOf(value, i)));
    return cut(`[${[...items, ...(value.length > SHOWN ? ['…'] : [])].join(', ')}]`);
  }
  if (lengthOf(value) !== undefined) return '';
  const keys = ownKeys(value);
  const fields = keys.slice(0, SHOWN).map((key) => {
    const { value: field, get } = ownProperty(value, key) ?? {};
    return `${key}: ${get ? '(…)' : shortText(field)}`;
  });
  return cut(`{ ${[...fields, ...(keys.length > SHOWN ? ['…'] : [])].join(', ')} }`.replace('{  }', '{}'));
}

/** What says more than the fields of a value do. */
export function specialText(value: object): string | undefined {
  if (types.isDate(value)) {
    const time = Date.prototype.getTime.call(value);
    return Number.isNaN(time) ? 'no date' : new Date(time).toISOString();
  }
  if (types.isNativeError(value)) return cut(String(property(value, 'message') ?? ''));
  if (types.isRegExp(value) && prototypeOf(value) === RegExp.prototype)
    return cut(RegExp.prototype.toString.call(value));
  // Code that looks at its value reports what it has come to.
  if (types.isPromise(value)) return '';
  return undefined;
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}

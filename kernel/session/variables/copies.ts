/** Values as text and as JSON, to be put elsewhere. */
import { types } from 'node:util';
import { tensorText } from '../show/printing/tensorText';
import { isDataset } from './libraryValues';
import { Printer } from './printer';
import { numbersIn, placesIn, tensorFacts } from './numbers';
import { childrenOf } from './paths';
import { isObject, property } from './safely';

/** Numbers and objects in a copy. */
const MOST = 100_000;

/** A tensor with its values, a text as it is, anything else as a literal would say it. */
export async function textOf(value: unknown): Promise<string> {
  if (typeof value === 'string') return value;
  const facts = tensorFacts(value);
  if (facts && !facts.disposed) {
    checkSize(facts.size);
    return tensorText(facts.tensor);
  }
  return new Printer().text(value, '', []);
}

/**
 * Plain JSON: tensors and typed arrays as nested lists, maps as lists of pairs, sets as lists, numbers that JSON lacks as
 * null. Properties with getters and functions are left out.
 *
 * @throws RangeError for what has more than a hundred thousand numbers and objects; Error for what contains itself
 */
export async function jsonOf(value: unknown): Promise<string> {
  let left = MOST;
  const plain = async (item: unknown, within: readonly object[]): Promise<unknown> => {
    if (--left < 0) checkSize(Infinity);
    if (typeof item === 'bigint') return String(item);
    if (!isObject(item)) return item;
    if (typeof item === 'function' || types.isProxy(item)) return undefined;
    if (within.includes(item)) throw new Error('The value contains itself, which JSON cannot hold.');
    const numbers = numbersIn(isDataset(item) ? property(item, 'values') : item);
    if (numbers) {
      left -= numbers.size;
      if (left < 0) checkSize(numbers.size);
      const values = await numbers.at(placesIn(numbers.size, numbers.size));
      return values && nested(Array.from(values), numbers.shape);
    }
    if (types.isDate(item)) return new Date(Date.prototype.getTime.call(item)).toJSON();
    return plainChildren(item, [...within, item], plain);
  };
  return JSON.stringify(await plain(value, []), undefined, 2) ?? 'null';
}

async function plainChildren(
  item: object,
  within: readonly object[],
  plain: (item: unknown, within: readonly object[]) => Promise<unknown>,
): Promise<unknown> {
  const children = childrenOf(item, 0, MOST + 1);
  if (types.isMap(item)) {
    const keys = [...Map.prototype.keys.call(item)];
    return Promise.all(
      children.map(async (child, i) => [await plain(keys[i], within), await plain(child.value?.value, within)]),
    );
  }
  const values: [string | number, unknown][] = [];
  for (const { step, value } of children) if (value) values.push([step, await plain(value.value, within)]);
  return Array.isArray(item) || types.isSet(item) ? values.map(([, value]) => value) : Object.fromEntries(values);
}

function nested(values: readonly number[], shape: readonly number[]): unknown {
  const [length, ...rest] = shape;
  if (length === undefined) return values[0];
  if (rest.length === 0) return values;
  const size = values.length / length;
  return Array.from({ length }, (_, i) => nested(values.slice(i * size, (i + 1) * size), rest));
}

function checkSize(size: number): void {
  if (size <= MOST) return;
  const found = Number.isFinite(size) ? `It has ${size.toLocaleString('en-US')}` : 'It has more';
  throw new RangeError(`A copy holds at most ${MOST.toLocaleString('en-US')} values. ${found}; copy a part of it.`);
}

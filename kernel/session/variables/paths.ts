/** From names to values within them, and the JavaScript that says the same. */
import { types } from 'node:util';
import type { ValuePath } from '../../protocol';
import { lengthOf, shortText } from './describe';
import { isInnerField } from './libraryValues';
import { tensorFacts } from './numbers';
import { isObject, ownKeys, ownProperty } from './safely';
import type { UserNames } from './names';

/** Something in a value. */
export interface Child {
  step: string | number;
  /** The property, the place, or the key of a map. */
  label: string;
  /** Absent for a property with a getter. */
  value?: { value: unknown };
  /** What follows the expression of its parent; absent where nothing does. */
  access?: string;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** How many children a value has. */
export function childCount(value: unknown): number {
  if (!isObject(value) || typeof value === 'function' || types.isProxy(value) || tensorFacts(value)) return 0;
  return lengthOf(value) ?? keysOf(value).length;
}

/** Some of them, in their order. */
export function childrenOf(value: unknown, start: number, count: number): Child[] {
  if (!isObject(value) || childCount(value) === 0) return [];
  if (types.isMap(value) || types.isSet(value)) return entriesOf(value, start, count);
  const length = lengthOf(value);
  if (length === undefined)
    return keysOf(value)
      .slice(start, start + count)
      .map((key) => propertyOf(value, key));
  const places = Array.from({ length: Math.max(0, Math.min(count, length - start)) }, (_, i) => start + i);
  return places.map((i) => itemAt(value, i));
}

/** @throws Error when the name, or something on the way, is not there any more */
export function valueAt(names: UserNames, path: ValuePath): { value: unknown; expression?: string } {
  const [name, ...steps] = path;
  const found = names.value(name);
  if (!found) throw new Error(`${name} has no value now.`);
  let { value } = found;
  let expression: string | undefined = name;
  for (const step of steps) {
    const child = childAt(value, step);
    if (!child?.value) throw new Error(`${expression ?? name} holds no ${JSON.stringify(step)} now.`);
    expression = joined(expression, child.access);
    value = child.value.value;
  }
  return { value, expression };
}

export function joined(expression: string | undefined, access: string | undefined): string | undefined {
  return expression === undefined || access === undefined ? undefined : expression + access;
}

function childAt(value: unknown, step: string | number): Child | undefined {
  if (typeof step === 'number') return childrenOf(value, step, 1)[0];
  return isObject(value) && ownProperty(value, step) ? propertyOf(value, step) : undefined;
}

function keysOf(value: object): string[] {
  return ownKeys(value).filter((key) => !isInnerField(value, key));
}

function propertyOf(owner: object, key: string): Child {
  const found = ownProperty(owner, key);
  const access = IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  return {
    step: key,
    label: key,
    access,
    ...(found && !found.get && !found.set && { value: { value: found.value as unknown } }),
  };
}

function itemAt(list: object, i: number): Child {
  const found = ownProperty(list, i);
  // A hole reads as what it is to JavaScript.
  const value = found?.get ? {} : { value: { value: found?.value as unknown } };
  return { step: i, label: `[${i}]`, access: `[${i}]`, ...value };
}

function entriesOf(value: Map<unknown, unknown> | Set<unknown>, start: number, count: number): Child[] {
  const isMap = types.isMap(value);
  // Those of the language, not what a class of the user's has in their place.
  const entries = isMap ? Map.prototype.entries.call(value) : Set.prototype.entries.call(value);
  const children: Child[] = [];
  let i = 0;
  for (const [key, item] of entries) {
    if (i >= start + count) break;
    if (i >= start) children.push(isMap ? entry(i, key, item) : { step: i, label: String(i), value: { value: item } });
    i++;
  }
  return children;
}

function entry(step: number, key: unknown, value: unknown): Child {
  const isPlain = typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean';
  const access = isPlain ? `.get(${JSON.stringify(key)})` : undefined;
  return { step, label: shortText(key), value: { value }, ...(access !== undefined && { access }) };
}

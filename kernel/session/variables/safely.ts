/** Reads values without running code of theirs: no getter, no trap of a proxy. */
import { types } from 'node:util';

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** What a property is that has its own value; undefined if it has a getter, or is not there. */
export function ownProperty(object: object, key: PropertyKey): PropertyDescriptor | undefined {
  if (types.isProxy(object)) return undefined;
  try {
    return Object.getOwnPropertyDescriptor(object, key);
  } catch {
    // An export of a module that has no value yet.
    return undefined;
  }
}

/** The value of a data property, the object's own or inherited; undefined if there is none, or a getter. */
export function property(object: unknown, key: PropertyKey): unknown {
  for (let holder = isObject(object) ? object : null; holder; holder = prototypeOf(holder)) {
    const found = ownProperty(holder, key);
    if (found) return found.value;
  }
  return undefined;
}

/** Null also where a proxy stands in the way. */
export function prototypeOf(object: object): object | null {
  return types.isProxy(object) ? null : (Object.getPrototypeOf(object) as object | null);
}

/** As `instanceof`, whose answer a class may compute. */
export function isInstance(value: unknown, prototype: object): boolean {
  if (!isObject(value)) return false;
  for (let holder = prototypeOf(value); holder; holder = prototypeOf(holder)) if (holder === prototype) return true;
  return false;
}

/** The name of a value's class: `Object` for plain objects, `Proxy` for what stands before others. */
export function className(object: object): string {
  if (types.isProxy(object)) return 'Proxy';
  if (types.isModuleNamespaceObject(object)) return 'Module';
  const prototype = prototypeOf(object);
  if (!prototype) return 'Object';
  const constructor = property(prototype, 'constructor');
  const name = typeof constructor === 'function' ? ownProperty(constructor, 'name')?.value : undefined;
  // A bundler puts a line before the names of classes that refer to themselves.
  return typeof name === 'string' && name !== '' ? name.replace(/^_(?=[A-Z])/, '') : 'Object';
}

/** Names of the properties that a reader expects: enumerable, the object's own. */
export function ownKeys(object: object): string[] {
  if (types.isProxy(object)) return [];
  try {
    return Object.keys(object);
  } catch {
    // A module that has exports without values yet.
    return Object.getOwnPropertyNames(object);
  }
}

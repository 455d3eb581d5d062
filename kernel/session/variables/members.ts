/** What may follow a dot behind a chain of names, as the value there is now. */
import type { Findings, Member } from '../../protocol';
import { typeOf } from './describe';
import type { UserNames } from './names';
import { isObject, ownProperty, prototypeOf } from './safely';
import { types } from 'node:util';

const MOST_MEMBERS = 500;
/** `a`, `a.b`, `a.b[0]`, `a["x"].b`; no call, nothing computed. */
const CHAIN = /^\s*[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\s*\??\.\s*[\p{ID_Start}$_][\p{ID_Continue}$]*|\[(?:\d+|"(?:[^"\\]|\\.)*"|'[^'\\]*')\])*\s*$/u; // prettier-ignore
const LINK = /[\p{ID_Start}$_][\p{ID_Continue}$]*|\d+|"(?:[^"\\]|\\.)*"|'[^'\\]*'/gu;

/**
 * @param expression a chain of names
 * @throws Error when it is something else, when there is no value, or a getter would have to be asked
 */
export function membersOf(names: UserNames, expression: string): Findings['members'] {
  if (!CHAIN.test(expression)) throw new Error(`"${expression}" is not a chain of names.`);
  const [first = '', ...links] = [...expression.matchAll(LINK)].map(([link]) => link);
  const found = names.value(first);
  if (!found) throw new Error(`${first} has no value now.`);
  const value = links.reduce((holder, link) => linked(holder, link, expression), found.value);
  const members = listed(value);
  return { members: members.slice(0, MOST_MEMBERS), total: members.length };
}

function linked(holder: unknown, link: string, expression: string): unknown {
  const key = /^["']/.test(link) ? stringOf(link) : link;
  for (const object of chainOf(holder)) {
    const found = ownProperty(object, key);
    if (found?.get || found?.set)
      throw new Error(`${key} in ${expression} has a getter, which LatentLab does not call.`);
    if (found) return found.value;
  }
  return undefined;
}

function stringOf(literal: string): string {
  return literal.startsWith('"') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
}

/** An object with its prototypes; of other values those of their kind. What is said of all objects comes last. */
function chainOf(value: unknown): object[] {
  if (value === undefined || value === null || types.isProxy(value)) return [];
  const chain: object[] = [];
  for (
    let object: object | null = isObject(value) ? value : prototypeOf(Object(value) as object);
    object && !types.isProxy(object);
    object = prototypeOf(object)
  ) {
    chain.push(object);
  }
  return chain;
}

/** The object's own first, then those of its class, in the order of their declaration. */
function listed(value: unknown): Member[] {
  const members = new Map<string, Member>();
  for (const object of chainOf(value)) {
    if (object === Object.prototype && value !== Object.prototype) break;
    // Places of lists are no names.
    const isList = object === value && (Array.isArray(object) || types.isTypedArray(object));
    for (const name of isList ? ['length'] : Object.getOwnPropertyNames(object)) {
      if (name === 'constructor' || members.has(name)) continue;
      members.set(name, memberOf(name, ownProperty(object, name)));
    }
  }
  return [...members.values()];
}

function memberOf(name: string, property: PropertyDescriptor | undefined): Member {
  if (!property || property.get || property.set) return { name, kind: 'getter', type: '' };
  const value: unknown = property.value;
  if (typeof value !== 'function') return { name, kind: 'property', type: typeOf(value) };
  if (/^class\b/.test(Function.prototype.toString.call(value))) return { name, kind: 'property', type: 'class' };
  return { name, kind: 'method', type: `(${Number(ownProperty(value, 'length')?.value ?? 0)})` };
}

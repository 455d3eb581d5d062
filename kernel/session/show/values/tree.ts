/** Values with what they hold, as a tree that a reader opens; without running code of theirs, and bounded. */
import { inspect, types } from 'node:util';
import { VALUE_MIME, VIEW_VERSION, type ObjectView, type ValueEntry, type ValueNode } from '../../../views/types';
import { childCount, childrenOf } from '../../variables/paths';
import { isObject, ownProperty, property } from '../../variables/safely';
import { lineOf, symbolKeys } from './preview';

/** Children of one value, and how deep values are opened. */
const MOST_CHILDREN = 100;
const DEEPEST = 10;
/** Bytes of JSON that the tree takes, about; those of the outer values come first. */
const ROOM = 80_000;
/** What JSON says around a value. */
const AROUND = 60;
const LONGEST_STACK = 4000;
const LONGEST_LABEL = 200;

/** A value whose children have not been looked at. */
interface Closed {
  value: object;
  node: ValueNode;
  depth: number;
  parent: Closed | undefined;
}

/** A property, item or entry, before it is looked at. */
interface Held {
  label: string;
  access?: string;
  /** Absent for a property with a getter. */
  value?: { value: unknown };
  /** How it is shown, where that is known already. */
  node?: ValueNode;
}

/**
 * What a tree shows better than text does: objects, and lists of them. Lists of numbers are read in columns, and what says
 * itself how it is shown is shown so.
 *
 * @param text the value as text
 */
export function isTree(value: unknown, text: string): value is object {
  if (!text.includes('\n') || typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  if (types.isNativeError(value) || types.isTypedArray(value) || types.isAnyArrayBuffer(value)) return false;
  if (typeof property(value, inspect.custom) === 'function') return false;
  const isList = Array.isArray(value) || types.isSet(value);
  return isList ? childrenOf(value, 0, MOST_CHILDREN).some(({ value: item }) => isObject(item?.value)) : true;
}

export function treeBundle(value: object, text: string): Record<string, unknown> {
  return { [VALUE_MIME.object]: treeOf(value), 'text/plain': text };
}

export function treeOf(value: object): ObjectView {
  const line = nodeOf(value);
  const waiting: Closed[] = [{ value, node: line, depth: 0, parent: undefined }];
  let room = ROOM;
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    room -= open(next, room, waiting);
  }
  const count = countOf(value);
  const summary = `${line.text}, ${count.toLocaleString('en-US')} ${count === 1 ? 'entry' : 'entries'}`;
  // Nothing of the kernel's is addressed to it, and the same value is the same in the saved file.
  return { version: VIEW_VERSION, id: 'value', title: 'Value', summary, root: line };
}

/** Takes in the children of a value as far as there is room. @returns the room that they take */
function open(closed: Closed, room: number, waiting: Closed[]): number {
  const { value, node, depth } = closed;
  const total = countOf(value);
  const entries: ValueEntry[] = [];
  let taken = 0;
  for (const held of depth < DEEPEST ? heldBy(value, MOST_CHILDREN) : []) {
    if (taken > room) break;
    const entry = entryOf(held, closed, waiting);
    entries.push(entry);
    taken += AROUND + bytesOf(entry.label) + bytesOf(entry.access ?? '') + bytesOf(entry.value.text);
  }
  node.children = entries;
  if (entries.length < total) node.more = total - entries.length;
  return taken;
}

function bytesOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

function entryOf({ label, access, value: held, node: known }: Held, parent: Closed, waiting: Closed[]): ValueEntry {
  const named =
    label.length > LONGEST_LABEL
      ? { label: `${label.slice(0, LONGEST_LABEL)}…` }
      : { label, ...(access !== undefined && { access }) };
  if (known) return { ...named, value: known };
  if (!held) return { ...named, value: { kind: 'getter', text: '(getter)', whole: true } };
  const { value } = held;
  if (!isObject(value)) return { ...named, value: nodeOf(value) };
  const levels = levelsTo(value, parent);
  if (levels !== undefined) {
    const what = levels === 0 ? 'the value that holds it' : `the value ${levels + 1} levels up`;
    return { ...named, value: { kind: 'cycle', text: `↑ ${what}`, whole: true } };
  }
  const node = nodeOf(value);
  if (countOf(value) > 0) waiting.push({ value, node, depth: parent.depth + 1, parent });
  return { ...named, value: node };
}

/** How far above a parent a value stands that holds itself. */
function levelsTo(value: object, parent: Closed): number | undefined {
  let levels = 0;
  for (let one: Closed | undefined = parent; one; one = one.parent, levels++) if (one.value === value) return levels;
  return undefined;
}

function nodeOf(value: unknown): ValueNode {
  const { kind, text, whole } = lineOf(value);
  return { kind, text, ...(whole && { whole }) };
}

function countOf(value: object): number {
  return childCount(value) + symbolKeys(value).length + hiddenOf(value).length;
}

function heldBy(value: object, most: number): Held[] {
  const isList = Array.isArray(value) || types.isTypedArray(value);
  const children = childrenOf(value, 0, most).map((child) =>
    isList ? { ...child, label: String(child.step) } : child,
  );
  const held: Held[] = [...hiddenOf(value), ...children];
  for (const key of symbolKeys(value)) {
    const { get, set, value: item } = ownProperty(value, key)!;
    held.push({ label: `[${String(key)}]`, ...(!get && !set && { value: { value: item as unknown } }) });
  }
  return held.slice(0, most);
}

/** What an error holds beside its enumerable properties. */
function hiddenOf(value: object): Held[] {
  if (!types.isNativeError(value)) return [];
  return ['stack', 'cause', 'errors'].flatMap((key) => {
    const found = ownProperty(value, key);
    if (!found || found.enumerable) return [];
    const item = found.value as unknown;
    if (key === 'stack') return typeof item === 'string' ? stackOf(item) : [];
    return [{ label: key, access: `.${key}`, value: { value: item } }];
  });
}

/** The frames, a line each; what stands above them is the error's own line. */
function stackOf(stack: string): Held[] {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  if (frames.length === 0) return [];
  const text = frames.map((frame) => frame.trim()).join('\n');
  return [
    { label: 'stack', access: '.stack', node: { kind: 'other', text: text.slice(0, LONGEST_STACK), whole: true } },
  ];
}

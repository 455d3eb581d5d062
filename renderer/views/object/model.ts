/** The tree of a value as JSON says it, checked, and what is copied of it. */
import * as z from '../../schema';
import type { ObjectView, ValueEntry, ValueNode } from '../../../kernel/views/types';
import { viewBase } from '../../data';

const kinds = ['text', 'number', 'word', 'function', 'object', 'list', 'error', 'getter', 'cycle', 'other'] as const;

const node: z.Schema<ValueNode> = z.object({
  kind: z.enum(kinds),
  text: z.string(),
  whole: z.optional(z.boolean()),
  children: z.optional(z.array(z.lazy(() => entry))),
  more: z.optional(z.number()),
});

const entry: z.Schema<ValueEntry> = z.object({
  label: z.string(),
  access: z.optional(z.string()),
  value: node,
});

export const objectSchema: z.Schema<ObjectView> = z.object({ ...viewBase, root: node });

/** One line of the tree. */
export interface Line {
  /** Its place: the same after an update of the view. */
  key: string;
  level: number;
  position: number;
  siblings: number;
  /** Absent for the value itself, and for a line that says what is left out. */
  label?: string;
  /** The JavaScript from the value to this one; undefined if there is none. */
  path: string | undefined;
  /** Absent for a line that says what is left out. */
  node?: ValueNode;
  /** How many are left out here. */
  more?: number;
  parent: Line | undefined;
}

/** Lines open at first, as long as they are no more than these. */
const OPEN_AT_FIRST = 24;

export function isOpenable(value: ValueNode): boolean {
  return (value.children?.length ?? 0) > 0 || (value.more ?? 0) > 0;
}

/** The lines that are seen when these keys are open. */
export function linesOf(root: ValueNode, open: ReadonlySet<string>): Line[] {
  const lines: Line[] = [];
  const add = (line: Line) => {
    lines.push(line);
    if (line.node && open.has(line.key)) childLines(line).forEach(add);
  };
  add(rootLine(root));
  return lines;
}

/** The lines under a line. */
export function childLines(parent: Line): Line[] {
  const { children = [], more = 0 } = parent.node ?? {};
  const siblings = children.length + (more > 0 ? 1 : 0);
  const level = parent.level + 1;
  const lines = children.map(({ label, access, value }, i): Line => {
    const path = access === undefined || parent.path === undefined ? undefined : parent.path + access;
    return { key: `${parent.key}.${i}`, level, position: i + 1, siblings, label, path, node: value, parent };
  });
  if (more > 0) {
    const place = { key: `${parent.key}.more`, level, position: siblings, siblings };
    lines.push({ ...place, path: undefined, more, parent });
  }
  return lines;
}

function rootLine(node: ValueNode): Line {
  return { key: '0', level: 1, position: 1, siblings: 1, path: '', node, parent: undefined };
}

/** The keys open at first: the outer ones, those that a line says already left closed, as many as are seen at a glance. */
export function openAtFirst(root: ValueNode): Set<string> {
  const open = new Set<string>();
  let lines = 1;
  const waiting = [rootLine(root)];
  for (let line = waiting.shift(); line; line = waiting.shift()) {
    const under = childLines(line);
    const isSaid = line.node?.whole || line.node?.kind === 'error';
    if (line.parent && (lines + under.length > OPEN_AT_FIRST || isSaid)) continue;
    open.add(line.key);
    lines += under.length;
    waiting.push(...under.filter(({ node: held }) => held !== undefined && isOpenable(held)));
  }
  return open;
}

/** What can be opened, all of it. */
export function allKeys(root: ValueNode): Set<string> {
  const keys = new Set<string>();
  const add = (line: Line) => {
    if (!line.node || !isOpenable(line.node)) return;
    keys.add(line.key);
    childLines(line).forEach(add);
  };
  add(rootLine(root));
  return keys;
}

export function moreText(more: number): string {
  return `… ${more.toLocaleString('en-US')} more`;
}

/** A value as text with all that the tree holds of it. */
export function textOf(value: ValueNode, indent = ''): string {
  const { children = [], more = 0, kind, text, whole } = value;
  if (whole || !isOpenable(value)) return text;
  const inner = `${indent}  `;
  const isList = kind === 'list';
  const parts = children.map(({ label, value: held }) => {
    const name = isList ? '' : `${label}: `;
    return `${inner}${name}${textOf(held, inner)},`;
  });
  if (more > 0) parts.push(`${inner}${moreText(more)}`);
  const [open, close] = /^[^[{]*\[/.test(text) ? ['[', ']'] : ['{', '}'];
  // The class stands before the bracket.
  const name = /^[^[{]*(?=[[{])/.exec(text)?.[0] ?? `${text} `;
  return `${name}${open}\n${parts.join('\n')}\n${indent}${close}`;
}

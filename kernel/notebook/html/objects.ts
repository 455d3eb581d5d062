/** The tree of a value as HTML that opens and closes without a script. */
import type { ObjectView, ValueEntry, ValueNode } from '../../views/types';
import { VIEW_VERSION } from '../../views/types';
import { escapeHtml } from '../markdown/escape';

/** Lines open at first. */
const OPEN_LINES = 24;
/** Deeper than the kernel writes trees: what is nested further did not come from it. */
const DEEPEST = 32;

/** @returns undefined for what is no tree of a version that is known */
export function objectHtml(json: unknown): string | undefined {
  const { version, root } = (json ?? {}) as Partial<ObjectView>;
  if (version !== VIEW_VERSION || !isNode(root)) return undefined;
  const outer = root.children?.length ?? 0;
  return `<div class="tree">${nodeHtml(root, undefined, outer <= OPEN_LINES, 0)}</div>`;
}

function nodeHtml(node: ValueNode, label: string | undefined, open: boolean, depth: number): string {
  const name = label === undefined ? '' : `<span class="name">${escapeHtml(label)}</span>: `;
  const line = `${name}<span class="${/^[a-z]+$/.test(node.kind) ? node.kind : 'other'}">${escapeHtml(node.text)}</span>`;
  const children = (Array.isArray(node.children) ? node.children : []).filter(isEntry);
  const more = typeof node.more === 'number' && node.more > 0 ? node.more : 0;
  if ((children.length === 0 && more === 0) || depth > DEEPEST) return `<div>${line}</div>`;
  const held = children.map((child) => nodeHtml(child.value, child.label, false, depth + 1));
  if (more > 0) held.push(`<div class="left-out">… ${more.toLocaleString('en-US')} more</div>`);
  return `<details${open ? ' open' : ''}><summary>${line}</summary>${held.join('')}</details>`;
}

function isNode(value: unknown): value is ValueNode {
  const node = value as Partial<ValueNode> | null;
  return typeof value === 'object' && node !== null && typeof node.kind === 'string' && typeof node.text === 'string';
}

function isEntry(value: unknown): value is ValueEntry {
  const entry = value as Partial<ValueEntry> | null;
  return typeof value === 'object' && entry !== null && typeof entry.label === 'string' && isNode(entry.value);
}

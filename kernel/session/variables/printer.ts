/** Values as literals would say them, without asking them how they want to be shown. */
import { inspect, types } from 'node:util';
import { shortText, specialText } from './describe';
import { tensorFacts } from './numbers';
import { childCount, childrenOf, type Child } from './paths';
import { className, isObject } from './safely';

/** Values in all, and of one list. */
const MOST_VALUES = 20_000;
const MOST_ITEMS = 10_000;
const LINE = 100;
const DEEPEST = 20;

export class Printer {
  private left = MOST_VALUES;

  /** @param within what the value lies in */
  text(value: unknown, indent: string, within: readonly object[]): string {
    this.left--;
    if (typeof value === 'string') return inspect(value, { maxStringLength: Infinity, breakLength: Infinity });
    if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
    if (!isObject(value) || typeof value === 'function' || tensorFacts(value) || types.isProxy(value)) {
      return shortText(value);
    }
    if (within.includes(value)) return '[contains itself]';
    const special = specialText(value);
    if (special !== undefined) return `${className(value)} ${special}`;
    if (within.length > DEEPEST) return shortText(value);
    return this.children(value, indent, within);
  }

  private children(value: object, indent: string, within: readonly object[]): string {
    const total = childCount(value);
    const children = childrenOf(value, 0, Math.min(MOST_ITEMS, Math.max(0, this.left)));
    const inner = `${indent}  `;
    const parts = children.map((child) => `${this.label(value, child)}${this.child(child, inner, [...within, value])}`);
    if (total > parts.length) parts.push(`… ${(total - parts.length).toLocaleString('en-US')} more`);
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    const name = className(value);
    const start = `${name === 'Object' || name === 'Array' ? '' : `${shortText(value)} `}${open}`;
    if (parts.length === 0) return `${start}${close}`;
    const line = `${start} ${parts.join(', ')} ${close}`;
    if (indent.length + line.length <= LINE && !line.includes('\n')) return line;
    return `${start}\n${parts.map((part) => `${inner}${part}`).join(',\n')},\n${indent}${close}`;
  }

  private label(parent: object, { label, step }: Child): string {
    if (types.isMap(parent)) return `${label} => `;
    if (typeof step === 'number') return '';
    return `${/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step) ? step : JSON.stringify(step)}: `;
  }

  private child({ value }: Child, indent: string, within: readonly object[]): string {
    return value ? this.text(value.value, indent, within) : '(getter)';
  }
}

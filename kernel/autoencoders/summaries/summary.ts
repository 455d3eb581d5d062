/**
 * How the library's objects are printed, by `console.log` and as a cell's value: a line that says what they are, in
 * place of their fields.
 */
import type { InspectOptions } from 'node:util';

/** The method that Node's `util.inspect` asks. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** What stands between dots; what is undefined or empty is left out. */
export type Facts = readonly (string | null | undefined)[];

interface Summarised {
  /** The class, or what else it is. */
  readonly title: string;
  readonly facts: Facts;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- of any constructor, also private and abstract ones
type ClassOf<T> = (abstract new (...given: any[]) => T) | { readonly prototype: T };

/** Prints instances of this class, and of its heirs, as a title and facts. */
export function summarised<T extends object>(
  { prototype }: ClassOf<T>,
  title: string | ((value: T) => string),
  facts: (value: T) => Facts,
): void {
  define(prototype as object, (value) => ({
    title: typeof title === 'string' ? title : title(value as T),
    facts: facts(value as T),
  }));
}

/** Prints this one object so. @returns the object */
export function summarisedObject<T extends object>(value: T, title: string, facts: (value: T) => Facts): T {
  define(value, () => ({ title, facts: facts(value) }));
  return value;
}

function define(target: object, summary: (value: object) => Summarised): void {
  Object.defineProperty(target, INSPECT, {
    configurable: true,
    writable: true,
    value(this: object, depth: number, options: InspectOptions): unknown {
      // Who asks for hidden fields wants to see all of them.
      if (options.showHidden) return this;
      let told: Summarised;
      try {
        told = summary(this);
      } catch {
        // A prototype, or an object that is not built yet, has no facts.
        return this;
      }
      return depth < 0 ? `[${told.title}]` : lineOf(told);
    },
  });
}

function lineOf({ title, facts }: Summarised): string {
  const text = facts.filter((fact) => fact).join(' · ');
  return text ? `${title}  ${text}` : title;
}

/** `1,260`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1,260 steps`, `1 step`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A quantity, four digits of it. */
export function quantity(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `25 MB`. */
export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  const power = Math.min(3, Math.floor(Math.log10(size) / 3));
  return `${Number((size / 1000 ** power).toPrecision(2))} ${['B', 'kB', 'MB', 'GB'][power]}`;
}

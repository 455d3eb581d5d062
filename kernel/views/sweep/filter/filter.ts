/**
 * Filters of runs: `beta > 2 and state = done`, `1 <= beta < 8`, `optimizer in (adam, sgd)`, `not (seed = 1)`, `name ~ conv`.
 * What a run has no value of is neither equal to anything nor less nor more.
 */
import type { Column, Value } from '../data';
import { FilterError, wordsOf } from './words';
import type { Word } from './words';

export { FilterError } from './words';

/** Whether a run, by its place, is among those that are looked for. */
export type Filter = (run: number) => boolean;

type Side = { constant: Value } | { column: Column };

const ORDER = ['<', '<=', '>', '>='];
const COMPARISONS = ['=', '!=', '~', '!~', ...ORDER];

/**
 * @param text empty: all runs
 * @throws FilterError that says what is wrong, and where
 */
export function filterOf(text: string, columns: readonly Column[]): Filter {
  if (text.trim() === '') return () => true;
  return new Parser(wordsOf(text), columns).whole();
}

class Parser {
  private at = 0;

  constructor(
    private readonly words: readonly Word[],
    private readonly columns: readonly Column[],
  ) {}

  whole(): Filter {
    const filter = this.any();
    if (this.word.kind !== 'end') throw this.unexpected('“and” or “or”');
    return filter;
  }

  private get word(): Word {
    return this.words[this.at]!;
  }

  private takes(...signs: string[]): string | undefined {
    const { kind, text } = this.word;
    if (kind !== 'sign' || !signs.includes(text)) return undefined;
    this.at++;
    return text;
  }

  private any(): Filter {
    const parts = [this.all()];
    while (this.takes('or')) parts.push(this.all());
    return parts.length === 1 ? parts[0]! : (run) => parts.some((part) => part(run));
  }

  private all(): Filter {
    const parts = [this.one()];
    while (this.takes('and')) parts.push(this.one());
    return parts.length === 1 ? parts[0]! : (run) => parts.every((part) => part(run));
  }

  private one(): Filter {
    if (this.takes('not')) {
      const negated = this.one();
      return (run) => !negated(run);
    }
    if (!this.takes('(')) return this.comparison();
    const inner = this.any();
    if (!this.takes(')')) throw this.unexpected('“)”');
    return inner;
  }

  /** One comparison, or a chain of them: `1 < beta <= 4`. */
  private comparison(): Filter {
    const start = this.word.at;
    let left = this.side(true);
    const parts: Filter[] = [];
    for (;;) {
      const isNot = this.takes('not') !== undefined;
      if (this.takes('in')) return listed(left, this.list(), isNot);
      if (isNot) throw this.unexpected('“in”');
      const sign = this.takes(...COMPARISONS);
      if (sign === undefined) break;
      const at = this.word.at;
      const right = this.side(false);
      parts.push(compared(left, sign, right, at));
      left = right;
    }
    if (parts.length === 0) {
      if (!('column' in left))
        throw new FilterError('a value alone is not a condition; write for example beta > 2', start);
      const { values } = left.column;
      return (run) => values[run] !== null && values[run] !== false;
    }
    return (run) => parts.every((part) => part(run));
  }

  private list(): Side[] {
    if (!this.takes('(')) throw this.unexpected('“(” and a list');
    const sides: Side[] = [];
    do sides.push(this.side(false));
    while (this.takes(','));
    if (!this.takes(')')) throw this.unexpected('“,” or “)”');
    return sides;
  }

  /** @param isFirst whether a name has to be that of a column; behind a comparison it may be a text without quotes */
  private side(isFirst: boolean): Side {
    const sign = this.takes('-') ? -1 : 1;
    const { kind, text, at } = this.word;
    if (kind === 'number') {
      this.at++;
      return { constant: sign * Number(text) };
    }
    if (sign < 0) throw this.unexpected('a number');
    if (kind === 'text') {
      this.at++;
      return { constant: text };
    }
    if (kind !== 'name') throw this.unexpected('a name or a value');
    this.at++;
    const column = this.columnNamed(text);
    if (column) return { column };
    if (isFirst) throw new FilterError(`there is no column “${text}”; there are ${this.names}`, at);
    return { constant: text === 'true' || text === 'false' ? text === 'true' : text };
  }

  /** Greek letters and capitals may be written otherwise. */
  private columnNamed(name: string): Column | undefined {
    const exact = this.columns.find((column) => column.name === name);
    const alike = this.columns.filter((column) => column.name.toLowerCase() === name.toLowerCase());
    return exact ?? (alike.length === 1 ? alike[0] : undefined);
  }

  private get names(): string {
    return this.columns.map(({ name }) => (/^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name) ? name : `\`${name}\``)).join(', ');
  }

  private unexpected(wanted: string): FilterError {
    const { kind, text, at } = this.word;
    const found = kind === 'end' ? 'the filter ends' : `“${text}” stands there`;
    return new FilterError(`${wanted} is wanted, and ${found}`, at);
  }
}

const valueOf = (side: Side): ((run: number) => Value) => {
  if ('constant' in side) return () => side.constant;
  const { values } = side.column;
  return (run) => values[run] ?? null;
};

function compared(left: Side, sign: string, right: Side, at: number): Filter {
  if (ORDER.includes(sign)) {
    for (const side of [left, right]) {
      if (isOfNumbers(side)) continue;
      const name = 'column' in side ? side.column.name : String(side.constant);
      throw new FilterError(`“${sign}” compares numbers, and ${name} is not a number`, at);
    }
  }
  const [one, other] = [valueOf(left), valueOf(right)];
  return (run) => holds(one(run), sign, other(run));
}

function isOfNumbers(side: Side): boolean {
  if ('constant' in side) return typeof side.constant === 'number';
  return (
    side.column.values.every((value) => value === null) || side.column.values.some((value) => typeof value === 'number')
  );
}

function listed(left: Side, sides: readonly Side[], isNot: boolean): Filter {
  const one = valueOf(left);
  const others = sides.map(valueOf);
  return (run) => {
    const isThere = others.some((other) => holds(one(run), '=', other(run)));
    return isNot ? one(run) !== null && !isThere : isThere;
  };
}

function holds(a: Value, sign: string, b: Value): boolean {
  if (a === null || b === null) return false;
  const contains = () => String(a).toLowerCase().includes(String(b).toLowerCase());
  switch (sign) {
    case '=':
      return isEqual(a, b);
    case '!=':
      return !isEqual(a, b);
    case '~':
      return contains();
    case '!~':
      return !contains();
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

const isEqual = (a: Value, b: Value) => a === b || (typeof a !== typeof b && String(a) === String(b));

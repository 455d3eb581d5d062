/** Norms: vectors are arrays of numbers, entry by entry. */
import type { Expression } from '../read/expression';
import { NotUnderstood } from '../read/expression';
import type { Bound } from './bound';
import { atom, Level, within, type Code, type Writer } from './inputs';
import { identifier } from './names';
import { labelOf, MATRICES } from './symbols';

export function normCode(writer: Writer, { of, order }: Extract<Expression, { kind: 'norm' }>, bound: Bound): Code {
  const vectors: string[] = [];
  const entry = vectorEntry(writer, of, bound, vectors);
  const [first] = vectors;
  if (first === undefined) throw new NotUnderstood('what the norm is of');
  const entries = entry.text === `${first}[i]!` ? first : `${first}.map((_, i) => ${entry.text})`;
  if (order === '2') return atom(`Math.hypot(...${entries})`);
  return atom(`${entries}.reduce((total, value) => total + Math.abs(value), 0)`);
}

/** The i-th entry of a vector. */
function vectorEntry(writer: Writer, of: Expression, bound: Bound, vectors: string[]): Code {
  switch (of.kind) {
    case 'symbol': {
      if (/^[A-Z]$/.test(of.name) && MATRICES.has(of.name)) throw new NotUnderstood('a matrix in a norm');
      const whole = [of.name, ...of.indices.map(labelOf)].join('_');
      const known = bound.points.get(whole) ?? (whole === 'x' || whole === 'z' ? writer.need(whole) : undefined);
      const called = known ?? writer.name(identifier(whole), 'number[]');
      if (known === undefined) writer.inputs.arrays.set(called, { name: whole, rank: 1 });
      vectors.push(called);
      return atom(`${called}[i]!`);
    }
    case 'sum': {
      const parts = of.terms.map(({ minus, value }, i) => {
        const text = within(vectorEntry(writer, value, bound, vectors), minus ? Level.Product : Level.Sum);
        return i === 0 ? (minus ? `-(${text})` : text) : `${minus ? '-' : '+'} ${text}`;
      });
      return { text: parts.join(' '), level: Level.Sum };
    }
    case 'product': {
      const scalars = of.factors.slice(0, -1).map((factor) => within(writer.number(factor, bound), Level.Product));
      const last = within(vectorEntry(writer, of.factors.at(-1)!, bound, vectors), Level.Product);
      return { text: [...scalars, last].join(' * '), level: Level.Product };
    }
    case 'call': {
      if (of.of.length !== 1) throw new NotUnderstood('a vector that is a function of several');
      const inner = vectorArgument(writer, of.of[0]!, bound);
      const type = '(x: readonly number[]) => number[]';
      const called = writer.name(identifier(of.name), type);
      writer.inputs.functions.set(called, { name: of.name, type });
      const text = `${called}(${inner})`;
      vectors.push(text);
      return atom(`${text}[i]!`);
    }
    default:
      throw new NotUnderstood('this vector');
  }
}

function vectorArgument(writer: Writer, of: Expression, bound: Bound): string {
  const vectors: string[] = [];
  const { text } = vectorEntry(writer, of, bound, vectors);
  return text === `${vectors[0]}[i]!` ? vectors[0]! : `${vectors[0]}.map((_, i) => ${text})`;
}

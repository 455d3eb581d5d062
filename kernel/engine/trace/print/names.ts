import type { Program, ProgramInput, Value } from '../program';
import { literal, onlyElement, typeText } from './operation';

/** What each value of a program is called: inputs by their names, constants by their number, others by letters. */
export class ValueNames {
  private readonly names = new Map<Value, string>();
  private readonly typed = new Set<Value>();

  constructor(program: Program) {
    const shorts = program.inputs.map((input) => shortName(input));
    const taken = new Set<string>();
    program.inputs.forEach((input, i) => {
      const short = shorts[i]!;
      const name = shorts.filter((other) => other === short).length === 1 ? short : input.name;
      taken.add(name);
      this.names.set(input.value, name);
    });
    let count = 0;
    const next = (): string => {
      const name = letters(count++);
      return taken.has(name) ? next() : name;
    };
    for (const { value, elements } of program.constants) {
      const only = onlyElement(elements);
      if (only === undefined) this.names.set(value, next());
      else {
        const scalar = value.shape.length === 0 && value.dtype !== 'int32';
        this.names.set(value, literal(only, value.dtype) + (scalar ? '' : `:${typeText(value)}`));
        // Its type is part of it.
        this.typed.add(value);
      }
    }
    for (const { outputs } of program.calls) for (const output of outputs) this.names.set(output, next());
  }

  of(value: Value): string {
    return this.names.get(value) ?? `#${value.id}`;
  }

  /** With its type: `x:f32[128,784]`. */
  withType(value: Value): string {
    return this.typed.has(value) ? this.of(value) : `${this.of(value)}:${typeText(value)}`;
  }

  /** Whether a constant has a name, and a separate line. */
  isNamed(constant: Value): boolean {
    return !this.typed.has(constant);
  }
}

/** A batch, noise and schedules by their names in the step; weights of terms as weights. */
function shortName({ kind, name }: ProgramInput): string {
  return kind === 'argument' ? name.replace(/^tensor\//, '') : name;
}

/** a, b, …, z, aa, ab, …. */
function letters(count: number): string {
  const last = String.fromCharCode(97 + (count % 26));
  return count < 26 ? last : letters(Math.floor(count / 26) - 1) + last;
}

/** Programs of the same structure are compiled once. */
import type { Program, Value } from '../trace/program';

/** A program that is compiled and may be run many times. */
interface Compiled {
  dispose(): void;
}

/** Programs that are kept; the one that was used longest ago goes first. */
const CAPACITY = 256;

export class ProgramCache<C extends Compiled> {
  private readonly compiled = new Map<string, C>();

  /** @param compile a program that is new */
  get(program: Program, compile: (program: Program) => C): C {
    const key = structureOf(program);
    const found = this.compiled.get(key) ?? compile(program);
    this.compiled.delete(key);
    this.compiled.set(key, found);
    if (this.compiled.size > CAPACITY) {
      const [oldest] = this.compiled.keys();
      this.compiled.get(oldest!)!.dispose();
      this.compiled.delete(oldest!);
    }
    return found;
  }
}

/** A text that two programs share when they differ in the names of their values alone. */
export function structureOf(program: Program): string {
  const numbers = new Map<Value, string>();
  const number = (value: Value) => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    numbers.set(value, `#${numbers.size}`);
    return `#${numbers.size - 1}:${value.dtype}[${value.shape.join()}]`;
  };
  const inputs = program.inputs.map(({ value }) => number(value));
  const constants = program.constants.map(({ value, elements }) => `${number(value)}=${elements.join()}`);
  const calls = program.calls.map(({ kernel, inputs: named, attrs, outputs }) => [
    kernel,
    Object.entries(named).map(([name, value]) => `${name}=${number(value)}`),
    attrs,
    outputs.map(number),
  ]);
  const outputs = Object.entries(program.outputs).map(([name, value]) => `${name}=${number(value)}`);
  return JSON.stringify([inputs, constants, calls, outputs], (_, value: unknown) =>
    typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
      ? Object.is(value, -0)
        ? '-0'
        : String(value)
      : value,
  );
}

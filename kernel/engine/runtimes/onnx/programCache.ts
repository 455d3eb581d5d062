/** Programs of the same structure are compiled once. */
import type { Elements, Program, Value } from '../../trace/program';
import { CompiledProgram } from './compute';

/** Sessions that are kept; the one that was used longest ago goes first. */
const CAPACITY = 256;
const compiled = new Map<string, CompiledProgram>();

/**
 * Runs a program on the CPU.
 *
 * @param inputs elements of each of its inputs, in their order
 * @param threads of a program that is new; one starts soonest
 */
export function computeOnCpu(
  program: Program,
  inputs: readonly Elements[],
  threads?: number,
): Record<string, Elements> {
  const key = structureOf(program);
  const session = compiled.get(key) ?? new CompiledProgram(program, 'cpu', threads);
  compiled.delete(key);
  compiled.set(key, session);
  if (compiled.size > CAPACITY) {
    const [oldest] = compiled.keys();
    compiled.get(oldest!)!.dispose();
    compiled.delete(oldest!);
  }
  return session.run(inputs);
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

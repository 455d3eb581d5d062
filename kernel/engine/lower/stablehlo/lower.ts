/** Programs become StableHLO modules. */
import { LoweringError, ProgramLoweringError } from '../loweringError';
import { simplified } from '../simplify';
import type { Call, Program, Value } from '../../trace/program';
import { Body, typed, type Operand, type Precision } from './body';
import { loweringOf } from './table';
import { tensor } from './text';

export interface LoweringOptions {
  /** How exact matrix products and convolutions are; default: `HIGHEST`, float32 throughout. */
  precision?: Precision;
  /** Inputs, by name, whose memory an output may take: the input is gone after the run. */
  donated?: Readonly<Record<string, string>>;
}

export interface StableHlo {
  readonly text: string;
  /** The program's inputs and outputs in the order of `@main`'s arguments and results. */
  readonly inputs: readonly Value[];
  readonly outputs: readonly string[];
}

/**
 * The program as a module with one function, `@main`. It takes all inputs of the program in their order, also those that
 * no output needs.
 *
 * @throws {ProgramLoweringError} when a kernel has no StableHLO form, showing where in the program
 */
export function stableHlo(program: Program, { precision = 'HIGHEST', donated = {} }: LoweringOptions = {}): StableHlo {
  const body = new Body(precision);
  const values = new Map<Value, Operand>();
  program.inputs.forEach(({ value }, i) => values.set(value, typed(`%arg${i}`, value)));
  const computed = writeCalls(body, program, values);
  const outputs = Object.keys(program.outputs);
  const results = outputs.map((name) => computed[name]!);
  body.end('func.return', results);

  const parameters = program.inputs.map(({ name, value }, i) => {
    const target = donated[name];
    const alias = target === undefined ? '' : aliasing({ name, value }, target, outputs.indexOf(target), results);
    return `%arg${i}: ${tensor(value)}${alias}`;
  });
  const text = moduleText(parameters, results, body);
  return { text, inputs: program.inputs.map(({ value }) => value), outputs };
}

/** A module with one function, `@main`, whose arguments these are; its body has ended. */
export function moduleText(parameters: readonly string[], results: readonly Operand[], { lines }: Body): string {
  return [
    'module @program {',
    `  func.func public @main(${parameters.join(', ')}) -> (${results.map(tensor).join(', ')}) {`,
    ...lines,
    '  }',
    '}',
    '',
  ].join('\n');
}

/** Some outputs are written before all others, which may depend on them. */
export interface Handover {
  /** The outputs that are written first, by name. */
  readonly first: readonly string[];
  /**
   * Called when another output has been written; operations behind it use the answer in its place.
   *
   * @param computed the outputs that were written first, by name
   * @returns an operand of the same type
   */
  instead(output: string, operand: Operand, computed: Readonly<Record<string, Operand>>): Operand;
}

/**
 * Writes the program's operations into a function or region.
 *
 * @param values the operands of the program's inputs; those of its other values join them
 * @returns its outputs by name
 * @throws {ProgramLoweringError} when a kernel has no StableHLO form, showing where in the program
 */
export function writeCalls(
  body: Body,
  program: Program,
  values: Map<Value, Operand>,
  handover: Handover = { first: [], instead: (_, operand) => operand },
): Record<string, Operand> {
  const simple = simplified(program);
  const operandsOf = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, values.get(simple.outputs[name]!)!]));
  for (const { value, elements } of simple.constants) values.set(value, body.constant(elements, value));
  const first = callsFor(simple, handover.first);
  for (const call of first) writeCall(body, values, call, simple);

  const computed = operandsOf(handover.first);
  const names = soleNames(simple);
  for (const call of simple.calls) {
    if (first.has(call)) continue;
    writeCall(body, values, call, simple);
    for (const value of call.outputs) {
      const name = names.get(value);
      if (name !== undefined) values.set(value, handover.instead(name, values.get(value)!, computed));
    }
  }
  return operandsOf(Object.keys(simple.outputs));
}

/** The calls that these outputs need, in the program's order. */
function callsFor({ calls, outputs }: Program, names: readonly string[]): Set<Call> {
  const needed = new Set(names.map((name) => outputs[name]!));
  const found = calls.toReversed().filter((call) => {
    const isNeeded = call.outputs.some((output) => needed.has(output));
    if (isNeeded) Object.values(call.inputs).forEach((input) => needed.add(input));
    return isNeeded;
  });
  return new Set(found.reverse());
}

/** Values that are one output and no other, with its name. */
function soleNames({ outputs }: Program): Map<Value, string> {
  const values = Object.values(outputs);
  const isAlone = (value: Value) => values.filter((other) => other === value).length === 1;
  return new Map(
    Object.entries(outputs)
      .filter(([, value]) => isAlone(value))
      .map(([name, value]) => [value, name]),
  );
}

/** Only what has the same type can take its memory. */
function aliasing(
  { name, value }: { name: string; value: Value },
  target: string,
  position: number,
  results: readonly Operand[],
): string {
  const result = results[position];
  if (!result) throw new Error(`The memory of ${name} cannot be given away: there is no output ${target}.`);
  if (tensor(result) !== tensor(value)) {
    throw new Error(`There is no room in ${name}, ${tensor(value)}, for ${target}, ${tensor(result)}.`);
  }
  return ` {tf.aliasing_output = ${position} : i32}`;
}

/** @throws {ProgramLoweringError} when the kernel has no StableHLO form */
function writeCall(body: Body, values: Map<Value, Operand>, call: Call, program: Program): void {
  try {
    asTabled(body, values, call);
  } catch (error) {
    throw error instanceof LoweringError ? new ProgramLoweringError(error, program, call) : error;
  }
}

function asTabled(body: Body, values: Map<Value, Operand>, { kernel, inputs, attrs, outputs }: Call): void {
  const lowering = loweringOf(kernel);
  if (!lowering) throw new LoweringError('it has no StableHLO form here');
  const operands = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, values.get(value)!]));
  const computed = lowering.write(body, operands, attrs, outputs);
  outputs.forEach((output, i) => values.set(output, expectType(computed[i]!, output)));
}

/** A shape that differs would be found by the plugin only, far from its cause. */
function expectType(operand: Operand, type: Value): Operand {
  const [found, expected] = [tensor(operand), tensor(type)];
  if (found !== expected) throw new Error(`A lowering makes ${found} of what is ${expected}.`);
  return operand;
}

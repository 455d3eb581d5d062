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

/**
 * Writes the program's operations into a function or region.
 *
 * @param values the operands of the program's inputs; those of its other values join them
 * @returns its outputs by name
 * @throws {ProgramLoweringError} when a kernel has no StableHLO form, showing where in the program
 */
export function writeCalls(body: Body, program: Program, values: Map<Value, Operand>): Record<string, Operand> {
  const simple = simplified(program);
  for (const { value, elements } of simple.constants) values.set(value, body.constant(elements, value));
  for (const call of simple.calls) {
    try {
      asTabled(body, values, call);
    } catch (error) {
      throw error instanceof LoweringError ? new ProgramLoweringError(error, simple, call) : error;
    }
  }
  return Object.fromEntries(Object.entries(simple.outputs).map(([name, value]) => [name, values.get(value)!]));
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

/** Training steps as one module: a `while` of several whose weights never leave the device, or one step without a loop. */
import type { TensorType } from '../../ops/types';
import type { Program, ProgramInput, Value } from '../../trace/program';
import { Body, typed, type Operand, type Precision } from './body';
import { gathered } from './indexing';
import { moduleText, writeCalls } from './lower';
import { i64s, tensor } from './text';

/** A step with its optimizer. */
export interface Update {
  /** Its inputs and outputs are named as those of `TracedUpdate`. */
  readonly program: Program;
  /** What a step hands on to the next, by name. */
  readonly carried: Readonly<Record<string, TensorType>>;
}

export interface SeriesOptions {
  /** The most steps that one run takes. */
  length: number;
  /** Whether steps are in a loop; without one, the length is 1, and a run is one step. */
  isLoop: boolean;
  /** How exact matrix products and convolutions are. */
  precision: Precision;
  /** Inputs of a step that are rows of a table on the device, by name: how many rows the table has. */
  tables: Readonly<Record<string, number>>;
}

export interface Named {
  readonly name: string;
  readonly type: TensorType;
}

/**
 * The module, and what its `@main` takes and yields.
 *
 * Arguments, in this order: `carried`, whose memory is taken over; `readOnly`; `tables`; `perStep`, with a first axis of
 * steps; `scalars` [length, how many]; and how many of the steps are to run, int32. Results: `carried` as the last step
 * left them, and `readings` [length, how many].
 */
export interface Series {
  readonly text: string;
  readonly carried: readonly Named[];
  /** Variables that no step changes. */
  readonly readOnly: readonly ProgramInput[];
  readonly tables: readonly Named[];
  /** With the type that one step is given: of a table its rows, int32. */
  readonly perStep: readonly Named[];
  readonly scalars: readonly string[];
  /** Losses and `gradientNorm`. */
  readonly readings: readonly string[];
  readonly results: readonly TensorType[];
  readonly donated: readonly number[];
}

type Parts = Pick<Series, 'carried' | 'readOnly' | 'tables' | 'perStep' | 'scalars' | 'readings'>;

const COUNT: TensorType = { shape: [], dtype: 'int32' };

/**
 * A step that is not finite is the last: its losses are reported, and the weights stay as they were.
 *
 * @throws {ProgramLoweringError} when a kernel has no StableHLO form, showing where in the program
 */
export function seriesOf(update: Update, { length, isLoop, precision, tables }: SeriesOptions): Series {
  const parts = partsOf(update, tables);
  const body = new Body(precision);
  const carried = parts.carried.map(({ type }) => type);
  const readings: TensorType = { shape: [length, parts.readings.length], dtype: 'float32' };
  const parameters = [...carried, ...constantTypes(parts, length), COUNT].map((type, i) => typed(`%arg${i}`, type));

  const [present, constant] = [parameters.slice(0, carried.length), parameters.slice(carried.length)];
  const [zero, yes] = [body.scalar(0, 'int32'), body.scalar(1, 'bool')];
  const initial = [zero, yes, ...present, body.filled(0, readings), ...constant];
  const loop = () =>
    body.ops('while', initial, initial, {}, [
      body.region(initial, (inner, ...now) => [inner.each('and', inner.compare('LT', now[0]!, now.at(-1)!), now[1]!)]),
      body.region(initial, (inner, ...now) => oneStep(inner, update, parts, now)),
    ]);
  const after = isLoop ? loop() : oneStep(body, update, parts, initial);
  const results = after.slice(2, 3 + carried.length);
  body.end('func.return', results);

  const written = parameters.map((parameter, i) => {
    const alias = i < carried.length ? ` {tf.aliasing_output = ${i} : i32}` : '';
    return `${parameter.name}: ${tensor(parameter)}${alias}`;
  });
  const donated = carried.map((_, i) => i);
  return { text: moduleText(written, results, body), ...parts, results: [...carried, readings], donated };
}

/** Numbers go to the device together, one transfer for all of a run's steps. */
function partsOf({ program, carried }: Update, tables: SeriesOptions['tables']): Parts {
  const { inputs, outputs } = program;
  const given = inputs.filter(({ kind, name }) => kind === 'argument' && !(name in carried));
  const isScalar = ({ value }: ProgramInput) => value.shape.length === 0 && value.dtype === 'float32';
  const perStep = given.filter((input) => !isScalar(input));
  const fromTable = perStep.filter(({ name }) => name in tables);
  return {
    carried: Object.entries(carried).map(([name, type]) => ({ name, type })),
    readOnly: inputs.filter(({ kind, name }) => kind === 'variable' && !(name in carried)),
    tables: fromTable.map(({ name, value: { shape, dtype } }) => ({
      name,
      type: { shape: [tables[name]!, ...shape.slice(1)], dtype },
    })),
    perStep: perStep.map(({ name, value }) => ({
      name,
      type: name in tables ? { shape: value.shape.slice(0, 1), dtype: 'int32' } : value,
    })),
    scalars: given.filter(isScalar).map(({ name }) => name),
    readings: Object.keys(outputs).filter((name) => !name.startsWith('next/')),
  };
}

/** Types of the arguments that no step changes, but for the count. */
function constantTypes({ readOnly, tables, perStep, scalars }: Parts, length: number): TensorType[] {
  return [
    ...readOnly.map(({ value }) => value),
    ...tables.map(({ type }) => type),
    ...perStep.map(({ type: { shape, dtype } }): TensorType => ({ shape: [length, ...shape], dtype })),
    ...(scalars.length > 0 ? [{ shape: [length, scalars.length], dtype: 'float32' } as const] : []),
  ];
}

/** The loop's values after a step: its number, whether all were finite, what is carried, readings, and the rest as it was. */
function oneStep(b: Body, { program }: Update, parts: Parts, now: readonly Operand[]): Operand[] {
  const { carried, readOnly, tables, perStep, scalars } = parts;
  const rest = [...now];
  const next = (count: number) => rest.splice(0, count);
  const [i] = next(2) as [Operand, Operand];
  const present = next(carried.length);
  const [readings] = next(1) as [Operand];
  const constant = [...rest];
  const fixed = next(readOnly.length);
  const rowsOf = new Map(tables.map(({ name }) => [name, next(1)[0]!]));
  const given = new Map(perStep.map(({ name, type }) => [name, ofStep(b, next(1)[0]!, i, type.shape)]));
  const numbers = scalars.length > 0 ? ofStep(b, next(1)[0]!, i, [scalars.length]) : undefined;

  const operands = new Map<string, Operand>();
  carried.forEach(({ name }, at) => operands.set(name, present[at]!));
  for (const [name, operand] of given) operands.set(name, operand);
  for (const { name, type } of tables) {
    const rows = given.get(name)!;
    const output: TensorType = { shape: [rows.shape[0]!, ...type.shape.slice(1)], dtype: type.dtype };
    operands.set(name, gathered(b, rowsOf.get(name)!, rows, 0, 0, output));
  }
  scalars.forEach((name, at) => operands.set(name, b.reshape(b.slice(numbers!, [at], [at + 1]), [])));

  const values = new Map<Value, Operand>();
  readOnly.forEach(({ value }, at) => values.set(value, fixed[at]!));
  for (const { name, value } of program.inputs) {
    const operand = operands.get(name);
    if (operand) values.set(value, operand);
  }
  const gate = new Gate(b, new Map(carried.map(({ name }, at) => [`next/${name}`, present[at]!])));
  const computed = writeCalls(b, program, values, {
    first: parts.readings,
    instead: (output, operand, done) => gate.pass(output, operand, done),
  });
  const after = carried.map(({ name }) => gate.pass(`next/${name}`, computed[`next/${name}`]!, computed));
  const told = b.concat(
    parts.readings.map((name) => b.reshape(b.as(computed[name]!, 'float32'), [1, 1])),
    1,
  );
  const zero = b.scalar(0, 'int32');
  const noted = b.op('dynamic_update_slice', [readings, told, i, zero], readings);
  return [b.each('add', i, b.scalar(1, 'int32')), gate.isFinite(computed), ...after, noted, ...constant];
}

/**
 * Lets new values pass where the step is finite, and keeps the old ones otherwise.
 *
 * New moments pass before the weights are computed from them: XLA then computes both in place. Where weights depend on
 * moments that have not passed, it computes the moments twice, and copies the old ones for that.
 */
class Gate {
  private finite: Operand | undefined;
  private readonly passed = new Map<string, Operand>();

  /** @param before what is kept, by the outputs that take its place */
  constructor(
    private readonly body: Body,
    private readonly before: ReadonlyMap<string, Operand>,
  ) {}

  /** Whether loss and gradient are finite, as one bool. */
  isFinite(computed: Readonly<Record<string, Operand>>): Operand {
    const { body } = this;
    return (this.finite ??= [computed['loss/total']!, computed['gradientNorm']!]
      .map((value) => body.compare('LT', body.each('abs', value), body.scalar(Infinity)))
      .reduce((one, other) => body.each('and', one, other)));
  }

  /** What the step hands on as that output; passing again changes nothing. */
  pass(output: string, operand: Operand, computed: Readonly<Record<string, Operand>>): Operand {
    const [before, passed] = [this.before.get(output), this.passed.get(output)];
    if (!before) return operand;
    if (passed) return passed;
    const chosen = this.body.select(this.isFinite(computed), operand, before);
    this.passed.set(output, chosen);
    return chosen;
  }
}

/** What step i is given of all steps' [length, …]. */
function ofStep(b: Body, all: Operand, i: Operand, shape: readonly number[]): Operand {
  const zero = b.scalar(0, 'int32');
  const starts = [i, ...shape.map(() => zero)];
  const sliceShape = [1, ...shape];
  const slice = b.op(
    'dynamic_slice',
    [all, ...starts],
    { shape: sliceShape, dtype: all.dtype },
    { slice_sizes: i64s(sliceShape) },
  );
  return b.reshape(slice, shape);
}

/** A function or region in StableHLO, written operation by operation. */
import { broadcast, sizeOf, type Dtype, type TensorType } from '../../ops/types';
import type { Elements } from '../../trace/program';
import * as text from './text';
import type { Attributes } from './text';

/** A value in the text: `%7` and its type. */
export interface Operand extends TensorType {
  readonly name: string;
}

/** How exactly products are computed: `DEFAULT` lets a GPU round their factors (to TF32). */
export type Precision = 'HIGHEST' | 'DEFAULT';

/** Writes a region's operations, given its arguments; returns what it yields. */
export type Region = (body: Body, ...given: Operand[]) => readonly Operand[];

/** How two elements become one. */
export type Combination = 'add' | 'multiply' | 'maximum' | 'minimum' | 'and' | 'or';
export type Direction = 'EQ' | 'NE' | 'GT' | 'GE' | 'LT' | 'LE';

export class Body {
  readonly lines: string[] = [];

  /** @param names counts the values of the whole text: none has the name of another */
  constructor(
    readonly precision: Precision,
    private readonly names = { count: 0 },
    private readonly indent = '    ',
  ) {}

  // --- operations ---------------------------------------------------------------------------------------------------

  /** One with one result. */
  op(
    name: string,
    inputs: readonly Operand[],
    type: TensorType,
    attributes: Attributes = {},
    regions: readonly string[] = [],
  ): Operand {
    return this.ops(name, inputs, [type], attributes, regions)[0]!;
  }

  ops(
    name: string,
    inputs: readonly Operand[],
    types: readonly TensorType[],
    attributes: Attributes = {},
    regions: readonly string[] = [],
  ): Operand[] {
    const result = `%${this.names.count++}`;
    const [results, names] = [
      types.length === 1 ? result : `${result}:${types.length}`,
      inputs.map(({ name }) => name),
    ];
    const dialect = name.includes('.') ? name : `stablehlo.${name}`;
    const written = regions.length === 0 ? '' : ` (${regions.join(', ')})`;
    const end = `${text.attributeList(attributes)} : ${text.signature(inputs, types)}`;
    this.lines.push(`${this.indent}${results} = "${dialect}"(${names.join(', ')})${written}${end}`);
    return types.map((type, i) => typed(types.length === 1 ? result : `${result}#${i}`, type));
  }

  /** A region whose arguments have these types. */
  region(types: readonly TensorType[], write: Region): string {
    const inner = new Body(this.precision, this.names, `${this.indent}  `);
    const given = types.map((type) => typed(`%${this.names.count++}`, type));
    const yielded = write(inner, ...given);
    inner.end('stablehlo.return', yielded);
    const head = given.map((argument) => `${argument.name}: ${text.tensor(argument)}`).join(', ');
    return `{\n${this.indent}^bb0(${head}):\n${inner.lines.join('\n')}\n${this.indent}}`;
  }

  /** The last operation: what comes out. */
  end(name: string, values: readonly Operand[]): void {
    const names = values.map((value) => value.name).join(', ');
    this.lines.push(`${this.indent}"${name}"(${names}) : (${values.map(text.tensor).join(', ')}) -> ()`);
  }

  // --- constants ----------------------------------------------------------------------------------------------------

  constant(elements: Elements, type: TensorType): Operand {
    const whole: TensorType = type.dtype === 'bool' ? { ...type, dtype: 'int32' } : type;
    const written = this.op('constant', [], whole, { value: text.dense(text.widened(elements), whole) });
    return this.as(written, type.dtype);
  }

  /** A tensor of one number; infinite bounds of whole numbers are the largest and smallest of them. */
  filled(value: number, type: TensorType): Operand {
    const bounded = type.dtype === 'int32' ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value)) : value;
    return this.op('constant', [], type, {
      value: `dense<${sizeOf(type) === 0 ? '' : text.number(bounded, type.dtype)}> : ${text.tensor(type)}`,
    });
  }

  scalar(value: number, dtype: Dtype = 'float32'): Operand {
    return this.filled(value, { shape: [], dtype });
  }

  /** 0, 1, 2, … along an axis. */
  positions(shape: readonly number[], axis: number): Operand {
    return this.op('iota', [], { shape, dtype: 'int32' }, { iota_dimension: text.i64(axis) });
  }

  // --- types and shapes ---------------------------------------------------------------------------------------------

  /** In another type: whole numbers truncate towards zero; anything but 0 is true. */
  as(x: Operand, dtype: Dtype): Operand {
    return x.dtype === dtype ? x : this.op('convert', [x], { shape: x.shape, dtype });
  }

  reshape(x: Operand, shape: readonly number[]): Operand {
    return same(x.shape, shape) ? x : this.op('reshape', [x], { shape, dtype: x.dtype });
  }

  transpose(x: Operand, perm: readonly number[]): Operand {
    if (perm.every((axis, i) => axis === i)) return x;
    const shape = perm.map((axis) => x.shape[axis]!);
    return this.op('transpose', [x], { shape, dtype: x.dtype }, { permutation: text.i64s(perm) });
  }

  /** @param axes which axis of the result each of x becomes; default: the last ones, as numpy does */
  broadcast(x: Operand, shape: readonly number[], axes?: readonly number[]): Operand {
    if (same(x.shape, shape)) return x;
    const to = axes ?? x.shape.map((_, axis) => axis + shape.length - x.shape.length);
    return this.op('broadcast_in_dim', [x], { shape, dtype: x.dtype }, { broadcast_dimensions: text.i64s(to) });
  }

  slice(x: Operand, starts: readonly number[], ends: readonly number[], steps = x.shape.map(() => 1)): Operand {
    const shape = starts.map((start, axis) => Math.max(0, Math.ceil((ends[axis]! - start) / steps[axis]!)));
    if (same(shape, x.shape)) return x;
    const attributes = { start_indices: text.i64s(starts), limit_indices: text.i64s(ends), strides: text.i64s(steps) };
    return this.op('slice', [x], { shape, dtype: x.dtype }, attributes);
  }

  /**
   * Elements before, after and between those of each axis. Fewer than none before or after cuts elements off.
   */
  pad(
    x: Operand,
    value: number,
    low: readonly number[],
    high: readonly number[],
    between?: readonly number[],
  ): Operand {
    const inner = between ?? x.shape.map(() => 0);
    if ([...low, ...high, ...inner].every((count) => count === 0)) return x;
    const shape = x.shape.map((size, i) => low[i]! + high[i]! + size + Math.max(0, size - 1) * inner[i]!);
    const [before, after, interior] = [low, high, inner].map(text.i64s) as [string, string, string];
    const attributes = { edge_padding_low: before, edge_padding_high: after, interior_padding: interior };
    return this.op('pad', [x, this.scalar(value, x.dtype)], { shape, dtype: x.dtype }, attributes);
  }

  concat(parts: readonly Operand[], axis: number): Operand {
    const [first] = parts;
    if (parts.length === 1) return first!;
    const size = parts.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    return this.op(
      'concatenate',
      parts,
      { ...first!, shape: first!.shape.with(axis, size) },
      { dimension: text.i64(axis) },
    );
  }

  reverse(x: Operand, axes: readonly number[]): Operand {
    return axes.length === 0 ? x : this.op('reverse', [x], x, { dimensions: text.i64s(axes) });
  }

  // --- element by element -------------------------------------------------------------------------------------------

  /** An operation on equal types, whose result is of that type; inputs are broadcast to each other. */
  each(name: string, ...inputs: readonly Operand[]): Operand {
    const all = this.alike(inputs);
    return this.op(name, all, all[0]!);
  }

  compare(direction: Direction, a: Operand, b: Operand): Operand {
    const both = this.alike([a, b]);
    // Left out, XLA takes constant whole numbers for unsigned ones.
    const type = both[0]!.dtype === 'float32' ? 'FLOAT' : both[0]!.dtype === 'int32' ? 'SIGNED' : 'UNSIGNED';
    const attributes = {
      comparison_direction: `#stablehlo<comparison_direction ${direction}>`,
      compare_type: `#stablehlo<comparison_type ${type}>`,
    };
    return this.op('compare', both, { shape: both[0]!.shape, dtype: 'bool' }, attributes);
  }

  /** `yes` where the condition holds, `no` elsewhere. */
  select(condition: Operand, yes: Operand, no: Operand): Operand {
    const [on, a, b] = this.alike([condition, yes, no]) as [Operand, Operand, Operand];
    return this.op('select', [on, a, b], a);
  }

  // --- reductions and products --------------------------------------------------------------------------------------

  reduce(x: Operand, axes: readonly number[], combination: Combination, initial: number): Operand {
    const type = { shape: x.shape.filter((_, axis) => !axes.includes(axis)), dtype: x.dtype };
    return this.op('reduce', [x, this.scalar(initial, x.dtype)], type, { dimensions: text.i64s(axes) }, [
      this.combining(x, combination),
    ]);
  }

  /** Combines two numbers of x's type. */
  combining({ dtype }: TensorType, combination: Combination): string {
    const scalar: TensorType = { shape: [], dtype };
    return this.region([scalar, scalar], (body, a, b) => [body.op(combination, [a!, b!], scalar)]);
  }

  /**
   * Sums of products over an axis of each; first come the batch's axes, then those left of a, then those of b.
   *
   * @param precision where it is not the text's
   */
  dot(
    a: Operand,
    b: Operand,
    { batch = [[], []], over }: { batch?: AxisPairs; over: AxisPairs },
    precision = this.precision,
  ): Operand {
    const left = (x: Operand, i: 0 | 1) =>
      x.shape.filter((_, axis) => !batch[i].includes(axis) && !over[i].includes(axis));
    const shape = [...batch[0].map((axis) => a.shape[axis]!), ...left(a, 0), ...left(b, 1)];
    return this.op(
      'dot_general',
      [a, b],
      { shape, dtype: a.dtype },
      {
        dot_dimension_numbers: text.dimensions('dot', {
          lhs_batching_dimensions: batch[0],
          rhs_batching_dimensions: batch[1],
          lhs_contracting_dimensions: over[0],
          rhs_contracting_dimensions: over[1],
        }),
        precision_config: precisionConfig(precision),
      },
    );
  }

  /** Broadcast to one shape. */
  private alike(inputs: readonly Operand[]): Operand[] {
    const shape = inputs.map(({ shape }) => shape).reduce((a, b) => broadcast(shaped(a), shaped(b)));
    return inputs.map((input) => this.broadcast(input, shape));
  }
}

/** Axes of two factors that go together. */
export type AxisPairs = readonly [readonly number[], readonly number[]];

export function precisionConfig(precision: Precision): string {
  return `[#stablehlo<precision ${precision}>, #stablehlo<precision ${precision}>]`;
}

export function typed(name: string, { shape, dtype }: TensorType): Operand {
  return { name, shape, dtype };
}

function shaped(shape: readonly number[]): TensorType {
  return { shape, dtype: 'float32' };
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

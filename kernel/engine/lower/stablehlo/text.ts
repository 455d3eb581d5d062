/** How StableHLO writes types, numbers and attributes (MLIR's generic form: one shape for every operation). */
import type { Dtype, TensorType } from '../../ops/types';
import type { Elements } from '../../trace/program';

const ELEMENT: Record<Dtype, string> = { float32: 'f32', int32: 'i32', bool: 'i1' };

/** `tensor<2x3xf32>` */
export function tensor({ shape, dtype }: TensorType): string {
  return `tensor<${[...shape, ELEMENT[dtype]].join('x')}>`;
}

/** `(tensor<2xf32>, tensor<i32>) -> tensor<2xf32>` */
export function signature(inputs: readonly TensorType[], outputs: readonly TensorType[]): string {
  const results = outputs.map(tensor);
  return `(${inputs.map(tensor).join(', ')}) -> ${results.length === 1 ? results[0] : `(${results.join(', ')})`}`;
}

// --- attributes ---------------------------------------------------------------------------------------------------

/** By name, as written. */
export type Attributes = Readonly<Record<string, string>>;

/** `{a = 1 : i64, b = true}`, with a space before; nothing where there are none. */
export function attributeList(attributes: Attributes): string {
  const entries = Object.entries(attributes).map(([name, value]) => `${name} = ${value}`);
  return entries.length === 0 ? '' : ` {${entries.join(', ')}}`;
}

export function i64(value: number): string {
  return `${value} : i64`;
}

/** A list of whole numbers. */
export function i64s(values: readonly number[]): string {
  return values.length === 0 ? 'array<i64>' : `array<i64: ${values.join(', ')}>`;
}

/** Pairs for each axis, as padding is given. */
export function pairs(values: readonly (readonly [number, number])[]): string {
  if (values.length === 0) return 'dense<> : tensor<0x2xi64>';
  return `dense<[${values.map((pair) => `[${pair.join(', ')}]`).join(', ')}]> : tensor<${values.length}x2xi64>`;
}

/** `#stablehlo.dot<lhs_contracting_dimensions = [1]>` */
export function dimensions(kind: string, fields: Readonly<Record<string, number | readonly number[]>>): string {
  const written = Object.entries(fields).flatMap(([name, value]) => {
    if (typeof value === 'number') return [`${name} = ${value}`];
    return value.length === 0 ? [] : [`${name} = [${value.join(', ')}]`];
  });
  return `#stablehlo.${kind}<${written.join(', ')}>`;
}

// --- numbers ------------------------------------------------------------------------------------------------------

/** Elements as a `dense` attribute says them: one in words, more as the bytes that they are. */
export function dense(elements: Float32Array | Int32Array, type: TensorType): string {
  if (elements.length === 0) return `dense<> : ${tensor(type)}`;
  const same = elements.every((element) => Object.is(element, elements[0]));
  const bytes = () => Buffer.from(elements.buffer, elements.byteOffset, elements.byteLength).toString('hex');
  return `dense<${same ? number(elements[0]!, type.dtype) : `"0x${bytes().toUpperCase()}"`}> : ${tensor(type)}`;
}

/** A number of this type, to the bit. */
export function number(value: number, dtype: Dtype): string {
  if (dtype === 'bool') return value ? 'true' : 'false';
  if (dtype === 'int32') return String(Math.trunc(value));
  if (!Number.isFinite(value))
    return value === Infinity ? '0x7F800000' : value === -Infinity ? '0xFF800000' : '0x7FC00000';
  if (Object.is(value, -0)) return '-0.0';
  const [digits, exponent] = String(Math.fround(value)).split('e');
  return `${digits!.includes('.') ? digits : `${digits}.0`}${exponent === undefined ? '' : `e${exponent}`}`;
}

/** Bytes of 0 and 1 as whole numbers. */
export function widened(elements: Elements): Float32Array | Int32Array {
  return elements instanceof Uint8Array ? Int32Array.from(elements) : elements;
}

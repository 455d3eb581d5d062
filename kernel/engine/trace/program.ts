/**
 * What tracing yields: a straight-line program of tfjs kernels on values of known shape. It names no device and no
 * format; `lower` turns it into one.
 */
import type * as tf from '@tensorflow/tfjs';
import { sizeOf, type Dtype, type TensorType } from '../ops/types';

export { sizeOf, type Dtype, type TensorType };

/** Something that a program computes or is given; compared by identity. */
export interface Value extends TensorType {
  readonly id: number;
}

/** Elements row by row: Float32Array for float32, Int32Array for int32, Uint8Array (0 or 1) for bool. */
export type Elements = Float32Array | Int32Array | Uint8Array;

/** One kernel, run. */
export interface Call {
  readonly kernel: string;
  /** By the names of the kernel's inputs; kernels of a list of inputs name them 0, 1, …. */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Value[];
  /** Where in the user's code it ran, `cell:line:column`; only where the recording looked for that. */
  readonly place?: string;
}

/** Values that a run is given: by name, or by the variable or tensor that holds them. */
export type ProgramInput =
  | { readonly kind: 'argument'; readonly name: string; readonly value: Value }
  | { readonly kind: 'variable'; readonly name: string; readonly value: Value; readonly variable: tf.Variable };

export interface Program {
  readonly inputs: readonly ProgramInput[];
  readonly constants: readonly { readonly value: Value; readonly elements: Elements }[];
  /** In the order they ran: a call's inputs are constants, inputs or outputs of earlier calls. */
  readonly calls: readonly Call[];
  readonly outputs: Readonly<Record<string, Value>>;
}

let values = 0;

export function newValue({ shape, dtype }: TensorType): Value {
  return { id: values++, shape: [...shape], dtype };
}

export function elementsOf(dtype: Dtype, size: number): Elements {
  switch (dtype) {
    case 'float32':
      return new Float32Array(size);
    case 'int32':
      return new Int32Array(size);
    case 'bool':
      return new Uint8Array(size);
  }
}

/** The program without the calls and constants that no output needs. */
export function pruned(program: Program): Program {
  const needed = new Set<Value>(Object.values(program.outputs));
  const calls: Call[] = [];
  for (const call of program.calls.toReversed()) {
    if (!call.outputs.some((output) => needed.has(output))) continue;
    calls.push(call);
    for (const input of Object.values(call.inputs)) needed.add(input);
  }
  return {
    inputs: program.inputs.filter(({ value }) => needed.has(value)),
    constants: program.constants.filter(({ value }) => needed.has(value)),
    calls: calls.reverse(),
    outputs: program.outputs,
  };
}

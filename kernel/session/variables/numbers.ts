/** The numbers of tensors, typed arrays and (nested) arrays; no more are read than were asked for. */
import { types } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { isResident, viewOf } from '../../engine/runtimes/residence';
import { isInstance, isObject, ownProperty } from './safely';

export interface Numbers {
  shape: number[];
  dtype: string;
  /** What all of them take. */
  bytes: number;
  /** How many there are. */
  size: number;
  /** Those at these places, row by row; undefined if they cannot be had without moving all of them. */
  at(places: Int32Array): Promise<ArrayLike<number> | undefined>;
}

const BYTES: Record<string, number> = { float32: 4, int32: 4, bool: 1, complex64: 8, string: 0 };
const TYPED: Record<string, string> = {
  ...{ Float32Array: 'float32', Float64Array: 'float64', Int8Array: 'int8', Int16Array: 'int16', Int32Array: 'int32' },
  ...{ Uint8Array: 'uint8', Uint8ClampedArray: 'uint8', Uint16Array: 'uint16', Uint32Array: 'uint32' },
};

/** The arrays of an array that are looked at before it is taken for one of numbers. */
const LOOKED_AT = 64;

/** What a kernel needs to know of a tensor, also of one that has been disposed of. */
export interface TensorFacts {
  tensor: tf.Tensor;
  shape: number[];
  dtype: string;
  size: number;
  bytes: number;
  disposed: boolean;
}

export function tensorFacts(value: unknown): TensorFacts | undefined {
  if (!isInstance(value, tf.Tensor.prototype)) return undefined;
  const tensor = value as tf.Tensor;
  const [shape, dtype, size] = ['shape', 'dtype', 'size'].map((key) => ownProperty(tensor, key)?.value as unknown);
  if (!Array.isArray(shape) || typeof dtype !== 'string' || typeof size !== 'number') return undefined;
  const disposed = ownProperty(tensor, 'isDisposedInternal')?.value === true;
  return { tensor, shape: shape as number[], dtype, size, bytes: size * (BYTES[dtype] ?? 4), disposed };
}

/** Undefined for what holds no numbers, or not only numbers. */
export function numbersIn(value: unknown): Numbers | undefined {
  const facts = tensorFacts(value);
  if (facts) return numbersOfTensor(facts);
  if (types.isProxy(value)) return undefined;
  if (types.isTypedArray(value)) return numbersOfTyped(value);
  return Array.isArray(value) ? numbersOfArray(value) : undefined;
}

function numbersOfTensor({ tensor, shape, dtype, size, bytes, disposed }: TensorFacts): Numbers | undefined {
  if (disposed || !['float32', 'int32', 'bool'].includes(dtype)) return undefined;
  return { shape, dtype, bytes, size, at: (places) => readTensor(tensor, size, places) };
}

async function readTensor(tensor: tf.Tensor, size: number, places: Int32Array): Promise<ArrayLike<number> | undefined> {
  const pick = (all: ArrayLike<number>) => Float64Array.from(places, (place) => all[place]!);
  try {
    // Weights that are being trained stay where they are.
    const view = viewOf(tensor);
    if (view) return pick(view as ArrayLike<number>);
    if (size <= places.length) return pick(await tensor.data());
    if (isResident(tensor)) return undefined;
    const picked = tf.tidy(() => tf.gather(tensor.reshape([size]), tf.tensor1d(places, 'int32')));
    try {
      return await picked.data();
    } finally {
      picked.dispose();
    }
  } catch {
    // Disposed of meanwhile, or the device has no such operation.
    return undefined;
  }
}

function numbersOfTyped(value: NodeJS.TypedArray): Numbers | undefined {
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
  const dtype = TYPED[name];
  if (dtype === undefined) return undefined;
  const all = value as unknown as ArrayLike<number>;
  const at = async (places: Int32Array) => Float64Array.from(places, (place) => all[place]!);
  return { shape: [all.length], dtype, bytes: value.byteLength, size: all.length, at };
}

/** Arrays of numbers, nested ones where those of a level are of one length, as far as some of them tell. */
function numbersOfArray(value: readonly unknown[]): Numbers | undefined {
  const shape = shapeOf(value);
  if (!shape) return undefined;
  const size = shape.reduce((product, length) => product * length, 1);
  if (size === 0) return undefined;
  const numberAt = (place: number): number => {
    let item: unknown = value;
    let rest = place;
    let inner = size;
    for (const length of shape) {
      inner /= length;
      item = itemOf(item, Math.floor(rest / inner));
      rest %= inner;
    }
    return typeof item === 'number' ? item : NaN;
  };
  const at = async (places: Int32Array) => Float64Array.from(places, numberAt);
  return { shape, dtype: 'number', bytes: 8 * size, size, at };
}

function shapeOf(value: readonly unknown[], depth = 0): number[] | undefined {
  const { length } = value;
  if (length === 0 || depth > 6) return undefined;
  const some = placesIn(length, LOOKED_AT);
  const items = Array.from(some, (i) => itemOf(value, i));
  if (items.every((item) => typeof item === 'number')) return [length];
  const shapes = items.map((item) =>
    Array.isArray(item) && !types.isProxy(item) ? shapeOf(item, depth + 1) : undefined,
  );
  const [first] = shapes;
  const alike = first && shapes.every((shape) => shape?.join() === first.join());
  return alike ? [length, ...first] : undefined;
}

/** An item that is a value. */
export function itemOf(list: unknown, index: number): unknown {
  return isObject(list) ? ownProperty(list, index)?.value : undefined;
}

/**
 * All places, or this many of them, spread evenly and, within equal stretches, unevenly: a fixed step could meet the same
 * column of each row.
 */
export function placesIn(size: number, most: number): Int32Array {
  if (size <= most) return Int32Array.from({ length: size }, (_, i) => i);
  return Int32Array.from({ length: most }, (_, i) => {
    const start = Math.floor((i * size) / most);
    const end = Math.floor(((i + 1) * size) / most);
    return start + ((i * 7919) % (end - start));
  });
}

/**
 * Where a tensor's numbers lie, by the name of tfjs's backend.
 *
 * @param runtime the device whose runtime keeps weights
 * @returns undefined for what is no tensor
 */
export function deviceOf(value: unknown, runtime: string): string | undefined {
  const facts = tensorFacts(value);
  if (!facts || facts.disposed) return undefined;
  if (isResident(facts.tensor)) return runtime;
  const { registry, state } = tf.engine();
  const holder = state.tensorInfo.get(facts.tensor.dataId)?.backend;
  return Object.keys(registry).find((name) => registry[name] === holder) ?? tf.getBackend();
}

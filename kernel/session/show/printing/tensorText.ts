/** Tensors as text: type, shape, and aligned values. */
import { inspect } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { tracing } from '../../../engine/index';
import { bracketed, shownIndices, shownPlaces } from './layout';
import { floatFormat, integerFormat, shortestDigits } from './numbers';
import { statisticsText } from './statistics';

/** A tensor of any copy of TensorFlow.js, told by its shape rather than by its class. */
export interface TensorLike {
  shape: number[];
  dtype: string;
  isDisposed: boolean;
  /** Only variables have one. */
  name?: string;
  trainable?: boolean;
  data(): Promise<ArrayLike<unknown>>;
  dataSync(): ArrayLike<unknown>;
}

/** Strings are cut after this many characters. */
const LONGEST_STRING = 60;

/** With its values, wherever they are. */
export async function tensorText(tensor: TensorLike): Promise<string> {
  if (tensor.isDisposed) return `${kindOf(tensor)}, disposed`;
  return withValues(tensor, await tensor.data());
}

/** The same, and below it the statistics of all its values. */
export async function tensorWithStatistics(tensor: TensorLike): Promise<string> {
  if (tensor.isDisposed) return tensorText(tensor);
  const values = await tensor.data();
  const statistics = statisticsText(tensor.dtype, values);
  return [withValues(tensor, values), ...(statistics ? [statistics] : [])].join('\n');
}

/** The same for what has to answer at once: without the values where the device does not give them at once. */
export function tensorTextNow(tensor: TensorLike): string {
  const kind = kindOf(tensor);
  if (tensor.isDisposed) return `${kind}, disposed`;
  // A read would make the step run without its compilation.
  if (tracing()) return `${kind}, without values while a step is compiled`;
  let values: ArrayLike<unknown>;
  try {
    values = tensor.dataSync();
  } catch {
    return `${kind}, values by: await display(tensor)`;
  }
  return withValues(tensor, values);
}

/** Makes `console.log`, `util.inspect` and values that hold tensors show them so. */
export function showTensorsAsText(): void {
  Object.defineProperty(tf.Tensor.prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value(this: tf.Tensor, depth: number): unknown {
      if (!('dataId' in this)) return this;
      if (depth < 0) return `[${kindOf(this)}]`;
      const text = tensorTextNow(this);
      // Node indents the lines of what an object says, not those of a text.
      return { [inspect.custom]: () => text };
    },
  });
}

function kindOf({ shape, dtype, name, trainable }: TensorLike): string {
  const what = trainable === undefined ? 'Tensor' : `Variable ${name}`;
  return `${what} [${shape.join(', ')}] ${dtype}`;
}

function withValues(tensor: TensorLike, values: ArrayLike<unknown>): string {
  const { shape } = tensor;
  if (shape.length === 0) return `${kindOf(tensor)} ${scalarText(tensor.dtype, values)}`;
  if (values.length === 0) return `${kindOf(tensor)} []`;
  const shown = shownIndices(shape);
  const word = wordsOf(tensor.dtype, values, shownPlaces(shape, shown));
  return `${kindOf(tensor)}\n${bracketed(shape, shown, word)}`;
}

/** The text of each value that is shown, all of one width. */
function wordsOf(dtype: string, values: ArrayLike<unknown>, places: readonly number[]): (place: number) => string {
  const numbers = values as ArrayLike<number>;
  if (dtype === 'complex64') {
    const real = floatFormat(places.map((place) => numbers[2 * place]!));
    const imaginary = floatFormat(places.map((place) => numbers[2 * place + 1]!), true); // prettier-ignore
    return (place) => `${real(numbers[2 * place]!)}${imaginary(numbers[2 * place + 1]!)}j`;
  }
  if (dtype === 'float32' || dtype === 'int32') {
    const format = (dtype === 'int32' ? integerFormat : floatFormat)(places.map((place) => numbers[place]!));
    return (place) => format(numbers[place]!);
  }
  const text = (place: number) => wordOf(dtype, values[place]);
  const width = places.reduce((most, place) => Math.max(most, text(place).length), 0);
  return (place) => text(place).padStart(width);
}

function wordOf(dtype: string, value: unknown): string {
  if (dtype === 'bool') return String(Boolean(value));
  if (typeof value !== 'string') return inspect(value);
  return inspect(value.length > LONGEST_STRING ? `${value.slice(0, LONGEST_STRING)}…` : value, {
    breakLength: Infinity,
  });
}

/** In full: nothing stands below it. */
function scalarText(dtype: string, values: ArrayLike<unknown>): string {
  if (dtype === 'complex64') return wordsOf(dtype, values, [0])(0);
  if (dtype !== 'float32') return wordOf(dtype, values[0]);
  const value = values[0] as number;
  return Number.isFinite(value) && value !== 0 ? String(Number(shortestDigits(value))) : wordsOf(dtype, values, [0])(0);
}

/** The typed arrays inside a view's JSON, and the checks that every view needs. */
import { unzlibSync } from 'fflate';
import * as z from './schema';
import { fromCodes, runningSums } from '../kernel/views/codes';
import { readPngRows } from '../kernel/views/pictures/pngRows';
import { VIEW_VERSION } from '../kernel/views/types';
import type { EncodedArray, SampleShape } from '../kernel/views/types';
import { messageOf } from './errors';

const ELEMENT_TYPES = {
  ...{ float32: Float32Array, uint8: Uint8Array, int32: Int32Array, uint16: Uint16Array },
} as const;

export type TypedArray = Float32Array | Uint8Array | Int32Array;

/**
 * The numbers of an encoded array, row-major.
 * @throws RangeError when the bytes do not fill the shape, or the text is not base64
 */
export function decode(array: EncodedArray): TypedArray {
  const ElementType = ELEMENT_TYPES[array.dtype];
  const packed = fromBase64(array.data);
  const bytes = array.packing === 'png' ? unpacked(packed) : packed;
  const size = array.shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== size * ElementType.BYTES_PER_ELEMENT) {
    throw new RangeError(
      `${bytes.length} bytes are no ${array.dtype} array of shape [${array.shape.join(', ')}] ` +
        `(${size * ElementType.BYTES_PER_ELEMENT} bytes)`,
    );
  }
  // Webviews run on little-endian machines only: Chromium has no other port.
  const typed = new ElementType(bytes.buffer);
  if (array.as) return runningSums(typed);
  if (!(typed instanceof Uint16Array)) return typed;
  return array.scale ? fromCodes(typed, array.scale) : Float32Array.from(typed);
}

function unpacked(file: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return readPngRows(file, unzlibSync) as Uint8Array<ArrayBuffer>;
  } catch (error) {
    throw new RangeError(`the picture of an array cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch (error) {
    throw new RangeError('the data of an array is not base64', { cause: error });
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export const encodedArray = z.object({
  dtype: z.enum(['float32', 'uint8', 'int32', 'uint16']),
  shape: z.array(z.number()),
  data: z.string(),
  packing: z.optional(z.literal('png')),
  as: z.optional(z.literal('differences')),
  scale: z.optional(
    z.object({
      low: z.array(z.number()),
      step: z.array(z.number()),
      far: z.optional(z.object({ places: z.array(z.number()), values: z.array(z.number()) })),
    }),
  ),
});

/** A curve as means of stretches of steps, as runs that are compared have them. */
export const stretchedSeries = z.object({
  name: z.string(),
  split: z.enum(['train', 'validation']),
  steps: encodedArray,
  means: encodedArray,
  sizes: encodedArray,
  last: z.nullable(z.number()),
});

export const viewBase = {
  version: z.literal(VIEW_VERSION),
  id: z.string(),
  title: z.string(),
  summary: z.string(),
};

export const sampleShape = z.union([
  z.object({
    kind: z.literal('image'),
    height: z.number(),
    width: z.number(),
    channels: z.int().check(z.minimum(1)),
  }),
  z.object({ kind: z.literal('vector'), features: z.array(z.string()) }),
]);

export const sample = z.object({ shape: sampleShape, values: encodedArray });

/** Numbers in one sample: h · w · c for images, the number of features for vectors. */
export function sampleWidth(shape: SampleShape): number {
  return shape.kind === 'image' ? shape.height * shape.width * shape.channels : shape.features.length;
}

/**
 * The samples of an encoded array one after the other: 0…255 for images, raw values for vectors.
 * @throws RangeError when the array holds no whole number of samples of the shape
 */
export function splitSamples(array: EncodedArray, shape: SampleShape): TypedArray[] {
  const all = decode(array);
  const width = sampleWidth(shape);
  const n = all.length / width;
  if (width === 0 || !Number.isInteger(n))
    throw new RangeError(`${all.length} values are no samples of ${width} values`);
  return Array.from({ length: n }, (_, i) => all.subarray(i * width, (i + 1) * width));
}

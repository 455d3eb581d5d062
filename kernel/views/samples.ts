import { decode, encode, encodeImages, toBytes } from './encoding';
import type { Samples, SampleShape } from './types';

/** Numbers in one sample: h · w · c for images, the number of features for vectors. */
export function sampleWidth(shape: SampleShape): number {
  return shape.kind === 'image' ? shape.height * shape.width * shape.channels : shape.features.length;
}

/**
 * Packs samples for a view: images in [0, 1] become uint8 [n, h, w, c], vectors stay float32 [n, d].
 *
 * @param values [n · d] row-major
 * @param what   names the values in the error, for example `inputs`
 * @throws RangeError when the values are not a whole number of samples
 */
export function encodeSamples(values: ArrayLike<number>, shape: SampleShape, what: string): Samples {
  const width = sampleWidth(shape);
  checkSamples(values, shape, what);
  const count = values.length / width;
  return shape.kind === 'image'
    ? encodeImages(toBytes(values), [count, shape.height, shape.width, shape.channels])
    : encode('float32', values, [count, width]);
}

/** @throws RangeError when the values are not a whole number of samples */
export function checkSamples(values: ArrayLike<number>, shape: SampleShape, what: string): void {
  const width = sampleWidth(shape);
  if (width > 0 && Number.isInteger(values.length / width)) return;
  throw new RangeError(`${what}: ${values.length} values are not a whole number of samples of ${describe(shape)}`);
}

/** The samples of a view, one after the other: 0…255 for images, raw values for vectors. */
export function splitSamples(samples: Samples): (Uint8Array | Float32Array | Int32Array)[] {
  const all = decode(samples);
  const count = samples.shape[0] ?? 0;
  const width = count === 0 ? 0 : all.length / count;
  return Array.from({ length: count }, (_, i) => all.subarray(i * width, (i + 1) * width));
}

/** What of an image's channels is drawn, where that is not all; for the end of a sentence. */
export function drawnChannels(shape: SampleShape): string {
  if (shape.kind !== 'image' || shape.channels === 1 || shape.channels === 3) return '';
  const { channels } = shape;
  return channels < 3
    ? `; only the first of ${channels} channels is drawn`
    : `; only the first 3 of ${channels} channels are drawn`;
}

function describe(shape: SampleShape): string {
  return shape.kind === 'image'
    ? `${shape.height} × ${shape.width} × ${shape.channels} pixels`
    : `${shape.features.length} features`;
}

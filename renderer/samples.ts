/** Drawing single samples: images pixel by pixel, vectors as profiles over their features. */
import type { SampleShape } from '../kernel/views/types';
import type { TypedArray } from './data';
import { h } from './dom';

type ImageShape = Extract<SampleShape, { kind: 'image' }>;

/**
 * A canvas of the image's own size; drawn larger without smoothing, its pixels stay crisp. With three channels and more the
 * first three are red, green and blue, with fewer the first is grey.
 */
export function imageCanvas(values: ArrayLike<number>, { width, height, channels }: ImageShape): HTMLCanvasElement {
  const colours = channels < 3 ? 0 : 1;
  return canvasOf(width, height, (pixel, rgb) => {
    for (let channel = 0; channel < 3; channel++) rgb[channel] = values[pixel * channels + colours * channel]!;
  });
}

/**
 * The signed difference output − input, mean over the channels, on the symmetric scale −`limit` … `limit`.
 *
 * @param limit  largest difference of the scale, in levels of 255
 * @param colours look-up from `divergingTable`
 */
export function differenceCanvas(
  input: ArrayLike<number>,
  output: ArrayLike<number>,
  shape: ImageShape,
  limit: number,
  colours: Uint8Array,
): HTMLCanvasElement {
  const { width, height, channels } = shape;
  return canvasOf(width, height, (pixel, rgb) => {
    let difference = 0;
    for (let c = 0; c < channels; c++) difference += output[pixel * channels + c]! - input[pixel * channels + c]!;
    const share = limit === 0 ? 0 : difference / channels / limit;
    const entry = Math.round(Math.max(-1, Math.min(1, share)) * 255) + 255;
    for (let channel = 0; channel < 3; channel++) rgb[channel] = colours[entry * 3 + channel]!;
  });
}

function canvasOf(width: number, height: number, colour: (pixel: number, rgb: Uint8ClampedArray) => void) {
  const canvas = h('canvas', { width, height });
  const pixels = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    colour(pixel, pixels.data.subarray(pixel * 4, pixel * 4 + 3));
    pixels.data[pixel * 4 + 3] = 255;
  }
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser gives no 2D canvas');
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** Lowest and highest finite value; [0, 1] when there is none. */
export function extent(...arrays: ArrayLike<number>[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) {
      const value = array[i]!;
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low > high ? [0, 1] : [low, high];
}

/** Largest |output − input| over samples, mean over channels for images. */
export function largestDifference(inputs: TypedArray[], outputs: TypedArray[], shape: SampleShape): number {
  const channels = shape.kind === 'image' ? shape.channels : 1;
  let largest = 0;
  inputs.forEach((input, n) => {
    for (let i = 0; i < input.length; i += channels) {
      let difference = 0;
      for (let c = 0; c < channels; c++) difference += (outputs[n]?.[i + c] ?? 0) - input[i + c]!;
      largest = Math.max(largest, Math.abs(difference / channels));
    }
  });
  return largest;
}

/** SVG path of values from left to right in a box; gaps where a value is not finite. */
export function profilePath(
  values: ArrayLike<number>,
  [low, high]: [number, number],
  box: { x: number; y: number; width: number; height: number },
): string {
  const stepX = values.length > 1 ? box.width / (values.length - 1) : 0;
  let path = '';
  let pen = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      pen = false;
      continue;
    }
    const share = high === low ? 0.5 : (value - low) / (high - low);
    const x = values.length > 1 ? box.x + i * stepX : box.x + box.width / 2;
    path += `${pen ? 'L' : 'M'}${x.toFixed(1)} ${(box.y + (1 - share) * box.height).toFixed(1)}`;
    pen = true;
  }
  return path;
}

/** Drawing single samples: images pixel by pixel, vectors as profiles over their features. */
import type { Place } from '../kernel/figures/marks';
import { profileLines } from '../kernel/figures/profiles';
import { forEachDifference } from '../kernel/views/pictures/differences';
import type { SampleShape } from '../kernel/views/types';
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
 * @param limit  end of the scale, in 0…1
 * @param colours look-up from `divergingTable`
 */
export function differenceCanvas(
  input: ArrayLike<number>,
  output: ArrayLike<number>,
  shape: ImageShape,
  limit: number,
  colours: Uint8Array,
): HTMLCanvasElement {
  const shares = new Float32Array(shape.height * shape.width);
  forEachDifference(input, output, shape, (difference, i) => (shares[i] = limit === 0 ? 0 : difference / limit));
  return shareCanvas(shares, shape, colours);
}

/** Signed shares −1…1 [height, width] in the colours of `divergingTable`. */
export function shareCanvas(
  shares: ArrayLike<number>,
  { width, height }: { width: number; height: number },
  colours: Uint8Array,
): HTMLCanvasElement {
  return canvasOf(width, height, (pixel, rgb) => {
    const entry = Math.round(Math.max(-1, Math.min(1, shares[pixel]!)) * 255) + 255;
    for (let channel = 0; channel < 3; channel++) rgb[channel] = colours[entry * 3 + channel]!;
  });
}

/** Shares 0…1 [height, width] in 256 colours. */
export function levelCanvas(
  levels: ArrayLike<number>,
  { width, height }: { width: number; height: number },
  colours: Uint8Array,
): HTMLCanvasElement {
  return canvasOf(width, height, (pixel, rgb) => {
    const entry = Math.round(Math.max(0, Math.min(1, levels[pixel]!)) * 255);
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
  if (context === null) throw new Error('the browser provides no 2D canvas');
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** SVG path of values from left to right in a box; gaps where a value is not finite. */
export function profilePath(values: ArrayLike<number>, range: readonly [number, number], box: Place): string {
  return profileLines(values, range, box)
    .map((line) => `M${line.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`)
    .join('');
}

/** Images of several sizes brought to one by cutting and padding, about their centres. */
import { DataError } from '../checkData';
import type { Image } from '../resize';

/** `cropOrPad` does along each axis what is needed. */
export type Fit = 'resize' | 'crop' | 'pad' | 'cropOrPad';
export const FITS: readonly Fit[] = ['resize', 'crop', 'pad', 'cropOrPad'];

export type Size = readonly [height: number, width: number];

/** The image cut to the size, and padded with `fill`, the same on both sides; where that is odd, one less before it. */
export function centred(image: Image, [height, width]: Size, fill: number): Image {
  if (image.height === height && image.width === width) return image;
  const { channels } = image;
  const pixels = new Float32Array(height * width * channels).fill(fill);
  const [top, left] = [offset(image.height, height), offset(image.width, width)];
  const [from, to] = [Math.max(0, -left), Math.min(width, image.width - left)];
  for (let y = Math.max(0, -top); y < Math.min(height, image.height - top); y++) {
    const row = (y + top) * image.width;
    const source = image.pixels.subarray((row + from + left) * channels, (row + to + left) * channels);
    pixels.set(source, (y * width + from) * channels);
  }
  return { height, width, channels, pixels };
}

/** Where the new axis begins in the old one; below 0 where it is longer. */
function offset(from: number, to: number): number {
  return from >= to ? Math.floor((from - to) / 2) : -Math.floor((to - from) / 2);
}

/**
 * The size that all come to: the one told, the smallest height and width for `crop`, the largest for `pad`.
 *
 * @throws {DataError} naming the first image that is too small to be cut, or too large to be padded
 */
export function fittedSize(
  name: string,
  files: readonly string[],
  sizes: readonly Size[],
  { fit, size, fill }: { fit: Exclude<Fit, 'resize'>; size?: Size; fill: number },
): { size: Size; notices: string[] } {
  const along = (axis: 0 | 1) =>
    sizes.reduce((found, one) => (fit === 'crop' ? Math.min(found, one[axis]) : Math.max(found, one[axis])), sizes[0]![axis]); // prettier-ignore
  const [height, width] = size ?? [along(0), along(1)];
  const isSmaller = ([h, w]: Size) => h < height || w < width;
  const isLarger = ([h, w]: Size) => h > height || w > width;
  const wrong = fit === 'cropOrPad' ? -1 : sizes.findIndex(fit === 'crop' ? isSmaller : isLarger);
  if (wrong >= 0) {
    const [h, w] = sizes[wrong]!;
    const problem = fit === 'crop' ? 'too small to be cut' : 'too large to be padded';
    throw new DataError(
      `${files[wrong]} is ${h} × ${w} (height × width), ${problem} to ${height} × ${width}; take another size, or { fit: 'cropOrPad' }`,
    );
  }
  const told = (count: number, what: string) =>
    count > 0 ? [`${name}: ${what}: ${count} of ${sizes.length} images.`] : [];
  const to = `to ${height} × ${width} about the centre`;
  return {
    size: [height, width],
    notices: [
      ...told(sizes.filter(isLarger).length, `cut ${to}`),
      ...told(sizes.filter(isSmaller).length, `padded with ${fill} ${to}`),
    ],
  };
}

/** An image of any size and number of channels: row by row, channels together, in [0, 1]. */
export interface Image {
  height: number;
  width: number;
  channels: 1 | 3;
  /** [height, width, channels] */
  pixels: Float32Array;
}

/**
 * The image at another size by bilinear interpolation with antialiasing: each new pixel is a mean of old ones weighted by
 * a triangle, as wide as two old pixels when enlarging and as two new ones when reducing (as Pillow and torchvision do).
 */
export function resize(image: Image, height: number, width: number): Image {
  if (image.height === height && image.width === width) return image;
  const { channels } = image;
  const rows = triangles(image.height, height);
  const columns = triangles(image.width, width);
  const narrow = new Float32Array(image.height * width * channels);
  const pixels = new Float32Array(height * width * channels);
  for (let y = 0; y < image.height; y++) {
    for (const [x, { first, weights }] of columns.entries()) {
      for (const [i, weight] of weights.entries()) {
        for (let c = 0; c < channels; c++) {
          narrow[(y * width + x) * channels + c]! +=
            weight * image.pixels[(y * image.width + first + i) * channels + c]!;
        }
      }
    }
  }
  const stride = width * channels;
  for (const [y, { first, weights }] of rows.entries()) {
    for (const [i, weight] of weights.entries()) {
      for (let at = 0; at < stride; at++) pixels[y * stride + at]! += weight * narrow[(first + i) * stride + at]!;
    }
  }
  return { height, width, channels, pixels };
}

interface Window {
  /** Old index that the first weight belongs to. */
  first: number;
  /** They sum to 1. */
  weights: number[];
}

/** For each of `to` new positions along an axis, the old positions that it is made of. */
function triangles(from: number, to: number): Window[] {
  const scale = from / to;
  const support = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.round(centre - support));
    const last = Math.min(from, Math.round(centre + support));
    const raw = Array.from({ length: last - first }, (_, j) =>
      Math.max(0, 1 - Math.abs((first + j + 0.5 - centre) / support)),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}

/** Grey or colour, whatever the image was: luma of ITU-R BT.601, or the grey in each channel. */
export function withChannels(image: Image, channels: 1 | 3): Image {
  if (image.channels === channels) return image;
  const { pixels } = image;
  const count = image.height * image.width;
  const converted = new Float32Array(count * channels);
  for (let i = 0; i < count; i++) {
    if (channels === 3) converted.fill(pixels[i]!, 3 * i, 3 * i + 3);
    else converted[i] = 0.299 * pixels[3 * i]! + 0.587 * pixels[3 * i + 1]! + 0.114 * pixels[3 * i + 2]!;
  }
  return { ...image, channels, pixels: converted };
}

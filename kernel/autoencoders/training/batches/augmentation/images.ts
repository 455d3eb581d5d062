/** Augmentations of images: mirrored, and moved by whole pixels. */
import { z } from 'zod';
import { checkedConfig } from '../../../config';
import type { ImageShape, SampleShape } from '../../../samples';
import { imageOf, needsImages } from './augmentation';
import type { Augmentation } from './augmentation';

/** Options of {@link flip}. */
export interface FlipOptions {
  /** Whether left and right may change places. Default true. */
  horizontal?: boolean;
  /** Whether top and bottom may. Default false. */
  vertical?: boolean;
  /** The chance of each, for each image. Default ½. */
  probability?: number;
}

const flipSchema = z
  .strictObject({
    horizontal: z.boolean().default(true),
    vertical: z.boolean().default(false),
    probability: z.number().min(0).max(1).default(0.5),
  })
  .refine(({ horizontal, vertical }) => horizontal || vertical, {
    path: ['horizontal'],
    error: 'expected one of "horizontal" and "vertical" to be true',
  });

/** Mirrors each image with a probability, along one axis or along both, independently. */
export function flip(options: FlipOptions = {}): Augmentation {
  const checked = checkedConfig('flip', flipSchema, options);
  const { horizontal, vertical, probability } = checked;
  return {
    name: 'flip',
    options: checked,
    refuses: needsImages,
    apply({ values, shape }, random) {
      return eachImage(values, imageOf(shape), ({ width, height }) => {
        const across = horizontal && random.uniform() < probability;
        const down = vertical && random.uniform() < probability;
        return (y, x) => [down ? height - 1 - y : y, across ? width - 1 - x : x];
      });
    },
  };
}

const pixels = z.int().min(1);

/** Options of {@link shift}. */
export interface ShiftOptions {
  /** p: each image moves by −p … p pixels along each axis, every distance as likely as the others. */
  pixels: number;
  /** What comes in at the border: the pixels at the edge (default), or a value. */
  fill?: 'edge' | number;
}

const shiftSchema = z.strictObject({ pixels, fill: z.union([z.literal('edge'), z.number()]).default('edge') });

/** Moves each image by whole pixels. */
export function shift(options: ShiftOptions): Augmentation {
  const checked = checkedConfig('shift', shiftSchema, options);
  return moving('shift', checked, checked.pixels, checked.fill);
}

/** Options of {@link crop}. */
export interface CropOptions {
  /** Pixels that are added on every side. */
  pad: number;
  /** Their value. Default 0. */
  fill?: number;
}

const cropSchema = z.strictObject({ pad: pixels, fill: z.number().default(0) });

/** Pads each image on every side, and cuts out a piece of the original size at a random position. */
export function crop(options: CropOptions): Augmentation {
  const checked = checkedConfig('crop', cropSchema, options);
  return moving('crop', checked, checked.pad, checked.fill);
}

function moving(name: string, options: Augmentation['options'], most: number, fill: 'edge' | number): Augmentation {
  return {
    name,
    options,
    refuses: (shape) => needsImages(shape) ?? tooFar(shape, most),
    apply({ values, shape }, random) {
      return eachImage(
        values,
        imageOf(shape),
        ({ height, width }) => {
          const [down, right] = [random.integer(2 * most + 1) - most, random.integer(2 * most + 1) - most];
          const inside = (at: number, size: number) => Math.max(0, Math.min(size - 1, at));
          return fill === 'edge'
            ? (y, x) => [inside(y - down, height), inside(x - right, width)]
            : (y, x) => [y - down, x - right];
        },
        fill === 'edge' ? 0 : fill,
      );
    },
  };
}

function tooFar(shape: SampleShape, most: number): string | undefined {
  const { height, width } = imageOf(shape);
  const least = Math.min(height, width);
  return most < least ? undefined : `${most} pixels would move images of ${height} × ${width} out of sight; expected at most ${least - 1}`; // prettier-ignore
}

/** Where a pixel of the new image comes from in the old one: row and column. */
type Source = (y: number, x: number) => [number, number];

/** Each image with its pixels from elsewhere; those from outside get `fill`. `draw` is called once for each image. */
function eachImage(
  values: Float32Array,
  shape: ImageShape,
  draw: (shape: ImageShape) => Source,
  fill = 0,
): Float32Array {
  const { height, width, channels } = shape;
  const size = height * width * channels;
  const moved = new Float32Array(values.length).fill(fill);
  for (let start = 0; start < values.length; start += size) {
    const source = draw(shape);
    for (let y = 0, to = start; y < height; y++) {
      for (let x = 0; x < width; x++, to += channels) {
        const [row, column] = source(y, x);
        if (row < 0 || row >= height || column < 0 || column >= width) continue;
        const from = start + (row * width + column) * channels;
        for (let c = 0; c < channels; c++) moved[to + c] = values[from + c]!;
      }
    }
  }
  return moved;
}

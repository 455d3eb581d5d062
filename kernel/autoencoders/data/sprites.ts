/** Small images of shapes whose factors are known: what disentanglement is measured on. */
import { z } from 'zod';
import { numbers, object, takes, whole } from '../arguments';
import { checkedConfig } from '../config';
import { uniformFactors } from './factors';
import type { Factor, FactorSampler } from './factors';
import { defaultSeed, randomStream } from '../random';
import type { RandomStream } from '../random';
import { checkCount } from '../samples';
import type { ImageShape, SampleChunk, SampleStream } from '../samples';
import { Dataset } from './dataset';
import { coverage, SPRITE_SHAPES } from './spriteShapes';
import type { SpriteShape } from './spriteShapes';

/** Options of {@link sprites}. */
export interface SpritesOptions {
  /** Height and width in pixels. Default 32. */
  size?: number;
  /** The shapes that are drawn. Default: all three. */
  shapes?: SpriteShape[];
  /** How many values each of the other factors has; a factor of one value is left out of the factors. */
  scales?: number;
  /** How many angles there are. */
  orientations?: number;
  /** How many places there are across. */
  columns?: number;
  /** How many places there are down. */
  rows?: number;
}

const count = (values: number) => z.int().min(1).default(values);

const schema = z.strictObject({
  size: z.int().min(8).default(32),
  shapes: z
    .array(z.enum(SPRITE_SHAPES))
    .min(1)
    .default([...SPRITE_SHAPES]),
  scales: count(6),
  orientations: count(40),
  columns: count(32),
  rows: count(32),
});

type Checked = z.output<typeof schema>;

/**
 * White shapes on black with the factors of dSprites (Matthey et al. 2017), drawn by LatentLab: `shape` (square,
 * ellipse, heart), `scale` (from 0.5 to 1), `orientation` (in radians), `x` and `y` (from 0 to 1, of the middle half of
 * the image). By default they have as many values as in dSprites: 3 · 6 · 40 · 32 · 32 = 737,280 images. Each is drawn
 * when it is needed.
 */
export function sprites(options: SpritesOptions = {}): Sprites {
  return new Sprites(checkedConfig('sprites', schema, options));
}

/** A factor as it is drawn, even where it has only one value. */
interface Drawn extends Factor {
  readonly name: 'shape' | 'scale' | 'orientation' | 'x' | 'y';
}

/** All images of such sprites: a sampler by factors, and a stream of all combinations in order, the last factor fastest. */
export class Sprites implements FactorSampler, SampleStream {
  readonly name = 'sprites';
  readonly shape: ImageShape;
  /** d = size². */
  readonly width: number;
  /** Images in all: the product of the numbers of values. */
  readonly length: number;
  /** What each sprite was drawn from. */
  readonly factors: readonly Factor[];
  /** The names of the labels: the shapes. */
  readonly classNames: string[];
  private readonly drawn: readonly Drawn[];

  constructor({ size, shapes, scales, orientations, columns, rows }: Checked) {
    this.shape = { kind: 'image', height: size, width: size, channels: 1 };
    this.width = size * size;
    this.classNames = shapes;
    this.drawn = [
      { name: 'shape', values: shapes },
      { name: 'scale', values: evenly(scales, 0.5, 1, 1) },
      { name: 'orientation', values: Array.from({ length: orientations }, (_, i) => (2 * Math.PI * i) / orientations) },
      { name: 'x', values: evenly(columns, 0, 1, 0.5) },
      { name: 'y', values: evenly(rows, 0, 1, 0.5) },
    ];
    this.factors = this.drawn.filter(({ values }) => values.length > 1);
    this.length = this.factors.reduce((product, { values }) => product * values.length, 1);
  }

  /** Draws uniform and independent factors: int32 [n, factors], row by row. */
  sampleFactors(stream: RandomStream, n: number): Int32Array {
    takes('Sprites.sampleFactors', ['stream', stream, object('uniform')], ['n', n, whole(1)]);
    return uniformFactors(this.factors, stream, n);
  }

  /**
   * An image for each row of factors, labelled by its shape.
   *
   * @param indices int32 [n, factors]: which value each factor has
   * @throws RangeError for rows of another width, or an index that no value has
   */
  render(indices: Int32Array): Dataset {
    takes('Sprites.render', ['indices', indices, numbers]);
    const F = this.factors.length;
    if (F === 0 ? indices.length > 0 : indices.length % F !== 0) {
      throw new RangeError(`sprites: ${indices.length} indices are not a whole number of rows of ${F} factors.`);
    }
    const n = F === 0 ? 1 : indices.length / F;
    const values = new Float32Array(n * this.width);
    const labels = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      labels[i] = this.draw(
        indices.subarray(i * F, (i + 1) * F),
        values.subarray(i * this.width, (i + 1) * this.width),
      );
    }
    return new Dataset({ name: this.name, values, shape: this.shape, labels, classNames: this.classNames });
  }

  /** The factors of image number `index` of all: int32 [factors]. */
  factorsAt(index: number): Int32Array {
    takes('Sprites.factorsAt', ['index', index, whole(0)]);
    const indices = new Int32Array(this.factors.length);
    let rest = index;
    for (let f = indices.length - 1; f >= 0; f--) {
      const { length } = this.factors[f]!.values;
      indices[f] = rest % length;
      rest = Math.floor(rest / length);
    }
    return indices;
  }

  /** `n` images with random factors, labelled by their shape. */
  dataset(n: number, options: { seed?: number } = {}): Dataset {
    takes('Sprites.dataset', ['n', n, whole(1)], ['options', options, object()]);
    const { seed = defaultSeed() } = options;
    checkCount('sprites: dataset', n);
    return this.render(this.sampleFactors(randomStream(seed, 'sprites'), n));
  }

  /** All images in order, some at a time. */
  async *chunks(): AsyncIterable<SampleChunk> {
    const most = Math.max(1, Math.floor(2 ** 18 / this.width));
    for (let start = 0; start < this.length; start += most) {
      const end = Math.min(this.length, start + most);
      const rows = Array.from({ length: end - start }, (_, i) => [...this.factorsAt(start + i)]);
      const { values, labels } = this.render(Int32Array.from(rows.flat()));
      yield await Promise.resolve({ values, labels });
    }
  }

  /** Draws one image into these pixels. @returns the index of its shape */
  private draw(indices: Int32Array, pixels: Float32Array): number {
    const valueOf = ({ name, values }: Drawn) => {
      const index = indices[this.factors.findIndex((factor) => factor.name === name)] ?? 0;
      const value = values[index];
      if (value !== undefined) return { index, value };
      throw new RangeError(`sprites: ${name} has ${values.length} values, counted from 0; found index ${index}.`);
    };
    const [shape, scale, orientation, x, y] = this.drawn.map(valueOf);
    coverage(pixels, this.shape.width, {
      shape: this.classNames[shape!.index] as SpriteShape,
      scale: Number(scale!.value),
      orientation: Number(orientation!.value),
      x: Number(x!.value),
      y: Number(y!.value),
    });
    return shape!.index;
  }
}

/** Evenly spaced values from low to high; a single value is `alone`. */
function evenly(values: number, low: number, high: number, alone: number): number[] {
  if (values === 1) return [alone];
  return Array.from({ length: values }, (_, i) => low + ((high - low) * i) / (values - 1));
}

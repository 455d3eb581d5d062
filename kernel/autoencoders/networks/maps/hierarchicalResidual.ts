/** The networks of VQ-VAE-2: residual encoders and decoders of several levels. */
import * as tf from '@tensorflow/tfjs';
import { widthOf } from '../../samples';
import type { ImageShape } from '../../samples';
import { constantMaps } from './constantMaps';
import { halvings } from './convolutional';
import { applyAll, Convolution, parametersOf, relu, reshape, TransposedConvolution } from '../layers/layers';
import type { Layer, MapSize } from '../layers/layers';
import { ResidualBlock } from './residual';

export interface HierarchicalOptions {
  image: ImageShape;
  /** The names of the levels, from the top, whose map is the smallest, to the bottom. */
  levels: readonly string[];
  /** C, the channels of the maps that the blocks work on; even. */
  channels: number;
  residualBlocks: number;
  /** Channels inside a block. */
  residualChannels: number;
  /** D, the dimensions of the codes. */
  codeDimension: number;
  /** C, classes of each sample: constant channels beside the image, and beside the codes that are decoded. Default 0. */
  classes?: number;
  seed: number;
}

/**
 * The size of each level's map, from the top. A map has half the height and width of the one below, and the last has a
 * quarter of the image's.
 */
export function levelMaps(image: ImageShape, levels: number): MapSize[] {
  return halvings(image, levels + 1)
    .slice(2)
    .reverse();
}

/**
 * Encoders go up from the image, each on the features of the one below; codes come down from the top, each from the
 * features of its level and what the codes above say of it (Razavi, van den Oord and Vinyals 2019, figure 2a):
 *
 * - encoder of the bottom: 4 × 4 convolutions of stride 2 to C/2 and C channels, 3 × 3, residual blocks;
 * - encoder of a level above: a 4 × 4 convolution of stride 2 to C/2, 3 × 3 to C, residual blocks;
 * - to codes: 1 × 1 to D, of features and of the decoded codes above side by side;
 * - from the codes of a level to the level below: 3 × 3 to C, residual blocks, transposed 4 × 4 of stride 2 to D;
 * - decoder: transposed 4 × 4 convolutions bring all codes to the bottom's size; side by side through 3 × 3 to C,
 *   residual blocks, transposed 4 × 4 to C/2 and to the image.
 */
export class HierarchicalNetworks {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** The size of each level's map, from the top. */
  readonly maps: MapSize[];
  private readonly encoders: Layer[][];
  private readonly toCodes: Layer[];
  private readonly below: Layer[][];
  private readonly enlarging: Layer[][];
  private readonly decoder: Layer[];

  constructor(private readonly options: HierarchicalOptions) {
    const { image, levels, channels: C, codeDimension: D, seed } = options;
    this.maps = levelMaps(image, levels.length);
    const last = levels.length - 1;
    const linear = { size: 1, activation: 'linear', seed } as const;
    this.encoders = levels.map((level, l) => (l === last ? this.bottomEncoder(level) : this.upperEncoder(level)));
    this.toCodes = levels.map((level, l) => {
      return new Convolution({ ...linear, name: `${level}.toCodes`, in: l === 0 ? C : C + D, out: D });
    });
    this.below = levels.slice(0, last).map((level, l) => this.toLevelBelow(level, this.maps[l + 1]!));
    this.enlarging = levels.map((level, l) => this.toBottom(level, this.maps.slice(l + 1)));
    this.decoder = this.toImage();
    const layers = [this.encoders, this.toCodes, this.below, this.enlarging, this.decoder].flat(2);
    this.parameters = parametersOf(layers);
  }

  /** Features of each level from the top, of images with channels for their classes: [n, d] → [n, h, w, C] each. */
  features(x: tf.Tensor2D): tf.Tensor4D[] {
    const { image } = this.options;
    let h: tf.Tensor = x.reshape([-1, image.height, image.width, image.channels + this.classes]);
    const upwards = this.encoders.toReversed().map((encoder) => (h = applyAll(encoder, h)) as tf.Tensor4D);
    return upwards.toReversed();
  }

  /**
   * What is to be quantised: [n, h, w, D].
   *
   * @param above what {@link downwards} makes of the codes above; null at the top
   */
  vectors(level: number, features: tf.Tensor4D, above: tf.Tensor4D | null): tf.Tensor4D {
    const seen = above ? tf.concat([features, above], 3) : features;
    return this.toCodes[level]!.apply(seen) as tf.Tensor4D;
  }

  /** What the codes [n, h, w, D] of a level say of the level below: [n, h', w', D]; null at the bottom. */
  downwards(level: number, zQ: tf.Tensor4D): tf.Tensor4D | null {
    const layers = this.below[level];
    return layers ? (applyAll(layers, zQ) as tf.Tensor4D) : null;
  }

  /** x̂ of the codes of all levels from the top, [n, h, w, D] each, and the classes [n, classes]: [n, d]. */
  decode(zQ: readonly tf.Tensor4D[], y?: tf.Tensor2D): tf.Tensor2D {
    const enlarged = zQ.map((codes, l) => applyAll(this.enlarging[l]!, codes) as tf.Tensor4D);
    const { height, width } = this.maps.at(-1)!;
    const told = y ? [constantMaps(y, [height, width]) as tf.Tensor4D] : [];
    return applyAll(this.decoder, tf.concat([...enlarged, ...told], 3)) as tf.Tensor2D;
  }

  private get classes(): number {
    return this.options.classes ?? 0;
  }

  private bottomEncoder(level: string): Layer[] {
    const { image, channels: C, seed } = this.options;
    const halving = { size: 4, stride: 2, activation: 'relu', seed } as const;
    return [
      new Convolution({ ...halving, name: `${level}.encoder.0`, in: image.channels + this.classes, out: C / 2 }),
      new Convolution({ ...halving, name: `${level}.encoder.1`, in: C / 2, out: C }),
      new Convolution({ name: `${level}.encoder.2`, in: C, out: C, size: 3, activation: 'linear', seed }),
      ...this.residuals(`${level}.encoder`),
    ];
  }

  private upperEncoder(level: string): Layer[] {
    const { channels: C, seed } = this.options;
    const halving = { size: 4, stride: 2, activation: 'relu', seed } as const;
    return [
      new Convolution({ ...halving, name: `${level}.encoder.0`, in: C, out: C / 2 }),
      new Convolution({ name: `${level}.encoder.1`, in: C / 2, out: C, size: 3, activation: 'linear', seed }),
      ...this.residuals(`${level}.encoder`),
    ];
  }

  private toLevelBelow(level: string, to: MapSize): Layer[] {
    const { channels: C, codeDimension: D, seed } = this.options;
    const linear = { activation: 'linear', seed } as const;
    return [
      new Convolution({ ...linear, name: `${level}.below.0`, in: D, out: C, size: 3 }),
      ...this.residuals(`${level}.below`),
      new TransposedConvolution({ ...linear, name: `${level}.below.1`, in: C, out: D, size: 4, stride: 2, to }),
    ];
  }

  /** Layers that enlarge codes through the sizes of the levels below. */
  private toBottom(level: string, sizes: MapSize[]): Layer[] {
    const { codeDimension: D, seed } = this.options;
    const doubling = { in: D, out: D, size: 4, stride: 2, activation: 'linear', seed } as const;
    return sizes.map((to, i) => new TransposedConvolution({ ...doubling, name: `${level}.enlarged.${i}`, to }));
  }

  private toImage(): Layer[] {
    const { image, levels, channels: C, codeDimension: D, seed } = this.options;
    const doubling = { size: 4, stride: 2, seed } as const;
    const half = { ...doubling, in: C, out: C / 2, to: halvings(image, 1).at(-1)! };
    const whole = { ...doubling, in: C / 2, out: image.channels, to: image };
    return [
      new Convolution({
        name: 'decoder.0',
        in: levels.length * D + this.classes,
        out: C,
        size: 3,
        activation: 'linear',
        seed,
      }),
      ...this.residuals('decoder'),
      new TransposedConvolution({ ...half, name: 'decoder.1', activation: 'relu' }),
      new TransposedConvolution({ ...whole, name: 'decoder.2', activation: 'linear' }),
      reshape(widthOf(image)),
    ];
  }

  private residuals(name: string): Layer[] {
    const { channels, residualBlocks, residualChannels: inner, seed } = this.options;
    const block = (_: unknown, i: number) => new ResidualBlock({ name: `${name}.block${i}`, channels, inner, seed });
    return [...Array.from({ length: residualBlocks }, block), relu];
  }
}

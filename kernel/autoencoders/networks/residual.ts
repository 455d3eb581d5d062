/** Residual blocks between data and rows, convolutional for images and dense for everything else. */
import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { ConfigurationError } from '../config';
import {
  applyAll,
  Convolution,
  Dense,
  INITIALIZERS,
  parametersOf,
  relu,
  reshape,
  Sequential,
  TransposedConvolution,
} from './layers/layers';
import type { Initializer, Layer } from './layers/layers';
import { halvings } from './maps/convolutional';
import { ResidualBlock } from './maps/residual';
import { defineBuiltNetwork, givesImages, imageOf, widthOfRows, withFlatRows } from './network';
import type { Network, NetworkPart, NetworkPlace } from './network';

/** Options of {@link residual}. */
export interface ResidualNetworkOptions {
  /** For images: channels of the maps at each level, in the order of the network. Default [32, 64] and [64, 32]. */
  channels?: readonly number[];
  /** For other data: the width of the hidden layers. Default 256. */
  width?: number;
  /** Residual blocks, at each level for images. Default 2. */
  blocks?: number;
  /** How kernels start. Default `default`: He's variance before rectifiers, Glorot's elsewhere. */
  initializer?: Initializer;
}

const schema = z.strictObject({
  channels: z.array(z.int().min(1)).min(1).readonly().optional(),
  width: z.int().min(1).default(256),
  blocks: z.int().min(1).default(2),
  initializer: z.enum(INITIALIZERS).optional(),
});

type Checked = z.output<typeof schema>;

const part = defineBuiltNetwork<ResidualNetworkOptions, Checked>(
  'residual',
  (options) => ({
    build(place) {
      if (givesImages(place)) return decoder(place, options);
      return place.from.length === 3 ? encoder(place, options) : dense(place, options);
    },
  }),
  schema,
);

/**
 * A residual network (He et al. 2016, Identity mappings in deep residual networks): x + F(x) again and again.
 *
 * For images each level has a convolution of 4 × 4 and stride 2 and then its blocks, of kernels 3 × 3 and 1 × 1, with a
 * dense layer to, or from, the rows. For other data a dense layer to `width`, blocks of two dense layers, and one more.
 */
export function residual(options: ResidualNetworkOptions = {}): NetworkPart {
  return part(options);
}

/** h + W₂ relu(W₁ relu(h) + b₁) + b₂. */
class DenseBlock implements Layer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly branch: Layer[];

  constructor(options: { name: string; width: number; initializer: Initializer | undefined; seed: number }) {
    const { name, width, initializer, seed } = options;
    const layer = { in: width, out: width, initializer, seed };
    this.branch = [
      relu,
      new Dense({ ...layer, name: `${name}.0`, activation: 'relu' }),
      new Dense({ ...layer, name: `${name}.1`, activation: 'linear' }),
    ];
    this.parameters = parametersOf(this.branch);
  }

  apply(h: tf.Tensor): tf.Tensor {
    return applyAll(this.branch, h).add(h);
  }
}

function dense({ name, from, to, perValue, seed }: NetworkPlace, { width, blocks, initializer }: Checked): Network {
  const start = { initializer, seed };
  const linear = { activation: 'linear', ...start } as const;
  return new Sequential([
    new Dense({ ...linear, name: `${name}.0`, in: widthOfRows(from), out: width }),
    ...Array.from({ length: blocks }, (_, i) => new DenseBlock({ name: `${name}.block${i}`, width, ...start })),
    relu,
    new Dense({ ...linear, name: `${name}.1`, in: width, out: widthOfRows(to) * perValue }),
  ]);
}

function encoder(place: NetworkPlace, { channels = [32, 64], blocks, initializer }: Checked): Network {
  const { name, from, to, perValue, seed } = place;
  const start = { initializer, seed };
  const image = sizeOf(place, channels);
  const levels = channels.flatMap((out, i) => {
    const halving = { name: `${name}.${i}`, in: channels[i - 1] ?? image.channels, out, size: 4, stride: 2, ...start };
    return [new Convolution({ ...halving, activation: 'linear' }), ...level(`${name}.${i}`, out, blocks, start)];
  });
  const { height, width } = halvings(image, channels.length).at(-1)!;
  const features = height * width * channels.at(-1)!;
  const last = { name: `${name}.${channels.length}`, in: features, out: widthOfRows(to) * perValue, ...start };
  return new Sequential([
    reshape(...from),
    ...levels,
    relu,
    reshape(features),
    new Dense({ ...last, activation: 'linear' }),
  ]);
}

function decoder(place: NetworkPlace, { channels = [64, 32], blocks, initializer }: Checked): Network {
  const { name, from, perValue, seed } = place;
  const start = { initializer, seed };
  const image = sizeOf(place, channels);
  const sizes = halvings(image, channels.length);
  const { height, width } = sizes.pop()!;
  const first = channels[0]!;
  const levels = channels.flatMap((depth, i) => {
    const out = channels[i + 1] ?? image.channels * perValue;
    const doubling = { name: `${name}.${i + 1}`, in: depth, out, size: 4, stride: 2, ...start };
    const up = new TransposedConvolution({ ...doubling, activation: 'linear', to: sizes.pop()! });
    return [...level(`${name}.${i}`, depth, blocks, start), relu, up];
  });
  const toMaps = { name: `${name}.0`, in: widthOfRows(from), out: height * width * first, ...start };
  const network = new Sequential([
    new Dense({ ...toMaps, activation: 'linear' }),
    reshape(height, width, first),
    ...levels,
  ]);
  return withFlatRows(network, place);
}

function level(
  name: string,
  channels: number,
  blocks: number,
  start: { initializer: Initializer | undefined; seed: number },
): Layer[] {
  return Array.from({ length: blocks }, (_, i) => {
    return new ResidualBlock({ name: `${name}.block${i}`, channels, inner: channels, ...start });
  });
}

function sizeOf(place: NetworkPlace, channels: readonly number[]) {
  const [height, width, depth] = imageOf(place, 'residual');
  const least = 2 ** channels.length;
  if (Math.min(height, width) >= least) return { height, width, channels: depth };
  throw new ConfigurationError('residual', [
    `images are ${height} × ${width}, expected at least ${least} × ${least} pixels for ${channels.length} levels`,
  ]);
}

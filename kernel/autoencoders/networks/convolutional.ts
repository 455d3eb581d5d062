/** Convolutions of stride 2 between images and rows, as encoder and as decoder. */
import { z } from 'zod';
import { ConfigurationError } from '../config';
import { GroupNorm } from './layers/groupNorm';
import {
  ACTIVATIONS,
  INITIALIZERS,
  activate,
  Convolution,
  Dense,
  reshape,
  Sequential,
  TransposedConvolution,
} from './layers/layers';
import type { Activation, Initializer, Layer, MapSize } from './layers/layers';
import { halvings } from './maps/convolutional';
import { defineBuiltNetwork, givesImages, imageOf, widthOfRows, withFlatRows } from './network';
import type { Network, NetworkPart, NetworkPlace } from './network';

/** Options of {@link convolutional}. */
export interface ConvolutionalOptions {
  /**
   * Channels of the maps after each layer, in the order of the network: of an encoder from the image on, of a decoder
   * towards it. Each layer halves, or doubles, height and width. Default [32, 64] and [64, 32].
   */
  channels?: readonly number[];
  /** Height and width of the kernels. Default 3. */
  kernel?: number;
  /** The activation of all layers but the last. Default `relu`. */
  activation?: Activation;
  /** How kernels start. Default `default`: He's variance before rectifiers, Glorot's elsewhere. */
  initializer?: Initializer;
  /** Group normalisation before each activation (Wu and He 2018), or none, the default. */
  norm?: 'group' | null;
}

const schema = z.strictObject({
  channels: z.array(z.int().min(1)).min(1).readonly().optional(),
  kernel: z.int().min(1).default(3),
  activation: z.enum(ACTIVATIONS).default('relu'),
  initializer: z.enum(INITIALIZERS).optional(),
  norm: z.enum(['group']).nullable().default(null),
});

type Checked = z.output<typeof schema>;

const part = defineBuiltNetwork<ConvolutionalOptions, Checked>(
  'convolutional',
  (options) => ({
    build: (place) => (givesImages(place) ? decoder(place, options) : encoder(place, options)),
  }),
  schema,
);

/**
 * A convolutional network for images of any size and any number of channels.
 *
 * As an encoder: a convolution of stride 2 for each of `channels`, and a dense layer to the rows. As a decoder: a dense
 * layer to the smallest maps, of as many channels as the last of `channels`; a transposed convolution of stride 2 for
 * each of `channels`; and one of stride 1 to the image.
 */
export function convolutional(options: ConvolutionalOptions = {}): NetworkPart {
  return part(options);
}

function encoder(place: NetworkPlace, options: Checked): Network {
  const { name, from, to, perValue, seed } = place;
  const { channels = [32, 64], kernel: size, initializer } = options;
  const start = { initializer, seed };
  const image = sizeOf(place, channels);
  const { height, width } = halvings(image, channels.length).at(-1)!;
  const features = height * width * channels.at(-1)!;
  const layers = channels.flatMap((out, i) => {
    const at = { name: `${name}.${i}`, in: channels[i - 1] ?? image.channels, out, size, stride: 2, ...start };
    return normalized(options, at, (activation) => new Convolution({ ...at, activation }));
  });
  const last = { name: `${name}.${channels.length}`, in: features, out: widthOfRows(to) * perValue, ...start };
  return new Sequential([reshape(...from), ...layers, reshape(features), new Dense({ ...last, activation: 'linear' })]);
}

function decoder(place: NetworkPlace, options: Checked): Network {
  const { name, from, perValue, seed } = place;
  const { channels = [64, 32], kernel: size, activation, initializer } = options;
  const start = { initializer, seed };
  const image = sizeOf(place, channels);
  const sizes = halvings(image, channels.length);
  const { height, width } = sizes.pop()!;
  const narrow = channels.at(-1)!;
  const layers = channels.flatMap((out, i) => {
    const at = { name: `${name}.${i + 1}`, in: channels[i - 1] ?? narrow, out, size, stride: 2, ...start };
    const to = sizes.pop()!;
    return normalized(options, at, (activation) => new TransposedConvolution({ ...at, activation, to }));
  });
  const toMaps = { name: `${name}.0`, in: widthOfRows(from), out: height * width * narrow, activation, ...start };
  const out = image.channels * perValue;
  const toPixels = { name: `${name}.${channels.length + 1}`, in: narrow, out, size, to: image, ...start };
  const network = new Sequential([
    new Dense(toMaps),
    reshape(height, width, narrow),
    ...layers,
    new TransposedConvolution({ ...toPixels, activation: 'linear' }),
  ]);
  return withFlatRows(network, place);
}

/** A layer with its activation; with a norm, the layer, the norm and then the activation. */
function normalized(
  { activation, norm }: Checked,
  { name, out }: { name: string; out: number },
  layer: (activation: Activation) => Layer,
): Layer[] {
  if (norm === null) return [layer(activation)];
  const activated: Layer = { parameters: {}, apply: (x) => activate(x, activation) };
  return [layer('linear'), new GroupNorm({ name: `${name}.norm`, channels: out }), activated];
}

function sizeOf(place: NetworkPlace, channels: readonly number[]): MapSize & { channels: number } {
  const [height, width, depth] = imageOf(place, 'convolutional');
  const least = 2 ** channels.length;
  if (Math.min(height, width) >= least) return { height, width, channels: depth };
  throw new ConfigurationError('convolutional', [
    `images are ${height} × ${width}, expected at least ${least} × ${least} pixels for ${channels.length} layers of stride 2`,
  ]);
}

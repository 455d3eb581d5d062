/** The networks of the convolutional VAE of TensorFlow's tutorial, for images of any size. */
import { widthOf } from '../../samples';
import type { ImageShape } from '../../samples';
import { Convolution, Dense, reshape, Sequential, TransposedConvolution } from '../layers/layers';
import type { MapSize } from '../layers/layers';

export interface ConvolutionalOptions {
  /** Prefix of the parameters' names, `encoder` for example. */
  name: string;
  image: ImageShape;
  /** Channels of the maps after the encoder's layers; each layer halves height and width. */
  channels: readonly number[];
  /** Width of the rows at the other end. */
  latent: number;
  seed: number;
}

/** A 3 × 3 convolution of stride 2 with a rectifier for each of `channels`, and a dense layer: [n, d] → [n, latent]. */
export class ConvolutionalEncoder extends Sequential {
  constructor({ name, image, channels, latent, seed }: ConvolutionalOptions) {
    const { height, width } = halvings(image, channels.length).at(-1)!;
    const features = height * width * channels.at(-1)!;
    const convolutions = channels.map((out, i) => {
      const from = channels[i - 1] ?? image.channels;
      return new Convolution({ name: `${name}.${i}`, in: from, out, size: 3, stride: 2, activation: 'relu', seed });
    });
    super([
      reshape(image.height, image.width, image.channels),
      ...convolutions,
      reshape(features),
      new Dense({ name: `${name}.${channels.length}`, in: features, out: latent, activation: 'linear', seed }),
    ]);
  }
}

/**
 * A dense layer to the smallest maps, of as many channels as the encoder's first, and a transposed 3 × 3 convolution of
 * stride 2 for each of `channels` from the last to the first, all with rectifiers; then one of stride 1 to the image:
 * [n, latent] → [n, d].
 */
export class ConvolutionalDecoder extends Sequential {
  constructor({ name, image, channels, latent, seed }: ConvolutionalOptions) {
    const sizes = halvings(image, channels.length);
    const { height, width } = sizes.pop()!;
    const narrow = channels[0]!;
    const convolution = { size: 3, stride: 2, activation: 'relu', seed } as const;
    const convolutions = channels.toReversed().map((out, i) => {
      const from = i === 0 ? narrow : channels.at(-i)!;
      return new TransposedConvolution({ ...convolution, name: `${name}.${i + 1}`, in: from, out, to: sizes.pop()! });
    });
    const toPixels = { in: narrow, out: image.channels, size: 3, to: image, seed };
    super([
      new Dense({ name: `${name}.0`, in: latent, out: height * width * narrow, activation: 'relu', seed }),
      reshape(height, width, narrow),
      ...convolutions,
      new TransposedConvolution({ ...toPixels, name: `${name}.${channels.length + 1}`, activation: 'linear' }),
      reshape(widthOf(image)),
    ]);
  }
}

/** The image's size and what is left of it after each of `times` layers of stride 2, rounded up. */
export function halvings({ height, width }: MapSize, times: number): MapSize[] {
  const halved = (size: number, i: number) => Math.ceil(size / 2 ** i);
  return Array.from({ length: times + 1 }, (_, i) => ({ height: halved(height, i), width: halved(width, i) }));
}

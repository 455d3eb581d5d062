import type * as tf from '@tensorflow/tfjs';
import type { ImageShape } from '../../samples';
import { Convolution } from '../layers/layers';

export interface ProbeTrunkOptions {
  /** Prefix of the parameters' names. */
  name: string;
  image: ImageShape;
  /** Channels of each layer. */
  channels: readonly number[];
  seed: number;
}

/**
 * 3 × 3 convolutions with rectifiers, all but the first of stride 2: the part of a probe network whose feature maps are
 * compared.
 */
export class ProbeTrunk {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly layers: Convolution[];

  constructor(private readonly options: ProbeTrunkOptions) {
    const { name, image, channels, seed } = options;
    this.layers = channels.map((out, i) => {
      const stride = i === 0 ? 1 : 2;
      const from = channels[i - 1] ?? image.channels;
      return new Convolution({ name: `${name}.${i}`, in: from, out, size: 3, stride, activation: 'relu', seed });
    });
    this.parameters = Object.assign({}, ...this.layers.map(({ parameters }) => parameters));
  }

  /** The map of each layer: [n, d] → [n, h, w, channels] for each. Height and width halve from map to map. */
  maps(x: tf.Tensor2D): tf.Tensor4D[] {
    const { height, width, channels } = this.options.image;
    let h: tf.Tensor = x.reshape([-1, height, width, channels]);
    return this.layers.map((layer) => (h = layer.apply(h)) as tf.Tensor4D);
  }
}

import type * as tf from '@tensorflow/tfjs';
import { object, takes, tensor } from '../../arguments';
import type { ImageShape } from '../../samples';
import { applyAll, Convolution, parametersOf, reshape } from '../layers/layers';
import type { Layer } from '../layers/layers';

/** Height and width of every kernel. */
const SIZE = 4;

/** max(x, 0.2·x). */
const leakyRelu: Layer = { parameters: {}, apply: (x) => x.leakyRelu(0.2) };

export interface PatchDiscriminatorOptions {
  /** Prefix of the parameters' names. */
  name: string;
  image: ImageShape;
  /** Channels of each convolution of stride 2. */
  channels: readonly number[];
  seed: number;
}

/**
 * The patch discriminator (Isola et al. 2017, Image-to-Image Translation with Conditional Adversarial Networks, section
 * 3.2.2 and appendix 6.1.2): 4 × 4 convolutions of stride 2 with leaky rectifiers, and one of stride 1 to logits. Each
 * logit judges a patch of {@link receptiveField} pixels. Unlike in the paper, there is no normalisation over the map or
 * the batch: with it, a logit would depend on all pixels and on other images.
 */
export class PatchDiscriminator {
  /** Its weights by their names. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** Height and width of the patch that one logit sees, in pixels: $1 + \sum_l (k - 1) \prod_{i<l} s_i$. */
  readonly receptiveField: number;
  private readonly layers: Layer[];

  constructor(options: PatchDiscriminatorOptions) {
    takes('PatchDiscriminator', ['options', options, object('name', 'image', 'channels', 'seed')]);
    const { name, image, channels, seed } = options;
    const layer = { size: SIZE, activation: 'linear', seed } as const;
    const halving = channels.flatMap((out, i) => [
      new Convolution({ ...layer, name: `${name}.${i}`, in: channels[i - 1] ?? image.channels, out, stride: 2 }),
      leakyRelu,
    ]);
    this.layers = [
      reshape(image.height, image.width, image.channels),
      ...halving,
      new Convolution({ ...layer, name: `${name}.${channels.length}`, in: channels.at(-1) ?? image.channels, out: 1 }),
    ];
    this.parameters = parametersOf(this.layers);
    const steps = Array.from({ length: channels.length + 1 }, (_, i) => 2 ** i);
    this.receptiveField = 1 + steps.reduce((sum, step) => sum + (SIZE - 1) * step, 0);
  }

  /** [n, d] → [n, ⌈h/2ˡ⌉, ⌈w/2ˡ⌉, 1] for l convolutions of stride 2. */
  logits(images: tf.Tensor2D): tf.Tensor4D {
    takes('PatchDiscriminator.logits', ['images', images, tensor(2)]);
    return applyAll(this.layers, images) as tf.Tensor4D;
  }
}

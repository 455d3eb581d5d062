import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { Dense, Sequential } from '../../networks/layers/layers';
import { ProbeTrunk } from '../../networks/adversarial/probeTrunk';
import { integers } from '../../noise';
import type { Draws } from '../../noise';
import type { Terms } from '../../objectives/terms';
import { mapRows, widthOf } from '../../samples';
import type { SampleInput } from '../../samples';
import type { ExportedFunctions } from '../../training/checkpoints/onnxFiles';
import { imageFields, tooSmall } from '../commonConfig';
import type { ImageConfig } from '../commonConfig';
import { Model } from '../model';
import type { DrawsFor, Given } from '../model';
import { accuracyOf, crossEntropyOf } from './terms';

/** Quarter turns of an image. */
const TURNS = 4;

/** What {@link ProbeClassifier} is made of. */
export interface ProbeClassifierConfig extends ImageConfig {
  /** What the probe tells apart: this many classes of labelled data, or by how much an image was turned. */
  classes: number | 'rotations';
  /** Channels of each 3 × 3 convolution; all but the first have stride 2. Default [16, 32, 32]. */
  channels?: readonly number[];
  /** Width of the layer before the last, which {@link ProbeClassifier.features} gives. Default 64. */
  features?: number;
}

const schema = z
  .strictObject({
    ...imageFields,
    classes: z.union([z.int().min(2), z.literal('rotations')], {
      error: 'expected a number of classes ≥ 2, or "rotations" for data without labels',
    }),
    channels: z.array(z.int().min(1)).min(1).readonly().default([16, 32, 32]),
    features: z.int().min(1).default(64),
  })
  .superRefine(({ input, channels }, context) => tooSmall(input, channels.length - 1, context))
  .refine(({ input, classes }) => classes !== 'rotations' || input.height === input.width, {
    path: ['classes'],
    error: 'rotations need square images',
  });

type CheckedConfig = z.output<typeof schema>;

/** What the terms are given: images, and their classes or how far each is turned. */
interface ProbeGiven extends Given {
  y?: tf.Tensor1D;
  /** Quarter turns: int32 [n]. */
  turns?: tf.Tensor1D;
}

/**
 * A small convolutional classifier. Its features measure images: perceptual distances (Zhang et al. 2018) and Fréchet
 * distances (Heusel et al. 2017) use them. You train it on your own data, with labels, or without labels to recognise
 * quarter turns (Gidaris, Singh and Komodakis 2018). For the class y of x, training minimises
 *
 * $$-\log p(y|x) = \log \sum_c e^{l_c(x)} - l_y(x)$$
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $l(x)$ | `logits` | [n, C] |
 * | $-\log p(y\vert x)$ | `crossEntropy`, in nats, mean over the batch | scalar |
 * | share of correct answers | `accuracy`, only reported | scalar |
 */
export class ProbeClassifier extends Model<CheckedConfig, ProbeGiven> {
  override readonly classes: number | null;
  protected override readonly source =
    'cross-entropy of a softmax; rotations by Gidaris, Singh and Komodakis 2018, Unsupervised Representation Learning';
  /** The layers whose maps perceptual distances compare. */
  readonly trunk: ProbeTrunk;
  private readonly toFeatures: Sequential;
  private readonly toLogits: Dense;
  private readonly compiledFeatures = this.compiledRows((x) => this.featureRows(x));
  private readonly compiledLogits = this.compiledRows((x) => this.logitRows(x));

  /** @throws {ConfigurationError} naming every field that is wrong */
  constructor(config: ProbeClassifierConfig) {
    const checked = checkedConfig('ProbeClassifier', schema, config);
    super(checked);
    const { input: image, classes, channels, features, seed } = checked;
    this.classes = classes === 'rotations' ? null : classes;
    const outputs = this.classes ?? TURNS;
    this.trunk = this.adopt(new ProbeTrunk({ name: 'trunk', image, channels, seed }));
    const halved = (size: number) => Math.ceil(size / 2 ** (channels.length - 1));
    const flat = halved(image.height) * halved(image.width) * channels.at(-1)!;
    const head = new Dense({ name: 'head.0', in: flat, out: features, activation: 'relu', seed });
    const last = new Dense({ name: 'head.1', in: features, out: outputs, activation: 'linear', seed });
    this.toFeatures = this.adopt(new Sequential([head]));
    this.toLogits = this.adopt(last);
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(given: ProbeGiven): Terms {
    const { x, y } = this.labelled(given);
    const logits = this.logitRows(x);
    return {
      crossEntropy: crossEntropyOf(logits, y),
      accuracy: accuracyOf(logits, y),
    };
  }

  override losses(given: Readonly<Record<string, tf.Tensor>>): Record<'crossEntropy' | 'accuracy', tf.Tensor> {
    return super.losses(given) as Record<'crossEntropy' | 'accuracy', tf.Tensor>;
  }

  /** How far each image is turned, where the probe has to tell that. */
  override noise(n: number): DrawsFor<ProbeGiven>;
  override noise(n: number): Draws {
    return this.classes === null ? { turns: integers([n], TURNS) } : {};
  }

  /** Images and their classes; turned images and their turns. */
  private labelled({ x, y, turns }: ProbeGiven): { x: tf.Tensor2D; y: tf.Tensor1D } {
    return this.classes === null ? { x: this.turned(x, turns!), y: turns! } : { x, y: y! };
  }

  private turned(x: tf.Tensor2D, turns: tf.Tensor1D): tf.Tensor2D {
    const { height, width, channels } = this.config.input;
    const chosen = tf.oneHot(turns, TURNS).cast('float32');
    const versions: tf.Tensor[] = [x.reshape([-1, height, width, channels])];
    for (let turn = 1; turn < TURNS; turn++) versions.push(versions.at(-1)!.transpose([0, 2, 1, 3]).reverse(1));
    const parts = versions.map((version, turn) => version.reshape(x.shape).mul(chosen.slice([0, turn], [-1, 1])));
    return tf.addN(parts) as tf.Tensor2D;
  }

  private featureRows(x: tf.Tensor2D): tf.Tensor2D {
    const last = this.trunk.maps(x).at(-1)!;
    return this.toFeatures.apply(last.reshape([x.shape[0], -1]));
  }

  private logitRows(x: tf.Tensor2D): tf.Tensor2D {
    return this.toLogits.apply(this.featureRows(x)) as tf.Tensor2D;
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    const { classes } = this.config;
    return classes === 'rotations' ? 'probe of rotations' : `probe of ${classes} classes`;
  }

  /** `classifier`: logits and features. */
  protected override exported(): ExportedFunctions {
    const d = widthOf(this.inputShape);
    return {
      classifier: {
        documentation: `logits and the features they come of. x: [n, ${d}].`,
        inputs: { x: [d] },
        run: ({ x }) => {
          const features = this.featureRows(x as tf.Tensor2D);
          return { features, logits: this.toLogits.apply(features) };
        },
      },
    };
  }

  /** The input of the last layer, rectified: [n, d] → [n, features]. */
  features(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: features`), this.compiledFeatures);
  }

  /** Log-probabilities but for a constant of the row: [n, d] → [n, classes]. */
  logits(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: logits`), this.compiledLogits);
  }

  /** The likeliest class of every row: [n, d] → int32 [n]. */
  classify(x: SampleInput): tf.Tensor1D {
    return tf.tidy(() => this.logits(x).argMax(1));
  }

  /** Share of the labelled samples, or of turned ones, that are classified correctly. */
  async accuracy(data: SampleInput): Promise<number> {
    return (await this.score(data))['accuracy']!;
  }
}

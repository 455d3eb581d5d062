import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { Dense } from '../../networks/layers/layers';
import type { Terms } from '../../objectives/terms';
import { mapRows, widthOf } from '../../samples';
import type { SampleInput } from '../../samples';
import type { ExportedFunctions } from '../../training/checkpoints/onnxFiles';
import { commonFields } from '../commonConfig';
import type { CommonConfig } from '../commonConfig';
import { Model } from '../model';
import type { GivenLabels } from '../model';
import { accuracyOf, crossEntropyOf } from './terms';

/** What {@link SoftmaxRegression} is made of. */
export interface SoftmaxRegressionConfig extends CommonConfig {
  /** C. */
  classes: number;
  /** The weight of ½‖W‖². Default 0. */
  weightDecay?: number;
}

const schema = z.strictObject({
  ...commonFields,
  classes: z.int().min(2),
  weightDecay: z.number().min(0).default(0),
});

/**
 * Multinomial logistic regression, $p(y = c|x) \propto e^{x W_c + b_c}$, as a linear probe (Alain and Bengio 2016)
 * reads features. Training minimises $-\log p(y|x) + \tfrac{\gamma}2 \|W\|^2$, which is convex: `crossEntropy` in nats,
 * mean over the batch, `decay` = ½‖W‖², and `accuracy`, reported alone.
 */
export class SoftmaxRegression extends Model<object, GivenLabels> {
  override readonly classes: number;
  protected override readonly source =
    'Alain and Bengio 2016, Understanding intermediate layers using linear classifier probes';
  private readonly weightDecay: number;
  private readonly layer: Dense;
  private readonly compiledLogits = this.compiledRows((x) => this.layer.apply(x) as tf.Tensor2D);

  /** @throws {ConfigurationError} naming every field that is wrong */
  constructor(config: SoftmaxRegressionConfig) {
    const checked = checkedConfig('SoftmaxRegression', schema, config);
    super(checked);
    const { input, classes, weightDecay, seed } = checked;
    this.classes = classes;
    this.weightDecay = weightDecay;
    const sizes = { in: widthOf(input), out: classes };
    this.layer = this.adopt(new Dense({ ...sizes, name: 'logits', activation: 'linear', seed }));
  }

  override terms({ x, y }: GivenLabels): Terms {
    const logits = this.layer.apply(x) as tf.Tensor2D;
    return {
      crossEntropy: crossEntropyOf(logits, y),
      decay: {
        value: this.layer.kernel.square().sum().mul(0.5),
        weight: { symbol: 'γ', schedule: this.weightDecay },
        formula: '\\tfrac12 \\|W\\|^2',
        meaning: 'summed over all weights',
        unit: 'squared weights',
      },
      accuracy: accuracyOf(logits, y),
    };
  }

  override get name(): string {
    return `softmax regression, ${this.classes} classes`;
  }

  /** `classifier`: x W + b. */
  protected override exported(): ExportedFunctions {
    const d = widthOf(this.inputShape);
    return {
      classifier: {
        documentation: `logits of the classes. x: [n, ${d}].`,
        inputs: { x: [d] },
        run: ({ x }) => ({ logits: this.layer.apply(x as tf.Tensor2D) }),
      },
    };
  }

  /** x W + b: [n, d] → [n, C]. */
  logits(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: logits`), this.compiledLogits);
  }

  /** The likeliest class of every row: [n, d] → int32 [n]. */
  classify(x: SampleInput): tf.Tensor1D {
    return tf.tidy(() => this.logits(x).argMax(1));
  }

  /** Share of the labelled samples that are classified correctly. */
  async accuracy(data: SampleInput): Promise<number> {
    return (await this.score(data))['accuracy']!;
  }
}

import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { Dense } from '../../networks/layers/layers';
import { stopGradient as sg } from '../../networks/gradients/stopGradient';
import { mapRows, widthOf } from '../../samples';
import type { SampleInput } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import type { ExportedFunctions } from '../../training/checkpoints/onnxFiles';
import type { TermWeight } from '../../training/loop/trainable';
import { denseFields } from '../commonConfig';
import type { CommonConfig } from '../commonConfig';
import type { Objective } from '../explanation';
import { TrainedModel } from '../trainedModel';

export interface SoftmaxRegressionConfig extends CommonConfig {
  /** C. */
  classes: number;
  /** The weight of ½‖W‖². Default 0. */
  weightDecay?: number;
}

const { input, seed, optimizer } = denseFields;

const schema = z.strictObject({
  input,
  seed,
  optimizer,
  classes: z.int().min(2),
  weightDecay: z.number().min(0).default(0),
});

type CheckedConfig = z.output<typeof schema>;

/**
 * Multinomial logistic regression, $p(y = c|x) \propto e^{x W_c + b_c}$, as a linear probe (Alain and Bengio 2016)
 * reads features. Training minimises $-\log p(y|x) + \tfrac{\gamma}2 \|W\|^2$, which is convex: `crossEntropy` in nats,
 * mean over the batch, `decay` = ½‖W‖², and `accuracy`, reported alone.
 */
export class SoftmaxRegression extends TrainedModel<CheckedConfig> {
  readonly kind = 'SoftmaxRegression';
  readonly name: string;
  override readonly classes: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly termWeights: { decay: TermWeight; accuracy: TermWeight };
  readonly support = null;
  protected readonly termUnit = 'nats';
  private readonly layer: Dense;
  private readonly compiledLogits = this.compiledRows((x) => this.layer.apply(x) as tf.Tensor2D);

  constructor(config: SoftmaxRegressionConfig) {
    super(checkedConfig('SoftmaxRegression', schema, config));
    const { classes, weightDecay, seed } = this.config;
    this.classes = classes;
    this.name = `softmax regression, ${classes} classes`;
    const sizes = { in: widthOf(this.config.input), out: classes };
    this.layer = new Dense({ ...sizes, name: 'logits', activation: 'linear', seed });
    this.parameters = this.layer.parameters;
    this.termWeights = {
      decay: { symbol: 'γ', schedule: weightDecay },
      accuracy: { symbol: '', schedule: 0 },
    };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<SoftmaxRegression> {
    return loadCheckpoint(path, 'SoftmaxRegression', (config) => {
      return new SoftmaxRegression(config as SoftmaxRegressionConfig);
    });
  }

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
    const y = tensors['y'] as tf.Tensor1D;
    const logits = this.layer.apply(tensors['x'] as tf.Tensor2D);
    const ofClass = logits.mul(tf.oneHot(y, this.classes).cast('float32')).sum(1);
    return {
      crossEntropy: logits.logSumExp(1).sub(ofClass).mean(),
      decay: this.parameters['logits.kernel']!.square().sum().mul(0.5),
      accuracy: sg(() => logits.argMax(1).equal(y).cast('float32').mean()),
    };
  }

  readonly objective: Objective = {
    formula: '-\\log p(y|x) + \\tfrac{\\gamma}2 \\|W\\|^2',
    terms: {
      crossEntropy: { formula: '-\\log p(y|x)', meaning: 'mean over the batch' },
      decay: { formula: '\\tfrac12 \\|W\\|^2', meaning: 'summed over all weights', unit: 'squared weights' },
      accuracy: { formula: 'P(\\arg\\max_c l_c = y)', meaning: 'reported, trains nothing', unit: 'share' },
    },
    source: 'Alain and Bengio 2016, Understanding intermediate layers using linear classifier probes',
  };

  override noise(): Record<string, never> {
    return {};
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

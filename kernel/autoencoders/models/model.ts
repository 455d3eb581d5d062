import * as tf from '@tensorflow/tfjs';
import { ADAM_DEFAULTS, trainingStep } from '../../engine/index';
import type { StepTerms, TrainingStep } from '../../engine/index';
import type { RandomStream } from '../random';
import { mapRows, shapeText, widthOf } from '../samples';
import type { Expected, SampleInput, SampleShape } from '../samples';
import { saveCheckpoint } from '../training/checkpoint';
import type { Checkpointed } from '../training/checkpoint';
import { evaluate } from '../training/evaluate';
import { fit } from '../training/fit';
import type { TrainingHistory } from '../training/history';
import type { FitOptions } from '../training/options';
import type { Support, TermWeight, Trainable, TrainingPosition } from '../training/trainable';
import type { CheckedCommonConfig } from './commonConfig';

/** What all models share: training, scoring, saving. What a model *is* stands in its own file. */
export abstract class Model<Config extends CheckedCommonConfig> implements Trainable, Checkpointed {
  /** The class, as checkpoints name it. */
  abstract readonly kind: string;
  /** For captions, for example `VAE, 2 latents`. */
  abstract readonly name: string;
  abstract readonly latentDimensions: number;
  abstract readonly termWeights: Readonly<Record<string, TermWeight>>;
  abstract readonly support: Support | null;
  /** What the gradient trains, by name. */
  abstract readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** What is trained in other ways, by name. */
  readonly state: Readonly<Record<string, tf.Variable>> = {};
  readonly position: TrainingPosition = { step: 0, epoch: 0, unfinished: null };
  private startedStep: TrainingStep | undefined;

  constructor(readonly config: Config) {}

  abstract noise(stream: RandomStream, count: number): Record<string, tf.Tensor>;

  abstract terms(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor>;

  /** Latents of every row: [n, d] → [n, latentDimensions]. */
  abstract encode(x: SampleInput): tf.Tensor2D;

  /** What latents stand for: [n, latentDimensions] → [n, d]. */
  abstract decode(z: tf.Tensor2D | number[][]): tf.Tensor2D;

  /** Unit of the terms without `per …`. */
  protected abstract readonly termUnit: string;

  get inputShape(): SampleShape {
    return this.config.input;
  }

  get seed(): number {
    return this.config.seed;
  }

  get unit(): string {
    return `${this.termUnit} per ${this.inputShape.kind === 'image' ? 'image' : 'sample'}`;
  }

  /** Trains the model; see {@link fit}. */
  fit(data: SampleInput, options: FitOptions): Promise<TrainingHistory> {
    return fit(this, data, options);
  }

  /** Every row encoded and decoded again: [n, d] → [n, d]. */
  reconstruct(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: reconstruct`), (rows) => this.decode(this.encode(rows)));
  }

  /**
   * Mean of every term of the loss over the data, in {@link unit}, and `total`, their sum at the present weights.
   *
   * @param options.seed of the noise; the model's own unless told
   */
  score(data: SampleInput, options: { seed?: number } = {}): Promise<Record<string, number>> {
    return evaluate(this, data, options.seed ?? this.seed, `${this.name}: score`);
  }

  /** Writes a checkpoint, a folder, at this path: weights, optimizer, configuration and how far training has come. */
  save(path: string): Promise<void> {
    return saveCheckpoint(this, path);
  }

  /** Frees the weights and the optimizer's state; the model cannot be used after. */
  dispose(): void {
    this.startedStep?.dispose();
    tf.dispose([...Object.values(this.parameters), ...Object.values(this.state)]);
  }

  /** The terms of a training step and what it sets beside the gradient. */
  protected stepTerms(tensors: Readonly<Record<string, tf.Tensor>>): StepTerms {
    return { losses: this.terms(tensors) };
  }

  get step(): TrainingStep {
    return (this.startedStep ??= trainingStep({
      trainable: this.parameters,
      state: this.state,
      terms: (tensors) => this.stepTerms(tensors),
      optimizer: ADAM_DEFAULTS,
    }));
  }

  expected(caller: string): Expected {
    const width = widthOf(this.inputShape);
    return { caller, width, description: `rows of ${width} values (${shapeText(this.inputShape)})` };
  }

  /** What `decode` takes. */
  protected expectedLatents(): Expected {
    const width = this.latentDimensions;
    return { caller: `${this.name}: decode`, width, description: `rows of ${width} latent values` };
  }
}

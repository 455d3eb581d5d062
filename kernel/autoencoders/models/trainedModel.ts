import * as tf from '@tensorflow/tfjs';
import { forward, trainingStep } from '../../engine/index';
import type { Forward, StepTerms, TrainingStep } from '../../engine/index';
import { ConfigurationError } from '../config';
import type { RandomStream } from '../random';
import { shapeText, toSamples, widthOf } from '../samples';
import type { Expected, SampleShape } from '../samples';
import { isStream } from '../training/batches/batches';
import type { TrainingData } from '../training/batches/batches';
import { checkRows } from '../data/checkData';
import { saveCheckpoint } from '../training/checkpoints/checkpoint';
import { saveOnnx } from '../training/checkpoints/onnxFiles';
import type { ExportedFunctions } from '../training/checkpoints/onnxFiles';
import type { Checkpointed } from '../training/checkpoints/checkpoint';
import { withAveragedWeights } from '../training/averagedWeights';
import { evaluate } from '../training/loop/evaluate';
import { fit } from '../training/loop/fit';
import type { TrainingHistory } from '../training/logs/history';
import type { FitOptions } from '../training/loop/options';
import type { Snapshot } from '../training/checkpoints/snapshot';
import type { Support, TermWeight, Trainable, TrainingPosition } from '../training/loop/trainable';
import type { CheckedCommonConfig } from './commonConfig';
import { Explanation } from './explanation';
import type { Objective } from './explanation';

export interface SaveOptions {
  /** Default `checkpoint`. */
  format?: 'checkpoint' | 'onnx';
}

/**
 * What everything that `fit` trains shares: training, scoring, saving, explaining. Autoencoders have latents beside it
 * ({@link Model}); priors over codes and classifiers do not.
 */
export abstract class TrainedModel<Config extends CheckedCommonConfig> implements Trainable, Checkpointed {
  /** The class, as checkpoints name it. */
  abstract readonly kind: string;
  /** For captions, for example `VAE, 2 latents`. */
  abstract readonly name: string;
  abstract readonly termWeights: Readonly<Record<string, TermWeight>>;
  abstract readonly support: Support | null;
  /** What training minimises, for {@link explain}. */
  abstract readonly objective: Objective;
  /** What the gradient trains, by name. */
  abstract readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** What is trained in other ways, by name. */
  readonly state: Readonly<Record<string, tf.Variable>> = {};
  /** Classes that the loss looks at: batches then hold `y`, int32 [n], beside `x`; null: data need no labels. */
  readonly classes: number | null = null;
  readonly position: TrainingPosition = { step: 0, epoch: 0, unfinished: null };
  best: Snapshot | null = null;
  private readonly compiledFunctions: Forward<Record<string, tf.Tensor>>[] = [];
  readonly evaluateTerms = this.compiled((tensors) => this.terms(tensors));
  private startedStep: TrainingStep | undefined;

  constructor(readonly config: Config) {}

  abstract noise(stream: RandomStream, count: number, step: number): Record<string, tf.Tensor>;

  inputs(stream: RandomStream, count: number, step = 0): ReturnType<this['noise']> {
    return this.noise(stream, count, step) as ReturnType<this['noise']>;
  }

  /** The named terms of the loss: scalars, means over the batch `x` [n, d]. */
  abstract terms(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor>;

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
  fit(data: TrainingData, options: FitOptions): Promise<TrainingHistory> {
    return fit(this, data, options);
  }

  /**
   * Mean of every term of the loss over the data, in {@link unit}, and `total`, their sum at the present weights.
   *
   * @param options.seed of the noise; the model's own unless told
   * @throws {DataError} when the data hold NaN or values that the likelihood is not defined for
   */
  async score(data: TrainingData, options: { seed?: number } = {}): Promise<Record<string, number>> {
    const caller = `${this.name}: score`;
    const checked = isStream(data) ? data : await toSamples(data, this.expected(caller), this.inputShape);
    if (!isStream(checked)) checkRows(checked, this);
    return evaluate(this, checked, options.seed ?? this.seed, caller);
  }

  /** Runs `use` while the weights are the averages that the optimizer keeps; see {@link withAveragedWeights}. */
  withAveragedWeights<T>(use: () => T): T {
    return withAveragedWeights(this, use);
  }

  /** The objective with its terms, their units and weights as they are now, and the effective β. */
  explain(): Explanation {
    return new Explanation(this);
  }

  /**
   * Writes a folder at this path: a checkpoint (weights, optimizer, configuration and how far training has come), or,
   * with the format `onnx`, the model's functions for other programs, a file each: docs/checkpoints.md lists them.
   *
   * @throws {CheckpointError} when something else lies at the path, or with the reason why it cannot be written
   * @throws {ConfigurationError} for a format that there is not, or that this class has not
   */
  async save(path: string, { format = 'checkpoint' }: SaveOptions = {}): Promise<void> {
    if (format === 'checkpoint') return saveCheckpoint(this, path);
    const functions = format === 'onnx' ? this.exported() : undefined;
    if (functions) return saveOnnx(this.name, functions, path);
    const found = `"format" is ${JSON.stringify(format)}`;
    const allowed =
      format === 'onnx' ? `a ${this.kind} is saved as "checkpoint" alone` : 'allowed: "checkpoint", "onnx"';
    throw new ConfigurationError(`${this.name}: save`, [`${found}, ${allowed}`]);
  }

  /** What `save` writes as ONNX; undefined for a class that has no such files. */
  protected exported(): ExportedFunctions | undefined {
    return undefined;
  }

  /** Frees the weights and the optimizer's state; the model cannot be used after. */
  dispose(): void {
    this.startedStep?.dispose();
    for (const { dispose } of this.compiledFunctions) dispose();
    tf.dispose([...Object.values(this.parameters), ...Object.values(this.state)]);
  }

  /** A pure function of tensors that the engine may compile. */
  protected compiled<R extends Record<string, tf.Tensor>>(f: (tensors: Readonly<Record<string, tf.Tensor>>) => R) {
    const compiled = forward(f);
    this.compiledFunctions.push(compiled);
    return compiled;
  }

  /** The same, from rows to rows. */
  protected compiledRows(f: (rows: tf.Tensor2D) => tf.Tensor2D): (rows: tf.Tensor2D) => tf.Tensor2D {
    const compiled = this.compiled(({ rows }) => ({ result: f(rows as tf.Tensor2D) }));
    return (rows) => compiled({ rows }).result;
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
      optimizer: this.config.optimizer,
    }));
  }

  expected(caller: string): Expected {
    const width = widthOf(this.inputShape);
    return { caller, width, description: `rows of ${width} values (${shapeText(this.inputShape)})` };
  }
}

import * as tf from '@tensorflow/tfjs';
import { forward, trainingStep } from '../../engine/index';
import type { Forward, StepTerms, TrainingStep } from '../../engine/index';
import type { RandomStream } from '../random';
import { mapRows, shapeText, widthOf } from '../samples';
import type { Expected, SampleInput, SampleShape } from '../samples';
import { saveCheckpoint } from '../training/checkpoint';
import type { Checkpointed } from '../training/checkpoint';
import { saveOnnx } from '../training/onnxFiles';
import { evaluate } from '../training/evaluate';
import { fit } from '../training/fit';
import type { TrainingHistory } from '../training/history';
import type { FitOptions } from '../training/options';
import type { Support, TermWeight, Trainable, TrainingPosition } from '../training/trainable';
import type { CheckedCommonConfig } from './commonConfig';

/** `VAE, 2 latents`. */
export function nameWithLatents(model: string, latents: number): string {
  return `${model}, ${latents} latent${latents === 1 ? '' : 's'}`;
}

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
  private readonly compiledFunctions: Forward<Record<string, tf.Tensor>>[] = [];
  readonly evaluateTerms = this.compiled((tensors) => this.terms(tensors));
  private readonly encoding = this.compiledRows((x) => this.encodeRows(x));
  private readonly decoding = this.compiledRows((z) => this.decodeRows(z));
  private startedStep: TrainingStep | undefined;

  constructor(readonly config: Config) {}

  abstract noise(stream: RandomStream, count: number): Record<string, tf.Tensor>;

  /** The named terms of the loss: scalars, means over the batch `x` [n, d]. */
  abstract terms(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor>;

  /** Latents: [n, d] → [n, latentDimensions]. */
  protected abstract encodeRows(x: tf.Tensor2D): tf.Tensor2D;

  /** What latents stand for: [n, latentDimensions] → [n, d]. */
  protected abstract decodeRows(z: tf.Tensor2D): tf.Tensor2D;

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

  /**
   * Latents of every row: [n, d] → [n, latentDimensions]. Of a variational model the means of the posterior, of a
   * quantised one the vectors of its codes, side by side.
   */
  encode(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: encode`), this.encoding);
  }

  /** What latents stand for: [n, latentDimensions] → [n, d]. Of a likelihood its mean. */
  decode(z: tf.Tensor2D | number[][]): tf.Tensor2D {
    return mapRows(z, this.expectedLatents(), this.decoding);
  }

  /** Every row encoded and decoded again: [n, d] → [n, d]. */
  reconstruct(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: reconstruct`), (rows) => this.decoding(this.encoding(rows)));
  }

  /**
   * Mean of every term of the loss over the data, in {@link unit}, and `total`, their sum at the present weights.
   *
   * @param options.seed of the noise; the model's own unless told
   */
  score(data: SampleInput, options: { seed?: number } = {}): Promise<Record<string, number>> {
    return evaluate(this, data, options.seed ?? this.seed, `${this.name}: score`);
  }

  /**
   * Writes a folder at this path: a checkpoint (weights, optimizer, configuration and how far training has come), or,
   * with the format `onnx`, the networks for other programs: `encoder.onnx`, `decoder.onnx` and `model.onnx`.
   *
   * @throws {CheckpointError} when something else lies at the path
   */
  save(path: string, { format = 'checkpoint' }: { format?: 'checkpoint' | 'onnx' } = {}): Promise<void> {
    switch (format) {
      case 'checkpoint':
        return saveCheckpoint(this, path);
      case 'onnx':
        return saveOnnx(this, path);
      default:
        return Promise.reject(
          new TypeError(`save: format is "checkpoint" or "onnx"; found ${JSON.stringify(format)}.`),
        );
    }
  }

  /** For {@link saveOnnx}. */
  encoderOutputs(x: tf.Tensor2D): Record<string, tf.Tensor> & { z: tf.Tensor } {
    return { z: this.encodeRows(x) };
  }

  /** For {@link saveOnnx}. */
  decoderOutputs(z: tf.Tensor2D): Record<string, tf.Tensor> & { xHat: tf.Tensor } {
    return { xHat: this.decodeRows(z) };
  }

  /** Frees the weights and the optimizer's state; the model cannot be used after. */
  dispose(): void {
    this.startedStep?.dispose();
    for (const { dispose } of this.compiledFunctions) dispose();
    tf.dispose([...Object.values(this.parameters), ...Object.values(this.state)]);
  }

  /** A pure function of tensors that the engine may compile. */
  private compiled<R extends Record<string, tf.Tensor>>(f: (tensors: Readonly<Record<string, tf.Tensor>>) => R) {
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

  /** What `decode` takes. */
  protected expectedLatents(): Expected {
    const width = this.latentDimensions;
    return { caller: `${this.name}: decode`, width, description: `rows of ${width} latent values` };
  }
}

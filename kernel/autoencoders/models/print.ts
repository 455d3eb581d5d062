import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { stepText, TraceRefusal } from '../../engine/index';
import { modelWith, takes } from '../arguments';
import { checkedConfig } from '../config';
import { randomStream } from '../random';
import { weightsAt } from '../training/loop/evaluate';
import type { Model } from './model';

export interface PrintOptions {
  /** Rows of a batch; shapes and counts in the program follow it. Default 128, as in `fit`. */
  batchSize?: number;
}

/** What a model says of its training step: every `Model` does. */
export type Printable = Pick<
  Model,
  'name' | 'seed' | 'classes' | 'position' | 'schedules' | 'termWeights' | 'inputs' | 'expected' | 'stepDefinition'
>;

const CALLER = 'engine.print';
const schema = z.strictObject({ batchSize: z.int().min(1).default(128) });

/**
 * Prints the training step of a model, trained or not, as the engine records it: one line per operation, forward and
 * backward, with the names, types and shapes of its values.
 *
 * ```
 * operations
 *   a:f32[128,400] = matMul x encoder.0.kernel
 *   b:f32[128,400] = add a encoder.0.bias
 * ```
 *
 * The inputs of the step come first, under headings: batch, noise, schedules, weights of the terms, parameters, state,
 * constants. Losses, gradients and new states come last. Operations have the names of tfjs's functions, with settings
 * in brackets; a setting that is missing is off. `//` gives the line of your own code; the gradients that tfjs makes
 * and the layers of the library have none. The optimizer's rule is not part of the step. Printing computes nothing.
 *
 * @throws TypeError if the argument is not a model
 * @throws {ConfigurationError} for unknown options
 * @throws an error with the reason and the line, if the step cannot be recorded
 */
export function print(model: Printable, options: PrintOptions = {}): void {
  console.log(printed(model, options));
}

/** The text that {@link print} prints. */
export function printed(model: Printable, options: PrintOptions = {}): string {
  takes(CALLER, ['model', model, modelWith('fit', 'terms')]);
  const { batchSize } = checkedConfig(CALLER, schema, options);
  const { step } = model.position;
  const schedules = new Set(Object.keys(model.schedules));
  const drawn = model.inputs(randomStream(model.seed, 'noise', step), batchSize, step);
  const noise = new Set(Object.keys(drawn).filter((name) => !schedules.has(name)));
  const x = tf.zeros([batchSize, model.expected(CALLER).width ?? 0]);
  const y: Record<string, tf.Tensor> = model.classes === null ? {} : { y: tf.zeros([batchSize], 'int32') };
  const tensors = { ...drawn, ...y, x };
  try {
    const inputs = { tensors, weights: weightsAt(model, step), learningRate: 0 };
    const text = stepText(model.stepDefinition, inputs, { noise, schedules });
    return `${model.name}: a training step of ${batchSize} ${batchSize === 1 ? 'row' : 'rows'}\n${text}`;
  } catch (error) {
    if (!(error instanceof TraceRefusal)) throw error;
    throw new Error(`${CALLER}: the training step of ${model.name} cannot be recorded: ${error.explanation}`, {
      cause: error,
    });
  } finally {
    tf.dispose(tensors);
  }
}

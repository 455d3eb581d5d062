/** Averages of a model's weights, which its optimizer keeps (`averageWeights`), in the place of the weights themselves. */
import * as tf from '@tensorflow/tfjs';
import type { Snapshotted } from './checkpoints/snapshot';

/** What averages are put into. */
export type Averaged = Pick<Snapshotted, 'parameters' | 'step'> & { readonly name: string };

const SLOT = '/average';

/** Models that have their averages for weights, and when that ends. */
const borrowed = new WeakMap<Averaged, Promise<void>>();

/**
 * Runs `use` while the model's weights are the averages that its optimizer keeps, and sets them back after; `use` may be
 * asynchronous, and a training under way waits for its end. What is saved within has the averages for weights. Parameters
 * that are frozen, and moving averages in the model's state, are as they are; before the first update nothing has been
 * averaged, and the weights are the trained ones.
 *
 * @returns what `use` returns
 * @throws Error when the optimizer keeps no averages, or the model has them for weights already
 */
export function withAveragedWeights<T>(model: Averaged, use: () => T): T {
  const averages = averagesOf(model);
  try {
    return usingFor(model, averages, use);
  } finally {
    tf.dispose(averages);
  }
}

/**
 * The averages by the names of the parameters; the caller disposes them.
 *
 * @throws Error when the optimizer keeps none
 */
export function averagesOf({ name, step }: Averaged): Record<string, tf.Tensor> {
  const { tensors, step: updates } = step.optimizerState();
  const averages: Record<string, tf.Tensor> = {};
  for (const [slot, tensor] of Object.entries(tensors)) {
    if (slot.endsWith(SLOT)) averages[slot.slice(0, -SLOT.length)] = tf.keep(tensor);
    else tensor.dispose();
  }
  if (Object.keys(averages).length === 0) {
    throw new Error(
      `${name} keeps no average of its weights: give it an optimizer that does, for example ` +
        "optimizer: { name: 'adam', averageWeights: { decay: 0.999 } }.",
    );
  }
  if (updates > 0) return averages;
  tf.dispose(averages);
  return {};
}

/** Runs `use` with these for weights; the averages may be disposed of once it has begun. */
export function usingFor<T>(model: Averaged, averages: Readonly<Record<string, tf.Tensor>>, use: () => T): T {
  if (borrowed.has(model)) {
    throw new Error(`${model.name} already runs on its averaged weights; wait until that has ended.`);
  }
  const variables = Object.keys(averages).map((name) => model.parameters[name]!);
  const trained = variables.map((variable) => tf.tidy(() => tf.keep(variable.clone())));
  let ended = () => {};
  borrowed.set(model, new Promise((resolve) => (ended = resolve)));
  const setBack = () => {
    variables.forEach((variable, i) => {
      if (!variable.isDisposed) variable.assign(trained[i]!);
    });
    tf.dispose(trained);
    borrowed.delete(model);
    ended();
  };
  let result: T;
  try {
    for (const [name, average] of Object.entries(averages)) model.parameters[name]!.assign(average);
    result = use();
  } catch (error) {
    setBack();
    throw error;
  }
  if (!(result instanceof Promise)) {
    setBack();
    return result;
  }
  return result.finally(setBack) as T;
}

/** Resolves once the model's weights are the trained ones. */
export async function trainedWeights(model: Averaged): Promise<void> {
  while (borrowed.has(model)) await borrowed.get(model);
}

/** @throws Error while the model has its averages for weights */
export function expectTrainedWeights(model: Averaged, verb: string): void {
  if (!borrowed.has(model)) return;
  throw new Error(`${model.name}: ${verb} within withAveragedWeights would train the averages; call it after.`);
}

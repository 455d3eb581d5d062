/**
 * Which pass a network is in. In a training step layers such as dropout and batch normalisation behave otherwise than
 * elsewhere: they take their random numbers from the step's inputs, and hand the step new moving averages.
 */
import * as tf from '@tensorflow/tfjs';

/** A training step under way. */
export interface TrainingPass {
  /** The step's inputs. */
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
  /** New values of moving averages, by the names of the state. */
  readonly updates: Record<string, tf.Tensor>;
}

let current: TrainingPass | null = null;

/** The training step under way; null if networks are only evaluated. */
export function currentPass(): TrainingPass | null {
  return current;
}

/** Runs `f` as the body of a training step. Nothing in it may wait: the pass ends with the call. */
export function inTrainingPass<T>(
  tensors: TrainingPass['tensors'],
  f: () => T,
): { result: T; updates: TrainingPass['updates'] } {
  const before = current;
  const pass: TrainingPass = { tensors, updates: {} };
  current = pass;
  try {
    return { result: f(), updates: pass.updates };
  } finally {
    current = before;
  }
}

/** Hands new values of a model's state, by name, to the training step under way; elsewhere nothing is computed. */
export function afterStep(values: () => Readonly<Record<string, tf.Tensor>>): void {
  if (!current) return;
  const { updates } = current;
  for (const [name, value] of Object.entries(values())) {
    updates[name]?.dispose();
    // The scope that it was computed in would free it before the step has it.
    updates[name] = tf.keep(value.clone());
  }
}

/** Runs `f` as everywhere else: dropout drops nothing, and normalisation takes its moving averages. */
export function outsideTrainingPass<T>(f: () => T): T {
  const before = current;
  current = null;
  try {
    return f();
  } finally {
    current = before;
  }
}

/** A model's weights with their optimizer's state and place in the training, on the host: a moment to go back to. */
import * as tf from '@tensorflow/tfjs';
import type { OptimizerName, TrainingStep } from '../../../engine/index';
import type { TrainingPosition } from '../loop/position';
import { SafetensorsError } from './safetensors';
import type { HostTensor } from './safetensors';

/** The parts of a model that a snapshot holds. */
export interface Snapshotted {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly state: Readonly<Record<string, tf.Variable>>;
  readonly position: TrainingPosition;
  readonly step: TrainingStep;
  /** The best epoch of a training with early stopping that is not finished. */
  best: Snapshot | null;
}

export interface Snapshot {
  position: TrainingPosition;
  optimizer: { name: OptimizerName; step: number };
  /** Parameters and state by their names, slots of the optimizer as `optimizer/<variable>/<slot>`. */
  tensors: Record<string, HostTensor>;
}

/** A snapshot of this very moment, taken in one go so that a training under way cannot change half of it. */
export async function takeSnapshot({ parameters, state, position, step }: Snapshotted): Promise<Snapshot> {
  const { tensors, ...optimizer } = step.optimizerState();
  const taken = { ...clones(parameters), ...clones(state), ...prefixed(tensors) };
  const snapshot = { position: structuredClone(position), optimizer };
  return { ...snapshot, tensors: await toHost(taken) };
}

/**
 * Sets weights, moving averages, optimizer and position to what they were.
 *
 * @throws {SafetensorsError} when the snapshot is not one of such a model, which then stays unchanged
 */
export function restoreSnapshot(model: Snapshotted, { position, optimizer, tensors }: Snapshot): void {
  const targets = { ...model.parameters, ...model.state };
  const present = model.step.optimizerState();
  try {
    if (optimizer.name !== present.name) {
      const found = `it holds the state of the optimizer ${optimizer.name}`;
      throw new SafetensorsError(`${found}, expected that of ${present.name}, which its configuration names`);
    }
    checkTensors({ ...targets, ...prefixed(present.tensors) }, tensors);
    tf.tidy(() => {
      const loaded = (name: string) => tf.tensor(tensors[name]!.values, tensors[name]!.shape);
      for (const [name, variable] of Object.entries(targets)) variable.assign(loaded(name));
      const slots = Object.keys(present.tensors).map((name) => [name, loaded(OPTIMIZER + name)]);
      model.step.restoreOptimizer({ ...optimizer, tensors: Object.fromEntries(slots) });
    });
  } finally {
    tf.dispose(present.tensors);
  }
  Object.assign(model.position, structuredClone(position));
}

function checkTensors(expected: Record<string, tf.Tensor>, found: Record<string, HostTensor>): void {
  for (const [name, { shape, dtype }] of Object.entries(expected)) {
    const tensor = found[name];
    if (!tensor) throw new SafetensorsError(`the weights lack ${name}, which this configuration has`);
    if (tensor.shape.join() !== shape.join()) {
      throw new SafetensorsError(`${name} has shape [${tensor.shape.join(', ')}], expected [${shape.join(', ')}]`);
    }
    const type = tensor.values instanceof Int32Array ? 'int32' : 'float32';
    if (type !== dtype) throw new SafetensorsError(`${name} is of type ${type}, expected ${dtype}`);
  }
  const unknown = Object.keys(found).find((name) => !(name in expected));
  if (unknown) throw new SafetensorsError(`the weights contain ${unknown}, which this configuration does not have`);
}

const OPTIMIZER = 'optimizer/';

function prefixed(tensors: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [OPTIMIZER + name, tensor]));
}

function clones(variables: Readonly<Record<string, tf.Variable>>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, variable.clone()]));
}

/** Reads the tensors back and frees them. */
async function toHost(tensors: Record<string, tf.Tensor>): Promise<Record<string, HostTensor>> {
  const host: Record<string, HostTensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    host[name] = { values: (await tensor.data<'float32' | 'int32'>()).slice(), shape: tensor.shape };
    tensor.dispose();
  }
  return host;
}

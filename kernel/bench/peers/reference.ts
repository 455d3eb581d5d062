/**
 * A few steps of the library's own training as a file, for programs that say they compute the same: weights before the
 * first step, batch and noise of each step, and the losses that came of them.
 */
import * as tf from '@tensorflow/tfjs';
import { encodeSafetensors } from '../../autoencoders/training/checkpoints/safetensors';
import type { HostTensor } from '../../autoencoders/training/checkpoints/safetensors';
import { stepInputs, trainingOf } from '../trainings';
import type { TrainingName } from '../workloads';

export interface Reference {
  /** Safetensors: `weights/<parameter>`, `state/<variable>`, and for step i `<i>/x` and `<i>/<draw>`. */
  file: Uint8Array;
  /** Total loss of each step. */
  losses: number[];
  /** How many numbers the gradient trains. */
  parameters: number;
}

/** @param steps on the device that has been chosen */
export async function referenceOf(workload: TrainingName, steps: number): Promise<Reference> {
  const training = await trainingOf(workload);
  const { model } = training;
  const tensors: Record<string, HostTensor> = {};
  const keep = async (prefix: string, all: Readonly<Record<string, tf.Tensor>>) => {
    for (const [name, tensor] of Object.entries(all)) {
      const values = Float32Array.from(await tensor.data());
      tensors[`${prefix}/${name}`] = { values, shape: tensor.shape };
    }
  };
  await keep('weights', model.parameters);
  await keep('state', model.state);
  const inputsAt = stepInputs(workload, training);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const inputs = inputsAt(step);
    await keep(String(step), inputs.tensors);
    const report = await model.step.run(inputs);
    losses.push(report.losses['total']!);
    tf.dispose(Object.values(inputs.tensors));
  }
  const parameters = Object.values(model.parameters).reduce((sum, { size }) => sum + size, 0);
  return { file: encodeSafetensors(tensors), losses, parameters };
}

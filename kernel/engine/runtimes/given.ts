/** What a traced step is given at each run. */
import type * as tf from '@tensorflow/tfjs';
import type { StepInputs } from '../step';
import { viewOf } from './residence';
import type { Elements } from '../trace/program';

/** What a program depends on: shapes and types of the batch, and the names of weighted terms. */
export function signatureOf({ tensors, weights }: StepInputs): string {
  const types = Object.entries(tensors).map(([name, { dtype, shape }]) => `${name}:${dtype}[${shape.join()}]`);
  return [...types, ...Object.keys(weights)].join(' ');
}

/** The inputs by the names that a traced step gives them. */
export async function elementsGiven({ tensors, weights }: StepInputs): Promise<Record<string, Elements>> {
  const given: Record<string, Elements> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    given[`tensor/${name}`] = await elementsGivenBy(tensor);
  }
  for (const [term, weight] of Object.entries(weights)) given[`weight/${term}`] = Float32Array.of(weight);
  return given;
}

/** The tensor's elements where they lie, else a copy of them. */
export async function elementsGivenBy(tensor: tf.Tensor): Promise<Elements> {
  return viewOf(tensor) ?? ((await tensor.data()) as Elements);
}

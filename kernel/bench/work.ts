/** The workloads as a user of the library runs them. */
import * as tf from '@tensorflow/tfjs';
import { fashionMnist } from '../autoencoders/index';
import type { Dataset, VAE } from '../autoencoders/index';
import { denseVae, stepInputs, trainingOf } from './trainings';
import type { TrainingName, WorkloadName } from './workloads';

/** Does one or more steps, or an inference, to their end, and tells how many. */
export type Pass = () => Promise<number> | number;

/** A step of the workload's training, or its inference, on Fashion-MNIST's 10,000 test images. */
export async function modelPass(workload: WorkloadName): Promise<Pass> {
  if (workload !== 'd') return trainingPass(workload);
  const data = await fashionMnist();
  return inferencePass(denseVae(data), data);
}

/**
 * The next step, or the next few where the runtime takes several at once, with batches and noise made as `fit` does.
 *
 * @throws when the runtime of a traced rung runs the step eagerly
 */
async function trainingPass(workload: TrainingName): Promise<Pass> {
  const training = await trainingOf(workload);
  const { step } = training.model;
  const inputsAt = stepInputs(workload, training);
  let done = 0;
  return async () => {
    const count = step.series?.length ?? 1;
    const inputs = Array.from({ length: count }, (_, i) => inputsAt(done + i));
    await (count > 1 ? step.series!.run(inputs) : step.run(inputs[0]!));
    tf.dispose(inputs.map(({ tensors }) => tensors));
    done += count;
    if (step.eagerBecause !== undefined) throw new Error(`not traced: the step ${step.eagerBecause}`);
    return count;
  };
}

/** All images encoded, and the latents read back. */
function inferencePass(model: VAE, data: Dataset): Pass {
  return async () => {
    const latents = model.encode(data);
    await latents.data();
    latents.dispose();
    return 1;
  };
}

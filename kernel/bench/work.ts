/** The workloads as a user of the library runs them. */
import * as tf from '@tensorflow/tfjs';
import { ConvolutionalVAE, ConvolutionalVQVAE, fashionMnist, randomStream, VAE } from '../autoencoders/index';
import type { Dataset } from '../autoencoders/index';
import { weightsAt } from '../autoencoders/training/loop/evaluate';
import type { Trainable } from '../autoencoders/training/loop/trainable';
import { RowTable, tensorOfRows, type StepInputs } from '../engine/index';
import { BATCH } from './workloads';
import type { WorkloadName } from './workloads';

const SEED = 0;

/** Does one or more steps, or an inference, to their end, and tells how many. */
export type Pass = () => Promise<number> | number;

/** A step of the workload's training, or its inference, on Fashion-MNIST's 10,000 test images. */
export async function modelPass(workload: WorkloadName): Promise<Pass> {
  const data = await fashionMnist();
  const image = { input: data.shape, seed: SEED };
  const vae = () => new VAE({ ...image, hidden: [400], latent: 20 });
  switch (workload) {
    case 'a':
      return trainingPass(vae(), data, 1e-3);
    case 'b':
      return trainingPass(new ConvolutionalVAE({ ...image, binarize: 0.5 }), data, 1e-4);
    case 'c':
      return trainingPass(new ConvolutionalVQVAE(image), data, 3e-4);
    case 'd':
      return inferencePass(vae(), data);
  }
}

/**
 * The next step, or the next few where the runtime takes several at once, with batches and noise made as `fit` does.
 *
 * @throws when the runtime of a traced rung runs the step eagerly
 */
function trainingPass(model: Trainable, data: Dataset, learningRate: number): Pass {
  const order = randomStream(SEED, 'shuffle').permutation(data.length);
  const table = new RowTable(data.values, data.width);
  const batches = Math.floor(data.length / BATCH);
  const inputsAt = (step: number): StepInputs => {
    const start = (step % batches) * BATCH;
    const noise = model.inputs(randomStream(SEED, 'noise', step), BATCH, step);
    const tensors = { ...noise, x: tensorOfRows(table, order.subarray(start, start + BATCH)) };
    return { tensors, weights: weightsAt(model, step), learningRate };
  };
  let done = 0;
  return async () => {
    const { step } = model;
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

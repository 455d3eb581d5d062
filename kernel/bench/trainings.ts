/** The models of the workloads that train, as a user of the library writes them. */
import type * as tf from '@tensorflow/tfjs';
import {
  ConvolutionalVAE,
  ConvolutionalVQVAE,
  fashionMnist,
  PixelSNAIL,
  randomStream,
  TDVAE,
  VAE,
} from '../autoencoders/index';
import type { Dataset } from '../autoencoders/index';
import { weightsAt } from '../autoencoders/training/loop/evaluate';
import type { Trainable } from '../autoencoders/training/loop/trainable';
import { RowTable, tensorOfRows } from '../engine/index';
import type { StepInputs } from '../engine/index';
import { codeMaps, colourImages, movingImages } from './samples';
import { BATCHES, CODES, COLOUR, FRAMES } from './workloads';
import type { TrainingName } from './workloads';

export const SEED = 0;

export interface Training {
  model: Trainable & Record<'parameters' | 'state', Readonly<Record<string, tf.Variable>>>;
  data: Dataset;
  learningRate: number;
}

export async function trainingOf(workload: TrainingName): Promise<Training> {
  switch (workload) {
    case 'a': {
      const data = await fashionMnist();
      return { data, model: denseVae(data), learningRate: 1e-3 };
    }
    case 'b': {
      const data = await fashionMnist();
      return { data, model: new ConvolutionalVAE({ ...of(data), binarize: 0.5 }), learningRate: 1e-4 };
    }
    case 'c': {
      const data = await fashionMnist();
      return { data, model: new ConvolutionalVQVAE(of(data)), learningRate: 3e-4 };
    }
    case 'e': {
      const data = await colourImages();
      const { channels, latent } = COLOUR;
      return { data, model: new ConvolutionalVAE({ ...of(data), channels, latent }), learningRate: 1e-4 };
    }
    case 'f': {
      const { size, codebookSize } = CODES;
      const model = new PixelSNAIL({ height: size, width: size, codebookSize, seed: SEED });
      return { data: codeMaps(SEED), model, learningRate: 3e-4 };
    }
    case 'g': {
      const data = await movingImages();
      return { data, model: new TDVAE({ ...of(data), frames: FRAMES }), learningRate: 5e-4 };
    }
  }
}

/** The VAE of workloads a and d. */
export function denseVae(data: Dataset): VAE {
  return new VAE({ ...of(data), hidden: [400], latent: 20 });
}

/** Batches and noise of each step as `fit` makes them: the caller disposes the tensors. */
export function stepInputs(
  workload: TrainingName,
  { model, data, learningRate }: Training,
): (at: number) => StepInputs {
  const size = BATCHES[workload];
  const order = randomStream(SEED, 'shuffle').permutation(data.length);
  const table = new RowTable(data.values, data.width);
  const batches = Math.floor(data.length / size);
  return (step) => {
    const start = (step % batches) * size;
    const noise = model.inputs(randomStream(SEED, 'noise', step), size, step);
    const tensors = { ...noise, x: tensorOfRows(table, order.subarray(start, start + size)) };
    return { tensors, weights: weightsAt(model, step), learningRate };
  };
}

function of(data: Dataset) {
  return { input: data.shape, seed: SEED };
}

import type * as tf from '@tensorflow/tfjs';
import { callable, object, takes, tensor } from '../arguments';
import { Dataset } from '../data/dataset';
import { SoftmaxRegression } from '../models/classifiers/softmaxRegression';
import type { SampleInput, Samples } from '../samples';
import { DataError } from '../data/checkData';
import type { Scores } from '../training/loop/evaluate';

/** Anything that gives samples a row of numbers each, an autoencoder's `encode` for example. */
export type Representation = (x: SampleInput) => tf.Tensor2D;

/** Options of {@link linearProbe}. */
export interface LinearProbeOptions {
  /** Passes over the training features. Default 60. */
  epochs?: number;
  /** The weight of ½‖W‖². Default 1e-4. */
  weightDecay?: number;
  /** Default 0. */
  seed?: number;
}

/** How well a linear classifier tells the classes by the latents, and the classifier. */
export interface LinearProbeResult {
  /** Share of held-out samples that are classified correctly. */
  accuracy: number;
  /** The same share of the training samples. */
  trainAccuracy: number;
  /** −log p(y|z), the mean over held-out samples, in nats. */
  crossEntropy: number;
}

/**
 * How much of the classes can be read off a representation by a linear classifier (Alain and Bengio 2016): a softmax
 * regression on the features of `train`, standardised by their own means and deviations, scored on `heldOut`.
 *
 * @param represent [n, d] → [n, k]: `(x) => model.encode(x)`
 * @throws {DataError} when either set has no labels
 */
export async function linearProbe(
  represent: Representation,
  sets: { train: Samples; heldOut: Samples },
  options: LinearProbeOptions = {},
): Promise<LinearProbeResult> {
  takes(
    'linearProbe',
    ['represent', represent, callable],
    ['sets', sets, object('train', 'heldOut')],
    ['options', options, object()],
  );
  const { train, heldOut } = sets;
  const { epochs = 60, weightDecay = 1e-4, seed = 0 } = options;
  const fitted = (await featuresOf(represent, train, 'train')).standardized();
  const scored = (await featuresOf(represent, heldOut, 'heldOut')).standardized(fitted.standardization);
  const classes = 1 + [...fitted.labels!, ...scored.labels!].reduce((most, label) => Math.max(most, label), 1);
  const classifier = new SoftmaxRegression({ input: fitted.width, classes, weightDecay, seed });
  try {
    const learningRate = { schedule: 'linearWarmup', steps: epochs * Math.ceil(fitted.length / 128), from: 0.02, to: 0 } as const; // prettier-ignore
    await classifier.fit(fitted, { epochs, batchSize: 128, learningRate });
    const { accuracy, crossEntropy } = (await classifier.score(scored)) as Scores &
      Record<'accuracy' | 'crossEntropy', number>;
    return { accuracy, crossEntropy, trainAccuracy: await classifier.accuracy(fitted) };
  } finally {
    classifier.dispose();
  }
}

async function featuresOf(represent: Representation, samples: Samples, which: string): Promise<Dataset> {
  const { labels } = samples;
  if (!labels) throw new DataError(`linearProbe: ${samples.name || which} has no labels; a probe needs them`);
  const features = represent(samples);
  takes('linearProbe', ['result of represent', features, tensor(2)]);
  const values = Float32Array.from(await features.data());
  const names = Array.from({ length: features.shape[1] }, (_, i) => `z${i + 1}`);
  features.dispose();
  return new Dataset({
    name: `features of ${samples.name}`,
    values,
    shape: { kind: 'vector', features: names },
    labels,
  });
}

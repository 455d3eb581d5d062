/** Anomaly detection: scores that are high for what a model has not learned, and a threshold from held-out data. */
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { modelWith, object, sampleInput, takes } from '../arguments';
import { trainingStep } from '../../engine/index';
import { checkedConfig } from '../config';
import { DiagonalGaussian } from '../distributions/index';
import { estimateEvidenceLowerBound } from '../estimators/likelihood';
import { reconstructionErrors } from '../metrics/reconstruction';
import type { Reconstructor } from '../metrics/reconstruction';
import { newVariable } from '../networks/layers/layers';
import { randomStream } from '../random';
import { rowRanges, rowsOf } from '../samples';
import type { SampleInput } from '../samples';
import type { PosteriorModel } from './posteriorModel';

/**
 * `reconstruction`: ‖x − x̂‖². `elbo`: minus the evidence lower bound, in nats, by draws from q(z|x). `likelihoodRegret`:
 * how much the bound gains when a diagonal Gaussian q(z|x) is fitted to this sample alone, in nats, with the prior
 * N(0, I) (Xiao, Yan and Amit 2020).
 */
export type AnomalyScore = 'reconstruction' | 'elbo' | 'likelihoodRegret';

/** Options of {@link anomalyScores}. */
export interface AnomalyScoreOptions {
  /** The score. Default `reconstruction`. */
  score?: AnomalyScore;
  /** L, draws of z for the bound. Default 16. */
  draws?: number;
  /** Steps of Adam for each sample, for the regret. Default 100. */
  steps?: number;
  /** The learning rate of these steps. Default 0.05. */
  learningRate?: number;
  seed?: number;
}

const schema = z.strictObject({
  score: z.enum(['reconstruction', 'elbo', 'likelihoodRegret']).default('reconstruction'),
  draws: z.int().min(1).default(16),
  steps: z.int().min(1).default(100),
  learningRate: z.number().positive().default(0.05),
  seed: z.int().optional(),
});

/**
 * A score for each sample, the higher the less it is like what the model was trained on: [n].
 *
 * @throws TypeError for the bound of a model without a posterior, or with one that needs classes
 */
export async function anomalyScores(
  model: Reconstructor | PosteriorModel,
  data: SampleInput,
  options: AnomalyScoreOptions = {},
): Promise<Float32Array> {
  takes('anomalyScores', ['model', model, modelWith()], ['data', data, sampleInput], ['options', options, object()]);
  const { score, ...bound } = checkedConfig('anomalyScores', schema, options);
  if (score === 'reconstruction') {
    if ('reconstruct' in model) return reconstructionErrors(model, data);
    throw new TypeError('anomalyScores: this model makes no reconstructions; use the score "elbo".');
  }
  if (!('posterior' in model)) {
    throw new TypeError(`anomalyScores: ${score} needs a model with a posterior q(z|x); use "reconstruction".`);
  }
  if ('classes' in model && model.classes !== null) {
    const advice = 'take its logLikelihood(data, { draws: 1 }).perSample, or "reconstruction"';
    throw new TypeError(
      `anomalyScores: ${score} needs a model without classes, and ${model.name} has classes; ${advice}.`,
    );
  }
  if (score === 'elbo') {
    const { draws, seed = model.seed } = bound;
    const { perSample } = await estimateEvidenceLowerBound(model, data, { draws, seed });
    return Float32Array.from(perSample, (elbo) => -elbo);
  }
  const scores: number[] = [];
  for (const [start, end] of rowRanges(data, model.expected('anomalyScores'))) {
    const x = tf.tidy(() => rowsOf(data, start, end).clone());
    const options = { ...bound, seed: bound.seed ?? model.seed, chunk: start };
    scores.push(...(await likelihoodRegrets(model, x, options)));
    x.dispose();
  }
  return Float32Array.from(scores);
}

interface BoundOptions {
  draws: number;
  steps: number;
  learningRate: number;
  seed: number;
  chunk: number;
}

/**
 * max_q ELBO(x; q) − ELBO(x; q(z|x)), with q a diagonal Gaussian that starts as the encoder's and the decoder as it is;
 * the draws ε are the same throughout, so that the gain is never by chance.
 */
async function likelihoodRegrets(model: PosteriorModel, x: tf.Tensor2D, options: BoundOptions): Promise<Float32Array> {
  const epsilon = draws(model, x.shape[0], options);
  const start = model.posterior(x);
  const shape = start.mu.shape;
  const mu = newVariable((await start.mu.data()) as Float32Array, shape) as tf.Variable<tf.Rank.R2>;
  const logVar = newVariable((await start.logVar.data()) as Float32Array, shape);
  start.dispose();
  const q = new DiagonalGaussian(mu, logVar);
  const bounds = () => tf.tidy(() => boundOf(model, x, q, epsilon));
  const before = bounds();
  const step = trainingStep({
    trainable: { mu, logVar },
    state: {},
    // A sum: each row's q is trained by its own bound.
    terms: (tensors) => {
      const bound = boundOf(model, tensors['x'] as tf.Tensor2D, q, tensors['epsilon'] as tf.Tensor2D);
      return { losses: { negativeBound: bound.sum().neg() } };
    },
    optimizer: { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  });
  try {
    for (let i = 0; i < options.steps; i++) {
      await step.run({ tensors: { x, epsilon }, weights: {}, learningRate: options.learningRate });
    }
    const after = bounds();
    // A step that went too far leaves a sample where it was.
    const regrets = tf.tidy(() => after.sub(before).relu());
    const values = (await regrets.data()) as Float32Array;
    tf.dispose([after, regrets]);
    return values;
  } finally {
    step.dispose();
    tf.dispose([before, epsilon, mu, logVar]);
  }
}

/** Draws of ε for the bound: [L·n, k], draw by draw. */
function draws(
  { latentDimensions: k }: PosteriorModel,
  n: number,
  { draws: L, seed, chunk }: BoundOptions,
): tf.Tensor2D {
  return tf.tensor2d(randomStream(seed, 'anomaly', chunk).normals(L * n * k), [L * n, k]);
}

/** The evidence lower bound of each row, its divergence in closed form: [n]. */
function boundOf(model: PosteriorModel, x: tf.Tensor2D, q: DiagonalGaussian, epsilon: tf.Tensor2D): tf.Tensor1D {
  const n = x.shape[0];
  const L = epsilon.shape[0] / n;
  const repeated = new DiagonalGaussian(q.mu.tile([L, 1]), q.logVar.tile([L, 1]));
  const logLikelihood = model.likelihood(repeated.reparameterize(epsilon)).logProb(x.tile([L, 1]));
  return logLikelihood.reshape([L, n]).mean<tf.Tensor1D>(0).sub(q.kl());
}

/** Options of an {@link AnomalyDetector}. */
export interface DetectorOptions extends AnomalyScoreOptions {
  /** Share of held-out data that counts as normal. Default 0.95: one false alarm in twenty. */
  quantile?: number;
}

/** A model with the score above which a sample counts as an anomaly. */
export class AnomalyDetector {
  private constructor(
    private readonly model: Reconstructor | PosteriorModel,
    private readonly options: AnomalyScoreOptions,
    /** A score above it counts as an anomaly. */
    readonly threshold: number,
  ) {}

  /**
   * Takes the threshold from data that the model was not trained on and that hold no anomalies: on training data it would
   * be too low.
   *
   * @throws RangeError for a quantile that is not between 0 and 1
   */
  static async fit(
    model: Reconstructor | PosteriorModel,
    heldOut: SampleInput,
    given: DetectorOptions = {},
  ): Promise<AnomalyDetector> {
    takes('AnomalyDetector.fit', ['options', given, object()]);
    const { quantile = 0.95, ...options } = given;
    if (!(quantile > 0 && quantile < 1)) {
      throw new RangeError(`AnomalyDetector.fit: "quantile" is ${quantile}, allowed: between 0 and 1.`);
    }
    const scores = (await anomalyScores(model, heldOut, options)).sort();
    // The least score that this share of the data does not exceed.
    const threshold = scores[Math.min(scores.length - 1, Math.ceil(quantile * scores.length) - 1)]!;
    return new AnomalyDetector(model, options, threshold);
  }

  /** Scores of samples, and which of them are above the threshold. */
  async detect(data: SampleInput): Promise<{ scores: Float32Array; anomalous: boolean[] }> {
    const scores = await anomalyScores(this.model, data, this.options);
    return { scores, anomalous: Array.from(scores, (score) => score > this.threshold) };
  }
}

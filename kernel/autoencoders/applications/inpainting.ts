/** Missing values filled in from what a model knows. */
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { list, modelWith, object, sampleInput, takes } from '../arguments';
import { trainingStep } from '../../engine/index';
import { checkedConfig } from '../config';
import { DiagonalGaussian } from '../distributions/index';
import type { Likelihood } from '../distributions/index';
import { newVariable } from '../networks/layers/layers';
import { stopGradient as sg } from '../networks/gradients/stopGradient';
import { randomStream } from '../random';
import { rowsOf, rowRanges } from '../samples';
import type { SampleInput } from '../samples';
import type { PosteriorModel } from './posteriorModel';

/** Options of {@link inpaint}. */
export interface InpaintingOptions {
  /**
   * `refill` (default): z ~ q(z|x) and the missing part of x from the mean of p(x|z), in turn (Rezende, Mohamed and
   * Wierstra 2014, appendix F). `gradient`: the z that maximises log p(x_known|z) + log p(z), by gradient ascent.
   */
  method?: 'refill' | 'gradient';
  /** Sweeps of `refill`, or steps of Adam of `gradient`. Default 50 and 200. */
  steps?: number;
  /** The learning rate of `gradient`. Default 0.05. */
  learningRate?: number;
  seed?: number;
}

const schema = z.strictObject({
  method: z.enum(['refill', 'gradient']).default('refill'),
  steps: z.int().min(1).optional(),
  learningRate: z.number().positive().default(0.05),
  seed: z.int().optional(),
});

/**
 * x with its missing values filled in: [n, d]; known values stay as they are.
 *
 * @param x [n, d]; missing values may be anything, NaN too
 * @param known [n, d] or [d]: 1 or true if a value is known
 * @throws TypeError when the mask has another size
 */
export async function inpaint(
  model: PosteriorModel,
  x: SampleInput,
  known: ArrayLike<number | boolean>,
  options: InpaintingOptions = {},
): Promise<tf.Tensor2D> {
  takes(
    'inpaint',
    ['model', model, modelWith('posterior', 'likelihood')],
    ['x', x, sampleInput],
    ['known', known, list],
    ['options', options, object()],
  );
  const checked = checkedConfig('inpaint', schema, options);
  const { method, steps = method === 'refill' ? 50 : 200, learningRate, seed = model.seed } = checked;
  const ranges = rowRanges(x, model.expected('inpaint'));
  const n = ranges.at(-1)![1];
  const { width: d } = model.expected('inpaint');
  if (known.length !== d && known.length !== n * d) {
    throw new TypeError(`inpaint: the mask has ${known.length} entries; expected ${d}, or ${n} × ${d}.`);
  }
  const filled: tf.Tensor2D[] = [];
  for (const [start, end] of ranges) {
    const mask = tf.tensor2d(maskOf(known, start, end, d), [end - start, d]);
    // Half of the range, since NaN must not reach the encoder.
    const begun = tf.tidy(() => tf.where(mask.cast('bool'), rowsOf(x, start, end), tf.fill(mask.shape, 0.5)));
    const part = { begun, mask, steps, learningRate, seed, chunk: start };
    filled.push(method === 'refill' ? refilled(model, part) : await byGradient(model, part));
    tf.dispose([mask, begun]);
  }
  const result = tf.concat(filled, 0);
  tf.dispose(filled);
  return result;
}

interface Part {
  /** [n, d], the missing values at their start. */
  begun: tf.Tensor2D;
  /** [n, d], 1 where known. */
  mask: tf.Tensor2D;
  steps: number;
  learningRate: number;
  seed: number;
  chunk: number;
}

function refilled(model: PosteriorModel, { begun, mask, steps, seed, chunk }: Part): tf.Tensor2D {
  let x = begun.clone();
  const stream = randomStream(seed, 'inpaint', chunk);
  const [n, k] = [begun.shape[0], model.latentDimensions];
  for (let sweep = 0; sweep < steps; sweep++) {
    const last = sweep === steps - 1;
    const next = tf.tidy(() => {
      const q = model.posterior(x);
      // The last sweep shows what is expected, not one more draw.
      const z = last ? q.mu : q.reparameterize(tf.tensor2d(stream.normals(n * k), [n, k]));
      return merged(begun, mask, model.likelihood(z).mean());
    });
    x.dispose();
    x = next;
  }
  return x;
}

async function byGradient(model: PosteriorModel, part: Part): Promise<tf.Tensor2D> {
  const { begun, mask, steps, learningRate } = part;
  // A few sweeps bring z near where it ends.
  const near = refilled(model, { ...part, steps: Math.min(steps, 5) });
  const q = model.posterior(near);
  const z = newVariable((await q.mu.data()) as Float32Array, q.mu.shape) as tf.Variable<tf.Rank.R2>;
  q.dispose();
  near.dispose();
  const prior = new DiagonalGaussian(tf.zeros(z.shape as [number, number]), tf.zeros([]));
  const step = trainingStep({
    trainable: { z },
    state: {},
    terms: ({ x, known }) => {
      const logLikelihood = withoutScore(model.likelihood(z), x as tf.Tensor2D, known as tf.Tensor2D);
      return { losses: { reconstruction: logLikelihood.sum().neg(), prior: prior.logProb(z).sum().neg() } };
    },
    optimizer: { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  });
  try {
    for (let i = 0; i < steps; i++) {
      await step.run({ tensors: { x: begun, known: mask }, weights: {}, learningRate });
    }
    return tf.tidy(() => merged(begun, mask, model.likelihood(z).mean()));
  } finally {
    step.dispose();
    tf.dispose([z, prior.mu, prior.logVar]);
  }
}

/**
 * log p(x|z) of each row with its missing values at the mean of p(x|z), a constant for the gradient: there the score of
 * an exponential family by its natural parameter is zero, so that the missing values say nothing about z. A Gaussian's
 * variance has another score there, so for a missing value it is a constant.
 */
function withoutScore(p: Likelihood, x: tf.Tensor2D, known: tf.Tensor2D): tf.Tensor1D {
  const filled = merged(
    x,
    known,
    sg(() => p.mean()),
  );
  if (!(p instanceof DiagonalGaussian)) return p.logProb(filled);
  const constant = sg(() => p.logVar.clone());
  return new DiagonalGaussian(p.mu, merged(p.logVar, known, constant)).logProb(filled);
}

function merged(x: tf.Tensor, known: tf.Tensor2D, missing: tf.Tensor): tf.Tensor2D {
  return known.mul<tf.Tensor2D>(x).add(missing.mul(tf.sub(1, known)));
}

function maskOf(known: ArrayLike<number | boolean>, start: number, end: number, d: number): Float32Array {
  const offset = known.length === d ? 0 : start * d;
  return Float32Array.from({ length: (end - start) * d }, (_, i) =>
    known[offset + (known.length === d ? i % d : i)] ? 1 : 0,
  );
}

import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { callable, object, takes, tensor, whole } from '../arguments';
import { checkedConfig } from '../config';
import { frozen } from '../networks/gradients/frozen';
import { stopGradient } from '../networks/gradients/stopGradient';
import { ACTIVATIONS, INITIALIZERS } from '../networks/layers/layers';
import type { Activation, Initializer } from '../networks/layers/layers';
import { mlp } from '../networks/mlp';
import { drawn, permutations } from '../noise';
import type { RandomStream } from '../random';
import { scheduleSchema } from '../training/schedules/schedules';
import type { Schedule } from '../training/schedules/schedules';
import { divergence, reconstruction } from './bound';
import { defineBuiltObjective } from './objective';

/** Options of {@link densityRatio}. */
export interface DensityRatioOptions {
  /** β, weight of the KL divergence. Default 1. */
  beta?: Schedule;
  /** γ, weight of the total correlation. Default 10. */
  gamma?: Schedule;
  /** The discriminator: a multilayer perceptron on z. Default two rectified layers of 256. */
  discriminator?: { hidden?: readonly number[]; activation?: Activation; initializer?: Initializer };
}

export const densityRatioFields = {
  beta: scheduleSchema().default(1),
  gamma: scheduleSchema().default(10),
  discriminator: z
    .strictObject({
      hidden: z.array(z.int().min(1)).readonly().default([256, 256]),
      activation: z.enum(ACTIVATIONS).default('relu'),
      initializer: z.enum(INITIALIZERS).optional(),
    })
    .prefault({}),
};

const schema = z.strictObject(densityRatioFields);

/**
 * The objective of FactorVAE (Kim and Mnih 2018, Disentangling by factorising, equation 2 and algorithm 2):
 *
 * $$-\mathbb E_q[\log p(x|z)] + \beta\,\mathrm{KL}(q(z|x) \,\|\, p(z))
 *   + \gamma\,\mathrm{KL}(q(z) \,\|\, \textstyle\prod_j q(z_j))$$
 *
 * The last term, the total correlation, comes from a discriminator D that distinguishes draws of q(z) from draws of
 * $\prod_j q(z_j)$. At its optimum, its logit $l(z) = \log D(z) - \log(1 - D(z))$ gives $\mathrm{KL} = \mathbb
 * E_{q(z)}[l(z)]$ (density-ratio trick, equation 3). D minimises its own cross-entropy
 *
 * $$-\tfrac12\,\mathbb E_{q(z)}[\log D(z)] - \tfrac12\,\mathbb E_{\prod_j q(z_j)}[\log(1 - D(z))]$$
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | draws of $\prod_j q(z_j)$ | z by `permutation`: each column in a separate random order | [n, k] |
 * | $l(z)$ | `discriminator` | [n, 1] |
 *
 * Both players move in one step. The model sees D as a fixed function, and D sees z as a constant. Adam scales every
 * weight separately, so this is simultaneous gradient descent with two optimizers and one step size. The paper permutes
 * a second batch; LatentLab permutes the same one. The paper's D has six layers of 1000; the default here is smaller.
 */
export const densityRatio = defineBuiltObjective(
  'densityRatio',
  (given: DensityRatioOptions) => {
    const { beta, gamma, discriminator } = checkedConfig('densityRatio', schema, given);
    const { hidden, ...layers } = discriminator;
    return {
      source: 'Kim and Mnih 2018, Disentangling by factorising, equations 2 and 3, algorithm 2',
      noise: (n, k) => ({ permutation: permutations([n, k]) }),
      networks: {
        discriminator: { part: mlp(hidden, layers), from: (k) => [k], to: [1] },
      },
      terms(bound, { permutation }, networks) {
        const { z } = bound;
        const logit = networks['discriminator']!;
        return {
          reconstruction: reconstruction(bound),
          kl: divergence(bound, beta),
          totalCorrelation: {
            value: frozen(logit)(z).mean(),
            weight: { symbol: 'γ', schedule: gamma },
            formula: '\\mathbb E_{q(z)}[\\log D(z) - \\log(1 - D(z))]',
            meaning: "the total correlation as the discriminator's logit, mean over the batch; trains only the encoder",
          },
          discriminator: {
            value: densityRatioLoss(logit, z, permutation),
            formula: '-\\tfrac12\\mathbb E_{q(z)}[\\log D(z)] - \\tfrac12\\mathbb E_{\\prod_j q(z_j)}[\\log(1 - D(z))]',
            meaning:
              "the discriminator's cross-entropy, log 2 at chance, mean over both halves; trains only the discriminator",
          },
        };
      },
    };
  },
  schema,
);

/**
 * The cross-entropy of a discriminator between rows z and the same rows with permuted columns, a scalar in nats: half the
 * mean over either side, log 2 at chance. The gradient reaches the discriminator and not z.
 *
 * @param logit [n, k] → [n, 1]: log D − log(1 − D), where D is the probability of "not permuted"
 * @param permutation of {@link columnPermutations}
 */
export function densityRatioLoss(
  logit: (z: tf.Tensor2D) => tf.Tensor2D,
  z: tf.Tensor2D,
  permutation: tf.Tensor1D,
): tf.Tensor {
  takes('densityRatioLoss', ['logit', logit, callable], ['z', z, tensor(2)], ['permutation', permutation, tensor(1)]);
  const joint = stopGradient(() => z.clone());
  const permuted = stopGradient(() => tf.gather(z.flatten(), permutation).reshape<tf.Tensor2D>(z.shape));
  // −log σ(l) = softplus(−l) and −log(1 − σ(l)) = softplus(l)
  return logit(joint).neg().softplus().mean().add(logit(permuted).softplus().mean()).mul(0.5);
}

/** int32 [n·k]: where in a flat [n, k] matrix each entry of the matrix with its columns permuted comes from. */
export function columnPermutations(stream: RandomStream, n: number, k: number): tf.Tensor1D {
  takes('columnPermutations', ['stream', stream, object('permutation')], ['n', n, whole(1)], ['k', k, whole(1)]);
  return drawn({ permutation: permutations([n, k]) }, stream).permutation;
}

import { Matrix } from 'ml-matrix';
import LogisticRegression from 'ml-logistic-regression';
import { z } from 'zod';
import { callable, object, takes } from '../arguments';
import { checkedConfig } from '../config';
import { defaultSeed, randomStream } from '../random';
import type { RandomStream } from '../random';
import { codesOf, mean, variance } from '../data/factors';
import type { FactorSampler, RepresentationFunction } from '../data/factors';

/** Options of {@link betaVaeScore}. */
export interface BetaVaeScoreOptions {
  /** L, pairs that one point of the classifier averages over. Default 64. */
  pairs?: number;
  /** Points that the classifier is fitted to. Default 300. */
  points?: number;
  /** Points that it is scored on. Default 200. */
  testPoints?: number;
  seed?: number;
}

/** The result of {@link betaVaeScore}. */
export interface BetaVaeScore {
  /** Accuracy on points that the classifier was not fitted to, from chance (1 / factors) to 1. */
  score: number;
  /** The accuracy of guessing. */
  chance: number;
  trainingAccuracy: number;
}

const schema = z.strictObject({
  pairs: z.int().min(1).default(64),
  points: z.int().min(10).default(300),
  testPoints: z.int().min(10).default(200),
  seed: z.int().default(defaultSeed),
});

/**
 * The β-VAE score (Higgins et al. 2017, section 3): a linear classifier has to name the factor y that L pairs of samples
 * share, from the mean of |z₁ − z₂| over the pairs alone. Dimensions that code for y differ little.
 *
 * The classifier is logistic regression, one factor against the rest, on differences scaled to unit variance.
 */
export async function betaVaeScore(
  represent: RepresentationFunction,
  sampler: FactorSampler,
  options: BetaVaeScoreOptions = {},
): Promise<BetaVaeScore> {
  takes(
    'betaVaeScore',
    ['represent', represent, callable],
    ['sampler', sampler, object('factors', 'sampleFactors', 'render')],
    ['options', options, object()],
  );
  const { pairs, points, testPoints, seed } = checkedConfig('betaVaeScore', schema, options);
  const train = await differences(represent, sampler, randomStream(seed, 'β-VAE score'), points, pairs);
  const test = await differences(represent, sampler, randomStream(seed, 'β-VAE score, test'), testPoints, pairs);
  const scaled = scaling(train.rows);
  // Steps below 2 over the largest curvature, n/4 · the trace of the features' second moments, cannot diverge.
  const learningRate = 4 / (points * (train.rows[0]!.length + 1));
  const classifier = new LogisticRegression({ numSteps: 1000, learningRate });
  classifier.train(scaled(train.rows), Matrix.columnVector(train.fixed));
  const accuracy = ({ rows, fixed }: Points) =>
    mean(classifier.predict(scaled(rows)).map((factor, i) => Number(factor === fixed[i])));
  return { score: accuracy(test), chance: 1 / sampler.factors.length, trainingAccuracy: accuracy(train) };
}

interface Points {
  /** Mean of |z₁ − z₂|: [points][k]. */
  rows: number[][];
  /** The factor that was the same: [points]. */
  fixed: number[];
}

async function differences(
  represent: RepresentationFunction,
  sampler: FactorSampler,
  stream: RandomStream,
  points: number,
  pairs: number,
): Promise<Points> {
  const F = sampler.factors.length;
  const fixed = Array.from({ length: points }, (_, i) => i % F);
  const rows: number[][] = [];
  for (const factor of fixed) {
    // Pair i is rows 2i and 2i + 1.
    const indices = sampler.sampleFactors(stream, 2 * pairs);
    for (let i = 0; i < pairs; i++) indices[(2 * i + 1) * F + factor] = indices[2 * i * F + factor]!;
    const codes = await codesOf(represent, sampler, indices);
    const dimensions = Array.from(codes[0]!.keys());
    rows.push(dimensions.map((j) => mean(Array.from({ length: pairs }, (_, i) => distance(codes, i, j)))));
  }
  return { rows, fixed };
}

function distance(codes: readonly Float64Array[], pair: number, j: number): number {
  return Math.abs(codes[2 * pair]![j]! - codes[2 * pair + 1]![j]!);
}

/** Features of mean 0 and variance 1 over these rows, and a constant one for the intercept. */
function scaling(rows: readonly number[][]): (rows: readonly number[][]) => Matrix {
  const columns = rows[0]!.map((_, j) => rows.map((row) => row[j]!));
  const means = columns.map(mean);
  const deviations = columns.map((values) => Math.sqrt(variance(values)) || 1);
  return (given) => new Matrix(given.map((row) => [...row.map((value, j) => (value - means[j]!) / deviations[j]!), 1]));
}

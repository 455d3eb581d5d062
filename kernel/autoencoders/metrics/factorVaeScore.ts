import { z } from 'zod';
import { callable, object, takes } from '../arguments';
import { checkedConfig } from '../config';
import { defaultSeed, randomStream } from '../random';
import type { RandomStream } from '../random';
import { codesOf, column, labelledCodes, mean, variance } from '../data/factors';
import type { FactorSampler, RepresentationFunction } from '../data/factors';

/** Options of {@link factorVaeScore}. */
export interface FactorVaeScoreOptions {
  /** L, samples that share a factor in one vote. Default 64. */
  samplesOfVote?: number;
  /** Votes that the classifier counts. Default 400. */
  votes?: number;
  /** Votes that it is scored on. Default 200. */
  testVotes?: number;
  /** Samples that the variance of each dimension is taken over. Default 2000. */
  varianceSamples?: number;
  /** Dimensions of at most this variance have collapsed and have no part; the paper leaves out those below 0.05. Default 0. */
  collapsedVariance?: number;
  seed?: number;
}

/** The result of {@link factorVaeScore}. */
export interface FactorVaeScore {
  /** Accuracy on votes that were not counted, from chance (about 1 / factors) to 1. */
  score: number;
  trainingAccuracy: number;
  /** How often each dimension varied least while each factor was the same: [k][factors]. */
  votes: number[][];
}

const schema = z.strictObject({
  samplesOfVote: z.int().min(2).default(64),
  votes: z.int().min(1).default(400),
  testVotes: z.int().min(1).default(200),
  varianceSamples: z.int().min(2).default(2000),
  collapsedVariance: z.number().min(0).default(0),
  seed: z.int().default(defaultSeed),
});

interface Vote {
  /** The dimension that varied least. */
  dimension: number;
  /** The factor that was the same. */
  factor: number;
}

/**
 * The FactorVAE score (Kim and Mnih 2018, section 3): while one factor is fixed, the dimension with the smallest
 * variance, relative to its variance over all data, votes for that factor. Each dimension then predicts the factor that
 * it has most votes for. The score is the accuracy of this majority vote, and 0 if all dimensions have collapsed.
 */
export async function factorVaeScore(
  represent: RepresentationFunction,
  sampler: FactorSampler,
  options: FactorVaeScoreOptions = {},
): Promise<FactorVaeScore> {
  takes(
    'factorVaeScore',
    ['represent', represent, callable],
    ['sampler', sampler, object('factors', 'sampleFactors', 'render')],
    ['options', options, object()],
  );
  const checked = checkedConfig('factorVaeScore', schema, options);
  const stream = randomStream(checked.seed, 'FactorVAE score');
  const { codes } = await labelledCodes(represent, sampler, stream, checked.varianceSamples);
  const variances = Array.from(codes[0]!.keys(), (j) => variance(column(codes, j)));
  const alive = [...variances.keys()].filter((j) => variances[j]! > checked.collapsedVariance);
  const votes = variances.map(() => sampler.factors.map(() => 0));
  if (alive.length === 0) return { score: 0, trainingAccuracy: 0, votes };

  const voted = (count: number) => collect(represent, sampler, stream, count, checked.samplesOfVote, alive, variances);
  const counted = await voted(checked.votes);
  for (const { dimension, factor } of counted) votes[dimension]![factor]! += 1;
  const majority = votes.map((row) => row.indexOf(Math.max(...row)));
  const accuracy = (all: Vote[]) => mean(all.map(({ dimension, factor }) => Number(majority[dimension] === factor)));
  return { score: accuracy(await voted(checked.testVotes)), trainingAccuracy: accuracy(counted), votes };
}

async function collect(
  represent: RepresentationFunction,
  sampler: FactorSampler,
  stream: RandomStream,
  count: number,
  samples: number,
  alive: readonly number[],
  variances: readonly number[],
): Promise<Vote[]> {
  const F = sampler.factors.length;
  const votes: Vote[] = [];
  for (let i = 0; i < count; i++) {
    const factor = i % F;
    const indices = sampler.sampleFactors(stream, samples);
    for (let row = 1; row < samples; row++) indices[row * F + factor] = indices[factor]!;
    const codes = await codesOf(represent, sampler, indices);
    const relative = alive.map((j) => variance(column(codes, j)) / variances[j]!);
    votes.push({ dimension: alive[relative.indexOf(Math.min(...relative))]!, factor });
  }
  return votes;
}

import { z } from 'zod';
import { callable, object, takes } from '../arguments';
import { checkedConfig } from '../config';
import { defaultSeed, randomStream } from '../random';
import { byFactor, column, labelledCodes, lead, mean } from '../data/factors';
import type { FactorSampler, RepresentationFunction } from '../data/factors';
import { discreteEntropy, discreteMutualInformation, discretize } from './mutualInformation';

/** Options of {@link mutualInformationGap}. */
export interface MutualInformationGapOptions {
  /** The number of samples that are drawn. Default 10,000. */
  samples?: number;
  /** The number of bins of each latent dimension. Default 20. */
  bins?: number;
  seed?: number;
}

/** The result of {@link mutualInformationGap}. */
export interface MutualInformationGap {
  /** Mean of the gaps, between 0 and 1. */
  score: number;
  /** (first − second largest I(z_j; v)) / H(v) of each factor v. */
  gaps: Record<string, number>;
  /** I(z_j; v) in nats, [k][factors]. */
  mutualInformation: number[][];
}

const schema = z.strictObject({
  samples: z.int().min(2).default(10_000),
  bins: z.int().min(2).default(20),
  seed: z.int().default(defaultSeed),
});

/**
 * The mutual information gap (Chen et al. 2018, equation 6): 1 when one latent dimension alone determines each factor and
 * completely, 0 when two tell it equally well. Mutual information is counted over bins of equal width.
 */
export async function mutualInformationGap(
  represent: RepresentationFunction,
  sampler: FactorSampler,
  options: MutualInformationGapOptions = {},
): Promise<MutualInformationGap> {
  takes(
    'mutualInformationGap',
    ['represent', represent, callable],
    ['sampler', sampler, object('factors', 'sampleFactors', 'render')],
    ['options', options, object()],
  );
  const { samples, bins, seed } = checkedConfig('mutualInformationGap', schema, options);
  const { codes, factors } = await labelledCodes(
    represent,
    sampler,
    randomStream(seed, 'mutual information gap'),
    samples,
  );
  const mutualInformation = Array.from({ length: codes[0]!.length }, (_, j) => {
    const binned = discretize(column(codes, j), bins);
    return factors.map((values) => discreteMutualInformation(binned, values));
  });
  const gaps = factors.map((values, f) => {
    const entropy = discreteEntropy(values);
    return entropy > 0 ? lead(mutualInformation.map((row) => row[f]!)) / entropy : 0;
  });
  return { score: mean(gaps), gaps: byFactor(sampler.factors, gaps), mutualInformation };
}

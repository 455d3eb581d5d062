import { z } from 'zod';
import { callable, matrix, object, takes } from '../arguments';
import { checkedConfig } from '../config';
import { defaultSeed, randomStream } from '../random';
import { baggedTrees } from './baggedTrees';
import { byFactor, isOrdered, labelledCodes, mean, valuesOf, variance } from '../data/factors';
import type { Factor, FactorSampler, RepresentationFunction } from '../data/factors';

/** Options of {@link dciScore}. */
export interface DciScoreOptions {
  /** Samples that are drawn to fit the trees. Default 400. */
  samples?: number;
  /** Samples that are drawn to score the trees' predictions. Default 400. */
  testSamples?: number;
  /** Trees for each factor. Default 10. */
  trees?: number;
  /** The greatest depth of a tree. Default 10. */
  maxDepth?: number;
  seed?: number;
}

/** The result of {@link dciScore}. */
export interface DciScore {
  /** Whether each dimension matters to one factor alone: 0 to 1, dimensions weighed by how much they matter. */
  disentanglement: number;
  /** Whether each factor is predicted by one dimension alone: 0 to 1. */
  completeness: number;
  /** How well the factors are predicted, averaged over them: 1 for perfectly, 0 for no better than guessing. */
  informativeness: number;
  /** The same for each factor. */
  informativenessByFactor: Record<string, number>;
  /** R: how much each dimension matters to the prediction of each factor, columns summing to 1: [k][factors]. */
  importances: number[][];
}

const schema = z.strictObject({
  samples: z.int().min(10).default(400),
  testSamples: z.int().min(10).default(400),
  trees: z.int().min(1).default(10),
  maxDepth: z.int().min(1).default(10),
  seed: z.int().default(defaultSeed),
});

/**
 * Disentanglement, completeness, informativeness (Eastwood and Williams 2018, section 2).
 *
 * Each factor is predicted from the code by an ensemble of bagged trees; R_jv is the share of dimension j in the
 * prediction of factor v. Then D_j = 1 − H(R_j· / Σ_v R_jv), with logarithms to the base of the number of factors, and
 * C_v = 1 − H(R_·v), to the base of the number of dimensions. Informativeness is 1 − MSE/variance for factors with an
 * order, and the accuracy above guessing for factors without, on samples to which the trees were not fitted.
 */
export async function dciScore(
  represent: RepresentationFunction,
  sampler: FactorSampler,
  options: DciScoreOptions = {},
): Promise<DciScore> {
  takes(
    'dciScore',
    ['represent', represent, callable],
    ['sampler', sampler, object('factors', 'sampleFactors', 'render')],
    ['options', options, object()],
  );
  const { samples, testSamples, seed, trees, maxDepth } = checkedConfig('dciScore', schema, options);
  const train = await labelledCodes(represent, sampler, randomStream(seed, 'dci'), samples);
  const test = await labelledCodes(represent, sampler, randomStream(seed, 'dci, test'), testSamples);
  const fits = sampler.factors.map((factor, f) => {
    const kind = isOrdered(factor) ? 'regression' : 'classification';
    const stream = randomStream(seed, 'dci, bootstrap', f);
    const forest = baggedTrees(kind, train.codes, valuesOf(factor, train.factors[f]!), { trees, maxDepth, stream });
    return { ...forest, informativeness: informativeness(factor, forest.predict(test.codes), test.factors[f]!) };
  });
  const importances = Array.from(train.codes[0]!.keys(), (j) => fits.map((fit) => fit.importances[j]!));
  const scores = fits.map((fit) => fit.informativeness);
  return {
    ...disentanglementAndCompleteness(importances),
    informativeness: mean(scores),
    informativenessByFactor: byFactor(sampler.factors, scores),
    importances,
  };
}

/** D and C of a matrix of importances, [k][factors], none negative. */
export function disentanglementAndCompleteness(
  importances: readonly (readonly number[])[],
): Pick<DciScore, 'disentanglement' | 'completeness'> {
  takes('disentanglementAndCompleteness', ['importances', importances, matrix]);
  const columns = importances[0]!.map((_, f) => importances.map((row) => row[f]!));
  return { disentanglement: concentration(importances), completeness: concentration(columns) };
}

/** 1 − entropy of each row over its largest possible one, averaged with the rows' sums as weights. */
function concentration(rows: readonly (readonly number[])[]): number {
  const sums = rows.map((row) => row.reduce((sum, value) => sum + value, 0));
  const total = sums.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 0;
  const one = (row: readonly number[], sum: number) => {
    const shares = row.filter((value) => value > 0).map((value) => value / sum);
    const entropy = -shares.reduce((part, share) => part + share * Math.log(share), 0);
    return row.length > 1 ? 1 - entropy / Math.log(row.length) : 1;
  };
  return rows.reduce((score, row, i) => score + (sums[i]! > 0 ? (sums[i]! / total) * one(row, sums[i]!) : 0), 0);
}

function informativeness(factor: Factor, predicted: number[], indices: Int32Array): number {
  const actual = valuesOf(factor, indices);
  if (isOrdered(factor)) {
    const spread = variance(actual);
    return spread > 0 ? Math.max(0, 1 - mean(actual.map((value, i) => (value - predicted[i]!) ** 2)) / spread) : 0;
  }
  const chance = 1 / factor.values.length;
  const accuracy = mean(actual.map((value, i) => Number(value === predicted[i])));
  return chance < 1 ? Math.max(0, (accuracy - chance) / (1 - chance)) : 0;
}

import { DecisionTreeClassifier } from 'ml-cart';
import { z } from 'zod';
import { callable, object, takes } from '../arguments';
import { checkedConfig } from '../config';
import { defaultSeed, randomStream } from '../random';
import { byFactor, column, isOrdered, labelledCodes, lead, mean, valuesOf, variance } from '../data/factors';
import type { FactorSampler, LabelledCodes, RepresentationFunction } from '../data/factors';

/** Options of {@link sapScore}. */
export interface SapScoreOptions {
  /** Drawn for the fits. Default 1000. */
  samples?: number;
  /** Drawn to test the thresholds of factors without an order. Default 500. */
  testSamples?: number;
  seed?: number;
}

/** The result of {@link sapScore}. */
export interface SapScore {
  /** Mean over the factors of how far the best latent dimension is ahead of the second; 1 at most. */
  score: number;
  /** That lead, by factor. */
  gaps: Record<string, number>;
  /** How well each latent dimension alone predicts each factor: [k][factors]. */
  predictability: number[][];
}

const schema = z.strictObject({
  samples: z.int().min(10).default(1000),
  testSamples: z.int().min(10).default(500),
  seed: z.int().default(defaultSeed),
});

/**
 * Separated attribute predictability (Kumar, Sattigeri and Balakrishnan 2018, section 3). A factor with an order is
 * predicted by a line: R² = cov² / (var · var). One without is predicted by thresholds on the latent dimension, as many as
 * tell its values apart, with the balanced accuracy on samples that they were not fitted to: of C values a dimension that
 * knows nothing names 1/C, so that such a factor's lead is at most 1 − 1/C.
 */
export async function sapScore(
  represent: RepresentationFunction,
  sampler: FactorSampler,
  options: SapScoreOptions = {},
): Promise<SapScore> {
  takes(
    'sapScore',
    ['represent', represent, callable],
    ['sampler', sampler, object('factors', 'sampleFactors', 'render')],
    ['options', options, object()],
  );
  const { samples, testSamples, seed } = checkedConfig('sapScore', schema, options);
  const train = await labelledCodes(represent, sampler, randomStream(seed, 'sap'), samples);
  const test = await labelledCodes(represent, sampler, randomStream(seed, 'sap, test'), testSamples);
  const predictability = Array.from({ length: train.codes[0]!.length }, (_, j) =>
    sampler.factors.map((factor, f) => {
      if (isOrdered(factor)) return squaredCorrelation(column(train.codes, j), valuesOf(factor, train.factors[f]!));
      return thresholdAccuracy(train, test, j, f, factor.values.length);
    }),
  );
  const gaps = sampler.factors.map((_, f) => lead(predictability.map((row) => row[f]!)));
  return { score: mean(gaps), gaps: byFactor(sampler.factors, gaps), predictability };
}

/** 0 for a variable that does not vary. */
function squaredCorrelation(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const spread = variance(a) * variance(b);
  return spread > 0 ? mean(a.map((value, i) => (value - meanA) * (b[i]! - meanB))) ** 2 / spread : 0;
}

/** A tree on one column is a set of thresholds; one that halves its values twice as often as needed may place them freely. */
function thresholdAccuracy(train: LabelledCodes, test: LabelledCodes, j: number, f: number, classes: number): number {
  const rows = (codes: readonly Float64Array[]) => codes.map((code) => [code[j]!]);
  if (variance(column(train.codes, j)) === 0) return 1 / classes;
  const tree = new DecisionTreeClassifier({
    maxDepth: 2 * Math.ceil(Math.log2(Math.max(2, classes))),
    gainThreshold: 0,
  });
  tree.train(rows(train.codes), Array.from(train.factors[f]!));
  return balancedAccuracy(tree.predict(rows(test.codes)), test.factors[f]!, classes);
}

/** Mean over the classes that occur of the share that is recognised. */
function balancedAccuracy(predicted: readonly number[], actual: Int32Array, classes: number): number {
  const shares = Array.from({ length: classes }, (_, one) => {
    const members = [...actual.keys()].filter((i) => actual[i] === one);
    return members.length > 0 ? mean(members.map((i) => Number(predicted[i] === one))) : null;
  });
  return mean(shares.filter((share) => share !== null));
}

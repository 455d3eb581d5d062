/** Estimates of log p(x), each labelled as the bound that it is. All are in nats per sample unless stated otherwise. */
import { finite, modelWith, object, sampleInput, takes, whole } from '../arguments';
import { estimate } from '../comparison';
import { importanceWeights } from './importanceWeights';
import type { DrawOptions, ImportanceSampler } from './importanceWeights';
import { widthOfInput } from '../samples';
import type { SampleInput } from '../samples';

/** A lower bound of log p(x) in expectation over the draws, not log p(x) itself. */
export interface LikelihoodEstimate {
  /** With one draw the two are the same. */
  kind: 'evidence lower bound' | 'importance-weighted bound';
  /** L, draws of z for each sample. */
  draws: number;
  /** Mean over the samples. */
  mean: number;
  /**
   * The standard error of the mean, from how the samples differ; 0 for a single sample. It does not count the gap
   * between the bound and log p(x).
   */
  standardError: number;
  /** The estimate of every sample: [n]. */
  perSample: Float64Array;
  /** −mean / (d ln 2), for the values as the model sees them; see {@link bitsPerDimension} for 8-bit ones. */
  bitsPerDimension: number;
  /** Mean over the samples of (Σ w)² / Σ w²: near 1, one draw outweighs all others and the bound is loose. */
  effectiveDraws: number;
}

/**
 * log p(x) ≥ E log 1/L Σₗ p(x, zₗ)/q(zₗ|x) for zₗ ~ q(z|x), estimated once for each sample (Burda, Grosse and Salakhutdinov
 * 2015, equation 8). It does not fall with L, tends to log p(x), and with one draw is the evidence lower bound.
 */
export async function importanceWeightedBound(
  model: ImportanceSampler,
  data: SampleInput,
  options: DrawOptions,
): Promise<LikelihoodEstimate> {
  takes(
    'importanceWeightedBound',
    ['model', model, modelWith('posteriorRows', 'logWeights')],
    ['data', data, sampleInput],
    ['options', options, object('draws')],
  );
  const { logMeanWeight, effectiveDraws } = await importanceWeights(model, data, options);
  const kind = options.draws === 1 ? 'evidence lower bound' : 'importance-weighted bound';
  return likelihoodEstimate(kind, options.draws, logMeanWeight, effectiveDraws, widthOfInput(data));
}

/** log p(x) ≥ E log p(x, z)/q(z|x), by the mean over the draws z ~ q(z|x) for each sample. */
export async function estimateEvidenceLowerBound(
  model: ImportanceSampler,
  data: SampleInput,
  options: DrawOptions,
): Promise<LikelihoodEstimate> {
  takes(
    'estimateEvidenceLowerBound',
    ['model', model, modelWith('posteriorRows', 'logWeights')],
    ['data', data, sampleInput],
    ['options', options, object('draws')],
  );
  const { meanLogWeight, effectiveDraws } = await importanceWeights(model, data, options);
  return likelihoodEstimate('evidence lower bound', options.draws, meanLogWeight, effectiveDraws, widthOfInput(data));
}

function likelihoodEstimate(
  kind: LikelihoodEstimate['kind'],
  draws: number,
  perSample: Float64Array,
  effectiveDraws: Float64Array,
  width: number,
): LikelihoodEstimate {
  const one = { value: perSample[0]!, standardError: 0 };
  const { value: mean, standardError } = perSample.length === 1 ? one : estimate(perSample);
  const effective = effectiveDraws.reduce((sum, value) => sum + value, 0) / effectiveDraws.length;
  const bits = bitsPerDimension(-mean, width);
  return { kind, draws, mean, standardError, perSample, bitsPerDimension: bits, effectiveDraws: effective };
}

/**
 * A negative log-likelihood (nats per sample) as bits for each of d values: nats / (d ln 2).
 *
 * @param options.levels grey levels of data that were scaled to [0, 1] and have a density there: each level takes up
 * 1/levels of it, so that a value costs log₂ levels bits more, 8 for 256 levels. Default 1: a probability of discrete
 * values, or a density left as it is.
 */
export function bitsPerDimension(nats: number, d: number, options: { levels?: number } = {}): number {
  takes('bitsPerDimension', ['nats', nats, finite], ['d', d, whole(1)], ['options', options, object()]);
  const { levels = 1 } = options;
  if (!(Number.isInteger(d) && d >= 1)) throw new RangeError(`bitsPerDimension: d is a whole number ≥ 1; found ${d}.`);
  if (!(levels >= 1)) throw new RangeError(`bitsPerDimension: levels is at least 1; found ${levels}.`);
  return nats / (d * Math.LN2) + Math.log2(levels);
}

import type * as tf from '@tensorflow/tfjs';
import type { Conditioning } from '../conditioning/conditioning';
import { mapLabelledRows } from '../conditioning/labelledRows';
import type { Labelled } from '../conditioning/labelledRows';
import { checkRows } from '../data/checkData';
import type { DrawOptions, ImportanceSampler } from '../estimators/importanceWeights';
import { bitsPerDimension, importanceWeightedBound } from '../estimators/likelihood';
import type { LikelihoodEstimate } from '../estimators/likelihood';
import { toSamples, widthOfInput } from '../samples';
import type { SampleInput, SampleShape } from '../samples';
import type { Accepted } from '../support';

/**
 * The importance-weighted bound of log p(x); with classes that of log p(x|y), from rows that have y beside x.
 *
 * @param model of rows with their classes beside them, where it has some
 * @throws {DataError} as {@link checkRows}, TypeError when the classes are not told
 */
export async function labelledBound(
  model: ImportanceSampler & Accepted & { readonly inputShape: SampleShape },
  conditioning: Conditioning,
  data: SampleInput,
  { labels, ...options }: DrawOptions & Labelled,
): Promise<LikelihoodEstimate> {
  if (conditioning.classes === null) return importanceWeightedBound(model, data, options);
  const expected = model.expected(`${model.name}: logLikelihood`);
  checkRows(await toSamples(data, expected, model.inputShape), model);
  const xAndY = mapLabelledRows(conditioning, data, labels, expected, (rows) => rows.clone());
  const [, width] = xAndY.shape;
  const { name, seed, latentDimensions, missing = false } = model;
  const sampler = {
    ...{ name, seed, latentDimensions, missing },
    // x has been looked at; zeros and ones are no data.
    support: null,
    expected: (caller: string) => ({ caller, width, description: `rows of ${width} values, x and y side by side` }),
    posteriorRows: (rows: tf.Tensor2D) => model.posteriorRows(rows),
    logWeights: (tensors: Parameters<ImportanceSampler['logWeights']>[0]) => model.logWeights(tensors),
  };
  try {
    const found = await importanceWeightedBound(sampler, xAndY, options);
    return { ...found, bitsPerDimension: bitsPerDimension(-found.mean, widthOfInput(data)) };
  } finally {
    xAndY.dispose();
  }
}

import type * as tf from '@tensorflow/tfjs';
import { bitsPerDimension, importanceWeightedBound } from '../../estimators/likelihood';
import type { LikelihoodEstimate } from '../../estimators/likelihood';
import type { DrawOptions, ImportanceSampler } from '../../estimators/importanceWeights';
import { widthOfInput } from '../../samples';
import type { SampleInput } from '../../samples';

/**
 * The importance-weighted bound of log p(x); with classes that of log p(x|y), from rows that have y beside x.
 *
 * @param besideLabels puts the classes beside the rows; null for a model without classes
 */
export async function conditionalImportanceWeightedBound(
  model: ImportanceSampler,
  data: SampleInput,
  besideLabels: ((data: SampleInput) => tf.Tensor2D) | null,
  options: DrawOptions,
): Promise<LikelihoodEstimate> {
  if (!besideLabels) return importanceWeightedBound(model, data, options);
  const d = widthOfInput(data);
  const xAndY = besideLabels(data);
  const width = xAndY.shape[1];
  const description = `rows of ${width} values, x and y side by side`;
  const { name, seed, support, latentDimensions } = model;
  try {
    const found = await importanceWeightedBound(
      {
        ...{ name, seed, support, latentDimensions },
        expected: (caller) => ({ caller, width, description }),
        posteriorRows: (rows) => model.posteriorRows(rows),
        logWeights: (tensors) => model.logWeights(tensors),
      },
      xAndY,
      options,
    );
    return { ...found, bitsPerDimension: bitsPerDimension(-found.mean, d) };
  } finally {
    xAndY.dispose();
  }
}

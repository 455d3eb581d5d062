/** Calls of what models are composed of, and of what a training is given. */
import type * as tf from '@tensorflow/tfjs';
import { D, K, l, type Anything, type Call, type Values } from './exportValues';

class OwnModel extends l.Model {
  override terms({ x }: { x: tf.Tensor2D }) {
    return { loss: x.mean() };
  }
}

class OwnAutoencoder extends l.Autoencoder {
  override readonly latentDimensions = K;
  override terms({ x }: { x: tf.Tensor2D }) {
    return { loss: x.mean() };
  }
}

export function compositionCalls(v: Values, call: Anything, create: Anything): Record<string, () => Call> {
  const own = { apply: (x: tf.Tensor) => x };
  const terms = () => ({ terms: ({ kl }: Anything) => ({ kl: kl.mean() }) });
  return {
    mlp: call(l.mlp, [3], { activation: 'tanh' }),
    residual: call(l.residual, {}),
    featureMaps: call(l.featureMaps, { channels: [4] }),
    patchDiscriminator: call(l.patchDiscriminator, { channels: [2] }),
    convolutional: call(l.convolutional, { channels: [2] }),
    recurrent: call(l.recurrent, { units: 3 }),
    gridDecoder: call(l.gridDecoder, { channels: 4 }),
    gridEncoder: call(l.gridEncoder, { channels: 4 }),
    layersModel: call(l.layersModel, v.layers),
    loadLayersModel: call(l.loadLayersModel, '/nowhere/at all'),
    network: call(l.network, own),
    defineQuantizer: call(l.defineQuantizer, 'exportsQuantizer', () => ({
      codebookSize: 2,
      dimensions: 1,
      indices: (z: tf.Tensor2D) => z.greater(0).toInt(),
      lookup: (k: tf.Tensor2D) => k.toFloat(),
    })),
    defineNetwork: call(l.defineNetwork, 'exportsNetwork', () => own),
    definePosterior: call(l.definePosterior, 'exportsPosterior', () => ({
      width: (k: number) => 2 * k,
      of: (rows: tf.Tensor2D) => l.DiagonalGaussian.fromRows(rows),
    })),
    definePrior: call(l.definePrior, 'exportsPrior', () => ({ of: () => v.one })),
    defineLikelihood: call(l.defineLikelihood, 'exportsLikelihood', () => ({
      of: (rows: tf.Tensor2D) => new l.Bernoulli(rows),
    })),
    defineObjective: call(l.defineObjective, 'exportsObjective', terms),
    bottomUp: call(l.bottomUp, {}),
    topDown: call(l.topDown, { features: [3, 2] }),
    defineInference: call(l.defineInference, 'exportsInference', () => l.bottomUp().definition),
    sumOfPresent: call(l.sumOfPresent, v.z(), undefined),
    defineModel: call(l.defineModel, 'ExportsModel', () => ({ terms: ({ x }: Anything) => ({ loss: x.mean() }) })),
    Model: create(OwnModel, { input: D }),
    Autoencoder: create(OwnAutoencoder, { input: D }),
    bernoulli: call(l.bernoulli, {}),
    continuousBernoulli: call(l.continuousBernoulli, {}),
    gaussian: call(l.gaussian, { sigma: 1 }),
    laplace: call(l.laplace, { scale: 1 }),
    categorical: call(l.categorical, { levels: 4 }),
    logisticMixture: call(l.logisticMixture, { components: 2 }),
    standardNormal: call(l.standardNormal, {}),
    gaussianMixture: call(l.gaussianMixture, { components: 2 }),
    vampPrior: call(l.vampPrior, { components: 2 }),
    diagonalGaussian: call(l.diagonalGaussian, {}),
    fullGaussian: call(l.fullGaussian, {}),
    masking: call(l.masking, { rate: 0.1 }),
    gaussianNoise: call(l.gaussianNoise, { deviation: 0.1 }),
    saltAndPepper: call(l.saltAndPepper, { rate: 0.1 }),
    defineCorruption: call(l.defineCorruption, 'exportsCorruption', () => ({
      noise: () => ({}),
      apply: (x: tf.Tensor2D) => x,
    })),
    squaredError: call(l.squaredError, {}),
    crossEntropy: call(l.crossEntropy, {}),
    negativeLogLikelihood: call(l.negativeLogLikelihood, { likelihood: 'gaussian' }),
    defineLoss: call(l.defineLoss, 'exportsLoss', () => l.squaredError().definition),
    sparsity: call(l.sparsity, { beta: 2 }),
    contraction: call(l.contraction, { weight: 2 }),
    squaredCodes: call(l.squaredCodes, { weight: 2 }),
    decoderDecay: call(l.decoderDecay, { weight: 2 }),
    definePenalty: call(l.definePenalty, 'exportsPenalty', () => ({ terms: () => ({}) })),
    evidenceLowerBound: call(l.evidenceLowerBound, { beta: 2 }),
    importanceWeighted: call(l.importanceWeighted, { draws: 2 }),
    totalCorrelation: call(l.totalCorrelation, { beta: 2 }),
    densityRatio: call(l.densityRatio, { gamma: 2 }),
    maximumMeanDiscrepancy: call(l.maximumMeanDiscrepancy, { lambda: 2 }),
    normal: call(l.normal, [2, 3]),
    uniform: call(l.uniform, [2, 3]),
    integers: call(l.integers, [2, 3], 4),
    permutations: call(l.permutations, [2, 3]),
    draw: call(l.draw, [2], 'float32', () => new Float32Array(2)),
    augmentation: call(l.augmentation, 'mine', ({ values }: Anything) => values, {}),
    crop: call(l.crop, { pad: 1 }),
    flip: call(l.flip, {}),
    shift: call(l.shift, { pixels: 1 }),
    noise: call(l.noise, { sigma: 0.1 }),
    batches: call(l.batches, {
      shape: [D],
      batchesPerEpoch: 1,
      batchSize: 2,
      make: () => new Float32Array(2 * D),
    }),
  };
}

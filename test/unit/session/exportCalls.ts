/** A call of each public function, constructor and method that `latentlab` exports, with arguments that it takes. */
import * as tf from '@tensorflow/tfjs';
import { Matrix } from 'ml-matrix';
import * as latentlab from '../../../kernel/session/latentlab';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each is called with what it does not take
type Anything = any;

/** The function to call (bound, where it is a method) and its arguments. */
export type Call = [callee: (...args: Anything[]) => unknown, ...args: unknown[]];

const l = latentlab;
const N = 12;
const D = 4;
const K = 2;

const values = Float32Array.from({ length: N * D }, (_, i) => ((i * 7) % 11) / 11);
const rows = () => Array.from({ length: N }, (_, i) => Array.from(values.subarray(i * D, (i + 1) * D)));
const codes = () => [[0, 1, 1, 0], [1, 0, 1, 1]]; // prettier-ignore

/** Every field, as the models hand them over. */
const VECTORS = {
  codebookSize: 4,
  codeDimension: 2,
  commitment: 0.25,
  decay: 0.9,
  epsilon: 1e-5,
  reviveBelow: 0,
  learning: 'ema',
  estimator: 'straightThrough',
  initialization: 'normal',
  similarity: 'euclidean',
  projection: null,
  stages: 1,
  entropyWeight: 0,
  temperature: 1,
  seed: 1,
};

async function makeValues() {
  const data = l.Dataset.from(rows(), { labels: Array.from({ length: N }, (_, i) => i % 2), classNames: ['a', 'b'] });
  const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
  const pictures = new l.Dataset({ values: new Float32Array(N * 64).fill(0.5), shape: image, labels: data.labels });
  const small = { input: D, latent: K, hidden: [3], seed: 1 };
  const vae = new l.VAE(small);
  return {
    data,
    pictures,
    vae,
    image,
    small,
    autoencoder: new l.RegularizedAutoencoder(small),
    adversarial: new l.AdversarialAutoencoder(small),
    conditional: new l.ConditionalVAE({ ...small, classes: 2 }),
    denoising: new l.DenoisingAutoencoder(small),
    contractive: new l.ContractiveAutoencoder(small),
    ksparse: new l.KSparseAutoencoder({ input: D, units: 6, active: 2, seed: 1 } as Anything),
    hierarchical: new l.MHVAE({ input: D, latents: [3, 2], hidden: [3], seed: 1 } as Anything),
    vamp: new l.VampPriorVAE({ ...small, components: 3 }),
    vqvae: new l.VQVAE({ input: D, hidden: [3], positions: 2, codebookSize: 4, codeDimension: 2, seed: 1 } as Anything),
    vqvae2: new l.VQVAE2({
      input: image,
      channels: 4,
      residualChannels: 2,
      codebookSize: 4,
      codeDimension: 2,
      seed: 1,
    } as Anything),
    probe: new l.ProbeClassifier({ input: image, channels: [2], features: 2, classes: 2, seed: 1 } as Anything),
    softmax: new l.SoftmaxRegression({ input: D, classes: 2, seed: 1 } as Anything),
    tdvae: new l.TDVAE({
      input: 4 * D,
      frames: 4,
      hidden: [3],
      belief: 3,
      gates: 3,
      latent: 2,
      layers: 2,
      seed: 2,
    } as Anything),
    pixelCnn: new l.PixelCNN({
      height: 2,
      width: 2,
      codebookSize: 2,
      channels: 2,
      layers: 1,
      kernel: 3,
      firstKernel: 3,
      seed: 1,
    }),
    firstStage: new l.LatentDiffusionAutoencoder({
      input: image,
      latentChannels: 1,
      channels: [2, 2],
      blocks: 1,
      attention: false,
      probeChannels: null,
      discriminatorChannels: [2],
      seed: 1,
    } as Anything),
    vqFirstStage: new l.VQLatentDiffusionAutoencoder({
      input: image,
      latentChannels: 1,
      channels: [2, 2],
      blocks: 1,
      attention: false,
      probeChannels: null,
      discriminatorChannels: [2],
      codebookSize: 4,
      seed: 1,
    } as Anything),
    flow: new l.LatentFlow({ input: K, layers: 2, hidden: [3], seed: 1 } as Anything),
    pca: await l.PCA.fit(data, K),
    ppca: await l.ProbabilisticPCA.fit(data, K),
    kmeans: await l.KMeans.fit(data, { clusters: 2 }),
    mixture: new l.GaussianMixture({ weights: [0.5, 0.5], means: [[0], [1]], covariances: [[1], [1]] }),
    mixture4: new l.GaussianMixture({ weights: [1], means: [[0, 0, 0, 0]], covariances: [[1, 1, 1, 1]] }),
    mixture2: new l.GaussianMixture({ weights: [1], means: [[0, 0]], covariances: [[1, 1]] }),
    sprites: l.sprites({ size: 8, scales: 2, orientations: 2, columns: 2, rows: 2 }),
    gaussian: new l.DiagonalGaussian(tf.zeros([3, K]), tf.zeros([3, K])),
    one: new l.DiagonalGaussian(tf.zeros([1, K]), tf.zeros([1, K])),
    full: new l.FullGaussian(tf.zeros([3, K]), tf.zeros([3, K]), tf.zeros([3, K, K])),
    bernoulli: new l.Bernoulli(tf.zeros([3, K])),
    continuous: new l.ContinuousBernoulli(tf.zeros([3, K])),
    categorical: new l.Categorical(tf.zeros([3, K])),
    normal: l.MultivariateGaussian.standard(K),
    linear: { A: [[1, 0], [0, 1]], Q: [[1, 0], [0, 1]] }, // prettier-ignore
    linearGaussian: new l.LinearGaussianModel(new Matrix([[1], [0]]), [0, 0], 1),
    vector: new l.VectorQuantizer(VECTORS as Anything),
    ema: new l.EMACodebook({
      codebookSize: 4,
      codeDimension: 2,
      decay: 0.9,
      epsilon: 1e-5,
      reviveBelow: 0,
      seed: 1,
    } as Anything),
    scalar: new l.FiniteScalarQuantizer([3, 3]),
    lookupFree: new l.LookupFreeQuantizer({
      bits: 2,
      commitment: 0.25,
      entropyWeight: 0.1,
      temperature: 0.1,
    } as Anything),
    discriminator: new l.Discriminator({ name: 'd', sizes: [K, 3], activation: 'relu', seed: 1 } as Anything),
    patches: new l.PatchDiscriminator({ name: 'p', image, channels: [2], seed: 1 }),
    history: new (l.TrainingHistory as Anything)('A training', 'nats', 1, {
      step: 0,
      epoch: 0,
      epochs: 1,
    }) as latentlab.TrainingHistory,
    represent: (x: Anything) => vae.encode(tf.tensor2d(x.values, [x.length, x.width]).slice([0, 0], [x.length, D])),
    z: () => tf.zeros([3, K]) as tf.Tensor2D,
    stream: () => l.randomStream(1, 'test'),
    space: () => ({ initial: l.MultivariateGaussian.standard(K), transition: { A: [[1, 0], [0, 1]], Q: [[1, 0], [0, 1]] }, observation: { A: [[1, 0]], Q: [[1]] } }), // prettier-ignore
  };
}

export type Values = Awaited<ReturnType<typeof makeValues>>;
export const createValues = makeValues;

/** Name → call. `Class` is its constructor, `Class.f` a static function, `Class#f` a method where it is declared. */
export function callsOf(v: Values): Record<string, () => Call> {
  const method =
    (object: Anything, name: string, ...args: unknown[]) =>
    (): Call => [object[name].bind(object), ...args];
  const create =
    (Class: Anything, ...args: unknown[]) =>
    (): Call => [(...given) => new Class(...given), ...args];
  const call =
    (callee: Anything, ...args: unknown[]) =>
    (): Call => [callee, ...args];
  const path = '/nowhere/at all';
  const loads = Object.entries(l).filter(([, value]) => typeof value === 'function' && 'load' in value);
  const short = { samples: 10, testSamples: 10, votes: 2, testVotes: 2, varianceSamples: 4, samplesOfVote: 2, pairs: 2, points: 10, testPoints: 10, trees: 1 }; // prettier-ignore
  const some = (...names: (keyof typeof short)[]) => Object.fromEntries(names.map((name) => [name, short[name]]));
  const distribution = (name: string, object: Anything, other: unknown, x: unknown) => ({
    [`${name}#mean`]: method(object, 'mean'),
    [`${name}#mode`]: method(object, 'mode'),
    [`${name}#sample`]: method(object, 'sample', { seed: 1 }),
    [`${name}#logProb`]: method(object, 'logProb', x),
    [`${name}#kl`]: method(object, 'kl', other),
  });
  return {
    ...Object.fromEntries(loads.map(([name, Class]) => [`${name}.load`, method(Class, 'load', path)])),
    anomalyScores: call(l.anomalyScores, v.vae, v.data, {}),
    'AnomalyDetector.fit': method(l.AnomalyDetector, 'fit', v.vae, v.data, {}),
    inpaint: call(l.inpaint, v.vae, v.data, [1, 1, 0, 0], { steps: 1 }),
    interpolate: call(l.interpolate, v.vae, [0, 0], [1, 1], { steps: 2 }),
    lerp: call(l.lerp, [0, 0], [1, 1], 0.5),
    slerp: call(l.slerp, [0, 1], [1, 1], 0.5),
    traverse: call(l.traverse, v.vae, [0, 0], { steps: 2 }),
    swapLatents: call(l.swapLatents, v.vae, v.data, v.data, [0]),
    forwardFit: call(l.forwardFit, v.mixture),
    forwardDivergence: call(l.forwardDivergence, v.mixture, 0, 1),
    reverseDivergence: call(l.reverseDivergence, v.mixture, 0, 1),
    reverseFits: call(l.reverseFits, v.mixture, { starts: [0] }),
    GaussianMixture: create(l.GaussianMixture, { weights: [1], means: [[0]], covariances: [[1]] }),
    'GaussianMixture.fit': method(l.GaussianMixture, 'fit', v.data, { components: 2, iterations: 2 }),
    'GaussianMixture#logProb': method(v.mixture4, 'logProb', v.data),
    'GaussianMixture#logLikelihood': method(v.mixture4, 'logLikelihood', v.data),
    'GaussianMixture#responsibilities': method(v.mixture4, 'responsibilities', v.data),
    'GaussianMixture#maximize': method(
      v.mixture4,
      'maximize',
      v.data,
      Array.from({ length: N }, () => [1]),
      {},
    ),
    'GaussianMixture#evidenceLowerBound': method(v.mixture4, 'evidenceLowerBound', v.data, Array.from({ length: N }, () => [1])), // prettier-ignore
    'GaussianMixture#sample': method(v.mixture4, 'sample', 2, { seed: 1 }),
    'GaussianMixture#bic': method(v.mixture4, 'bic', v.data),
    'KMeans.fit': method(l.KMeans, 'fit', v.data, { clusters: 2 }),
    'KMeans#error': method(v.kmeans, 'error', v.data),
    'KMeans#assign': method(v.kmeans, 'assign', v.data),
    lloydStep: call(l.lloydStep, rows(), rows().slice(0, 2)),
    'PCA.fit': method(l.PCA, 'fit', v.data, 2),
    'PCA#encode': method(v.pca, 'encode', v.data),
    'PCA#decode': method(v.pca, 'decode', [[0, 0]]),
    'PCA#reconstruct': method(v.pca, 'reconstruct', v.data),
    'ProbabilisticPCA.fit': method(l.ProbabilisticPCA, 'fit', v.data, 2),
    'ProbabilisticPCA#logProb': method(v.ppca, 'logProb', v.data),
    'ProbabilisticPCA#logLikelihood': method(v.ppca, 'logLikelihood', v.data),
    'ProbabilisticPCA#posterior': method(v.ppca, 'posterior', v.data),
    'ProbabilisticPCA#encode': method(v.ppca, 'encode', v.data),
    'ProbabilisticPCA#decode': method(v.ppca, 'decode', [[0, 0]]),
    'ProbabilisticPCA#sample': method(v.ppca, 'sample', 2, { seed: 1 }),
    kalmanFilter: call(l.kalmanFilter, v.space(), [[1], [2]]),
    kalmanSmoother: call(l.kalmanSmoother, v.space(), [[1], [2]]),
    jumpTransition: call(l.jumpTransition, v.space(), 2),
    MultivariateGaussian: create(l.MultivariateGaussian, [0], [[1]]),
    'MultivariateGaussian.standard': method(l.MultivariateGaussian, 'standard', 2),
    'MultivariateGaussian#logDensity': method(v.normal, 'logDensity', [0, 0]),
    'MultivariateGaussian#draw': method(v.normal, 'draw', [0, 0]),
    'MultivariateGaussian#pushedThrough': method(v.normal, 'pushedThrough', v.linear),
    'MultivariateGaussian#given': method(v.normal, 'given', v.linear, [0, 0]),
    'MultivariateGaussian#gain': method(v.normal, 'gain', v.linear),
    'MultivariateGaussian#kl': method(v.normal, 'kl', v.normal),
    Dataset: create(l.Dataset, { values: new Float32Array(4), shape: { kind: 'vector', features: ['a', 'b'] } }),
    'Dataset.from': method(l.Dataset, 'from', rows(), {}),
    'Dataset#take': method(v.data, 'take', 2),
    'Dataset#slice': method(v.data, 'slice', 0, 2),
    'Dataset#select': method(v.data, 'select', [0, 1]),
    'Dataset#split': method(v.data, 'split', 2, { seed: 1 }),
    'Dataset#ofClass': method(v.data, 'ofClass', 'a'),
    'Dataset#tensor': method(v.data, 'tensor', [0]),
    'Dataset#firstNonFinite': method(v.data, 'firstNonFinite'),
    'Dataset#checked': method(v.data, 'checked'),
    'Dataset#standardized': method(v.data, 'standardized', {
      mean: new Float32Array(D),
      scale: new Float32Array(D).fill(1),
    }),
    fashionMnist: call(l.fashionMnist, { folder: path }),
    readIdx: call(l.readIdx, path),
    readIdxDataset: call(l.readIdxDataset, path, {}),
    readImageFolder: call(l.readImageFolder, path, {}),
    readCsv: call(l.readCsv, path, {}),
    parseCsv: call(l.parseCsv, 'a,b\n1,2\n3,4', {}),
    readJson: call(l.readJson, path, {}),
    parseJson: call(l.parseJson, '[[1, 2], [3, 4]]', {}),
    readNpy: call(l.readNpy, path, {}),
    loadData: call(l.loadData, path, {}),
    streamCsv: call(l.streamCsv, path, {}),
    streamIdx: call(l.streamIdx, path, {}),
    streamImageFolder: call(l.streamImageFolder, path, {}),
    streamNpy: call(l.streamNpy, path, {}),
    streamNpz: call(l.streamNpz, path, {}),
    streamParquet: call(l.streamParquet, path, {}),
    streamSafetensors: call(l.streamSafetensors, path, {}),
    streamWav: call(l.streamWav, path, {}),
    streamData: call(l.streamData, path, {}),
    collect: call(l.collect, v.sprites),
    movingDigits: call(l.movingDigits, { count: 2, frames: 2, size: 16 }),
    twoMoons: call(l.twoMoons, { count: 4 }),
    gaussianMixtureData: call(l.gaussianMixtureData, { count: 4 }),
    sprites: call(l.sprites, { size: 8 }),
    'Sprites#sampleFactors': method(v.sprites, 'sampleFactors', v.stream(), 2),
    'Sprites#render': method(v.sprites, 'render', new Int32Array(5)),
    'Sprites#factorsAt': method(v.sprites, 'factorsAt', 0),
    'Sprites#dataset': method(v.sprites, 'dataset', 2, { seed: 1 }),
    'Sprites#chunks': method(v.sprites, 'chunks'),
    klDecomposition: call(l.klDecomposition, v.gaussian, v.z(), { dataSize: 10, estimator: 'weighted' }),
    minibatchLogWeights: call(l.minibatchLogWeights, 3, 10, 'weighted'),
    maximumMeanDiscrepancy: call(l.maximumMeanDiscrepancy, v.z(), v.z(), {}),
    pairwiseLogProb: call(l.pairwiseLogProb, v.z(), v.gaussian),
    logUniformMixture: call(l.logUniformMixture, v.z(), v.gaussian),
    diagonalGaussian: call(l.diagonalGaussian, tf.zeros([3, 4])),
    productOfGaussians: call(l.productOfGaussians, v.gaussian, v.gaussian),
    Bernoulli: create(l.Bernoulli, v.z()),
    ContinuousBernoulli: create(l.ContinuousBernoulli, v.z()),
    Categorical: create(l.Categorical, v.z()),
    DiagonalGaussian: create(l.DiagonalGaussian, v.z(), v.z()),
    FullGaussian: create(l.FullGaussian, v.z(), v.z(), tf.zeros([3, K, K])),
    'FullGaussian.rowWidth': method(l.FullGaussian, 'rowWidth', 2),
    'FullGaussian.fromRows': method(l.FullGaussian, 'fromRows', tf.zeros([3, 5]), 2),
    ...distribution('Bernoulli', v.bernoulli, v.bernoulli, v.z()),
    ...distribution('ContinuousBernoulli', v.continuous, v.continuous, v.z()),
    ...distribution('DiagonalGaussian', v.gaussian, undefined, v.z()),
    ...distribution('FullGaussian', v.full, undefined, v.z()),
    ...Object.fromEntries(
      (['DiagonalGaussian', 'FullGaussian'] as const).flatMap((name) => {
        const object = name === 'FullGaussian' ? v.full : v.gaussian;
        return ['reparameterize', 'logProbOfNoise', 'klPerDimension'].map((verb) => [
          `${name}#${verb}`,
          method(object, verb, verb === 'klPerDimension' ? undefined : v.z()),
        ]);
      }),
    ),
    'FullGaussian#noiseOf': method(v.full, 'noiseOf', v.z()),
    'Categorical#probabilities': method(v.categorical, 'probabilities'),
    'Categorical#mode': method(v.categorical, 'mode'),
    'Categorical#sample': method(v.categorical, 'sample', { seed: 1 }),
    'Categorical#logProb': method(v.categorical, 'logProb', tf.tensor1d([0, 1, 1], 'int32')),
    'Categorical#entropy': method(v.categorical, 'entropy'),
    'Categorical#kl': method(v.categorical, 'kl', v.categorical),
    asEstimate: call(l.asEstimate, 1),
    compare: call(l.compare, 1, 1, {}),
    estimate: call(l.estimate, [1, 2, 3]),
    importanceWeights: call(l.importanceWeights, v.vae, v.data, { draws: 2 }),
    monteCarloDivergence: call(l.monteCarloDivergence, v.one, v.one, { draws: 4 }),
    scoreFunctionGradients: call(l.scoreFunctionGradients, (z: tf.Tensor1D) => z.square(), {
      mu: 0,
      sigma: 1,
      draws: 4,
    }),
    reparameterizedGradients: call(l.reparameterizedGradients, (z: tf.Tensor1D) => z.square(), {
      mu: 0,
      sigma: 1,
      draws: 4,
    }),
    LinearGaussianModel: create(l.LinearGaussianModel, new Matrix([[1], [0]]), [0, 0], 1),
    'LinearGaussianModel.of': method(
      l.LinearGaussianModel,
      'of',
      new l.VAE({ input: D, latent: K, hidden: [], likelihood: 'gaussian', sigma: 1 } as Anything),
    ),
    'LinearGaussianModel#logEvidence': method(v.linearGaussian, 'logEvidence', [0, 0]),
    'LinearGaussianModel#posterior': method(v.linearGaussian, 'posterior', [0, 0]),
    ...Object.fromEntries(
      ['expectedLogLikelihood', 'evidenceLowerBound', 'inferenceGap'].map((verb) => [
        `LinearGaussianModel#${verb}`,
        method(v.linearGaussian, verb, [0, 0], l.MultivariateGaussian.standard(1)),
      ]),
    ),
    betaVaeScore: call(l.betaVaeScore, v.represent, v.sprites, some('pairs', 'points', 'testPoints')),
    factorVaeScore: call(l.factorVaeScore, v.represent, v.sprites, some('votes', 'testVotes', 'varianceSamples', 'samplesOfVote')), // prettier-ignore
    dciScore: call(l.dciScore, v.represent, v.sprites, some('samples', 'testSamples', 'trees')),
    mutualInformationGap: call(l.mutualInformationGap, v.represent, v.sprites, some('samples')),
    sapScore: call(l.sapScore, v.represent, v.sprites, some('samples', 'testSamples')),
    disentanglementAndCompleteness: call(l.disentanglementAndCompleteness, [[1, 0], [0, 1]]), // prettier-ignore
    codebookUsage: call(l.codebookUsage, v.vqvae, v.data, 0),
    perplexity: call(l.perplexity, [1, 2]),
    uniformFactors: call(l.uniformFactors, v.sprites.factors, v.stream(), 2),
    gaussianFrechetDistance: call(
      l.gaussianFrechetDistance,
      { mean: [0], covariance: [[1]] },
      { mean: [0], covariance: [[1]] },
    ),
    frechetDistance: call(l.frechetDistance, rows(), rows()),
    probeFrechetDistance: call(l.probeFrechetDistance, v.probe, v.pictures, v.pictures),
    fittedGaussian: call(l.fittedGaussian, rows()),
    gradientEnergy: call(l.gradientEnergy, v.pictures, v.image),
    klParts: call(l.klParts, v.vae, v.data, { draws: 2 }),
    activeUnits: call(l.activeUnits, v.vae, v.data, 0.01),
    importanceWeightedBound: call(l.importanceWeightedBound, v.vae, v.data, { draws: 2 }),
    evidenceLowerBound: call(l.evidenceLowerBound, v.vae, v.data, { draws: 2 }),
    bitsPerDimension: call(l.bitsPerDimension, 1, 2, {}),
    linearProbe: call(l.linearProbe, (x: unknown) => v.vae.encode(x as Anything), { train: v.data, heldOut: v.data }, { epochs: 1 }), // prettier-ignore
    discretize: call(l.discretize, [1, 2, 3], 2),
    discreteEntropy: call(l.discreteEntropy, [1, 2, 2]),
    discreteMutualInformation: call(l.discreteMutualInformation, [1, 2, 2], [0, 1, 1]),
    gaussianMutualInformation: call(l.gaussianMutualInformation, 0.5),
    reconstructionErrors: call(l.reconstructionErrors, v.vae, v.data),
    meanReconstructionError: call(l.meanReconstructionError, v.vae, v.data),
    rocCurve: call(l.rocCurve, [1, 2, 3], [true, false, true]),
    codesDataset: call(l.codesDataset, codes(), {}),
    unigramEntropy: call(l.unigramEntropy, codes()),
    'LatentSampler.mixture': method(l.LatentSampler, 'mixture', v.vae, v.data, { components: 1 }),
    'LatentSampler.flow': method(l.LatentSampler, 'flow', v.vae, v.data, { epochs: 1 }, { layers: 2, hidden: [2] }),
    'LatentSampler.secondStage': method(
      l.LatentSampler,
      'secondStage',
      v.vae,
      new l.VAE({ input: K, latent: 1, hidden: [2] }),
    ),
    balancedAccuracy: call(l.balancedAccuracy, tf.ones([3]), tf.ones([3])),
    frozen: call(l.frozen, (x: tf.Tensor) => x),
    stopGradient: call(l.stopGradient, () => tf.ones([3])),
    Discriminator: create(l.Discriminator, { name: 'd', sizes: [K, 3], activation: 'relu', seed: 1 }),
    'Discriminator#logits': method(v.discriminator, 'logits', v.z()),
    PatchDiscriminator: create(l.PatchDiscriminator, { name: 'p', image: v.image, channels: [2], seed: 1 }),
    'PatchDiscriminator#logits': method(v.patches, 'logits', tf.zeros([2, 64])),
    bernoulliDivergence: call(l.bernoulliDivergence, 0.1, tf.tensor1d([0.2])),
    columnPermutations: call(l.columnPermutations, v.stream(), 3, 2),
    densityRatioLoss: call(l.densityRatioLoss, (z: tf.Tensor2D) => tf.concat([z, z], 1).slice([0, 0], [-1, 2]), v.z(), tf.tensor1d([0, 3, 4, 1, 2, 5], 'int32')), // prettier-ignore
    entropyLoss: call(l.entropyLoss, v.z(), v.z(), 1),
    rotationTrick: call(l.rotationTrick, tf.ones([3, 2]), tf.ones([3, 2])),
    straightThrough: call(l.straightThrough, v.z(), v.z()),
    EMACodebook: create(l.EMACodebook, {
      codebookSize: 4,
      codeDimension: 2,
      decay: 0.9,
      epsilon: 1e-5,
      reviveBelow: 0,
      seed: 1,
    }),
    FiniteScalarQuantizer: create(l.FiniteScalarQuantizer, [3, 3]),
    LookupFreeQuantizer: create(l.LookupFreeQuantizer, { bits: 2, commitment: 0.25, entropyWeight: 0.1, temperature: 0.1 }), // prettier-ignore
    VectorQuantizer: create(l.VectorQuantizer, VECTORS),
    ...Object.fromEntries(
      Object.entries({
        FiniteScalarQuantizer: v.scalar,
        LookupFreeQuantizer: v.lookupFree,
        VectorQuantizer: v.vector,
      }).flatMap(([name, quantizer]) => [
        [`${name}#quantize`, method(quantizer, 'quantize', v.z())],
        [`${name}#indices`, method(quantizer, 'indices', v.z())],
        [`${name}#lookup`, method(quantizer, 'lookup', tf.zeros([3, 1], 'int32'))],
        [`${name}#codes`, method(quantizer, 'codes')],
      ]),
    ),
    setDefaultSeed: call(l.setDefaultSeed, l.defaultSeed()),
    defaultSeed: call(l.defaultSeed),
    randomStream: call(l.randomStream, 1, 'test'),
    setting: call(l.setting, { full: 1, short: 1 }),
    codebookHealth: call(l.codebookHealth, [0, 1], 2),
    latentHealth: call(l.latentHealth, [0, 0], [0, 0], 2, [0, 0]),
    observeTraining: call(l.observeTraining, { started() {}, stepped() {}, ended() {} }),
    constant: call(l.constant, 1),
    cosineDecay: call(l.cosineDecay, 10, {}),
    cyclical: call(l.cyclical, 10, {}),
    exponentialDecay: call(l.exponentialDecay, 10, {}),
    linearWarmup: call(l.linearWarmup, 10, 0, 1),
    piecewise: call(l.piecewise, [[0, 1], [10, 2]]), // prettier-ignore
    scheduleEnd: call(l.scheduleEnd, l.linearWarmup(10)),
    scheduleValue: call(l.scheduleValue, l.linearWarmup(10), 1),
    sigmoidWarmup: call(l.sigmoidWarmup, 10, {}),
    stepDecay: call(l.stepDecay, 10, {}),
    check: call(l.check, 'a = b', 1, 1, {}),
    html: call(l.html, Object.assign(['a'], { raw: ['a'] }), 1),
    markdown: call(l.markdown, Object.assign(['a'], { raw: ['a'] }), 1),
    device: call(l.device),
    latentScatter: call(l.latentScatter, v.vae, v.data, {}),
    reconstructions: call(l.reconstructions, v.vae, v.data, {}),
    samples: call(l.samples, v.vae, {}),
    codebookHistogram: call(l.codebookHistogram, v.vqvae, v.data, {}),
    lossCurves: call(l.lossCurves, v.history),
    ...modelCalls(v, method, create),
  };
}

function modelCalls(v: Values, method: Anything, create: Anything): Record<string, () => Call> {
  const image = v.image;
  const stage = { input: image, latentChannels: 1, channels: [2, 2], blocks: 1, attention: false, probeChannels: null, discriminatorChannels: [2] }; // prettier-ignore
  const configurations: Record<string, object> = {
    Autoencoder: v.small,
    AdversarialAutoencoder: v.small,
    BetaTCVAE: { ...v.small, dataSize: 10 },
    ConditionalVAE: { ...v.small, classes: 2 },
    ContractiveAutoencoder: v.small,
    ConvolutionalVAE: { input: image, latent: 2, channels: [2] },
    ConvolutionalVQVAE: { input: image, channels: 2, residualChannels: 2, codebookSize: 4 },
    DenoisingAutoencoder: v.small,
    FactorVAE: v.small,
    GridVQVAE: { input: 4, grid: [4], channels: 2, residualChannels: 2, codebookSize: 4 },
    IWAE: v.small,
    InfoVAE: v.small,
    KSparseAutoencoder: { input: D, units: 6, active: 2 },
    LadderVAE: { input: D, latents: [3, 2], hidden: [3] },
    LatentDiffusionAutoencoder: stage,
    LatentFlow: { input: K, layers: 2, hidden: [3] },
    MHVAE: { input: D, latents: [3, 2], hidden: [3] },
    PixelCNN: { height: 2, width: 2, codebookSize: 2, channels: 2, layers: 1 },
    PixelSNAIL: { height: 2, width: 2, codebookSize: 2, channels: 2, layers: 1, heads: 1 },
    ProbeClassifier: { input: image, channels: [2], features: 2, classes: 2 },
    RegularizedAutoencoder: v.small,
    SoftmaxRegression: { input: D, classes: 2 },
    SparseAutoencoder: v.small,
    TDVAE: { input: 4 * D, frames: 4, hidden: [3], belief: 3, gates: 3, latent: 2, layers: 2 },
    VAE: v.small,
    VQLatentDiffusionAutoencoder: { ...stage, codebookSize: 4 },
    VQVAE: { input: D, hidden: [3], positions: 2, codebookSize: 4, codeDimension: 2 },
    VQVAE2: { input: image, channels: 4, residualChannels: 2, codebookSize: 4, codeDimension: 2 },
    VampPriorVAE: { ...v.small, components: 3 },
  };
  const pairs = Object.entries(configurations).map(([name, config]) => [name, create((l as Anything)[name], config)]);
  return {
    ...Object.fromEntries(pairs),
    'TrainedModel#fit': method(v.vae, 'fit', v.data, { epochs: 1 }),
    'TrainedModel#score': method(v.vae, 'score', v.data, {}),
    'TrainedModel#explain': method(v.vae, 'explain'),
    'TrainedModel#save': method(v.softmax, 'save', '/dev/null/nowhere'),
    'Model#encode': method(v.vae, 'encode', v.data),
    'Model#decode': method(v.vae, 'decode', [[0, 0]]),
    'Model#reconstruct': method(v.vae, 'reconstruct', v.data),
    'Model#save': method(v.vae, 'save', '/dev/null/nowhere', {}),
    'VariationalModel#posterior': method(v.vae, 'posterior', v.data),
    'VariationalModel#sample': method(v.vae, 'sample', 2, {}),
    'VariationalModel#score': method(v.vae, 'score', v.data, {}),
    'VariationalModel#logLikelihood': method(v.vae, 'logLikelihood', v.data, { draws: 2 }),
    'BetaTCVAE#score': method(new l.BetaTCVAE({ ...v.small, dataSize: 10 }), 'score', v.data, {}),
    'FactorVAE#score': method(new l.FactorVAE(v.small), 'score', v.data, {}),
    'InfoVAE#score': method(new l.InfoVAE(v.small), 'score', v.data, {}),
    'IWAE#score': method(new l.IWAE(v.small), 'score', v.data, {}),
    'AdversarialAutoencoder#sample': method(v.adversarial, 'sample', 2, {}),
    'AdversarialAutoencoder#drawPrior': method(v.adversarial, 'drawPrior', 2, {}),
    'AdversarialAutoencoder#discriminatorLogits': method(v.adversarial, 'discriminatorLogits', [[0, 0]]),
    'RegularizedAutoencoder#sample': method(v.autoencoder, 'sample', 2, { from: v.mixture2 }),
    'ConditionalVAE#posterior': method(v.conditional, 'posterior', v.data, {}),
    'ConditionalVAE#encode': method(v.conditional, 'encode', v.data, {}),
    'ConditionalVAE#decode': method(v.conditional, 'decode', [[0, 0]], { labels: 1 }),
    'ConditionalVAE#reconstruct': method(v.conditional, 'reconstruct', v.data, {}),
    'ConditionalVAE#sample': method(v.conditional, 'sample', 2, {}),
    'ConditionalVAE#logLikelihood': method(v.conditional, 'logLikelihood', v.data, { draws: 2 }),
    'ConditionalVAE#save': method(v.conditional, 'save', '/dev/null/nowhere', {}),
    'VariationalModel#drawLatents': method(v.vae, 'drawLatents', v.data, {}),
    'ConditionalVAE#drawLatents': method(v.conditional, 'drawLatents', v.data, {}),
    'LatentDiffusionAutoencoder#drawLatents': method(v.firstStage, 'drawLatents', v.pictures, {}),
    'ProbabilisticPCA#drawLatents': method(v.ppca, 'drawLatents', v.data, {}),
    'LatentSampler#sample': method(new l.LatentSampler(v.vae, v.mixture2, 'a test'), 'sample', 2, {}),
    'DenoisingAutoencoder#denoise': method(v.denoising, 'denoise', v.data),
    'DenoisingAutoencoder#corrupt': method(v.denoising, 'corrupt', v.data, {}),
    'HierarchicalVAE#encodeLevels': method(v.hierarchical, 'encodeLevels', v.data),
    'HierarchicalVAE#decodeFrom': method(v.hierarchical, 'decodeFrom', 1, tf.zeros([2, 3])),
    'HierarchicalVAE#sample': method(v.hierarchical, 'sample', 2, {}),
    'HierarchicalVAE#logLikelihood': method(v.hierarchical, 'logLikelihood', v.data, { draws: 2 }),
    'HierarchicalVAE#score': method(v.hierarchical, 'score', v.data, {}),
    'VampPriorVAE#startFrom': method(v.vamp, 'startFrom', v.data, {}),
    'VampPriorVAE#sample': method(v.vamp, 'sample', 2, {}),
    'VectorQuantizedModel#codes': method(v.vqvae, 'codes', v.data),
    'VectorQuantizedModel#decodeCodes': method(v.vqvae, 'decodeCodes', [[0, 1]]),
    'VQVAE2#codes': method(v.vqvae2, 'codes', v.pictures),
    'VQVAE2#decodeCodes': method(v.vqvae2, 'decodeCodes', v.vqvae2.codes(v.pictures)),
    'VQVAE2#coder': method(v.vqvae2, 'coder', 'top'),
    'FirstStage#latentMap': method(v.firstStage, 'latentMap', v.pictures),
    'FirstStage#scaleFactor': method(v.firstStage, 'scaleFactor', v.pictures),
    'FirstStage#patchLogits': method(v.firstStage, 'patchLogits', v.pictures),
    'FirstStage#sample': method(v.firstStage, 'sample', 2, {}),
    'LatentDiffusionAutoencoder#posterior': method(v.firstStage, 'posterior', v.pictures),
    'VQLatentDiffusionAutoencoder#codes': method(v.vqFirstStage, 'codes', v.pictures),
    'ProbeClassifier#features': method(v.probe, 'features', v.pictures),
    'ProbeClassifier#logits': method(v.probe, 'logits', v.pictures),
    'ProbeClassifier#classify': method(v.probe, 'classify', v.pictures),
    'ProbeClassifier#accuracy': method(v.probe, 'accuracy', v.pictures),
    'SoftmaxRegression#logits': method(v.softmax, 'logits', v.data),
    'SoftmaxRegression#classify': method(v.softmax, 'classify', v.data),
    'SoftmaxRegression#accuracy': method(v.softmax, 'accuracy', v.data),
    'TDVAE#beliefs': method(v.tdvae, 'beliefs', tf.zeros([2, 4 * D])),
    'TDVAE#rollout': method(v.tdvae, 'rollout', tf.zeros([2, 4 * D]), { from: 2, steps: 2 }),
    'TDVAE#sample': method(v.tdvae, 'sample', 2, {}),
    'LatentFlow#logProb': method(v.flow, 'logProb', [[0, 0]]),
    'LatentFlow#sample': method(v.flow, 'sample', 2, {}),
    'LatentFlow#inverse': method(v.flow, 'inverse', v.z()),
    'AutoregressivePrior#logLikelihood': method(v.pixelCnn, 'logLikelihood', codes()),
    'AutoregressivePrior#logits': method(v.pixelCnn, 'logits', codes()),
    'AutoregressivePrior#cachedLogits': method(v.pixelCnn, 'cachedLogits', codes()),
    'AutoregressivePrior#score': method(v.pixelCnn, 'score', codes(), {}),
    'AutoregressivePrior#sample': method(v.pixelCnn, 'sample', 2, {}),
  } as Record<string, () => Call>;
}

/** What V8 says when code trips over a value that it did not expect. */
const TRIPPED = new RegExp(
  [
    'is not a function|is not iterable|is not a constructor|is not defined|is not an object',
    'Cannot (read|set|convert|destructure|mix|access|use)|Invalid (array|typed|string|count)|undefined \\(reading',
    'Reduce of empty|offset is out of bounds|Maximum call stack|called on|Method .* called|object is not',
    'argument must be of type|must be called|Iterator value|non-iterable|Derived constructor|Class constructor',
  ].join('|'),
);

export function junk(v: Values): [string, unknown][] {
  const disposed = tf.zeros([3, 2]);
  disposed.dispose();
  const gone = new latentlab.VAE({ input: 4, latent: 2, hidden: [3] });
  gone.dispose();
  return [
    ['undefined', undefined],
    ['null', null],
    ['a number', 3],
    ['a fraction', 0.5],
    ['NaN', NaN],
    ['a negative number', -1],
    ['text', 'text'],
    ['a boolean', true],
    ['an empty array', []],
    ['rows of another width', [[0, 0, 0, 0, 0, 0, 0]]],
    ['ragged rows', [[0, 0], [0]]], // prettier-ignore
    ['rows of text', [['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd']]], // prettier-ignore
    ['rows with NaN', [[NaN, 0, 0, 0], [0, 0, 0, 0]]], // prettier-ignore
    ['an object', { unknown: 1 }],
    ['a function', () => 1],
    ['a scalar', tf.scalar(1)],
    ['a tensor of another width', tf.zeros([2, 7])],
    ['a tensor of rank 3', tf.zeros([2, 2, 2])],
    ['a tensor of integers', tf.zeros([3, 2], 'int32')],
    ['a tensor of no rows', tf.zeros([0, 2])],
    ['a disposed tensor', disposed],
    ['data of another width', latentlab.Dataset.from([[1, 2, 3], [4, 5, 6]])], // prettier-ignore
    ['another model', v.vqvae],
    ['a disposed model', gone],
    ['a bigint', 3n],
    ['a symbol', Symbol('s')],
  ];
}

/** Why an answer is none that a user can act on; undefined for one that is. */
export function complaint(error: unknown, name: string): string | undefined {
  if (!(error instanceof Error)) return `threw ${String(error)}, no error`;
  const text = `${error.name}: ${error.message}`;
  if (TRIPPED.test(error.message)) return text;
  const [frame = ''] = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  if (/node_modules/.test(frame)) return `${text} (from ${/node_modules\/([^/]+\/[^/]+)/.exec(frame)?.[1]})`;
  return error.message.length < 15 ? `${name} says only ${text}` : undefined;
}

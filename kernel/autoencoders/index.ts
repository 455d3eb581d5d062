/** The autoencoder library, as cells import it from `latentlab`. */
import './summaries/index';

export * from './applications/index';
export * from './classical/index';
export { defineCorruption, gaussianNoise, masking, saltAndPepper } from './corruption/corruption';
export type {
  CorruptionDefinition,
  CorruptionLike,
  CorruptionPart,
  GaussianNoiseOptions,
  MaskingOptions,
  SaltAndPepperOptions,
} from './corruption/corruption';
export * from './data/index';
export * from './distributions/index';
export { asEstimate, compare, estimate } from './comparison';
export type { CompareOptions, Comparison, Estimate, Relation } from './comparison';
export { ConfigurationError } from './config';
export * from './estimators/index';
export * from './likelihoods/index';
export * from './losses/index';
export { Autoencoder } from './models/autoencoder';
export { defineModel } from './models/defineModel';
export type { Builder, DefinedModel, ModelDefinition } from './models/defineModel';
export { Model } from './models/model';
export type { DrawsFor, Given, GivenLabels } from './models/model';
export { termGradients } from './models/termGradients';
export * from './networks/index';
export * from './numerics/index';
export { draw, integers, normal, permutations, uniform } from './noise';
export type { Draw, Draws, TensorsOf } from './noise';
export * from './objectives/index';
export * from './penalties/index';
export * from './posteriors/index';
export { definePrior, gaussianMixture, standardNormal, vampPrior } from './priors/index';
export type { Prior, PriorDefinition, PriorPart, PriorPlace, VampPrior, VampPriorOptions } from './priors/index';
export * from './metrics/index';
export { AdversarialAutoencoder } from './models/adversarial/adversarialAutoencoder';
export type { AdversarialAutoencoderConfig } from './models/adversarial/adversarialAutoencoder';
export { LatentDiffusionAutoencoder } from './models/latentDiffusion/latentDiffusionAutoencoder';
export type { LatentDiffusionAutoencoderConfig } from './models/latentDiffusion/latentDiffusionAutoencoder';
export { VQLatentDiffusionAutoencoder } from './models/latentDiffusion/vqLatentDiffusionAutoencoder';
export type { VQLatentDiffusionAutoencoderConfig } from './models/latentDiffusion/vqLatentDiffusionAutoencoder';
export type { LatentSource } from './models/latentDiffusion/firstStage';
export type { GaussianMixturePrior, LatentPrior, SwissRollPrior } from './models/adversarial/latentPrior';
export { ProbeClassifier } from './models/classifiers/probeClassifier';
export type { ProbeClassifierConfig } from './models/classifiers/probeClassifier';
export { SoftmaxRegression } from './models/classifiers/softmaxRegression';
export type { SoftmaxRegressionConfig } from './models/classifiers/softmaxRegression';
export { balancedAccuracy, Discriminator, hinge, logistic } from './networks/adversarial/discriminator';
export { frozen } from './networks/gradients/frozen';
export { PatchDiscriminator } from './networks/adversarial/patchDiscriminator';
export { stopGradient } from './networks/gradients/stopGradient';
export { DeterministicAutoencoder } from './models/deterministic/deterministicAutoencoder';
export type { DeterministicGiven } from './models/deterministic/deterministicAutoencoder';
export type { DeterministicAutoencoderConfig, DeterministicConfig } from './models/deterministic/deterministicConfig';
export { ContractiveAutoencoder } from './models/deterministic/contractiveAutoencoder';
export type { ContractiveAutoencoderConfig } from './models/deterministic/contractiveAutoencoder';
export { DenoisingAutoencoder } from './models/deterministic/denoisingAutoencoder';
export type { DenoisingAutoencoderConfig } from './models/deterministic/denoisingAutoencoder';
export { KSparseAutoencoder } from './models/deterministic/kSparseAutoencoder';
export type { KSparseAutoencoderConfig } from './models/deterministic/kSparseAutoencoder';
export { RegularizedAutoencoder } from './models/deterministic/regularizedAutoencoder';
export type { LatentDensity, RegularizedAutoencoderConfig } from './models/deterministic/regularizedAutoencoder';
export { SparseAutoencoder } from './models/deterministic/sparseAutoencoder';
export type { SparseAutoencoderConfig } from './models/deterministic/sparseAutoencoder';
export { BetaTCVAE } from './models/variational/betaTcVae';
export type { BetaTCScore, BetaTCVAEConfig } from './models/variational/betaTcVae';
export { ConditionalVAE } from './models/variational/conditionalVae';
export type { ConditionalVAEConfig } from './models/variational/conditionalVae';
export type { Labelled } from './conditioning/labelledRows';
export { sumOfPresent } from './conditioning/missing';
export type { There } from './conditioning/missing';
export type { Seen } from './conditioning/conditioning';
export type { ConditioningConfig } from './conditioning/fields';
export type { ConditionedNetwork } from './conditioning/conditionedNetwork';
export { ConvolutionalVAE } from './models/variational/convolutionalVae';
export type { ConvolutionalVAEConfig } from './models/variational/convolutionalVae';
export { ConvolutionalVQVAE } from './models/quantized/convolutionalVqvae';
export type { ConvolutionalVQVAEConfig } from './models/quantized/convolutionalVqvae';
export { Explanation } from './models/explanation';
export type { ExplainedTerm, Objective, ObjectiveTerm } from './models/explanation';
export { GridVQVAE } from './models/quantized/gridVqvae';
export type { GridVQVAEConfig } from './models/quantized/gridVqvae';
export { HierarchicalVAE } from './models/hierarchical/hierarchicalVae';
export type { ChainConfig, HierarchicalVAEConfig } from './models/hierarchical/hierarchicalConfig';
export { bottomUp } from './models/hierarchical/bottomUp';
export { topDown } from './models/hierarchical/topDown';
export type { TopDownOptions } from './models/hierarchical/topDown';
export { defineInference } from './models/hierarchical/inference';
export type { Inference, InferenceDefinition, InferencePart, InferencePlace } from './models/hierarchical/inference';
export type { Chain, Level as ChainLevel } from './models/hierarchical/levels';
export { LadderVAE } from './models/hierarchical/ladderVae';
export type { LadderVAEConfig } from './models/hierarchical/ladderVae';
export { MHVAE } from './models/hierarchical/markovianHierarchicalVae';
export type { MHVAEConfig } from './models/hierarchical/markovianHierarchicalVae';
export { FactorVAE } from './models/variational/factorVae';
export type { FactorVAEConfig, FactorVAEScore } from './models/variational/factorVae';
export { InfoVAE } from './models/variational/infoVae';
export type { InfoVAEConfig, InfoVAEScore } from './models/variational/infoVae';
export { VampPriorVAE } from './models/variational/vampPriorVae';
export type { VampPriorVAEConfig } from './models/variational/vampPriorVae';
export { TDVAE } from './models/temporal/tdVae';
export type { RolloutOptions } from './models/temporal/tdVae';
export type { TDVAEConfig } from './models/temporal/tdVaeConfig';
export { IWAE } from './models/variational/iwae';
export type { IWAEConfig, IWAEScore } from './models/variational/iwae';
export { VAE } from './models/variational/vae';
export type { VAEConfig, VariationalConfig } from './models/variational/vaeConfig';
export type { VAEScore, VariationalGiven } from './models/variational/vae';
export { VQVAE } from './models/quantized/vqvae';
export type { VQVAEConfig } from './models/quantized/vqvae';
export { VQVAE2 } from './models/quantized/vqvae2';
export type { Level, LevelCodes, VQVAE2Config } from './models/quantized/vqvae2';
export * from './quantizers/index';
export type {
  AutoregressiveConfig,
  AutoregressiveScore,
  CodeSampleOptions,
} from './models/autoregressive/autoregressive';
export { codesDataset, unigramEntropy } from './models/autoregressive/codes';
export type { Codes, CodesOptions } from './models/autoregressive/codes';
export { codeInfluence } from './models/autoregressive/codeInfluence';
export type { CodeInfluence } from './models/autoregressive/codeInfluence';
export { LatentFlow } from './models/latentDensities/latentFlow';
export type { LatentFlowConfig } from './models/latentDensities/latentFlow';
export { LatentSampler } from './models/latentDensities/latentSampler';
export type {
  FittedDraws,
  LatentDistribution,
  SampledModel,
  TrainableDistribution,
} from './models/latentDensities/latentSampler';
export { PixelCNN } from './models/autoregressive/pixelCnn';
export type { PixelCNNConfig } from './models/autoregressive/pixelCnn';
export { PixelSNAIL } from './models/autoregressive/pixelSnail';
export type { PixelSNAILConfig } from './models/autoregressive/pixelSnail';
export { VQVAE2Prior } from './models/autoregressive/vqvae2Prior';
export type { LevelPrior, LevelScore, NewPrior } from './models/autoregressive/vqvae2Prior';
export { defaultSeed, randomStream, setDefaultSeed } from './random';
export type { RandomStream } from './random';
export type {
  ImageShape,
  SampleChunk,
  SampleInput,
  Samples,
  SampleShape,
  SampleStream,
  SequenceShape,
  ShapeInput,
  VectorShape,
} from './samples';
export { setting } from './setting';
export { todo, TodoError } from './todo';
export { CheckpointError } from './training/checkpoints/checkpoint';
export { DataError } from './data/checkData';
export { augmentation } from './training/batches/augmentation/augmentation';
export type {
  Augment,
  Augmentation,
  AugmentedBatch,
  AugmentedResult,
  AugmentFunction,
} from './training/batches/augmentation/augmentation';
export { crop, flip, shift } from './training/batches/augmentation/images';
export type { CropOptions, FlipOptions, ShiftOptions } from './training/batches/augmentation/images';
export { noise } from './training/batches/augmentation/noise';
export type { NoiseOptions } from './training/batches/augmentation/noise';
export type { Batch, TrainingData } from './training/batches/batches';
export { batches } from './training/batches/generatedBatches';
export type {
  BatchesOptions,
  GeneratedBatch,
  GeneratedBatches,
  GeneratedEpoch,
  GeneratedPlace,
} from './training/batches/generatedBatches';
export type { TrainingCallbacks } from './training/loop/callbacks';
export { DivergenceError } from './training/loop/divergence';
export { codebookDiagnostics, latentDiagnostics } from './training/diagnostics';
export type { TrainingDiagnostics } from './training/diagnostics';
export { TrainingHistory } from './training/logs/history';
export type {
  BrokenStep,
  LossSeries,
  ScheduleSeries,
  TrainingProgress,
  TrainingSettings,
} from './training/logs/history';
export { observeTraining } from './training/loop/monitor';
export type { TrainingMonitor, TrainingRun } from './training/loop/monitor';
export type { FitOptions } from './training/loop/options';
export type { OptimizerName, OptimizerOptions } from '../engine/index';
export type { EpochRecord, StepRecord } from './training/logs/records';
export type { CheckpointOptions } from './training/checkpoints/savepoints';
export type { EarlyStopping } from './training/loop/stopping';
export {
  constant,
  cosineDecay,
  cyclical,
  exponentialDecay,
  linearWarmup,
  piecewise,
  scheduleEnd,
  scheduleValue,
  sigmoidWarmup,
  stepDecay,
} from './training/schedules/schedules';
export type {
  ChangingSchedule,
  CosineDecay,
  Cyclical,
  ExponentialDecay,
  LinearWarmup,
  Piecewise,
  Schedule,
  SigmoidWarmup,
  StepDecay,
} from './training/schedules/schedules';

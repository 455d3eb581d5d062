/** The autoencoder library, as cells import it from `latentlab`. */
import './summaries/index';

export * from './applications/index';
export * from './classical/index';
export * from './data/index';
export * from './distributions/index';
export { asEstimate, compare, estimate } from './comparison';
export type { CompareOptions, Comparison, Estimate, Relation } from './comparison';
export { ConfigurationError } from './config';
export * from './estimators/index';
export * from './metrics/index';
export { AdversarialAutoencoder } from './models/adversarialAutoencoder';
export type { AdversarialAutoencoderConfig } from './models/adversarialAutoencoder';
export { LatentDiffusionAutoencoder } from './models/latentDiffusionAutoencoder';
export type { LatentDiffusionAutoencoderConfig } from './models/latentDiffusionAutoencoder';
export { VQLatentDiffusionAutoencoder } from './models/vqLatentDiffusionAutoencoder';
export type { VQLatentDiffusionAutoencoderConfig } from './models/vqLatentDiffusionAutoencoder';
export type { LatentSource } from './models/firstStage';
export type { GaussianMixturePrior, LatentPrior, SwissRollPrior } from './models/latentPrior';
export { ProbeClassifier } from './models/probeClassifier';
export type { ProbeClassifierConfig } from './models/probeClassifier';
export { SoftmaxRegression } from './models/softmaxRegression';
export type { SoftmaxRegressionConfig } from './models/softmaxRegression';
export { balancedAccuracy, Discriminator, hinge, logistic } from './networks/discriminator';
export { frozen } from './networks/frozen';
export { PatchDiscriminator } from './networks/patchDiscriminator';
export { stopGradient } from './networks/stopGradient';
export { Autoencoder } from './models/autoencoder';
export type { AutoencoderConfig } from './models/autoencoder';
export { ContractiveAutoencoder } from './models/contractiveAutoencoder';
export type { ContractiveAutoencoderConfig } from './models/contractiveAutoencoder';
export type { BuiltInCorruption, Corruption } from './corruption/corruption';
export { DenoisingAutoencoder } from './models/denoisingAutoencoder';
export type { DenoisingAutoencoderConfig } from './models/denoisingAutoencoder';
export { KSparseAutoencoder } from './models/kSparseAutoencoder';
export type { KSparseAutoencoderConfig } from './models/kSparseAutoencoder';
export { RegularizedAutoencoder } from './models/regularizedAutoencoder';
export type { LatentDensity, RegularizedAutoencoderConfig } from './models/regularizedAutoencoder';
export { bernoulliDivergence, SparseAutoencoder } from './models/sparseAutoencoder';
export type { SparseAutoencoderConfig } from './models/sparseAutoencoder';
export { BetaTCVAE } from './models/betaTcVae';
export type { BetaTCScore, BetaTCVAEConfig } from './models/betaTcVae';
export { ConditionalVAE } from './models/conditionalVae';
export type { ConditionalVAEConfig, Labelled } from './models/conditionalVae';
export { ConvolutionalVAE } from './models/convolutionalVae';
export type { ConvolutionalVAEConfig } from './models/convolutionalVae';
export { ConvolutionalVQVAE } from './models/convolutionalVqvae';
export type { ConvolutionalVQVAEConfig } from './models/convolutionalVqvae';
export { Explanation } from './models/explanation';
export type { ExplainedTerm, Objective, ObjectiveTerm } from './models/explanation';
export { GridVQVAE } from './models/gridVqvae';
export type { GridVQVAEConfig } from './models/gridVqvae';
export { LadderVAE } from './models/ladderVae';
export type { LadderVAEConfig } from './models/ladderVae';
export { MHVAE } from './models/markovianHierarchicalVae';
export type { MHVAEConfig } from './models/markovianHierarchicalVae';
export { columnPermutations, densityRatioLoss, FactorVAE } from './models/factorVae';
export type { FactorVAEConfig, FactorVAEScore } from './models/factorVae';
export { InfoVAE } from './models/infoVae';
export type { InfoVAEConfig, InfoVAEScore } from './models/infoVae';
export { VampPriorVAE } from './models/vampPriorVae';
export type { VampPriorVAEConfig } from './models/vampPriorVae';
export { TDVAE } from './models/tdVae';
export type { RolloutOptions } from './models/tdVae';
export type { TDVAEConfig } from './models/tdVaeConfig';
export { IWAE } from './models/iwae';
export type { IWAEConfig, IWAEScore } from './models/iwae';
export { VAE } from './models/vae';
export type { VAEConfig } from './models/vae';
export type { VAEScore } from './models/variational';
export { VQVAE } from './models/vqvae';
export type { VQVAEConfig } from './models/vqvae';
export { VQVAE2 } from './models/vqvae2';
export type { Level, LevelCodes, VQVAE2Config } from './models/vqvae2';
export * from './quantizers/index';
export type { AutoregressiveConfig, AutoregressiveScore, CodeSampleOptions } from './priors/autoregressive';
export { codesDataset, unigramEntropy } from './priors/codes';
export type { Codes, CodesOptions } from './priors/codes';
export { LatentFlow } from './priors/latentFlow';
export type { LatentFlowConfig } from './priors/latentFlow';
export { LatentSampler } from './priors/latentSampler';
export type { FittedDraws, LatentDistribution, SampledModel, TrainableDistribution } from './priors/latentSampler';
export { PixelCNN } from './priors/pixelCnn';
export type { PixelCNNConfig } from './priors/pixelCnn';
export { PixelSNAIL } from './priors/pixelSnail';
export type { PixelSNAILConfig } from './priors/pixelSnail';
export { VQVAE2Prior } from './priors/vqvae2Prior';
export type { LevelPrior, LevelScore, NewPrior } from './priors/vqvae2Prior';
export { defaultSeed, randomStream, setDefaultSeed } from './random';
export type { RandomStream } from './random';
export type { ImageShape, SampleChunk, SampleInput, Samples, SampleShape, SampleStream } from './samples';
export { setting } from './setting';
export { CheckpointError } from './training/checkpoint';
export { DataError } from './training/checkData';
export type { Batch, TrainingData } from './training/batches';
export type { TrainingCallbacks } from './training/callbacks';
export { DivergenceError } from './training/divergence';
export { codebookHealth, latentHealth } from './training/health';
export type { TrainingHealth } from './training/health';
export { TrainingHistory } from './training/history';
export type { LossSeries, ScheduleSeries, TrainingProgress } from './training/history';
export { observeTraining } from './training/monitor';
export type { TrainingMonitor, TrainingRun } from './training/monitor';
export type { FitOptions } from './training/options';
export type { EpochRecord, StepRecord } from './training/records';
export type { CheckpointOptions } from './training/savepoints';
export type { EarlyStopping } from './training/stopping';
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
} from './training/schedules';
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
} from './training/schedules';

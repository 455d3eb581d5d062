export { codebookUsage, perplexity } from './codebook';
export type { CodebookUsage, Coder } from './codebook';
export { activeUnits } from './latents';
export type { ActiveUnits, Encoder } from './latents';
export { meanReconstructionError, reconstructionErrors } from './reconstruction';
export type { Reconstructor } from './reconstruction';

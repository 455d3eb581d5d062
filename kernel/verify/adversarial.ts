/** Adversarial and latent-diffusion autoencoders, perceptual features, Fréchet distance. */
import { adaptiveWeights } from './adversarial/adaptiveWeight';
import { closedForms } from './adversarial/closedForms';
import { training } from './adversarial/training';
import type { Verification } from './verification';

export const adversarial: Verification[] = [...closedForms, ...adaptiveWeights, ...training];

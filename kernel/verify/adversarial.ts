/** Adversarial and latent-diffusion autoencoders, perceptual features, Fréchet distance. */
import type { Verification } from './verification';

export const adversarial: Verification[] = [];

/** Autoregressive priors and VQ-VAE-2. */
import type { Verification } from './verification';

export const autoregressive: Verification[] = [];

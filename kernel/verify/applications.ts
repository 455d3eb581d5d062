/** What models are used for: anomalies, inpainting, latent samplers, probes. */
import type { Verification } from './verification';

export const applications: Verification[] = [];

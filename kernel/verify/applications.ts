/** What models are used for: anomalies, inpainting, ways through latent space, samplers fitted afterwards. */
import { anomalyVerifications } from './applications/anomalies';
import { latentVerifications } from './applications/latents';
import type { Verification } from './verification';

export const applications: Verification[] = [...anomalyVerifications, ...latentVerifications];

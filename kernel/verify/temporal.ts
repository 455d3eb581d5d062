/** TD-VAE beside the Kalman filter and smoother. */
import type { Verification } from './verification';

export const temporal: Verification[] = [];

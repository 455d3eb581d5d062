/** Variational autoencoders: likelihoods, posteriors, importance weights. */
import type { Verification } from './verification';

export const variational: Verification[] = [];

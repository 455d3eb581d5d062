/** Deterministic autoencoders: plain, denoising, sparse, k-sparse, contractive. */
import type { Verification } from './verification';

export const autoencoders: Verification[] = [];

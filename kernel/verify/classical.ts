/** PCA, probabilistic PCA, k-means, Gaussian mixtures and fits by both divergences. */
import type { Verification } from './verification';

export const classical: Verification[] = [];

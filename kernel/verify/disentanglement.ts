/** β and its relatives, conditional models, other priors, and the metrics of disentanglement. */
import type { Verification } from './verification';

export const disentanglement: Verification[] = [];

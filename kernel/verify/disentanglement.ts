/** β and its relatives, conditional models, other priors, and the metrics of disentanglement. */
import { decomposition } from './disentanglement/decomposition';
import { metrics } from './disentanglement/metrics';
import { priors } from './disentanglement/priors';
import type { Verification } from './verification';

export const disentanglement: Verification[] = [...decomposition, ...priors, ...metrics];

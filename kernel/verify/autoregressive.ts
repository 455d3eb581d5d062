/** Autoregressive priors and VQ-VAE-2. */
import { conditionals } from './autoregressive/conditionals';
import { stageTwo } from './autoregressive/stageTwo';
import type { Verification } from './verification';

export const autoregressive: Verification[] = [...conditionals, ...stageTwo];

import { z } from 'zod';
import { checkedConfig } from '../../config';
import { sigmaNeedsGaussian } from '../../likelihoods/fields';
import { chainFields } from './hierarchicalConfig';
import type { ChainConfig } from './hierarchicalConfig';
import { HierarchicalVAE } from './hierarchicalVae';
import { topDown } from './topDown';

/** What {@link LadderVAE} is made of. */
export interface LadderVAEConfig extends ChainConfig {
  /** Widths of the deterministic features d_1 … d_T of the way up. Default 64 for each latent. */
  features?: readonly number[];
}

const schema = z
  .strictObject({ ...chainFields, features: z.array(z.int().min(1)).readonly().optional() })
  .superRefine(sigmaNeedsGaussian)
  .refine(({ features, latents }) => features === undefined || features.length === latents.length, {
    path: ['features'],
    error: 'expected one width for each entry of "latents"',
  });

/**
 * The ladder VAE (Sønderby et al. 2016): the same chain $z_T \to \dots \to z_1 \to x$ as the {@link MHVAE}, inferred from
 * the top down by {@link topDown}. Features go up without noise, $d_1 = f_1(x)$, $d_t = f_t(d_{t-1})$ (networks with a rectifier at their end), and each gives a Gaussian
 * $\mathcal N(\hat\mu_t, \hat\sigma_t^2)$; on the way down this is multiplied by the prior of the level:
 *
 * $$q(z_T|x) = \mathcal N(\hat\mu_T, \hat\sigma_T^2), \qquad
 *   q(z_t|z_{t+1}, x) \propto \mathcal N(z_t; \hat\mu_t, \hat\sigma_t^2)\; p(z_t|z_{t+1})$$
 *
 * So a latent that the data say nothing about keeps its prior. Training minimises minus the bound, averaged over the
 * batch, in nats; given the latent above, each divergence has a closed form:
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $d_t$ | `d`, from the networks `bottomUp.t` | [n, features_t] |
 * | $\hat\mu_t, \log\hat\sigma_t^2$ | `evidence`, from the layers `evidence.t` | [n, k_t] |
 * | $q(z_t\vert z_{t+1}, x)$, $p(z_t\vert z_{t+1})$ | `q`, `prior` | [n, k_t] |
 * | $-\log p(x\vert z_1)$ | `reconstruction`, by one draw, summed over d | scalar |
 * | $\mathrm{KL}(q(z_t\vert z_{t+1}, x) \,\|\, p(z_t\vert z_{t+1}))$ | `kl1` … `klT`, in closed form for the drawn z_{t+1}, summed over k_t | scalar |
 *
 * The paper raises β from 0 to 1 over the first part of the training, `beta: linearWarmup(steps)`: without it, upper
 * latents are switched off before the lower ones have use for them.
 */
export class LadderVAE extends HierarchicalVAE {
  override readonly title: string = 'ladder VAE';

  /** @throws {ConfigurationError} naming every field that is wrong */
  constructor(config: LadderVAEConfig) {
    const checked = checkedConfig('LadderVAE', schema, config);
    const { features, ...chain } = checked;
    super({ ...chain, inference: topDown({ features }) }, checked);
  }
}

import { z } from 'zod';
import { checkedConfig } from '../../config';
import { sigmaNeedsGaussian } from '../../likelihoods/fields';
import { bottomUp } from './bottomUp';
import { chainFields } from './hierarchicalConfig';
import type { ChainConfig } from './hierarchicalConfig';
import { HierarchicalVAE } from './hierarchicalVae';

/** What {@link MHVAE} is made of. */
export type MHVAEConfig = ChainConfig;

const schema = z.strictObject(chainFields).superRefine(sigmaNeedsGaussian);

/**
 * The Markovian hierarchical VAE (Rezende et al. 2014; Luo 2022, Understanding Diffusion Models, section 3): T latents
 * in a chain, each inferred only from the one below. It is a {@link HierarchicalVAE} with the inference {@link
 * bottomUp}. Its bound on the evidence is
 *
 * $$\log p(x) \ge \mathbb E_q\left[\log \frac{p(z_T)\, p(x|z_1) \prod_{t=2}^T p(z_{t-1}|z_t)}
 *   {q(z_1|x) \prod_{t=2}^T q(z_t|z_{t-1})}\right]$$
 *
 * Training minimises the negative bound, averaged over the batch, in nats, with one divergence for each latent:
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $q(z_1\vert x)$, $q(z_t\vert z_{t-1})$ | `q`, from the networks `encoder` and `inference.t` | [n, k_t] |
 * | $z_t = \mu_t + \sigma_t \epsilon_t$ | `z` | [n, k_t] |
 * | $-\log p(x\vert z_1)$ | `reconstruction`, by one draw, summed over d | scalar |
 * | $\log q(z_t\vert z_{t-1}) - \log p(z_t\vert z_{t+1})$, t < T | `kl1` … `kl(T−1)`, by one draw, summed over k_t | scalar |
 * | $\mathrm{KL}(q(z_T\vert z_{T-1}) \,\|\, \mathcal N(0, I))$ | `klT`, in closed form for the drawn z_{T−1} | scalar |
 *
 * Below the top there is no closed form, because the prior of $z_t$ depends on $z_{t+1}$, which is drawn after $z_t$.
 * The means of these terms are divergences between joint distributions; a single draw may be negative. With one latent
 * the model is the VAE, and its terms are `reconstruction` and `kl`.
 */
export class MHVAE extends HierarchicalVAE {
  override readonly title: string = 'MHVAE';

  /** @throws {ConfigurationError} naming every field that is wrong */
  constructor(config: MHVAEConfig) {
    const checked = checkedConfig('MHVAE', schema, config);
    super({ ...checked, inference: bottomUp() }, checked);
  }
}

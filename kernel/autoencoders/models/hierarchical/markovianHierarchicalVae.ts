import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { MLP } from '../../networks/mlp';
import { widthOf } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { sigmaNeedsGaussian } from '../../likelihoods/fields';
import type { Objective, ObjectiveTerm } from '../explanation';
import { gaussianOf, HierarchicalVAE, hierarchicalFields, transitionNetwork, transitionOf } from './hierarchicalVae';
import type { HierarchicalVAEConfig, Level } from './hierarchicalVae';

export type MHVAEConfig = HierarchicalVAEConfig;

const schema = z.strictObject(hierarchicalFields).superRefine(sigmaNeedsGaussian);

/**
 * The Markovian hierarchical VAE (Rezende et al. 2014; Luo 2022, Understanding Diffusion Models, section 3): T latents
 * in a chain, inferred from the bottom up, each from the one below alone. Its bound on the evidence is
 *
 * $$\log p(x) \ge \mathbb E_q\left[\log \frac{p(z_T)\, p(x|z_1) \prod_{t=2}^T p(z_{t-1}|z_t)}
 *   {q(z_1|x) \prod_{t=2}^T q(z_t|z_{t-1})}\right]$$
 *
 * and training minimises minus the bound, averaged over the batch, in nats, with one divergence for each latent:
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $q(z_1\vert x)$, $q(z_t\vert z_{t-1})$ | `q`, from the networks `encoder` and `inference.t` | [n, k_t] |
 * | $z_t = \mu_t + \sigma_t \epsilon_t$ | `z` | [n, k_t] |
 * | $-\log p(x\vert z_1)$ | `reconstruction`, by one draw, summed over d | scalar |
 * | $\log q(z_t\vert z_{t-1}) - \log p(z_t\vert z_{t+1})$, t < T | `kl1` … `kl(T−1)`, by one draw, summed over k_t | scalar |
 * | $\mathrm{KL}(q(z_T\vert z_{T-1}) \,\|\, \mathcal N(0, I))$ | `klT`, in closed form for the drawn z_{T−1} | scalar |
 *
 * Below the top there is no closed form: $z_{t+1}$, which the prior of $z_t$ depends on, is drawn after $z_t$. The means
 * of these terms are divergences between joint distributions; one draw of them may be negative. With one latent the
 * model is the VAE, and its terms are `reconstruction` and `kl`.
 */
export class MHVAE extends HierarchicalVAE {
  readonly kind = 'MHVAE';
  readonly name: string;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly encoder: MLP;
  private readonly inference: MLP[];

  constructor(config: MHVAEConfig) {
    super(checkedConfig('MHVAE', schema, config));
    const { latents, hidden, levelHidden, activation, initializer, seed, input } = this.config;
    this.name = `MHVAE, ${latents.join(' ← ')} latents`;
    this.encoder = new MLP({
      name: 'encoder',
      sizes: [widthOf(input), ...hidden, 2 * latents[0]!],
      activation,
      initializer,
      seed,
    });
    this.inference = latents.slice(1).map((k, i) => {
      const sizes = [latents[i]!, ...levelHidden, 2 * k];
      return transitionNetwork({ name: `inference.${i + 2}`, sizes, activation, initializer, seed });
    });
    const networks = [this.encoder, ...this.inference];
    this.parameters = Object.assign({}, this.generativeParameters, ...networks.map(({ parameters }) => parameters));
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<MHVAE> {
    return loadCheckpoint(path, 'MHVAE', (config) => new MHVAE(config as MHVAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  protected override inferred(x: tf.Tensor2D, epsilons: tf.Tensor2D[] | null): Level[] {
    const levels: Level[] = [];
    [this.encoder, ...this.inference].forEach((network, i) => {
      const below = levels[i - 1]?.z;
      const q = below ? transitionOf(network.apply(below)) : gaussianOf(network.apply(x));
      levels.push({ q, z: epsilons ? q.reparameterize(epsilons[i]!) : q.mu });
    });
    return levels;
  }

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
    const x = tensors['x'] as tf.Tensor2D;
    const levels = this.inferred(x, this.split(tensors['epsilon'] as tf.Tensor2D));

    const reconstruction = this.likelihood(levels[0]!.z).logProb(x).mean().neg();
    const divergences = levels.map(({ q, z }, i) => {
      const t = i + 1;
      const divergence = t === this.levels ? q.kl() : q.logProb(z).sub(this.logPrior(levels, t));
      return [this.divergenceName(t), divergence.mean()];
    });

    return { reconstruction, ...Object.fromEntries(divergences) };
  }

  get objective(): Objective {
    const T = this.levels;
    const terms: Record<string, ObjectiveTerm> = {
      reconstruction: {
        formula: '-\\mathbb E_q[\\log p(x|z_1)]',
        meaning: 'by one draw, summed over the values of x, mean over the batch',
      },
    };
    for (let t = 1; t < T; t++) {
      const below = t === 1 ? 'x' : `z_${t - 1}`;
      terms[this.divergenceName(t)] = {
        formula: `\\mathbb E_q[\\log q(z_${t}|${below}) - \\log p(z_${t}|z_${t + 1})]`,
        meaning: `by one draw, summed over the dimensions of z_${t}, mean over the batch`,
      };
    }
    const below = T === 1 ? 'x' : `z_${T - 1}`;
    terms[this.divergenceName(T)] = {
      formula: `\\mathbb E_q[\\mathrm{KL}(q(z_${T}|${below}) \\,\\|\\, p(z_${T}))]`,
      meaning: `in closed form for the drawn ${below}, summed over the dimensions of z_${T}, mean over the batch`,
    };
    const formula =
      T === 1
        ? '-\\mathbb E_q[\\log p(x|z_1)] + \\beta\\,\\mathrm{KL}(q(z_1|x) \\,\\|\\, p(z_1))'
        : '\\mathbb E_q\\left[-\\log p(x|z_1) + \\beta \\log \\frac{q(z_1|x) \\prod_{t=2}^T q(z_t|z_{t-1})}{p(z_T) \\prod_{t=2}^T p(z_{t-1}|z_t)}\\right]';
    return { formula, terms, source: 'Rezende et al. 2014; Luo 2022, Understanding Diffusion Models, section 3' };
  }
}

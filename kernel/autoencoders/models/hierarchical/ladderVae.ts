import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { productOfGaussians } from '../../distributions/index';
import { Dense } from '../../networks/layers/layers';
import { MLP } from '../../networks/mlp';
import { widthOf } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { sigmaNeedsGaussian } from '../../likelihoods/fields';
import type { Objective, ObjectiveTerm } from '../explanation';
import { gaussianOf, HierarchicalVAE, hierarchicalFields } from './hierarchicalVae';
import type { HierarchicalVAEConfig, Level } from './hierarchicalVae';

export interface LadderVAEConfig extends HierarchicalVAEConfig {
  /** Widths of the deterministic features d_1 … d_T of the way up. Default 64 for each latent. */
  features?: number[];
}

const schema = z
  .strictObject({ ...hierarchicalFields, features: z.array(z.int().min(1)).optional() })
  .superRefine(sigmaNeedsGaussian)
  .refine(({ features, latents }) => features === undefined || features.length === latents.length, {
    path: ['features'],
    error: 'expected one width for each entry of "latents"',
  });

/**
 * The ladder VAE (Sønderby et al. 2016): the same chain $z_T \to \dots \to z_1 \to x$ as the {@link MHVAE}, inferred from
 * the top down. Features go up without noise, $d_1 = f_1(x)$, $d_t = f_t(d_{t-1})$ (networks with a rectifier at their end), and each gives a Gaussian
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
  readonly kind = 'LadderVAE';
  readonly name: string;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly bottomUp: MLP[];
  private readonly evidence: Dense[];

  constructor(config: LadderVAEConfig) {
    const checked = checkedConfig('LadderVAE', schema, config);
    super(checked);
    const {
      latents,
      hidden,
      levelHidden,
      activation,
      initializer,
      seed,
      input,
      features = latents.map(() => 64),
    } = checked;
    this.name = `ladder VAE, ${latents.join(' ← ')} latents`;
    this.bottomUp = features.map((width, i) => {
      const sizes = i === 0 ? [widthOf(input), ...hidden, width] : [features[i - 1]!, ...levelHidden, width];
      return new MLP({ name: `bottomUp.${i + 1}`, sizes, activation, initializer, seed });
    });
    this.evidence = latents.map((k, i) => {
      const name = `evidence.${i + 1}`;
      return new Dense({ name, in: features[i]!, out: 2 * k, activation: 'linear', initializer, seed });
    });
    const networks = [...this.bottomUp, ...this.evidence];
    this.parameters = Object.assign({}, this.generativeParameters, ...networks.map(({ parameters }) => parameters));
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<LadderVAE> {
    return loadCheckpoint(path, 'LadderVAE', (config) => new LadderVAE(config as LadderVAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  protected override inferred(x: tf.Tensor2D, epsilons: tf.Tensor2D[] | null): Level[] {
    let d = x;
    const evidence = this.bottomUp.map((network, i) => {
      d = network.apply(d).relu();
      return gaussianOf(this.evidence[i]!.apply(d) as tf.Tensor2D);
    });

    const levels: Level[] = [];
    for (let t = this.levels; t >= 1; t--) {
      const above = levels[0]?.z;
      const q = above ? productOfGaussians(evidence[t - 1]!, this.prior(t, above)) : evidence[t - 1]!;
      levels.unshift({ q, z: epsilons ? q.reparameterize(epsilons[t - 1]!) : q.mu });
    }
    return levels;
  }

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
    const x = tensors['x'] as tf.Tensor2D;
    const levels = this.inferred(x, this.split(tensors['epsilon'] as tf.Tensor2D));

    const reconstruction = this.likelihood(levels[0]!.z).logProb(x).mean().neg();
    const divergences = levels.map(({ q }, i) => {
      const t = i + 1;
      const prior = t === this.levels ? undefined : this.prior(t, levels[t]!.z);
      return [this.divergenceName(t), q.kl(prior).mean()];
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
    for (let t = 1; t <= T; t++) {
      const [q, p] = t === T ? [`z_${t}|x`, `z_${t}`] : [`z_${t}|z_${t + 1}, x`, `z_${t}|z_${t + 1}`];
      const drawn = t === T ? 'in closed form' : `in closed form for the drawn z_${t + 1}`;
      terms[this.divergenceName(t)] = {
        formula: `\\mathbb E_q[\\mathrm{KL}(q(${q}) \\,\\|\\, p(${p}))]`,
        meaning: `${drawn}, summed over the dimensions of z_${t}, mean over the batch`,
      };
    }
    return {
      formula:
        '-\\mathbb E_q[\\log p(x|z_1)] + \\beta \\sum_{t=1}^T \\mathbb E_q[\\mathrm{KL}(q(z_t|z_{t+1}, x) \\,\\|\\, p(z_t|z_{t+1}))]',
      terms,
      source: 'Sønderby et al. 2016, Ladder Variational Autoencoders, equations 11 to 19',
    };
  }
}

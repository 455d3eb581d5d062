import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig, ConfigurationError } from '../../config';
import { productOfGaussians } from '../../distributions/index';
import { Dense } from '../../networks/layers/layers';
import { mlp } from '../../networks/mlp';
import { defineInference } from './inference';
import { gaussianOf } from './levels';
import type { Level } from './levels';

/** Options of {@link topDown}. */
export interface TopDownOptions {
  /** Widths of the deterministic features d_1 … d_T of the way up. Default 64 for each latent. */
  features?: readonly number[] | undefined;
}

const schema = z.strictObject({ features: z.array(z.int().min(1)).readonly().optional() });

/**
 * Computes features from the bottom up, and then infers each latent from them and from the latent above (Sønderby et
 * al. 2016): $q(z_t|z_{t+1}, x) \propto \mathcal N(z_t; \hat\mu_t, \hat\sigma_t^2)\; p(z_t|z_{t+1})$, with the evidence
 * $\hat\mu_t, \hat\sigma_t^2$ from the layers `evidence.t` of the features $d_t$, from the networks `bottomUp.t`.
 */
export const topDown = defineInference<TopDownOptions>(
  'topDown',
  (given) => {
    const { features: told } = checkedConfig('topDown', schema, given);
    return {
      source: 'Sønderby et al. 2016, Ladder Variational Autoencoders, equations 11 to 19',

      build({ shape, latents, encoder, levelHidden, activation, initializer, seed, network, conditioned, adopt }) {
        const features = told ?? latents.map(() => 64);
        if (features.length !== latents.length) {
          throw new ConfigurationError('topDown', [
            `"features" has ${features.length} widths, expected one width for each entry of "latents", ${latents.length}`,
          ]);
        }
        const lowest = conditioned('bottomUp.1', encoder, { from: shape, to: [features[0]!] });
        const upper = features.slice(1).map((width, i) => {
          const part = mlp([...levelHidden], { activation, initializer });
          return network(`bottomUp.${i + 2}`, part, { from: [features[i]!], to: [width] });
        });
        const heads = latents.map((k, i) => {
          const name = `evidence.${i + 1}`;
          return adopt(new Dense({ name, in: features[i]!, out: 2 * k, activation: 'linear', seed }));
        });
        return {
          inferred(x, y, epsilons, chain) {
            let d = lowest.apply(x, y).relu<tf.Tensor2D>();
            const evidence = heads.map((head, i) => {
              if (i > 0) d = upper[i - 1]!.apply(d).relu();
              return gaussianOf(head.apply(d) as tf.Tensor2D);
            });

            const levels: Level[] = [];
            for (let t = chain.levels; t >= 1; t--) {
              const above = levels[0]?.z;
              const q = above ? productOfGaussians(evidence[t - 1]!, chain.prior(t, above)) : evidence[t - 1]!;
              levels.unshift({ q, z: epsilons ? q.reparameterize(epsilons[t - 1]!) : q.mu });
            }
            return levels;
          },

          divergence(t, levels, chain) {
            const top = t === chain.levels;
            const prior = top ? undefined : chain.prior(t, levels[t]!.z);
            const [q, p] = top ? [`z_${t}|x`, `z_${t}`] : [`z_${t}|z_${t + 1}, x`, `z_${t}|z_${t + 1}`];
            const closed = top ? 'in closed form' : `in closed form for the drawn z_${t + 1}`;
            return {
              value: levels[t - 1]!.q.kl(prior).mean(),
              formula: `\\mathbb E_q[\\mathrm{KL}(q(${q}) \\,\\|\\, p(${p}))]`,
              meaning: `${closed}, summed over the dimensions of z_${t}, mean over the batch`,
            };
          },
        };
      },
    };
  },
  schema,
);

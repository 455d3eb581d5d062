import { noOptions } from '../../parts/part';
import { defineInference } from './inference';
import { gaussianOf, transitionNetwork, transitionOf } from './levels';
import type { Level } from './levels';

/**
 * Infers each latent only from the one below (Rezende et al. 2014): $q(z_1|x) \prod_{t=2}^T q(z_t|z_{t-1})$, from the
 * networks `encoder` and `inference.t`.
 *
 * Below the top, the divergences have no closed form, because the prior of $z_t$ depends on $z_{t+1}$, which is drawn
 * after $z_t$. The means of these terms are divergences between joint distributions; a single draw may be negative.
 */
export const bottomUp = defineInference(
  'bottomUp',
  () => ({
    source: 'Rezende et al. 2014; Luo 2022, Understanding Diffusion Models, section 3',

    build({ shape, latents, encoder, levelHidden, activation, initializer, seed, conditioned, adopt }) {
      const lowest = conditioned('encoder', encoder, { from: shape, to: [2 * latents[0]!] });
      const upper = latents.slice(1).map((k, i) => {
        const sizes = [latents[i]!, ...levelHidden, 2 * k];
        return adopt(transitionNetwork({ name: `inference.${i + 2}`, sizes, activation, initializer, seed }));
      });
      return {
        inferred(x, y, epsilons) {
          const levels: Level[] = [];
          for (let i = 0; i < latents.length; i++) {
            const below = levels[i - 1]?.z;
            const q = below ? transitionOf(upper[i - 1]!.apply(below)) : gaussianOf(lowest.apply(x, y));
            levels.push({ q, z: epsilons ? q.reparameterize(epsilons[i]!) : q.mu });
          }
          return levels;
        },

        divergence(t, levels, chain) {
          const { q, z } = levels[t - 1]!;
          const below = t === 1 ? 'x' : `z_${t - 1}`;
          if (t < chain.levels) {
            return {
              value: q.logProb(z).sub(chain.logPrior(levels, t)).mean(),
              formula: `\\mathbb E_q[\\log q(z_${t}|${below}) - \\log p(z_${t}|z_${t + 1})]`,
              meaning: `by one draw, summed over the dimensions of z_${t}, mean over the batch`,
            };
          }
          return {
            value: q.kl().mean(),
            formula: `\\mathbb E_q[\\mathrm{KL}(q(z_${t}|${below}) \\,\\|\\, p(z_${t}))]`,
            meaning: `in closed form for the drawn ${below}, summed over the dimensions of z_${t}, mean over the batch`,
          };
        },
      };
    },
  }),
  noOptions,
);

import * as tf from '@tensorflow/tfjs';
import type { ConditionedNetwork } from '../../conditioning/conditionedNetwork';
import type { Seen } from '../../conditioning/conditioning';
import { logProbOf, refuseMissing } from '../../conditioning/missing';
import { DiagonalGaussian } from '../../distributions/index';
import { likelihoodHead, likelihoodOf, saysEach } from '../../likelihoods/fields';
import type { LikelihoodHead } from '../../likelihoods/fields';
import type { DecodedDistribution } from '../../likelihoods/likelihood';
import { mlp } from '../../networks/mlp';
import type { MLP } from '../../networks/mlp';
import type { NetworkPlace } from '../../networks/network';
import { STANDARD_NORMAL } from '../../priors/standardNormal';
import { rowShapeOf } from '../../samples';
import type { CheckedChainConfig } from './hierarchicalConfig';
import { transitionNetwork, transitionOf } from './levels';
import type { Chain, Level } from './levels';

/** With what its networks are built, so that their parameters become the model's. */
interface Builder {
  conditioned(name: string, part: unknown, place: Pick<NetworkPlace, 'from' | 'to' | 'perValue'>): ConditionedNetwork;
  adopt<T extends { readonly parameters?: Readonly<Record<string, tf.Variable>> }>(built: T): T;
}

/** The generative half of a hierarchical VAE: p(x|z_1), p(z_t|z_{t+1}) and p(z_T) = N(0, I). */
export class GenerativeChain implements Chain {
  readonly levels: number;
  readonly support: LikelihoodHead['support'];
  private readonly decoder: ConditionedNetwork;
  private readonly priors: MLP[];
  private readonly head: LikelihoodHead;

  /** @throws {ConfigurationError} for missing values where the likelihood does not say what each value adds */
  constructor(owner: string, config: CheckedChainConfig, { conditioned, adopt }: Builder) {
    const { latents, hidden, levelHidden, activation, initializer, seed, input } = config;
    const shape = rowShapeOf(input);
    this.levels = latents.length;
    const likelihood = likelihoodOf(config);
    const { parameters, ...head } = likelihoodHead(likelihood, shape, seed);
    this.head = { ...head, ...adopt({ parameters }) };
    this.support = head.support;
    refuseMissing(owner, config.missing, { what: `the likelihood "${likelihood.name}"`, says: () => saysEach(this.head, shape) }); // prettier-ignore
    const { decoder = mlp(hidden.toReversed(), { activation, initializer }) } = config;
    this.decoder = conditioned('decoder', decoder, { from: [latents[0]!], to: shape, perValue: head.perValue });
    this.priors = latents.slice(1).map((above, i) => {
      const sizes = [above, ...levelHidden.toReversed(), 2 * latents[i]!];
      return adopt(transitionNetwork({ name: `prior.${i + 1}`, sizes, activation, initializer, seed }));
    });
  }

  /** p(x|z_1), or p(x|z_1, y), for latents [n, k_1] and classes [n, C]. */
  likelihood(z1: tf.Tensor2D, y?: tf.Tensor2D): DecodedDistribution {
    return this.head.of(this.decoder.apply(z1, y));
  }

  prior(t: number, above: tf.Tensor2D): DiagonalGaussian {
    const [mu, logVar] = tf.tidy(() => {
      const { mu, logVar } = transitionOf(this.priors[t - 1]!.apply(above));
      return [mu, logVar as tf.Tensor2D] as const;
    });
    return new DiagonalGaussian(mu, logVar);
  }

  logPrior(levels: readonly Level[], t: number): tf.Tensor1D {
    const { z } = levels[t - 1]!;
    return t === this.levels ? STANDARD_NORMAL.logProb(z) : this.prior(t, levels[t]!.z).logProb(z);
  }

  /** log p(x|z_1) of each row, summed over the values that are present: [n]. */
  logLikelihood({ x, y, there }: Seen, levels: readonly Level[]): tf.Tensor1D {
    return logProbOf(this.likelihood(levels[0]!.z, y), x, there);
  }

  /** log p(x, z_{1:T}) − log q(z_{1:T}|x) for one draw of all latents for each row, in nats: [n]. */
  logWeights(seen: Seen, levels: readonly Level[]): tf.Tensor1D {
    return levels.reduce<tf.Tensor1D>(
      (sum, { q, z }, i) => sum.add(this.logPrior(levels, i + 1)).sub(q.logProb(z)),
      this.logLikelihood(seen, levels),
    );
  }

  /** z_1 from the top, along draws by ε_t [n, k_t], or the means of p(z_{t−1}|z_t) where there is none. */
  down(top: tf.Tensor2D, from: number, epsilons: readonly tf.Tensor2D[] | null): tf.Tensor2D {
    let at = top;
    for (let t = from - 1; t >= 1; t--) {
      const p = this.prior(t, at);
      at = epsilons ? p.reparameterize(epsilons[t - 1]!) : p.mu;
    }
    return at;
  }
}

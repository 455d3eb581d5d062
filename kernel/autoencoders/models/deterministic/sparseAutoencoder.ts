import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { finite, takes, tensor } from '../../arguments';
import { checkedConfig } from '../../config';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { scheduleSchema } from '../../training/schedules/scheduleSchema';
import type { Schedule } from '../../training/schedules/schedules';
import type { TermWeight } from '../../training/loop/trainable';
import { activations, DeterministicFamily, deterministicFields } from './deterministicAutoencoder';
import type { DeterministicConfig } from './deterministicAutoencoder';
import type { Objective } from '../explanation';

export interface SparseAutoencoderConfig extends Omit<DeterministicConfig, 'activation'> {
  /** Widths of the layers before the code; the decoder has them in reverse. Default none: the code is the one hidden layer. */
  hidden?: number[];
  /** ρ, the mean activation that every hidden unit should have. Default 0.05. */
  sparsity?: number;
  /** β. Default 3. */
  beta?: Schedule;
}

const schema = z.strictObject({
  ...deterministicFields,
  hidden: deterministicFields.hidden.unwrap().default([]),
  activation: z.literal('sigmoid').default('sigmoid'),
  sparsity: z.number().gt(0).lt(1).default(0.05),
  beta: scheduleSchema().default(3),
});

type CheckedConfig = z.output<typeof schema>;

/**
 * The sparse autoencoder (Lee, Ekanadham and Ng 2008; Ng 2011, lecture notes of CS294A): every hidden unit, of the
 * encoder, the code and the decoder, is a sigmoid that should be active for few samples.
 *
 * $$\|x - f(g(x))\|^2 + \beta \sum_l \sum_j \mathrm{KL}(\rho \,\|\, \hat\rho_j^{(l)}), \quad
 *   \mathrm{KL}(\rho \,\|\, \hat\rho) = \rho \log \frac{\rho}{\hat\rho} + (1 - \rho) \log \frac{1 - \rho}{1 - \hat\rho}$$
 *
 * with $\hat\rho_j^{(l)}$ the mean over the batch of unit j of hidden layer l. `reconstruction` is summed over the d values
 * of x and averaged over the batch; `sparsity` is in nats and summed over units and layers. It belongs to a batch as a
 * whole: the sparsity of a score is the mean of its chunks'.
 */
export class SparseAutoencoder extends DeterministicFamily<CheckedConfig> {
  readonly kind = 'SparseAutoencoder';
  readonly termWeights: Readonly<Record<string, TermWeight>>;

  constructor(config: SparseAutoencoderConfig) {
    const checked = checkedConfig('SparseAutoencoder', schema, config);
    super(checked, { ...checked, name: 'sparse autoencoder', codeActivation: 'sigmoid' });
    this.termWeights = { sparsity: { symbol: 'β', schedule: checked.beta } };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<SparseAutoencoder> {
    return loadCheckpoint(
      path,
      'SparseAutoencoder',
      (config) => new SparseAutoencoder(config as SparseAutoencoderConfig),
    );
  }

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): { reconstruction: tf.Tensor; sparsity: tf.Tensor } {
    const x = tensors['x'] as tf.Tensor2D;
    const encoded = activations(this.encoder, x);
    const decoded = activations(this.decoder, encoded.at(-1)!);
    const hidden = [...encoded, ...decoded.slice(0, -1)];
    const rho = this.config.sparsity;
    const divergences = hidden.map((h) => bernoulliDivergence(rho, h.mean(0)).sum());
    return {
      reconstruction: this.reconstructionOf(x, decoded.at(-1)!),
      sparsity: divergences.reduce((sum, divergence) => sum.add(divergence)),
    };
  }

  override noise(): Record<string, never> {
    return {};
  }

  get objective(): Objective {
    const reconstruction = this.reconstructionTerm();
    const formula = '\\sum_l \\sum_j \\mathrm{KL}(\\rho \\,\\|\\, \\hat\\rho_j^{(l)})';
    const meaning = `divergence of a unit that is active with probability ρ = ${this.config.sparsity} from the mean activation over the batch, summed over hidden units and layers`;
    return {
      formula: `${reconstruction.formula} + \\beta ${formula}`,
      terms: { reconstruction, sparsity: { formula, meaning, unit: 'nats' } },
      source: 'Ng 2011, Sparse autoencoder (CS294A lecture notes)',
    };
  }
}

/**
 * Bounds of ρ̂, beyond which there is no gradient. A unit far below ρ has to get one, ρ/ρ̂, or it stays silent for good;
 * above, float32 has no number between 1 − 6e-8 and 1.
 */
const [LEAST, MOST] = [1e-30, 1 - 1e-7];

/**
 * KL(ρ‖ρ̂) of two Bernoulli distributions, in nats, for each ρ̂; 0 only at ρ̂ = ρ.
 *
 * @param rho ρ, between 0 and 1
 * @param rhoHat ρ̂ of any shape; kept 1e-30 away from 0 and 1e-7 from 1, where the divergence is infinite
 */
export function bernoulliDivergence<T extends tf.Tensor>(rho: number, rhoHat: T): T {
  takes('bernoulliDivergence', ['rho', rho, finite], ['rhoHat', rhoHat, tensor()]);
  const inside = rhoHat.clipByValue(LEAST, MOST);
  const active = inside.log().neg().add(Math.log(rho)).mul(rho);
  const inactive = inside
    .neg()
    .log1p()
    .neg()
    .add(Math.log1p(-rho))
    .mul(1 - rho);
  return active.add(inactive) as T;
}

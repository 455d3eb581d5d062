import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { StepTerms } from '../../../engine/index';
import { checkedConfig } from '../../config';
import { newVariable } from '../../networks/layers/layers';
import { stopGradient } from '../../networks/gradients/stopGradient';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { scheduleSchema } from '../../training/schedules/scheduleSchema';
import type { Schedule } from '../../training/schedules/schedules';
import type { TermWeight } from '../../training/loop/trainable';
import type { CommonConfig } from '../commonConfig';
import { DeterministicFamily, deterministicFields } from './deterministicAutoencoder';
import type { DeterministicConfig } from './deterministicAutoencoder';
import type { Objective } from '../explanation';

export interface AuxiliaryTopK {
  /** Dead units that together predict what the kept ones left over; at most `units`. Default twice `active`. */
  active?: number;
  /** A unit is dead after so many updates in which no sample kept it. Default 100. */
  deadAfter?: number;
  /** α. Default 1/32. */
  weight?: Schedule;
}

export interface KSparseAutoencoderConfig extends CommonConfig {
  /** m, linear units in the one hidden layer. Default 1000. */
  units?: number;
  /** k, how many of them are active for a sample. Default 25. */
  active?: number;
  /** As {@link DeterministicConfig.initializer}. */
  initializer?: DeterministicConfig['initializer'];
  /** As {@link DeterministicConfig.loss}. */
  loss?: DeterministicConfig['loss'];
  /** The remedy for dead units (Gao et al. 2024, section 2.4). Default null: none. */
  auxiliary?: AuxiliaryTopK | null;
}

const count = z.int().min(1);
const { input, seed, optimizer, initializer, loss } = deterministicFields;

const schema = z
  .strictObject({
    ...{ input, seed, optimizer, initializer, loss },
    units: count.default(1000),
    active: count.default(25),
    auxiliary: z
      .strictObject({
        active: count.optional(),
        deadAfter: count.default(100),
        weight: scheduleSchema().default(1 / 32),
      })
      .nullable()
      .default(null),
  })
  .superRefine((config, context) => {
    const most = `expected at most ${config.units}, the number of units; take fewer, or more "units"`;
    const tooMany = (path: string[]) => context.addIssue({ code: 'custom', path, message: most });
    if (config.active > config.units) tooMany(['active']);
    if ((config.auxiliary?.active ?? 1) > config.units) tooMany(['auxiliary', 'active']);
  });

type CheckedConfig = z.output<typeof schema>;

type KSparseTerms = { reconstruction: tf.Tensor; auxiliary?: tf.Tensor };

/**
 * The k-sparse autoencoder (Makhzani and Frey 2014): m linear units, of which the k with the largest values are kept for
 * each sample, and a decoder with the transposed weights.
 *
 * $$\|x - \hat x\|^2, \quad \hat x = W z + b', \quad z = \mathrm{top}_k(W^\top x + b)$$
 *
 * with $\mathrm{top}_k$ the identity for the k largest and 0 for the others, so that the gradient passes through the kept
 * units alone. Exactly k are kept: of equal values the units of lowest number. `reconstruction` is summed over the d values
 * of x and averaged over the batch.
 *
 * With `auxiliary`, dead units, which no sample keeps, are given a gradient: the top of them predict what is left over
 * (Gao et al. 2024), $\alpha \, \|(x - \hat x) - W \, \mathrm{top}_{k'}(\text{dead units})\|^2$, the remainder taken as a
 * constant; the term is 0 while no unit is dead.
 */
export class KSparseAutoencoder extends DeterministicFamily<CheckedConfig> {
  readonly kind = 'KSparseAutoencoder';
  readonly termWeights: Readonly<Record<string, TermWeight>>;
  override readonly state: Readonly<Record<string, tf.Variable>>;

  constructor(config: KSparseAutoencoderConfig) {
    const checked = checkedConfig('KSparseAutoencoder', schema, config);
    const network = { hidden: [], latent: checked.units, activation: 'linear', tied: true } as const;
    super(checked, { ...network, hidden: [], name: 'k-sparse autoencoder' });
    const { auxiliary, units } = checked;
    this.termWeights = auxiliary ? { auxiliary: { symbol: 'α', schedule: auxiliary.weight } } : {};
    this.state = auxiliary ? { idle: newVariable(new Float32Array(units), [units], false) } : {};
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<KSparseAutoencoder> {
    const create = (config: unknown) => new KSparseAutoencoder(config as KSparseAutoencoderConfig);
    return loadCheckpoint(path, 'KSparseAutoencoder', create);
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): KSparseTerms {
    return this.forward(tensors['x'] as tf.Tensor2D).losses;
  }

  protected override stepTerms(tensors: Readonly<Record<string, tf.Tensor>>): StepTerms {
    const { losses, kept } = this.forward(tensors['x'] as tf.Tensor2D);
    const { idle } = this.state;
    if (!idle) return { losses };
    return { losses, updates: { idle: stopGradient(() => idle.add(1).mul(kept.max(0).neg().add(1))) } };
  }

  private forward(x: tf.Tensor2D): { losses: KSparseTerms; kept: tf.Tensor2D } {
    const a = super.encodeRows(x);
    const kept = largest(a, this.config.active);
    const output = this.outputOf(a.mul(kept));
    const reconstruction = this.reconstructionOf(x, output);
    const { idle } = this.state;
    if (!idle) return { losses: { reconstruction }, kept };
    const xHat = this.config.loss === 'crossEntropy' ? output.sigmoid() : output;
    return { losses: { reconstruction, auxiliary: this.auxiliaryLoss(a, x.sub(xHat), idle) }, kept };
  }

  private auxiliaryLoss(a: tf.Tensor2D, left: tf.Tensor2D, idle: tf.Variable): tf.Tensor {
    const { deadAfter, active } = this.config.auxiliary!;
    const remainder = stopGradient(() => left.clone());
    const dead = stopGradient(() => idle.greaterEqual(deadAfter).cast('float32'));
    const candidates = stopGradient(() => a.add(dead.sub(1).mul(1e30)) as tf.Tensor2D);
    const most = active ?? Math.min(2 * this.config.active, this.config.units);
    const kept = largest(candidates, most).mul(dead);
    const W = this.parameters['encoder.0.kernel'] as tf.Tensor;
    const predicted = a.mul(kept).matMul(W, false, true);
    return remainder.sub(predicted).square().sum(1).mean().mul(dead.max());
  }

  override noise(): Record<string, never> {
    return {};
  }

  get objective(): Objective {
    const reconstruction = this.reconstructionTerm();
    const source = 'Makhzani and Frey 2014, k-sparse autoencoders';
    if (!this.config.auxiliary) return { formula: reconstruction.formula, terms: { reconstruction }, source };
    const formula = "\\|\\mathrm{sg}[x - \\hat x] - W \\, \\mathrm{top}_{k'}(\\text{dead units})\\|^2";
    const meaning = 'squared error of what dead units make of the remainder, mean over the batch; 0 while none is dead';
    return {
      formula: `${reconstruction.formula} + \\alpha ${formula}`,
      terms: { reconstruction, auxiliary: { formula, meaning, unit: 'squared error' } },
      source: `${source}; Gao et al. 2024, Scaling and evaluating sparse autoencoders`,
    };
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /** z with exactly k entries that are not 0: [n, d] → [n, m]. */
  protected override encodeRows(x: tf.Tensor2D): tf.Tensor2D {
    const a = super.encodeRows(x);
    return a.mul(largest(a, this.config.active));
  }
}

/**
 * 1 at the k largest entries of each row and 0 elsewhere, for the gradient a constant: [n, m] → [n, m]. Where several
 * entries equal the k-th largest, the first of them are taken, so that there are exactly k.
 */
export function largest(a: tf.Tensor2D, k: number): tf.Tensor2D {
  return stopGradient(() => {
    const threshold = tf.topk(a, k).values.slice([0, k - 1], [-1, 1]);
    const above = a.greater(threshold).cast('float32');
    const equal = a.equal(threshold).cast('float32');
    const places = above.sum(1, true).neg().add(k);
    return above.add(equal.mul(equal.cumsum(1).lessEqual(places).cast('float32'))) as tf.Tensor2D;
  });
}

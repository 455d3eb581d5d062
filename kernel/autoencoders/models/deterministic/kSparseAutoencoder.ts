import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { ConditionedNetwork } from '../../conditioning/conditionedNetwork';
import { conditioningFields } from '../../conditioning/fields';
import type { ConditioningConfig } from '../../conditioning/fields';
import { squaredErrorOf } from '../../conditioning/missing';
import type { There } from '../../conditioning/missing';
import { checkedConfig, ConfigurationError } from '../../config';
import { INITIALIZERS, newVariable } from '../../networks/layers/layers';
import type { Initializer } from '../../networks/layers/layers';
import { stopGradient } from '../../networks/gradients/stopGradient';
import { isDense, mlp } from '../../networks/mlp';
import { networkField } from '../../networks/networkField';
import type { NetworkLike } from '../../networks/networkField';
import { currentPass } from '../../networks/pass';
import { tiedTo } from '../../networks/tied';
import type { Terms } from '../../objectives/terms';
import { rowShapeOf } from '../../samples';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import { Autoencoder, nameWithLatents } from '../autoencoder';
import { commonFields } from '../commonConfig';
import type { CommonConfig } from '../commonConfig';
import type { Given } from '../model';
import { checkLoss, lossFields, lossOf } from '../../losses/fields';
import type { LossConfig } from '../../losses/fields';
import { Reconstruction } from '../../losses/reconstruction';

export interface AuxiliaryTopK {
  /** Dead units that together predict what the kept ones left over; at most `units`. Default twice `active`. */
  active?: number;
  /** A unit is dead after so many updates in which no sample kept it. Default 100. */
  deadAfter?: number;
  /** α. Default 1/32. */
  weight?: Schedule;
}

/** What {@link KSparseAutoencoder} is made of. */
export interface KSparseAutoencoderConfig extends CommonConfig, LossConfig, ConditioningConfig {
  /** m, the number of linear units in the hidden layer. Default 1000. */
  units?: number;
  /** k, how many of them are active for a sample. Default 25. */
  active?: number;
  /** How the kernel starts. Default `default`: Glorot's variance. */
  initializer?: Initializer;
  /** From x to the m units. Default: one linear layer. */
  encoder?: NetworkLike;
  /** From the kept units to x̂. Default: the encoder's kernels, transposed. */
  decoder?: NetworkLike;
  /** The remedy for dead units (Gao et al. 2024, section 2.4), for one layer and its transpose. Default null: none. */
  auxiliary?: AuxiliaryTopK | null;
}

const count = z.int().min(1);

const schema = z
  .strictObject({
    ...commonFields,
    ...lossFields,
    ...conditioningFields,
    units: count.default(1000),
    active: count.default(25),
    initializer: z.enum(INITIALIZERS).default('default'),
    encoder: networkField.optional(),
    decoder: networkField.optional(),
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
    checkLoss(config, context);
  });

type CheckedConfig = z.output<typeof schema>;

/**
 * The k-sparse autoencoder (Makhzani and Frey 2014): m linear units; the k largest values are kept for
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
export class KSparseAutoencoder extends Autoencoder<object, Given> {
  readonly latentDimensions: number;
  override readonly support: Reconstruction['support'];
  protected override readonly source: string;
  protected override readonly termUnit: string;
  private readonly checked: CheckedConfig;
  private readonly encoder: ConditionedNetwork;
  private readonly decoder: ConditionedNetwork;
  private readonly loss: Reconstruction;
  /** With `auxiliary`: for how many updates no sample kept a unit, [m]. */
  private readonly idle: tf.Variable | null;

  constructor(config: KSparseAutoencoderConfig) {
    const checked = checkedConfig('KSparseAutoencoder', schema, config);
    super(checked.likelihood ? checked : { ...checked, loss: lossOf(checked) });
    const { units, auxiliary, initializer, encoder = mlp([], { initializer }) } = checked;
    const shape = rowShapeOf(checked.input);
    this.checked = checked;
    this.latentDimensions = units;
    this.loss = this.adopt(new Reconstruction(lossOf(checked), shape, this));
    const { support, unit, perValue } = this.loss;
    this.support = support;
    this.termUnit = unit;
    this.source = `Makhzani and Frey 2014, k-sparse autoencoders${auxiliary ? GAO : ''}`;
    this.encoder = this.conditioned('encoder', encoder, { from: shape, to: [units] });
    const { network } = this.encoder;
    const decoder = checked.decoder ?? tiedTo(network, this.kind);
    this.decoder = this.conditioned('decoder', decoder, { from: [units], to: shape, perValue });
    if (auxiliary && (checked.decoder || !isDense(network) || network.layers.length > 1)) {
      throw new ConfigurationError(this.kind, [
        '"auxiliary" lets dead units predict the remainder by the transposed kernel, which takes an encoder of one dense ' +
          'layer and no "decoder"; leave one of them out',
      ]);
    }
    this.idle = auxiliary ? newVariable(new Float32Array(units), [units], false) : null;
    if (this.idle) this.adopt({ state: { idle: this.idle } });
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(given: Given): Terms {
    const seen = this.seen(given);
    const { x, y, there } = seen;
    const a = this.encoder.apply(x, y);
    const kept = largest(a, this.checked.active);
    const rows = this.decoder.apply(a.mul(kept), y);
    const reconstruction = this.loss.term(seen, rows);
    const { idle } = this;
    const { auxiliary } = this.checked;
    if (!idle || !auxiliary) return { reconstruction };
    this.count(idle, kept);
    return {
      reconstruction,
      auxiliary: {
        value: this.auxiliaryLoss(a, x.sub(this.loss.of(rows)), there, idle),
        weight: { symbol: 'α', schedule: auxiliary.weight },
        formula: "\\|\\mathrm{sg}[x - \\hat x] - W \\, \\mathrm{top}_{k'}(\\text{dead units})\\|^2",
        meaning: 'squared error of how dead units predict the residual, mean over the batch; 0 while no unit is dead',
        unit: 'squared error',
      },
    };
  }

  override losses(given: Readonly<Record<string, tf.Tensor>>): { reconstruction: tf.Tensor; auxiliary?: tf.Tensor } {
    return super.losses(given) as { reconstruction: tf.Tensor; auxiliary?: tf.Tensor };
  }

  /** In a training step: 0 for the units that a sample kept, one update more for the others. */
  private count(idle: tf.Variable, kept: tf.Tensor2D): void {
    const pass = currentPass();
    if (pass) pass.updates['idle'] = tf.keep(stopGradient(() => idle.add(1).mul(kept.max(0).neg().add(1))));
  }

  private auxiliaryLoss(a: tf.Tensor2D, left: tf.Tensor2D, there: There, idle: tf.Variable): tf.Tensor {
    const { auxiliary, active: k, units } = this.checked;
    const { deadAfter, active = Math.min(2 * k, units) } = auxiliary!;
    const remainder = stopGradient(() => left.clone());
    const dead = stopGradient(() => idle.greaterEqual(deadAfter).cast('float32'));
    const candidates = stopGradient(() => a.add(dead.sub(1).mul(1e30)) as tf.Tensor2D);
    const kept = largest(candidates, active).mul(dead);
    // Rows below are for classes beside x.
    const W = this.parameters['encoder.0.kernel']!.slice([0, 0], [left.shape[1], -1]);
    const predicted = a.mul(kept).matMul(W, false, true) as tf.Tensor2D;
    return squaredErrorOf(remainder as tf.Tensor2D, predicted, there)
      .mean()
      .mul(dead.max());
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    return nameWithLatents('k-sparse autoencoder', this.latentDimensions);
  }

  /** z with exactly k entries that are not 0: [n, d] → [n, m]. */
  protected override encodeRows(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    const a = this.encoder.apply(x, y);
    return a.mul(largest(a, this.checked.active));
  }

  protected override decodeRows(z: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.loss.of(this.decoder.apply(z, y));
  }
}

const GAO = '; Gao et al. 2024, Scaling and evaluating sparse autoencoders';

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

import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { object, takes } from '../../arguments';
import { checkedConfig } from '../../config';
import { initial } from '../../networks/initial';
import { ACTIVATIONS, INITIALIZERS } from '../../networks/layers/layers';
import type { Activation, Initializer } from '../../networks/layers/layers';
import { mlp } from '../../networks/mlp';
import type { Network } from '../../networks/network';
import { drawn, normal } from '../../noise';
import type { Terms } from '../../objectives/terms';
import { STANDARD_NORMAL } from '../../priors/standardNormal';
import { randomStream } from '../../random';
import { checkCount, mapRows, widthOf } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import type { ExportedFunctions } from '../../training/checkpoints/onnxFiles';
import { commonFields } from '../commonConfig';
import type { CommonConfig } from '../commonConfig';
import { Model } from '../model';
import type { Given } from '../model';

/** What {@link LatentFlow} is made of. */
export interface LatentFlowConfig extends CommonConfig {
  /** Coupling layers; each changes every second value, in turn. Default 6. */
  layers?: number;
  /** Widths of the hidden layers of s and t. Default [64, 64]. */
  hidden?: readonly number[];
  /** Default `relu`. */
  activation?: Activation;
  /** How kernels start. Default `default`: He's variance before rectifiers, Glorot's elsewhere. */
  initializer?: Initializer;
}

const schema = z
  .strictObject({
    ...commonFields,
    layers: z.int().min(2).default(6),
    hidden: z.array(z.int().min(1)).readonly().default([64, 64]),
    activation: z.enum(ACTIVATIONS).default('relu'),
    initializer: z.enum(INITIALIZERS).default('default'),
  })
  .refine(({ input }) => widthOf(input) >= 2, {
    path: ['input'],
    error: 'expected at least 2 values: a coupling layer changes some by the others',
  });

/** Largest change of scale, log s, of one layer: bounded so that inverses stay in the range of float32. */
const LARGEST_LOG_SCALE = 2;

/**
 * A normalising flow for latents: Real NVP (Dinh, Sohl-Dickstein and Bengio 2017).
 *
 * A bijection f maps z to u = f(z) with u ~ N(0, I). By the change of variables,
 *
 * $$\log p(z) = \log \mathcal N(f(z); 0, I) + \log\left|\det \frac{\partial f}{\partial z}\right|$$
 *
 * Each coupling layer keeps the values in a mask b and computes from them how to change the others,
 *
 * $$y = b \odot z + (1 - b) \odot (z \odot e^{s(b \odot z)} + t(b \odot z)), \qquad
 *   \log|\det| = \sum_j (1 - b_j)\, s_j(b \odot z)$$
 *
 * after a shift and a scale of every dimension, initialised from the data.
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $z$ | `z` | [n, k] |
 * | $u = f(z)$ | `u` | [n, k] |
 * | $-\log p(z)$ | `negativeLogLikelihood`, summed over k, mean over the batch | scalar |
 */
export class LatentFlow extends Model<z.output<typeof schema>> {
  protected override readonly source =
    'Dinh, Sohl-Dickstein and Bengio 2017, Density estimation using Real NVP, equations 3 to 9';
  private readonly couplings: readonly Network[];
  private readonly masks: tf.Tensor1D[];
  private readonly shift: tf.Variable;
  private readonly logScale: tf.Variable;
  private readonly logProbs = this.compiledRows((z) => this.logProbRows(z).expandDims<tf.Tensor2D>(1));
  private readonly inverses = this.compiledRows((u) => this.inverseRows(u));

  constructor(config: LatentFlowConfig) {
    super(checkedConfig('LatentFlow', schema, config));
    const { input, layers, hidden, activation, initializer } = this.config;
    const k = widthOf(input);
    this.shift = this.parameter('shift', initial.zeros([k]));
    this.logScale = this.parameter('logScale', initial.zeros([k]));
    const part = mlp(hidden, { activation, initializer });
    this.couplings = Array.from({ length: layers }, (_, i) =>
      this.network(`coupling.${i}`, part, { from: [k], to: [2 * k] }),
    );
    this.masks = this.couplings.map((_, i) => tf.tensor1d(Array.from({ length: k }, (_, j) => (j + i) % 2)));
  }

  /** Shift and scale begin as mean and standard deviation of the data, and the couplings near the identity. */
  async prepare({ values, width, length }: Samples): Promise<void> {
    const [mean, variance] = tf.tidy(() => {
      const moments = tf.moments(tf.tensor2d(values, [length, width]), 0);
      return [moments.mean, moments.variance.maximum(1e-12)];
    });
    tf.tidy(() => {
      this.shift.assign(mean!);
      this.logScale.assign(variance!.log().mul(0.5));
      for (const { parameters } of this.couplings) {
        const last = Object.entries(parameters)
          .filter(([name]) => name.endsWith('.kernel'))
          .at(-1)![1];
        last.assign(last.mul(0.01));
      }
    });
    tf.dispose([mean!, variance!]);
    await Promise.resolve();
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms({ x: z }: Given): Terms {
    return {
      negativeLogLikelihood: {
        value: this.logProbRows(z).mean().neg(),
        formula: '-\\log \\mathcal N(f(z); 0, I) - \\log |\\det \\partial f / \\partial z|',
        meaning: 'minus the log-density of latents, summed over their dimensions, mean over the batch',
      },
    };
  }

  private logProbRows(z: tf.Tensor2D): tf.Tensor1D {
    let u: tf.Tensor2D = z.sub(this.shift).mul(this.logScale.neg().exp());
    let logDeterminant: tf.Tensor = this.logScale.sum().neg();
    this.couplings.forEach((coupling, i) => {
      const { s, t, kept, changed } = this.coupled(coupling, i, u);
      u = kept.add(changed.mul(u.mul(s.exp()).add(t)));
      logDeterminant = logDeterminant.add(changed.mul(s).sum(1));
    });
    return STANDARD_NORMAL.logProb(u).add(logDeterminant);
  }

  private inverseRows(u: tf.Tensor2D): tf.Tensor2D {
    let z = u;
    for (const [i, coupling] of [...this.couplings.entries()].toReversed()) {
      const { s, t, kept, changed } = this.coupled(coupling, i, z);
      z = kept.add(changed.mul(z.sub(t).mul(s.neg().exp())));
    }
    return z.mul(this.logScale.exp()).add(this.shift);
  }

  /** s and t of the values that layer i keeps, which are the same before and after it. */
  private coupled(coupling: Network, i: number, z: tf.Tensor2D) {
    const b = this.masks[i]!;
    const kept: tf.Tensor2D = z.mul(b);
    const [raw, t] = tf.split(coupling.apply(kept), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return { s: raw.tanh().mul(LARGEST_LOG_SCALE), t, kept, changed: tf.sub(1, b) };
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    return `flow of ${this.config.layers} layers, ${widthOf(this.inputShape)} latents`;
  }

  /** log p(z) of every row, in nats: [n, k] → [n]. */
  logProb(z: SampleInput): tf.Tensor1D {
    return tf.tidy(() => mapRows(z, this.expected(`${this.name}: logProb`), this.logProbs).squeeze<tf.Tensor1D>([1]));
  }

  /** Draws of z = f⁻¹(u), u ~ N(0, I): [count, k]. */
  sample(count: number, options: { seed?: number } = {}): tf.Tensor2D {
    takes(`${this.name}: sample`, ['options', options, object()]);
    const { seed = this.seed } = options;
    checkCount(`${this.name}: sample`, count);
    const k = widthOf(this.inputShape);
    return tf.tidy(() => this.inverse(drawn({ u: normal([count, k]) }, randomStream(seed, 'flow')).u));
  }

  /** f⁻¹(u): [n, k] → [n, k]. */
  inverse(u: tf.Tensor2D): tf.Tensor2D {
    return mapRows(u, this.expected(`${this.name}: inverse`), this.inverses);
  }

  /** `density`, log p(z); `inverse`, z = f⁻¹(u), a draw for u ~ N(0, I). */
  protected override exported(): ExportedFunctions {
    const k = widthOf(this.inputShape);
    return {
      density: {
        documentation: `log p(z), in nats. z: [n, ${k}].`,
        inputs: { z: [k] },
        run: ({ z }) => ({ logProb: this.logProbRows(z as tf.Tensor2D) }),
      },
      inverse: {
        documentation: `draws of z. u: [n, ${k}] from N(0, I).`,
        inputs: { u: [k] },
        run: ({ u }) => ({ z: this.inverseRows(u as tf.Tensor2D) }),
      },
    };
  }

  override dispose(): void {
    super.dispose();
    tf.dispose(this.masks);
  }
}

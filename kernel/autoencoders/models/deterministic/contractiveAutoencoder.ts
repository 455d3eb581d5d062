import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { LEAK } from '../../networks/layers/activations';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { scheduleSchema } from '../../training/schedules/scheduleSchema';
import type { Schedule } from '../../training/schedules/schedules';
import type { TermWeight } from '../../training/loop/trainable';
import { activations, DeterministicFamily, deterministicFields } from './deterministicAutoencoder';
import type { DeterministicConfig } from './deterministicAutoencoder';
import type { Objective } from '../explanation';

export interface ContractiveAutoencoderConfig extends Omit<DeterministicConfig, 'activation'> {
  /** Widths of the layers before the code; the decoder has them in reverse. Default none: the code is the one hidden layer. */
  hidden?: number[];
  /** The activation of the hidden layers and of the code. Default `sigmoid`. */
  activation?: Invertible;
  /** λ, the weight of the contraction. Default 0.1. */
  contraction?: Schedule;
  /**
   * Whether the decoder's kernels are the encoder's, transposed, as in the paper. Where they are not, the encoder can
   * make its Jacobian small with small weights, which the decoder undoes. Default true.
   */
  tied?: boolean;
}

/** Activations whose derivative is a function of their value. */
const INVERTIBLE = ['sigmoid', 'tanh', 'relu', 'leaky', 'elu', 'softplus', 'linear'] as const;
type Invertible = (typeof INVERTIBLE)[number];

const schema = z.strictObject({
  ...deterministicFields,
  hidden: deterministicFields.hidden.unwrap().default([]),
  activation: z.enum(INVERTIBLE).default('sigmoid'),
  contraction: scheduleSchema().default(0.1),
  tied: z.boolean().default(true),
});

type CheckedConfig = z.output<typeof schema>;

/**
 * The contractive autoencoder (Rifai et al. 2011): the code should move little when x does.
 *
 * $$\|x - f(g(x))\|^2 + \lambda \|J_g(x)\|_F^2, \qquad J_g(x) = \frac{\partial g(x)}{\partial x}$$
 *
 * The Jacobian is that of the encoder, written out: with layers $h_l = \varphi(h_{l-1} W_l + b_l)$ and kernels
 * $W_l$ [in, out] it is $J = D_L W_L^\top \cdots D_1 W_1^\top$, $D_l = \mathrm{diag}(\varphi'(h_l))$. For one sigmoid layer
 *
 * $$\|J_g(x)\|_F^2 = \sum_j h_j^2 (1 - h_j)^2 \sum_i W_{ij}^2$$
 *
 * Both terms are summed over dimensions and averaged over the batch.
 */
export class ContractiveAutoencoder extends DeterministicFamily<CheckedConfig> {
  readonly kind = 'ContractiveAutoencoder';
  readonly termWeights: Readonly<Record<string, TermWeight>>;

  constructor(config: ContractiveAutoencoderConfig) {
    const checked = checkedConfig('ContractiveAutoencoder', schema, config);
    super(checked, { ...checked, name: 'contractive autoencoder', codeActivation: checked.activation });
    this.termWeights = { contraction: { symbol: 'λ', schedule: checked.contraction } };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<ContractiveAutoencoder> {
    const create = (config: unknown) => new ContractiveAutoencoder(config as ContractiveAutoencoderConfig);
    return loadCheckpoint(path, 'ContractiveAutoencoder', create);
  }

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): { reconstruction: tf.Tensor; contraction: tf.Tensor } {
    const x = tensors['x'] as tf.Tensor2D;
    const h = activations(this.encoder, x);
    return {
      reconstruction: this.reconstructionOf(x, this.outputOf(h.at(-1)!)),
      contraction: this.squaredJacobian(h).mean(),
    };
  }

  /**
   * ‖J_g(x)‖²_F of each sample, [n], for the layers' activations.
   *
   * Backwards from the code, G = D_L W_Lᵀ D_{L−1} W_{L−1}ᵀ … D_1 is [n·k, width of layer 1] and ‖G W_1ᵀ‖² = Σ G ∘ G W_1ᵀW_1,
   * so that nothing has n·k·d entries. The derivatives are written in terms of h: tfjs's second derivatives of sigmoid and
   * tanh are wrong.
   */
  private squaredJacobian(h: readonly tf.Tensor2D[]): tf.Tensor1D {
    const slopes = h.map((one) => slopeOf(one, this.config.activation));
    const kernels = h.map((_, l) => this.parameters[`encoder.${l}.kernel`] as tf.Tensor as tf.Tensor2D);
    if (h.length === 1) {
      return slopes[0]!.square().mul(kernels[0]!.square().sum(0)).sum<tf.Tensor1D>(1);
    }
    const [n, k] = h.at(-1)!.shape;
    let g: tf.Tensor3D = slopes.at(-1)!.expandDims<tf.Tensor3D>(2).mul(kernels.at(-1)!.transpose().expandDims(0));
    for (let l = h.length - 2; l >= 0; l--) {
      g = g.mul(slopes[l]!.expandDims(1));
      if (l > 0) g = rowsThrough(g, kernels[l]!.transpose<tf.Tensor2D>());
    }
    const products = rowsThrough(g, tf.matMul<tf.Tensor2D>(kernels[0]!, kernels[0]!, true, false));
    return g
      .mul(products)
      .reshape([n, k * g.shape[2]])
      .sum<tf.Tensor1D>(1);
  }

  override noise(): Record<string, never> {
    return {};
  }

  get objective(): Objective {
    const reconstruction = this.reconstructionTerm();
    const formula = '\\|J_g(x)\\|_F^2';
    const meaning = 'squared Frobenius norm of the Jacobian of the code by x, mean over the batch';
    return {
      formula: `${reconstruction.formula} + \\lambda ${formula}`,
      terms: { reconstruction, contraction: { formula, meaning, unit: 'squared code per squared value' } },
      source: 'Rifai et al. 2011, Contractive auto-encoders, equation 1',
    };
  }
}

/** φ'(a) in terms of h = φ(a). */
function slopeOf(h: tf.Tensor2D, activation: Invertible): tf.Tensor2D {
  switch (activation) {
    case 'sigmoid':
      return h.mul(h.neg().add(1));
    case 'tanh':
      return h.square().neg().add(1);
    case 'relu':
      return h.step();
    case 'leaky':
      return h.step(LEAK);
    case 'elu':
      return h.minimum(0).add(1);
    case 'softplus':
      // σ(a) = 1 − e^{−h}.
      return h.neg().expm1().neg();
    case 'linear':
      return h.onesLike() as tf.Tensor2D;
  }
}

/** g [n, k, a] times m [a, b]: [n, k, b]. */
function rowsThrough(g: tf.Tensor3D, m: tf.Tensor2D): tf.Tensor3D {
  const [n, k, a] = g.shape;
  return g
    .reshape<tf.Tensor2D>([n * k, a])
    .matMul<tf.Tensor2D>(m)
    .reshape([n, k, m.shape[1]]);
}

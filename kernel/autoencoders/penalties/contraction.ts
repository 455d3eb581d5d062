import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { LEAK } from '../networks/layers/activations';
import type { Activation } from '../networks/layers/layers';
import { isDense } from '../networks/mlp';
import { scheduleSchema } from '../training/schedules/schedules';
import type { Schedule } from '../training/schedules/schedules';
import { defineBuiltPenalty } from './penalty';
import type { CodedBy } from './penalty';

/** Options of {@link contraction}. */
export interface ContractionOptions {
  /** λ. Default 0.1. */
  weight?: Schedule;
}

const schema = z.strictObject({ weight: scheduleSchema().default(0.1) });

/**
 * The penalty of the contractive autoencoder (Rifai et al. 2011): the code should move little when x does,
 *
 * $$\lambda \|J_g(x)\|_F^2, \qquad J_g(x) = \frac{\partial g(x)}{\partial x}$$
 *
 * The Jacobian is written out: with layers $h_l = \varphi(h_{l-1} W_l + b_l)$ and kernels $W_l$ [in, out] it is
 * $J = D_L W_L^\top \cdots D_1 W_1^\top$, $D_l = \mathrm{diag}(\varphi'(h_l))$. So the encoder has to be dense layers with
 * activations whose slope follows from their value. It is the Jacobian by x; the encoder's classes have no part in it.
 */
export const contraction = defineBuiltPenalty(
  'contraction',
  (given: ContractionOptions) => {
    const { weight } = checkedConfig('contraction', schema, given);
    return {
      source: 'Rifai et al. 2011, Contractive auto-encoders, equation 1',
      refuses: reasonAgainst,
      terms({ x, encoded, networks }) {
        const layers = layersOf(networks)!;
        return {
          contraction: {
            value: squaredJacobian(encoded!, layers, x.shape[1]).mean(),
            weight: { symbol: 'λ', schedule: weight },
            formula: '\\|J_g(x)\\|_F^2',
            meaning: 'squared Frobenius norm of the Jacobian of the code by x, mean over the batch',
            unit: 'squared code per squared value',
          },
        };
      },
    };
  },
  schema,
);

interface DenseLayer {
  kernel: tf.Tensor2D;
  activation: Activation;
}

/** Activations whose derivative is a function of their value. */
export const INVERTIBLE = ['sigmoid', 'tanh', 'relu', 'leaky', 'elu', 'softplus', 'linear'] as const;
type Invertible = (typeof INVERTIBLE)[number];

/** φ'(a) in terms of h = φ(a). */
const SLOPES: Record<Invertible, (h: tf.Tensor2D) => tf.Tensor2D> = {
  sigmoid: (h) => h.mul(h.neg().add(1)),
  tanh: (h) => h.square().neg().add(1),
  relu: (h) => h.step(),
  leaky: (h) => h.step(LEAK),
  elu: (h) => h.minimum(0).add(1),
  // σ(a) = 1 − e^{−h}.
  softplus: (h) => h.neg().expm1().neg(),
  linear: (h) => h.onesLike() as tf.Tensor2D,
};

/** The encoder's layers, the last with the activation of the code; null if it has others than dense ones. */
function layersOf({ encoder, code }: CodedBy): DenseLayer[] | null {
  if (!isDense(encoder)) return null;
  return encoder.layers.map(({ kernel, activation }, i) => {
    const last = i === encoder.layers.length - 1;
    return { kernel: kernel as tf.Tensor as tf.Tensor2D, activation: last && code !== 'linear' ? code : activation };
  });
}

function reasonAgainst(networks: CodedBy): string | undefined {
  const layers = layersOf(networks);
  if (!layers) {
    return (
      'the penalty contraction is the closed form of the Jacobian of dense layers, and the encoder has others; take ' +
      'encoder: mlp(…), or corrupt the samples a little instead, which contracts too: a DenoisingAutoencoder with ' +
      'gaussianNoise(…)'
    );
  }
  const { encoder, code } = networks;
  if (code !== 'linear' && isDense(encoder) && encoder.layers.at(-1)!.activation !== 'linear') {
    return 'the penalty contraction needs one activation for the code; the encoder has its own in addition to "code"';
  }
  const odd = layers.find(({ activation }) => !(activation in SLOPES))?.activation;
  if (odd === undefined) return undefined;
  const known = INVERTIBLE.join(', ');
  return `the penalty contraction needs activations whose slope follows from their value, ${known}; found ${odd}`;
}

/**
 * ‖J_g(x)‖²_F of each sample, [n], for the layers' activations.
 *
 * Backwards from the code, G = D_L W_Lᵀ D_{L−1} W_{L−1}ᵀ … D_1 is [n·k, width of layer 1] and ‖G W_1ᵀ‖² = Σ G ∘ G W_1ᵀW_1,
 * so that nothing has n·k·d entries. The derivatives are written in terms of h: tfjs's second derivatives of sigmoid and
 * tanh are wrong.
 */
function squaredJacobian(h: readonly tf.Tensor2D[], layers: readonly DenseLayer[], d: number): tf.Tensor1D {
  const slopes = h.map((one, l) => SLOPES[layers[l]!.activation as Invertible](one));
  const kernels = layers.map(({ kernel }) => kernel);
  // Rows below are for classes beside x.
  if (kernels[0]!.shape[0] > d) kernels[0] = kernels[0]!.slice([0, 0], [d, -1]);
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

/** g [n, k, a] times m [a, b]: [n, k, b]. */
function rowsThrough(g: tf.Tensor3D, m: tf.Tensor2D): tf.Tensor3D {
  const [n, k, a] = g.shape;
  return g
    .reshape<tf.Tensor2D>([n * k, a])
    .matMul<tf.Tensor2D>(m)
    .reshape([n, k, m.shape[1]]);
}

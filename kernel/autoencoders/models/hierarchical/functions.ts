/** The functions of a chain of latents that are written as ONNX, beside those of every autoencoder. */
import type * as tf from '@tensorflow/tfjs';
import type { ExportedFunction, ExportedFunctions } from '../../training/checkpoints/onnxFiles';
import type { Conditioning } from '../../conditioning/conditioning';
import type { Chain, Level } from './levels';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * `prior1` … , p(z_t|z_{t+1}); and `inference`, each level's draw `z_t`, with the mean and log σ² of what it is drawn from.
 *
 * @param inferred all levels of rows x [n, d] with their classes beside them, drawn by ε [n, k_1 + … + k_T]
 */
export function chainFunctions(
  chain: Chain,
  latents: readonly number[],
  d: number,
  conditioning: Conditioning,
  inferred: (xAndY: tf.Tensor2D, epsilon: tf.Tensor2D) => Level[],
): ExportedFunctions {
  const { words, inputs } = conditioning.exported;
  const all = latents.reduce((sum, k) => sum + k, 0);
  const priors = latents.slice(1).map((k, i): [string, ExportedFunction] => {
    const [t, to] = [i + 1, i + 2];
    const documentation = `p(z_${t}|z_${to}). z: [n, ${k}], draws of z_${to}; its outputs are of z_${t}.`;
    const run = ({ z }: Tensors) => {
      const { mu, logVar } = chain.prior(t, z as tf.Tensor2D);
      return { mu, logVar };
    };
    return [`prior${t}`, { documentation, inputs: { z: [k] }, run }];
  });
  const inference: ExportedFunction = {
    documentation: `draws from q(z_1 … z_T|x). x: [n, ${d}]${words}; epsilon: [n, ${all}] from N(0, I), those of z_1 first.`,
    inputs: { x: [d], ...inputs, epsilon: [all] },
    run({ x, y, epsilon }) {
      const xAndY = conditioning.beside(x as tf.Tensor2D, y as tf.Tensor2D | undefined);
      return namedByLevel(inferred(xAndY, epsilon as tf.Tensor2D));
    },
  };
  return { ...Object.fromEntries(priors), inference };
}

function namedByLevel(levels: readonly Level[]): Record<string, tf.Tensor> {
  const outputs = levels.map(({ q, z }, i) => ({
    [`z${i + 1}`]: z,
    [`mu${i + 1}`]: q.mu,
    [`logVar${i + 1}`]: q.logVar,
  }));
  return Object.assign({}, ...outputs) as Record<string, tf.Tensor>;
}

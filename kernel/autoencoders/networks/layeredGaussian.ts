import * as tf from '@tensorflow/tfjs';
import { DiagonalGaussian } from '../distributions/index';
import { Dense } from './layers/layers';

export interface LayeredGaussianOptions {
  /** Prefix of the parameters' names. */
  name: string;
  /** Width of the context. */
  context: number;
  /** L. */
  layers: number;
  /** k, of each layer. */
  latent: number;
  /** Width of the gated hidden layers. */
  hidden: number;
  seed: number;
}

/**
 * Whether a parameter belongs to a layer of such a state that is drawn after others, and so is given these beside the
 * context.
 *
 * @param name of one parameter
 * @param names those of all parameters of the model
 */
export function isLowerLayer(name: string, names: readonly string[]): boolean {
  const [, state, layer] = LAYER.exec(name) ?? [];
  if (state === undefined) return false;
  return names.some((other) => {
    const [, its, above] = LAYER.exec(other) ?? [];
    return its === state && Number(above) > Number(layer);
  });
}

/** `filter.2.signal.kernel`: of the state `filter` its layer 2. */
const LAYER = /^(.+)\.(\d+)\.(?:signal|gate|heads)\.[^.]+$/;

/**
 * p(z|c) of a state z of L layers, drawn from the top down: each layer is a diagonal Gaussian given the context c and the
 * layers above it, with mean and log-variance from a gated network (Gregor et al. 2019, appendix D),
 *
 * $$h = \tanh(y W_1 + b_1) \odot \sigma(y W_2 + b_2), \qquad \mu = h W_3 + b_3, \qquad \log \sigma^2 = h W_4 + b_4$$
 *
 * where y is c and the layers above side by side. A state is [n, L·k], the top layer first.
 */
export class LayeredGaussian {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly latent: number;
  private readonly blocks: { signal: Dense; gate: Dense; heads: Dense }[];

  constructor({ name, context, layers, latent, hidden, seed }: LayeredGaussianOptions) {
    this.latent = latent;
    this.blocks = Array.from({ length: layers }, (_, above) => {
      const prefix = `${name}.${layers - above}`;
      const into = { in: context + above * latent, out: hidden, seed };
      return {
        signal: new Dense({ ...into, name: `${prefix}.signal`, activation: 'tanh' }),
        gate: new Dense({ ...into, name: `${prefix}.gate`, activation: 'sigmoid' }),
        heads: new Dense({ name: `${prefix}.heads`, in: hidden, out: 2 * latent, activation: 'linear', seed }),
      };
    });
    const layersOf = this.blocks.flatMap(({ signal, gate, heads }) => [signal, gate, heads]);
    this.parameters = Object.assign({}, ...layersOf.map(({ parameters }) => parameters));
  }

  /**
   * A state: [n, L·k].
   *
   * @param context [n, …]
   * @param epsilon [n, L·k] from N(0, I)
   */
  draw(context: tf.Tensor2D, epsilon: tf.Tensor2D): tf.Tensor2D {
    const noises = this.split(epsilon);
    const drawn: tf.Tensor2D[] = [];
    this.blocks.forEach((_, i) => drawn.push(this.layer(i, context, drawn).reparameterize(noises[i]!)));
    return tf.concat(drawn, 1);
  }

  /**
   * All layers at once, each given those above it in `state` [n, L·k]: `logProb(state)` of the result is log p(z|c), and
   * its `kl` sums the divergences of the layers, each given the layers above.
   */
  at(context: tf.Tensor2D, state: tf.Tensor2D): DiagonalGaussian {
    const parts = this.split(state);
    const layers = this.blocks.map((_, i) => this.layer(i, context, parts.slice(0, i)));
    const logVars = layers.map(({ logVar }) => logVar as tf.Tensor2D);
    return new DiagonalGaussian(tf.concat(layers.map(({ mu }) => mu), 1), tf.concat(logVars, 1)); // prettier-ignore
  }

  private layer(i: number, context: tf.Tensor2D, above: tf.Tensor2D[]): DiagonalGaussian {
    const { signal, gate, heads } = this.blocks[i]!;
    const y = above.length === 0 ? context : tf.concat([context, ...above], 1);
    const h = signal.apply(y).mul(gate.apply(y));
    const [mu, logVar] = tf.split(heads.apply(h), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return new DiagonalGaussian(mu, logVar);
  }

  private split(state: tf.Tensor2D): tf.Tensor2D[] {
    const layers = this.blocks.length;
    return layers === 1 ? [state] : tf.split(state, new Array<number>(layers).fill(this.latent), 1);
  }
}

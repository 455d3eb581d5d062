import * as tf from '@tensorflow/tfjs';
import { randomStream } from '../../random';
import { newVariable } from './layers';

export interface LSTMOptions {
  /** Prefix of the parameters' names. */
  name: string;
  /** Width of the input at each time. */
  in: number;
  /** u, width of the state. */
  units: number;
  seed: number;
}

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), unrolled over all
 * times. From $h_0 = c_0 = 0$,
 *
 * $$(i, f, g, o) = x_t W + h_{t-1} U + b, \qquad c_t = \sigma(f) c_{t-1} + \sigma(i) \tanh(g), \qquad h_t = \sigma(o) \tanh(c_t)$$
 *
 * with `<name>.kernel` W [in, 4u], `<name>.recurrentKernel` U [u, 4u] and `<name>.bias` b [4u]. Kernels start as draws of
 * N(0, 2 / (fan-in + u)) and the bias at 0, that of the forget gate at 1, so that states last at first (Jozefowicz et al.
 * 2015).
 */
export class LSTM {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly units: number;
  private readonly kernel: tf.Variable;
  private readonly recurrentKernel: tf.Variable;
  private readonly bias: tf.Variable;

  constructor({ name, in: width, units, seed }: LSTMOptions) {
    const kernel = (part: string, fanIn: number) => {
      const draws = randomStream(seed, `weights/${name}.${part}`).normals(fanIn * 4 * units);
      const deviation = Math.sqrt(2 / (fanIn + units));
      return newVariable(
        draws.map((value) => value * deviation),
        [fanIn, 4 * units],
      );
    };
    this.units = units;
    this.kernel = kernel('kernel', width);
    this.recurrentKernel = kernel('recurrentKernel', units);
    const isForgetGate = (i: number) => Math.floor(i / units) === 1;
    this.bias = newVariable(
      Float32Array.from({ length: 4 * units }, (_, i) => (isForgetGate(i) ? 1 : 0)),
      [4 * units],
    );
    this.parameters = {
      [`${name}.kernel`]: this.kernel,
      [`${name}.recurrentKernel`]: this.recurrentKernel,
      [`${name}.bias`]: this.bias,
    };
  }

  /** h_1 … h_T: [n, T, in] → [n, T, u]. */
  apply(x: tf.Tensor3D): tf.Tensor3D {
    const [, T, width] = x.shape;
    // What does not depend on the state is one product for all times.
    const driven = x
      .reshape([-1, width])
      .matMul(this.kernel)
      .add(this.bias)
      .reshape([-1, T, 4 * this.units]);
    const states: tf.Tensor2D[] = [];
    let c: tf.Tensor | undefined;
    for (const now of tf.unstack(driven, 1)) {
      const before = states.at(-1);
      const gates = before ? now.add(before.matMul(this.recurrentKernel as tf.Tensor2D)) : now;
      const [i, f, g, o] = tf.split(gates, 4, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
      const written: tf.Tensor = i.sigmoid().mul(g.tanh());
      c = c ? f.sigmoid().mul(c).add(written) : written;
      states.push(o.sigmoid().mul(c.tanh()));
    }
    return tf.stack(states, 1) as tf.Tensor3D;
  }
}

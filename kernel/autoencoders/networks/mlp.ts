import { Dense, Sequential } from './layers/layers';
import type { Activation } from './layers/layers';

export interface MLPOptions {
  /** Prefix of the parameters' names, `encoder` for example. */
  name: string;
  /** Width of the input, of each hidden layer and of the output. */
  sizes: number[];
  /** The activation of the hidden layers; the output is linear. */
  activation: Activation;
  seed: number;
}

/**
 * A multilayer perceptron: h ← φ(h W + b) for each hidden layer, then h W + b. Its parameters are
 * `<name>.<layer>.kernel` [in, out] and `<name>.<layer>.bias` [out].
 */
export class MLP extends Sequential {
  constructor({ name, sizes, activation, seed }: MLPOptions) {
    const layers = sizes.slice(1).map((out, i) => {
      const last = i + 2 === sizes.length;
      return new Dense({ name: `${name}.${i}`, in: sizes[i]!, out, activation: last ? 'linear' : activation, seed });
    });
    super(layers);
  }
}

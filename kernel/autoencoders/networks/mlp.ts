import { z } from 'zod';
import { ACTIVATIONS, Dense, INITIALIZERS, Sequential } from './layers/layers';
import type { Activation, Initializer } from './layers/layers';
import { defineBuiltNetwork, widthOfRows } from './network';
import type { NetworkPart } from './network';

export interface MLPOptions {
  /** Prefix of the parameters' names, `encoder` for example. */
  name: string;
  /** Width of the input, of each hidden layer and of the output. */
  sizes: number[];
  /** The activation of the hidden layers; the output is linear. */
  activation: Activation;
  /** How kernels start. Default `default`. */
  initializer?: Initializer | undefined;
  seed: number;
}

/**
 * A multilayer perceptron: h ← φ(h W + b) for each hidden layer, then h W + b. Its parameters are
 * `<name>.<layer>.kernel` [in, out] and `<name>.<layer>.bias` [out].
 */
export class MLP extends Sequential {
  constructor({ name, sizes, activation, initializer, seed }: MLPOptions) {
    const layers = sizes.slice(1).map((out, i) => {
      const last = i + 2 === sizes.length;
      const layer = { name: `${name}.${i}`, activation: last ? ('linear' as const) : activation, initializer, seed };
      return new Dense({ ...layer, in: sizes[i]!, out });
    });
    super(layers);
  }
}

export interface DenseNetworkOptions {
  /** Width of each hidden layer; none makes the network linear. */
  hidden?: number[];
  /** The activation of the hidden layers. Default `relu`. */
  activation?: Activation;
  /** How kernels start. Default `default`: He's variance before rectifiers, Glorot's elsewhere. */
  initializer?: Initializer;
}

const schema = z.strictObject({
  hidden: z.array(z.int().min(1)).default([400, 200]),
  activation: z.enum(ACTIVATIONS).default('relu'),
  initializer: z.enum(INITIALIZERS).optional(),
});

const part = defineBuiltNetwork<DenseNetworkOptions, z.output<typeof schema>>(
  'mlp',
  ({ hidden, ...layers }) => ({
    flat: true,
    build: ({ name, from, to, perValue, seed }) =>
      new MLP({ name, sizes: [widthOfRows(from), ...hidden, widthOfRows(to) * perValue], ...layers, seed }),
  }),
  schema,
);

/** The network {@link MLP} with these hidden layers, in their order, as encoder or decoder of any data. */
export function mlp(hidden: number[] = [400, 200], options: Omit<DenseNetworkOptions, 'hidden'> = {}): NetworkPart {
  return part({ hidden, ...options });
}

import { z } from 'zod';
import { ACTIVATIONS, Dense, INITIALIZERS, Sequential } from './layers/layers';
import type { Activation, Initializer } from './layers/layers';
import type { TiedDense } from './layers/tiedDense';
import { defineBuiltNetwork, widthOfRows } from './network';
import type { Network, NetworkPart } from './network';

export interface MLPOptions {
  /** Prefix of the parameters' names, `encoder` for example. */
  name: string;
  /** Width of the input, of each hidden layer and of the output. */
  sizes: number[];
  /** The activation of the hidden layers. */
  activation: Activation;
  /** How kernels start. Default `default`. */
  initializer?: Initializer | undefined;
  /** The activation of the last layer. Default `linear`. */
  output?: Activation;
  seed: number;
}

/** A network with only dense layers, which you can inspect. */
export interface DenseNetwork extends Network {
  /** In their order; the last one gives the output. */
  readonly layers: readonly (Dense | TiedDense)[];
}

export function isDense(network: Network): network is DenseNetwork {
  return 'layers' in network;
}

/**
 * A multilayer perceptron: h ← φ(h W + b) for each hidden layer, then h W + b. Its parameters are
 * `<name>.<layer>.kernel` [in, out] and `<name>.<layer>.bias` [out].
 */
export class MLP extends Sequential implements DenseNetwork {
  readonly layers: readonly Dense[];

  constructor({ name, sizes, activation, output = 'linear', initializer, seed }: MLPOptions) {
    const layers = sizes.slice(1).map((out, i) => {
      const last = i + 2 === sizes.length;
      const layer = { name: `${name}.${i}`, activation: last ? output : activation, initializer, seed };
      return new Dense({ ...layer, in: sizes[i]!, out });
    });
    super(layers);
    this.layers = layers;
  }
}

/** Options of {@link mlp}. */
export interface DenseNetworkOptions {
  /** Width of each hidden layer; none makes the network linear. */
  hidden?: readonly number[];
  /** The activation of the hidden layers. Default `relu`. */
  activation?: Activation;
  /** How kernels start. Default `default`: He's variance before rectifiers, Glorot's elsewhere. */
  initializer?: Initializer;
  /** The activation of the last layer. Default `linear`. */
  output?: Activation;
}

const schema = z.strictObject({
  hidden: z.array(z.int().min(1)).readonly().default([400, 200]),
  activation: z.enum(ACTIVATIONS).default('relu'),
  initializer: z.enum(INITIALIZERS).optional(),
  output: z.enum(ACTIVATIONS).default('linear'),
});

const part = defineBuiltNetwork<DenseNetworkOptions, z.output<typeof schema>>(
  'mlp',
  ({ hidden, ...layers }) => ({
    takes: ({ from }) => [widthOfRows(from)],
    build: ({ name, from, to, perValue, seed }) =>
      new MLP({ name, sizes: [widthOfRows(from), ...hidden, widthOfRows(to) * perValue], ...layers, seed }),
  }),
  schema,
);

/** The network {@link MLP} with these hidden layers, in their order, as encoder or decoder of any data. */
export function mlp(
  hidden: readonly number[] = [400, 200],
  options: Omit<DenseNetworkOptions, 'hidden'> = {},
): NetworkPart {
  return part({ hidden, ...options });
}

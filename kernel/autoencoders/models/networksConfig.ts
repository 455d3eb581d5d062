/** The two networks of an autoencoder in its configuration: any, or multilayer perceptrons by their widths. */
import { z } from 'zod';
import { ACTIVATIONS, INITIALIZERS } from '../networks/layers/layers';
import type { Activation, Initializer } from '../networks/layers/layers';
import { mlp } from '../networks/mlp';
import type { NetworkPart } from '../networks/network';
import { networkField } from '../networks/networkField';
import type { NetworkLike } from '../networks/networkField';

export interface NetworksConfig {
  /** Widths of the encoder's hidden layers; the decoder has them in reverse. Default [400, 200]. */
  hidden?: readonly number[];
  /** The activation of the hidden layers. Default `relu`. */
  activation?: Activation;
  /** How kernels start. Default `default`: He's variance before rectifiers, Glorot's elsewhere. */
  initializer?: Initializer;
  /** From x to what the code is made of. Default: a multilayer perceptron of `hidden`. */
  encoder?: NetworkLike;
  /** From the code to what x̂ is made of. Default: a multilayer perceptron of `hidden` in reverse. */
  decoder?: NetworkLike;
}

/** The fields of {@link NetworksConfig}. */
export const networksFields = {
  hidden: z.array(z.int().min(1)).readonly().optional(),
  activation: z.enum(ACTIVATIONS).optional(),
  initializer: z.enum(INITIALIZERS).optional(),
  encoder: networkField.optional(),
  decoder: networkField.optional(),
};

type CheckedNetworks = z.output<z.ZodObject<typeof networksFields>>;

/** What perceptrons are made of, where it is not told. */
export interface Perceptrons {
  hidden: readonly number[];
  activation: Activation;
  initializer: Initializer;
}

/** The defaults of what stands for networks. */
export function perceptronsOf({ hidden, activation, initializer }: Partial<CheckedNetworks>): Perceptrons {
  return { hidden: hidden ?? [400, 200], activation: activation ?? 'relu', initializer: initializer ?? 'default' };
}

/** Both networks: those that are given, perceptrons in place of the others. */
export function networksOf(config: Partial<CheckedNetworks>): { encoder: NetworkPart; decoder: NetworkPart } {
  const { hidden, ...layers } = perceptronsOf(config);
  const { encoder = mlp(hidden, layers), decoder = mlp(hidden.toReversed(), layers) } = config;
  return { encoder, decoder };
}

/**
 * Adds an issue for each of these fields that stands beside two networks, which say it themselves.
 *
 * @param fields those that say nothing else
 */
export function networksSayIt(
  given: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
  fields: readonly (keyof Perceptrons)[] = ['hidden', 'activation', 'initializer'],
): void {
  if (given['encoder'] === undefined || given['decoder'] === undefined) return;
  const message = 'allowed only without "encoder" and "decoder", which decide it themselves';
  for (const field of fields) {
    if (given[field] !== undefined) context.addIssue({ code: 'custom', path: [field], message });
  }
}

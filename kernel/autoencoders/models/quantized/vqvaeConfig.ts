/** What a quantised autoencoder is configured by. */
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { ACTIVATIONS, INITIALIZERS } from '../../networks/layers/layers';
import type { Activation, Initializer } from '../../networks/layers/layers';
import { mlp } from '../../networks/mlp';
import type { NetworkPart } from '../../networks/network';
import { networkField } from '../../networks/networkField';
import type { NetworkLike } from '../../networks/networkField';
import { codebookFits, quantizedFields, quantizedPart, withCodebook } from '../../quantizers/config';
import type { CheckedQuantized, QuantizedFields } from '../../quantizers/config';
import { commonFields } from '../commonConfig';
import type { CheckedCommonConfig, CommonConfig } from '../commonConfig';

export interface VQVAEConfig extends CommonConfig, QuantizedFields {
  /** P, vectors of one sample that are quantised; where they are a map, how many along each axis. Default 8. */
  positions?: number | number[];
  /** Widths of the encoder's hidden layers; the decoder has them in reverse. Default [400, 200]. */
  hidden?: number[];
  /** The activation of the hidden layers. Default `relu`. */
  activation?: Activation;
  /** How kernels start. Default `default`: He's variance before rectifiers, Glorot's elsewhere. */
  initializer?: Initializer;
  /** From x to the P vectors, one after the other. Default: a multilayer perceptron of `hidden`. */
  encoder?: NetworkLike;
  /** From the P codes to x̂. Default: a multilayer perceptron of `hidden` in reverse. */
  decoder?: NetworkLike;
}

const size = z.int().min(1);

const schema = z
  .strictObject({
    ...commonFields,
    hidden: z.array(size).optional(),
    activation: z.enum(ACTIVATIONS).optional(),
    initializer: z.enum(INITIALIZERS).optional(),
    encoder: networkField.optional(),
    decoder: networkField.optional(),
    positions: z.union([size, z.array(size).min(1)], { error: 'expected a number ≥ 1 or a list of such' }).default(8),
    ...quantizedFields,
  })
  .superRefine(codebookFits)
  .superRefine(({ encoder, decoder, ...config }, context) => {
    const told = (['hidden', 'activation', 'initializer'] as const).find((field) => config[field] !== undefined);
    if (!encoder || !decoder || told === undefined) return;
    const message = 'allowed only without "encoder" and "decoder", which say it themselves';
    context.addIssue({ code: 'custom', path: [told], message });
  })
  .transform((config) => {
    if (config.encoder && config.decoder) return config;
    const { hidden = [400, 200], activation = 'relu' as const, initializer = 'default' as const } = config;
    return { ...config, hidden, activation, initializer };
  });

export type CheckedVQVAEConfig = CheckedCommonConfig & CheckedQuantized;

/** A configuration as a checkpoint holds it, and what it is composed of. */
export interface CheckedVQVAE {
  config: CheckedVQVAEConfig;
  codeGrid: readonly number[];
  encoder: NetworkPart;
  decoder: NetworkPart;
}

/** @throws {ConfigurationError} naming every field that is wrong */
export function checkedVQVAE(what: string, given: VQVAEConfig): CheckedVQVAE {
  const config = withCodebook(checkedConfig(what, schema, given));
  const { positions, hidden = [], activation = 'relu', initializer = 'default' } = config;
  const options = { activation, initializer };
  const { encoder = mlp(hidden, options), decoder = mlp(hidden.toReversed(), options) } = config;
  return { config, codeGrid: [positions].flat(), encoder, decoder };
}

/** What the constructor of a quantised autoencoder takes: what it is composed of, and what a checkpoint holds. */
export type Composed = [config: VQVAEConfig, saved: object];

/** The configuration of a preset, checked, as that of the autoencoder that it is. */
export function composed(
  checked: CheckedVQVAEConfig,
  parts: Required<Pick<VQVAEConfig, 'positions' | 'encoder' | 'decoder'>>,
): Composed {
  const { input, seed, optimizer } = checked;
  return [{ input, seed, optimizer, ...quantizedPart(checked), ...parts }, checked];
}

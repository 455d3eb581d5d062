/** What a quantised autoencoder is configured by. */
import { z } from 'zod';
import { conditioningFields } from '../../conditioning/fields';
import type { CheckedConditioning, ConditioningConfig } from '../../conditioning/fields';
import { checkedConfig } from '../../config';
import type { NetworkPart } from '../../networks/network';
import type { NetworkLike } from '../../networks/networkField';
import { codebookFits, quantizedFields, quantizedPart, withCodebook } from '../../quantizers/config';
import type { CheckedQuantized, QuantizedFields } from '../../quantizers/config';
import { commonFields } from '../commonConfig';
import type { CheckedCommonConfig, CommonConfig } from '../commonConfig';
import { networksFields, networksOf, networksSayIt, perceptronsOf } from '../networksConfig';
import type { NetworksConfig } from '../networksConfig';

/** What {@link VQVAE} is made of. */
export interface VQVAEConfig extends CommonConfig, NetworksConfig, QuantizedFields, ConditioningConfig {
  /** P, vectors of one sample that are quantised; where they are a map, how many along each axis. Default 8. */
  positions?: number | readonly number[];
  /** Maps x to the P vectors, one after the other. Default: a multilayer perceptron of `hidden`. */
  encoder?: NetworkLike;
  /** From the P codes to x̂. Default: a multilayer perceptron of `hidden` in reverse. */
  decoder?: NetworkLike;
}

const size = z.int().min(1);

const schema = z
  .strictObject({
    ...commonFields,
    ...networksFields,
    positions: z
      .union([size, z.array(size).min(1).readonly()], { error: 'expected a number ≥ 1 or a list of such' })
      .default(8),
    ...quantizedFields,
    ...conditioningFields,
  })
  .superRefine(codebookFits)
  .superRefine((config, context) => networksSayIt(config, context))
  .transform((config) => (config.encoder && config.decoder ? config : { ...config, ...perceptronsOf(config) }));

export type CheckedVQVAEConfig = CheckedCommonConfig & CheckedQuantized & CheckedConditioning;

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
  return { config, codeGrid: [config.positions].flat(), ...networksOf(config) };
}

/** What the constructor of a quantised autoencoder takes: what it is composed of, and what a checkpoint holds. */
export type Composed = [config: VQVAEConfig, saved: object];

/** The configuration of a preset, checked, as that of the autoencoder that it is. */
export function composed(
  checked: CheckedVQVAEConfig,
  parts: Required<Pick<VQVAEConfig, 'positions' | 'encoder' | 'decoder'>>,
): Composed {
  const { input, seed, optimizer, classes, missing } = checked;
  return [{ input, seed, optimizer, classes, missing, ...quantizedPart(checked), ...parts }, checked];
}

/** What a deterministic autoencoder is configured by: parts, and short names for the usual ones. */
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { conditioningFields } from '../../conditioning/fields';
import type { ConditioningConfig } from '../../conditioning/fields';
import { corruptionSchema } from '../../corruption/corruption';
import type { CorruptionLike, CorruptionPart } from '../../corruption/corruption';
import { checkLoss, lossFields, lossOf } from '../../losses/fields';
import type { LossConfig } from '../../losses/fields';
import { squaredError } from '../../losses/loss';
import type { LossPart } from '../../losses/loss';
import { ACTIVATIONS } from '../../networks/layers/layers';
import type { Activation } from '../../networks/layers/layers';
import type { NetworkPart } from '../../networks/network';
import { penaltySchema } from '../../penalties/penalty';
import type { PenaltyLike, PenaltyPart } from '../../penalties/penalty';
import { commonFields } from '../commonConfig';
import type { CheckedCommonConfig, CommonConfig } from '../commonConfig';
import { networksFields, networksSayIt, perceptronsOf } from '../networksConfig';
import type { NetworksConfig, Perceptrons } from '../networksConfig';

/** What every deterministic autoencoder is configured by. */
export interface DeterministicConfig extends CommonConfig, NetworksConfig, LossConfig, ConditioningConfig {
  /** k, the dimensions of z. */
  latent: number;
}

/** What {@link DeterministicAutoencoder} is made of. */
export interface DeterministicAutoencoderConfig extends DeterministicConfig {
  /** The activation of z. Default `linear`. */
  code?: Activation;
  /** Whether the decoder's kernels are the encoder's, transposed: for dense encoders. Default false. */
  tied?: boolean;
  /** What the encoder is given in training in place of x. Default null: x itself. */
  corruption?: CorruptionLike | null;
  /** What is charged for beside the reconstruction. Default none. */
  penalties?: PenaltyLike[];
}

/** The fields of {@link DeterministicConfig}. */
export const deterministicFields = {
  ...commonFields,
  latent: z.int().min(1),
  ...networksFields,
  ...lossFields,
  ...conditioningFields,
};

type CheckedFields = z.output<z.ZodObject<typeof deterministicFields>>;

const composedFields = {
  ...deterministicFields,
  code: z.enum(ACTIVATIONS).default('linear'),
  tied: z.boolean().default(false),
  corruption: corruptionSchema().nullable().default(null),
  penalties: z.array(penaltySchema()).readonly().default([]),
};

/** What is known of a configuration before and after its check. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * Adds issues for fields that say the same thing twice.
 *
 * @param ownActivation whether `activation` says something beside what the networks do
 */
export function checkTogether(given: Fields, ownActivation: boolean, context: z.RefinementCtx): void {
  checkLoss(given, context);
  networksSayIt(given, context, ownActivation ? ['hidden'] : undefined);
  if (given['tied'] !== true || given['decoder'] === undefined) return;
  context.addIssue({ code: 'custom', path: ['tied'], message: 'allowed only without "decoder"' });
}

export interface CheckedDeterministicConfig extends CheckedCommonConfig, Perceptrons {
  latent: number;
  classes?: number | null | undefined;
  missing: boolean;
  encoder?: NetworkPart | undefined;
  decoder?: NetworkPart | undefined;
  code: Activation;
  tied: boolean;
  loss: LossPart;
  corruption: CorruptionPart | null;
  penalties: readonly PenaltyPart[];
}

/**
 * @returns the parts, and what a checkpoint holds of them
 * @throws {ConfigurationError} naming every field that is wrong
 */
export function checkedDeterministicConfig(
  what: string,
  given: DeterministicAutoencoderConfig,
): { checked: CheckedDeterministicConfig; saved: object } {
  const schema = z
    .strictObject(composedFields)
    .superRefine((_, context) => checkTogether({ ...given }, false, context));
  const saved = withDefaults(checkedConfig(what, schema, given));
  return { checked: { ...saved, ...perceptronsOf(saved), loss: lossOf(saved) }, saved };
}

/** The same with the defaults of what stands for networks and a loss, for a checkpoint to hold. */
export function withDefaults<C extends Partial<CheckedFields>>(checked: C, ownActivation = false): C {
  const { encoder, decoder, likelihood, loss = squaredError() } = checked;
  const { hidden, ...layers } = perceptronsOf(checked);
  const built = encoder && decoder ? (ownActivation ? layers : {}) : { hidden, ...layers };
  const filled = ['hidden', 'activation', 'initializer', 'loss'];
  const others = Object.entries(checked).filter(([name]) => !filled.includes(name));
  return { ...Object.fromEntries(others), ...built, ...(likelihood ? {} : { loss }) } as C;
}

/** What {@link DeterministicAutoencoder}'s constructor takes: its parts, and the configuration that a checkpoint holds. */
type Composed = [config: DeterministicAutoencoderConfig, saved: object];

/**
 * Checks a preset's configuration, whose fields are those of every deterministic autoencoder and its own, and composes it.
 *
 * @param what the class, as messages name it
 * @throws {ConfigurationError} naming every field that is wrong
 */
export function preset<Own extends z.ZodRawShape>(
  what: string,
  fields: Own,
  given: object,
  compose: (own: z.output<z.ZodObject<Own>>) => Partial<DeterministicAutoencoderConfig>,
): Composed {
  const ownActivation = 'activation' in fields;
  const schema = z
    .strictObject({ ...deterministicFields, ...fields })
    .superRefine((_, context) => checkTogether({ ...given }, ownActivation, context));
  const checked = withDefaults(checkedConfig(what, schema, given) as Partial<CheckedFields>, ownActivation);
  const { encoder, decoder, ...others } = checked;
  const common = Object.entries(others).filter(([name]) => name in deterministicFields);
  const config = { ...Object.fromEntries(common), ...compose(checked as z.output<z.ZodObject<Own>>) };
  if (encoder && decoder) {
    delete config.hidden;
    delete config.activation;
    delete config.initializer;
  }
  const networks = { ...(encoder && { encoder }), ...(decoder && { decoder }) };
  return [{ ...config, ...networks } as DeterministicAutoencoderConfig, checked];
}

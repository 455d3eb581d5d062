/** What every autoencoder's configuration may say about its data beside their shape. */
import { z } from 'zod';
import { checkedConfig } from '../config';
import { Conditioning } from './conditioning';

/** How a model takes the class of a sample. */
export interface ConditioningConfig {
  /**
   * C, the number of classes; labels are 0 … C − 1. Encoder and decoder then see the class of each sample, and z
   * encodes what the class does not determine. The label −1 stands for an unknown class. Default: the model ignores
   * labels.
   */
  classes?: number | null | undefined;
  /** Whether values may be missing: NaN in x. The encoder then sees 0, and the loss skips them. Default false. */
  missing?: boolean;
}

/** The fields of {@link ConditioningConfig}. */
export const conditioningFields = {
  classes: z.int().min(1).nullable().optional(),
  missing: z.boolean().default(false),
};

/** The same fields of a family that makes no sense with them. */
export function refusedConditioning(reasons: { classes: string; missing: string }) {
  return {
    classes: z.custom<null>((given) => given === null, `not allowed: ${reasons.classes}`).optional(),
    missing: z.custom<false>((given) => given === false, `not allowed: ${reasons.missing}`).optional(),
  };
}

export type CheckedConditioning = z.output<z.ZodObject<typeof conditioningFields>>;

const schema = z.object(conditioningFields);

/** @throws {ConfigurationError} for a number of classes that there cannot be */
export function conditioningOf(what: string, config: object): Conditioning {
  const { classes = null, missing } = checkedConfig(what, schema, config);
  return new Conditioning(classes, missing);
}

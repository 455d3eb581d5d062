/** A preset is a VAE under the name of its paper: its own fields, and the parts that they stand for. */
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { likelihoodOf } from '../../likelihoods/fields';
import { checkTogether, naming, variationalFields } from './vaeConfig';
import type { CheckedVariational, VAEConfig } from './vaeConfig';

/** What {@link VAE}'s constructor takes: what it is composed of, and the configuration that a checkpoint holds. */
export type Composed = [config: VAEConfig, saved: object];

/** A preset's fields beside those of every variational model, and those that it does not have. */
export interface PresetFields<Own extends z.ZodRawShape> {
  own: Own;
  without?: readonly (keyof typeof variationalFields)[];
}

/**
 * Checks a preset's configuration and composes it.
 *
 * @param what the class, as messages name it
 * @throws {ConfigurationError} naming every field that is wrong
 */
export function preset<Own extends z.ZodRawShape>(
  what: string,
  { own, without = [] }: PresetFields<Own>,
  given: object,
  compose: (own: z.output<z.ZodObject<Own>>) => Partial<VAEConfig>,
): Composed {
  const shared = Object.entries(variationalFields).filter(([name]) => !(without as readonly string[]).includes(name));
  const schema = z.strictObject({ ...Object.fromEntries(shared), ...own }).superRefine((config, context) => {
    checkTogether(config as CheckedVariational, context);
  });
  const checked = checkedConfig(what, schema, given) as CheckedVariational & z.output<z.ZodObject<Own>>;
  const composed = naming(what, () => compose(checked));
  const parts = Object.entries(checked).filter(([name]) => !(name in own) || name in variationalFields);
  return [{ ...Object.fromEntries(parts), ...composed } as VAEConfig, filledIn(checked, !without.includes('hidden'))];
}

/** The configuration with what it leaves out. */
function filledIn(checked: CheckedVariational, dense: boolean): object {
  const { encoder, decoder, hidden = [400, 200], activation = 'relu', initializer = 'default' } = checked;
  const networks = !dense || (encoder && decoder) ? {} : { hidden, activation, initializer };
  const filled = { ...checked, ...networks, likelihood: likelihoodOf(checked) };
  // The likelihood has it now.
  delete filled.sigma;
  return filled;
}

/** A preset is a VAE under the name of its paper: its own fields, and the parts that they stand for. */
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { checkTogether, naming, variationalFields } from './vaeConfig';
import type { VAEConfig } from './vaeConfig';

/** What {@link VAE}'s constructor takes: what it is composed of, and the configuration that a checkpoint holds. */
export type Composed = [config: VAEConfig, saved: object];

/**
 * Checks a preset's configuration, whose fields are those of every variational model and its own, and composes it.
 *
 * @param what the class, as messages name it
 * @throws {ConfigurationError} naming every field that is wrong
 */
export function preset<Fields extends z.ZodRawShape>(
  what: string,
  fields: Fields,
  given: object,
  compose: (own: z.output<z.ZodObject<Fields>>) => Partial<VAEConfig>,
): Composed {
  const schema = z.strictObject({ ...variationalFields, ...fields }).superRefine((config, context) => {
    checkTogether(config as Parameters<typeof checkTogether>[0], context);
  });
  const checked = checkedConfig(what, schema, given) as Record<string, unknown>;
  const own = Object.keys(fields);
  const parts = Object.entries(checked).filter(([name]) => !own.includes(name));
  const composed = naming(what, () => compose(checked as z.output<z.ZodObject<Fields>>));
  return [{ ...Object.fromEntries(parts), ...composed } as VAEConfig, checked];
}

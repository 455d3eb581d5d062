/** The text of a cell that overrides parameters. */
import type { ParameterValue } from './types';

export const PARAMETERS_TAG = 'parameters';
export const INJECTED_TAG = 'injected-parameters';

/** The first line of an injected cell. */
export const INJECTED_COMMENT = '// Parameters of this run';

/** The name of the parameter that is also the default seed of models and trainings. */
export const SEED = 'seed';

/** The text of a cell that overrides. */
export function injectedSource(
  values: Readonly<Record<string, ParameterValue>>,
  declared: readonly { name: string; declaration: string }[],
): string {
  const known = declared.filter(({ name }) => Object.hasOwn(values, name));
  const rows = known.map(({ name, declaration }) => `${declaration} = ${JSON.stringify(values[name])};`);
  return [INJECTED_COMMENT, ...rows].join('\n');
}

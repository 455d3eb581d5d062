/** The text of a cell that overrides parameters. */
import type { ParameterValue } from './types';

export const PARAMETERS_TAG = 'parameters';
export const INJECTED_TAG = 'injected-parameters';

/** The first line of an injected cell. */
export const INJECTED_COMMENT = '// Parameters of this run';

/** The name of the parameter that is also the default seed of models and trainings. */
export const SEED = 'seed';

const SEED_LINE = /^(?:const|let|var) seed\b[^=\n]*= (\d+);?$/m;

/**
 * What a cell says of the default seed of models and trainings.
 *
 * @returns the seed that an injected cell gives; null for the parameters cell, where a run begins, and for an injected cell
 *   without one: the seed of an earlier run is over; undefined for every other cell
 */
export function seedOfCell(tags: readonly string[], source: string): number | null | undefined {
  if (tags.includes(INJECTED_TAG)) {
    const given = Number(SEED_LINE.exec(source)?.[1] ?? NaN);
    return Number.isSafeInteger(given) ? given : null;
  }
  return tags.includes(PARAMETERS_TAG) ? null : undefined;
}

/** The text of a cell that overrides. */
export function injectedSource(
  values: Readonly<Record<string, ParameterValue>>,
  declared: readonly { name: string; declaration: string }[],
): string {
  const known = declared.filter(({ name }) => Object.hasOwn(values, name));
  const rows = known.map(({ name, declaration }) => `${declaration} = ${JSON.stringify(values[name])};`);
  return [INJECTED_COMMENT, ...rows].join('\n');
}

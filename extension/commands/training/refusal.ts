/** Why nothing can be trained on data: with the row and the column, where there is one. */
import type { ColumnSurvey } from '../../../kernel/autoencoders/data/survey/facts';
import { FEWEST_SAMPLES, type Plan } from './plan';

/** @returns a phrase that follows the name of the data, or undefined */
export function refusal({ survey, columns, samples, width, missing, low, high, family }: Plan): string | undefined {
  const model = family === 'vae' ? 'a VAE' : 'a VQ-VAE';
  if (columns?.length === 0) {
    const odd = survey.columns.find((column) => column.odd);
    if (odd) return oddText(odd);
    const kinds = survey.columns.map(({ name, kind }) => `${name} (${kind})`).join(', ');
    return `no column of numbers is chosen; its columns are ${kinds}`;
  }
  const taken = survey.columns.filter(({ name }) => columns?.includes(name));
  const odd = taken.find((column) => !column.usable);
  if (odd)
    return odd.odd
      ? oddText(odd)
      : `the column “${odd.name}” holds ${odd.kind === 'empty' ? 'nothing' : odd.kind}; leave it out`;
  const infinite = taken.find(({ firstInfinite }) => firstInfinite !== null);
  if (infinite) return `${infinite.firstInfinite}, column “${infinite.name}” is infinite; expected finite numbers`;
  if (!columns && survey.range?.firstInfinite)
    return `${survey.range.firstInfinite} is infinite; expected finite numbers`;
  if (samples < FEWEST_SAMPLES) {
    return `it holds ${samples} sample${samples === 1 ? '' : 's'} of ${width} value${width === 1 ? '' : 's'}; ${model} needs at least ${FEWEST_SAMPLES}`;
  }
  if (missing === 'leaveOut') {
    const whole = survey.looked - rowsLacking(taken, survey.range?.rowsMissing ?? 0);
    if (whole < FEWEST_SAMPLES)
      return `${whole} of ${survey.looked} samples lack no value; ${model} needs at least ${FEWEST_SAMPLES}`;
  }
  if (width < 2) return `its samples have one value each; ${model} needs at least 2`;
  if (low === high) return `all of its values are ${low}`;
  return undefined;
}

/** Samples that lack a value of these columns, at most: those of all columns, or as many as the columns lack. */
export function rowsLacking(taken: readonly ColumnSurvey[], all: number): number {
  if (taken.length === 0) return all;
  return Math.min(
    all,
    taken.reduce((sum, { missing }) => sum + missing, 0),
  );
}

function oddText({ name, odd }: ColumnSurvey): string {
  return `${odd!.place}, column “${name}”: found “${odd!.found}”; expected a number, or leave the column out`;
}

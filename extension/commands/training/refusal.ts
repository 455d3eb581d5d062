/** Why nothing can be trained on data: with the row and the column, where there is one. */
import type { ColumnSurvey } from '../../../kernel/autoencoders/data/survey/facts';
import { FEWEST_SAMPLES, leftOutFor, type LeftOut, type Plan } from './plan';

/** @returns a phrase that follows the name of the data, or undefined */
export function refusal(plan: Plan): string | undefined {
  const { survey, columns, samples, width, missing, low, high, family } = plan;
  const model = family === 'vae' ? 'a VAE' : 'a VQ-VAE';
  if (columns?.length === 0) {
    const odd = survey.columns.find((column) => column.odd);
    if (odd) return oddText(odd);
    return `no column of numbers is chosen${othersText(plan)}`;
  }
  const taken = survey.columns.filter(({ name }) => columns?.includes(name));
  const odd = taken.find((column) => !column.usable);
  if (odd)
    return odd.odd
      ? oddText(odd)
      : `the column “${odd.name}” holds ${odd.kind === 'empty' ? 'nothing' : odd.kind}; leave it out`;
  const infinite = taken.find(({ firstInfinite }) => firstInfinite !== null);
  if (infinite) return `${infinite.firstInfinite}, column “${infinite.name}” ${INFINITE}`;
  if (!columns && survey.range?.firstInfinite) return `${survey.range.firstInfinite} ${INFINITE}`;
  const merged = taken.find((column) => column.merged);
  if (merged)
    return `the column “${merged.name}” has whole numbers from ${merged.low} to ${merged.high}, which float32 cannot tell apart; leave it out`;
  if (samples < FEWEST_SAMPLES) {
    return `it holds ${samples} sample${samples === 1 ? '' : 's'} of ${width} value${width === 1 ? '' : 's'}; ${model} needs at least ${FEWEST_SAMPLES}`;
  }
  if (missing === 'leaveOut') {
    const whole = survey.looked - rowsLacking(taken, survey.range?.rowsMissing ?? 0);
    if (whole < FEWEST_SAMPLES)
      return `${whole} of ${survey.looked} samples lack no value; ${model} needs at least ${FEWEST_SAMPLES}`;
  }
  if (width < 2) return `its samples have one value each; ${model} needs at least 2${othersText(plan)}`;
  if (low === high) return `all of its values are ${low}`;
  return undefined;
}

const INFINITE = 'is infinite, or too large for float32; expected finite numbers';

/** Columns that are named in a message. */
const MOST_NAMED = 5;

/** The columns that are not taken, and why they are no numbers to learn: `; “site” is text, “year” is always 7`. */
function othersText({ survey, columns, label }: Plan): string {
  const others = survey.columns.filter(({ name }) => !columns?.includes(name));
  const why = (column: ColumnSurvey) => (column.name === label ? 'is the class' : whyNot(column, survey.rows));
  const named = others.slice(0, MOST_NAMED).map((column) => `“${column.name}” ${why(column)}`);
  const more = others.length > MOST_NAMED ? [`and ${others.length - MOST_NAMED} more`] : [];
  return others.length === 0 ? '' : `; ${[...named, ...more].join(', ')}`;
}

function whyNot(column: ColumnSurvey, rows: number): string {
  const reasons: Record<LeftOut, string> = {
    constant: `is always ${column.examples[0] ?? ''}`,
    id: 'numbers the rows',
    text: 'is text',
    dates: 'holds dates',
    mixed: `holds “${column.odd?.found ?? ''}” in ${column.odd?.place ?? ''}`,
    empty: 'is empty',
    other: 'holds structures',
  };
  const reason = leftOutFor(column, rows);
  return reason === undefined ? 'is left out' : reasons[reason];
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

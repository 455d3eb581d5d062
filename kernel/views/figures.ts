/** What a model reports of itself at the ends of epochs, as curves. */

/** By step. */
export interface ReportedFigures {
  steps: readonly number[];
  values: readonly Readonly<Record<string, number | readonly number[]>>[];
}

export interface PlainFigures {
  name: string;
  steps: Float32Array;
  /** k; the values are [n · k], row by row. */
  dimensions: number;
  values: Float32Array;
}

/** Whether only the end of the training is shown of a figure, as a mark of what is active. */
const isOfTheEnd = (name: string) => name === 'variancePerDimension';

/** Numbers of one figure that a view carries at most: of more, epochs are left out evenly, the last one never. */
const LIMIT = 16_384;

export function plainFigures(figures: ReportedFigures | undefined): PlainFigures[] {
  if (!figures) return [];
  const { steps, values } = figures;
  const names = [...new Set(values.flatMap((reported) => Object.keys(reported)))];
  return names.flatMap((name): PlainFigures[] => {
    const there = [...values.keys()].filter((i) => values[i]![name] !== undefined);
    const rows = there.map((i) => [values[i]![name]!].flat());
    const dimensions = rows.at(-1)!.length;
    // A cell may have given a model other dimensions; figures of others are not of this one.
    const alike = there.filter((_, at) => rows[at]!.length === dimensions);
    if (dimensions === 0 || dimensions > LIMIT) return [];
    const stride = Math.ceil((alike.length * dimensions) / LIMIT);
    const kept = isOfTheEnd(name) ? alike.slice(-1) : alike.filter((_, at) => (alike.length - 1 - at) % stride === 0);
    const numbers = kept.flatMap((i) => [values[i]![name]!].flat());
    return [
      {
        ...{ name, dimensions, steps: Float32Array.from(kept, (i) => steps[i]!) },
        values: Float32Array.from(numbers, (value) => (Number.isFinite(value) ? value : NaN)),
      },
    ];
  });
}

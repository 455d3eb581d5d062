/** The numbers of reconstructions as tables: errors of images, and of vectors each feature by its name. */
import { quantity } from '../../numbers';
import type { Cell, TableData } from '../../figure/table';
import type { Reconstructions } from './model';

/** One row a sample with its errors; for vectors a row for each feature of each sample. */
export function reconstructionsTable(data: Reconstructions): TableData {
  if (data.shape.kind === 'vector')
    return featureTable(
      data,
      Array.from({ length: data.count }, (_, i) => i),
    );
  return data.inputs === null ? drawnTable(data) : errorTable(data);
}

function errorTable({ methods, labels, count: rows }: Reconstructions): TableData {
  const measured = methods.filter(({ errors }) => errors.length > 0);
  const labelled = labels.length > 0;
  return {
    columns: ['row', ...(labelled ? ['label'] : []), ...measured.map(({ name }) => `squared error, ${name}`)],
    rows,
    row: (i): Cell[] => [i, ...(labelled ? [labels[i] ?? ''] : []), ...measured.map(({ errors }) => errors[i] ?? null)],
  };
}

/** Drawn images have no numbers of their own but their mean level, 0…1. */
function drawnTable({ methods }: Reconstructions): TableData {
  const rows = methods.flatMap(({ name, samples }) =>
    samples.map((values, i): Cell[] => [i, name, mean(values) / 255]),
  );
  return { columns: ['draw', 'drawn from', 'mean level'], rows: rows.length, row: (i) => rows[i]! };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The name of a value: its feature, of sound its time, of a sequence with its step. */
export function featureName({ layout, shape }: Pick<Reconstructions, 'layout' | 'shape'>, feature: number): string {
  if (layout?.kind === 'sound') return `${quantity((1000 * feature) / layout.rate)} ms`;
  if (shape.kind === 'image') return '';
  return shape.features[feature] ?? '';
}

/**
 * A row for each feature of these samples: input, what each method makes of it, and the differences. Where values are
 * standardised, they are in the data's own units, with those that the model sees beside them.
 */
export function featureTable(data: Reconstructions, samples: readonly number[]): TableData {
  const { shape, inputs, methods, units, standardization, labels } = data;
  const width = shape.kind === 'vector' ? shape.features.length : 0;
  const several = samples.length > 1;
  const hasUnits = units.some((unit) => unit !== '');
  const real = (value: number, feature: number) =>
    standardization ? value * standardization.scale[feature]! + standardization.mean[feature]! : value;
  const columns = [
    ...(several ? [inputs ? 'row' : 'draw', ...(labels.length > 0 ? ['label'] : [])] : []),
    'feature',
    ...(hasUnits ? ['unit'] : []),
    ...(inputs ? ['input'] : []),
    ...methods.flatMap(({ name }) => [name, ...(inputs ? [`${name} − input`] : [])]),
    ...(standardization
      ? [...(inputs ? ['input, standardised'] : []), ...methods.map(({ name }) => `${name}, standardised`)]
      : []),
  ];
  return {
    columns,
    rows: samples.length * width,
    words: columns.map((name) => ['label', 'feature', 'unit'].includes(name)),
    row: (i): Cell[] => {
      const [sample, feature] = [samples[Math.floor(i / width)]!, i % width];
      const input = inputs?.[sample]?.[feature];
      const outputs = methods.map((method) => method.samples[sample]?.[feature]);
      const shown = (value: number | undefined) => (value === undefined ? null : real(value, feature));
      const plain = (value: number | undefined) => value ?? null;
      return [
        ...(several ? [sample, ...(labels.length > 0 ? [labels[sample] ?? ''] : [])] : []),
        featureName(data, feature),
        ...(hasUnits ? [units[feature] ?? ''] : []),
        ...(inputs ? [shown(input)] : []),
        ...outputs.flatMap((output) => [
          shown(output),
          ...(inputs ? [output === undefined || input === undefined ? null : shown(output)! - shown(input)!] : []),
        ]),
        ...(standardization ? [...(inputs ? [plain(input)] : []), ...outputs.map(plain)] : []),
      ];
    },
  };
}

/** Inputs and what each method makes of them, decoded. */
import * as z from 'zod/mini';
import type { ReconstructionsView, SampleShape } from '../../../kernel/views/types';
import { encodedArray, sampleShape, splitSamples, viewBase } from '../../data';
import type { TypedArray } from '../../data';
import type { Cell, TableData } from '../../figure/table';
import { count, quantity } from '../../numbers';
import { largestDifference } from '../../samples';

export const reconstructionsSchema: z.ZodMiniType<ReconstructionsView> = z.object({
  ...viewBase,
  sampleShape,
  inputs: z.nullable(encodedArray),
  methods: z.array(
    z.object({
      name: z.string(),
      samples: encodedArray,
      errors: z.array(z.number()),
      heldOut: z.optional(z.object({ meanSquaredError: z.number(), count: z.number() })),
    }),
  ),
  labels: z.array(z.string()),
  notes: z.optional(z.array(z.string())),
});

export interface Method {
  name: string;
  samples: TypedArray[];
  errors: number[];
  heldOut: string | undefined;
}

export interface Reconstructions {
  shape: SampleShape;
  inputs: TypedArray[] | null;
  methods: Method[];
  labels: string[];
  /** Samples in a row: inputs, or the longest gallery. */
  count: number;
  /** Largest signed difference of all, in the samples' own units (levels of 255 for images). */
  largestDifference: number;
}

/** @throws RangeError when samples do not fit their shape, or a method has another number of them than there are inputs */
export function readReconstructions(view: ReconstructionsView): Reconstructions {
  const shape = view.sampleShape;
  const inputs = view.inputs === null ? null : splitSamples(view.inputs, shape);
  const methods = view.methods.map((method): Method => {
    const samples = splitSamples(method.samples, shape);
    if (inputs !== null && samples.length !== inputs.length) {
      throw new RangeError(`${method.name}: ${samples.length} reconstructions of ${inputs.length} inputs`);
    }
    return { name: method.name, samples, errors: method.errors, heldOut: heldOutText(method.heldOut) };
  });
  return {
    shape,
    inputs,
    methods,
    labels: view.labels,
    count: inputs?.length ?? Math.max(0, ...methods.map(({ samples }) => samples.length)),
    largestDifference: Math.max(0, ...methods.map(({ samples }) => largestDifference(inputs ?? [], samples, shape))),
  };
}

function heldOutText(heldOut: { meanSquaredError: number; count: number } | undefined): string | undefined {
  return heldOut && `MSE ${quantity(heldOut.meanSquaredError)} on ${count(heldOut.count)} held out`;
}

/** Sample indices as given, or by falling error of one method. */
export function orderSamples(data: Reconstructions, byErrorOf: number | null): number[] {
  const order = Array.from({ length: data.count }, (_, i) => i);
  const errors = byErrorOf === null ? undefined : data.methods[byErrorOf]?.errors;
  return errors === undefined ? order : order.sort((a, b) => (errors[b] ?? 0) - (errors[a] ?? 0) || a - b);
}

/** `sample 4 · Ankle boot · VAE, 2 latents: error 12.31 · …` */
export function describeSample(data: Reconstructions, sample: number): string {
  const errors = data.methods
    .filter(({ errors }) => errors[sample] !== undefined)
    .map(({ name, errors }) => `${name}: squared error ${quantity(errors[sample]!)}`);
  const label = data.labels[sample];
  return [`sample ${count(sample + 1)}`, ...(label === undefined ? [] : [label]), ...errors].join(' · ');
}

/**
 * One row a sample with its errors; for vectors one row for each input and reconstruction, with their features.
 */
export function reconstructionsTable(data: Reconstructions): TableData {
  if (data.shape.kind === 'vector') return valueTable(data, data.shape.features);
  return data.inputs === null ? drawnTable(data) : errorTable(data);
}

function errorTable({ methods, labels, count: rows }: Reconstructions): TableData {
  const measured = methods.filter(({ errors }) => errors.length > 0);
  const labelled = labels.length > 0;
  return {
    columns: ['sample', ...(labelled ? ['label'] : []), ...measured.map(({ name }) => `squared error, ${name}`)],
    rows,
    row: (i): Cell[] => [
      i + 1,
      ...(labelled ? [labels[i] ?? ''] : []),
      ...measured.map(({ errors }) => errors[i] ?? null),
    ],
  };
}

/** Drawn images have no numbers of their own but their mean level, 0…1. */
function drawnTable({ methods }: Reconstructions): TableData {
  const rows = methods.flatMap(({ name, samples }) =>
    samples.map((values, i): Cell[] => [i + 1, name, mean(values) / 255]),
  );
  return { columns: ['sample', 'drawn from', 'mean level'], rows: rows.length, row: (i) => rows[i]! };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function valueTable({ inputs, methods, labels }: Reconstructions, features: readonly string[]): TableData {
  const rows: Cell[][] = [];
  const add = (sample: number, what: string, values: TypedArray, error: number | undefined) =>
    rows.push([sample + 1, labels[sample] ?? '', what, ...values, error ?? null]);
  inputs?.forEach((input, i) => {
    add(i, 'input', input, undefined);
    for (const { name, samples, errors } of methods) add(i, name, samples[i]!, errors[i]);
  });
  if (inputs === null) {
    for (const { name, samples } of methods) samples.forEach((values, i) => add(i, name, values, undefined));
  }
  return {
    columns: ['sample', 'label', 'what', ...features, 'squared error'],
    rows: rows.length,
    row: (i) => rows[i]!,
  };
}

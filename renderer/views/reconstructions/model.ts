/** Inputs and what each method makes of them, decoded. */
import { differenceScale } from '../../../kernel/views/pictures/differences';
import type { DifferenceScale } from '../../../kernel/views/pictures/differences';
import { besideEachOther, layoutShape, MOST_BANDS } from '../../../kernel/views/pictures/layouts';
import { drawnNotes, meanErrorText } from '../../../kernel/views/pictures/reconstructionNotes';
import { DEPTH } from '../../../kernel/views/pictures/spectrogram';
import type { ReconstructionMethod, ReconstructionsView, SampleLayout, SampleShape } from '../../../kernel/views/types';
import { sampleName } from '../../../kernel/views/wording';
import { decode, splitSamples } from '../../data';
import type { TypedArray } from '../../data';
import { count, quantity } from '../../numbers';

export interface Method {
  name: string;
  samples: TypedArray[];
  errors: number[];
  heldOut: string | undefined;
}

export interface Reconstructions {
  /** As it is drawn: of film strips, the frames beside each other. */
  shape: SampleShape;
  layout: SampleLayout | undefined;
  inputs: TypedArray[] | null;
  methods: Method[];
  labels: string[];
  /** Samples in a row: inputs, or the longest gallery. */
  count: number;
  /** One for all differences, in the unit of the values (images: 0…1). */
  scale: DifferenceScale;
  /** One for each feature; empty where it has none. */
  units: readonly string[];
  /** [d] each: z = (x − mean) / scale; null if the values are as they are. */
  standardization: { mean: TypedArray; scale: TypedArray } | null;
}

/** @throws RangeError when samples do not fit their shape, or a method has another number of them than there are inputs */
export function readReconstructions(view: ReconstructionsView): Reconstructions {
  const { sampleShape: stored, layout } = view;
  const shape = layoutShape(stored, layout);
  const drawn = (sample: TypedArray): TypedArray =>
    layout?.kind === 'frames' && stored.kind === 'image' ? besideEachOther(sample, stored, layout.count) : sample;
  const inputs = view.inputs === null ? null : splitSamples(view.inputs, stored).map(drawn);
  const methods = view.methods.map((method): Method => {
    const samples = splitSamples(method.samples, stored).map(drawn);
    if (inputs !== null && samples.length !== inputs.length) {
      throw new RangeError(`${method.name}: ${samples.length} reconstructions of ${inputs.length} inputs`);
    }
    const errors = method.errors.map((error) => error ?? NaN);
    return { name: method.name, samples, errors, heldOut: heldOutText(method.heldOut) };
  });
  const outputs = inputs === null ? [] : methods.map(({ samples }) => samples);
  const { standardization } = view;
  return {
    shape,
    layout,
    inputs,
    methods,
    labels: view.labels,
    count: inputs?.length ?? Math.max(0, ...methods.map(({ samples }) => samples.length)),
    scale: differenceScale(inputs ?? [], outputs, shape),
    units: view.units ?? [],
    standardization: standardization
      ? { mean: decode(standardization.mean), scale: decode(standardization.scale) }
      : null,
  };
}

/** See {@link meanErrorText}. */
export function captionOf({ methods, count: samples, shape }: Reconstructions): string | undefined {
  return meanErrorText(methods, samples, shape);
}

/** What the reader has to know beside the caption. */
export function notesOf(view: ReconstructionsView, { scale, inputs, shape, layout }: Reconstructions): string[] {
  const notes = [...(view.notes ?? []), ...meaningOf(layout), ...drawnNotes(view, scale, shape)];
  if (inputs !== null && shape.kind === 'image') notes.push('Values of pixels are rounded to 1/255, errors are not.');
  return notes;
}

function meaningOf(layout: SampleLayout | undefined): string[] {
  if (layout?.kind === 'sound') {
    const most = quantity(layout.rate / 2);
    return [`Spectrograms: 0 to ${most} Hz from bottom to top, −${DEPTH} to 0 dB from dark to light.`];
  }
  if (layout?.kind !== 'steps' || layout.features.length <= MOST_BANDS) return [];
  return [`The figure draws the first ${MOST_BANDS} of ${count(layout.features.length)} features; the table has all.`];
}

function heldOutText(heldOut: ReconstructionMethod['heldOut']): string | undefined {
  return heldOut && `MSE ${quantity(heldOut.meanSquaredError ?? NaN)} on ${count(heldOut.count)} held out`;
}

/** An error that is no number is worse than any that is. */
const worst = (error = 0) => (Number.isFinite(error) ? error : Number.MAX_VALUE);

/** Sample indices as given, or by falling error of one method. */
export function orderSamples(data: Reconstructions, byErrorOf: number | null): number[] {
  const order = Array.from({ length: data.count }, (_, i) => i);
  const errors = byErrorOf === null ? undefined : data.methods[byErrorOf]?.errors;
  return errors === undefined ? order : order.sort((a, b) => worst(errors[b]) - worst(errors[a]) || a - b);
}

/** `row 3 · Ankle boot · VAE, 2 latents: error 12.31 · …` */
export function describeSample(data: Reconstructions, sample: number): string {
  const errors = data.methods
    .filter(({ errors }) => errors[sample] !== undefined)
    .map(({ name, errors }) => `${name}: squared error ${quantity(errors[sample]!)}`);
  const label = data.labels[sample];
  return [sampleName(data.inputs === null, sample), ...(label === undefined ? [] : [label]), ...errors].join(' · ');
}

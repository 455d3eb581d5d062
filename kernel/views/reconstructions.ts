import { fitSamples } from './pictures/room';
import { checkSamples, drawnChannels, sampleWidth } from './samples';
import { VIEW_VERSION } from './types';
import { encode } from './encoding';
import type { ReconstructionMethod, ReconstructionsView, SampleLayout, SampleShape } from './types';
import { count, counted, percent, quantity } from './wording';

export interface ReconstructionsInput {
  id: string;
  /** What data it is of; see `fingerprintOf`. */
  data?: string | undefined;
  title?: string;
  sampleShape: SampleShape;
  /** [n · width] row-major; null for samples drawn from the prior. */
  inputs: ArrayLike<number> | null;
  methods: {
    /** For example `VAE, 2 latents`. */
    name: string;
    /** [n · width] row-major. */
    samples: ArrayLike<number>;
    /** Squared error summed over pixels or features, averaged over a held-out set of `count` samples. */
    heldOut?: { meanSquaredError: number; count: number };
  }[];
  /** [n] captions. */
  labels?: string[];
  /** Every sample at its full size, however large the output becomes. Default: what fits; see `pictures/room.ts`. */
  full?: boolean | undefined;
  layout?: SampleLayout | undefined;
  /** How the user gets all of it, for the note. Default: by the functions of models. */
  ask?: string;
  /** [d] each, where the values are standardised. */
  standardization?: { mean: Float32Array; scale: Float32Array };
}

/**
 * Inputs beside what each method makes of them. Errors are squared, summed over pixels or features, and taken from
 * the numbers given, before images are rounded to 256 levels.
 *
 * @throws RangeError when a method has another number of samples than there are inputs
 */
export function reconstructions(input: ReconstructionsInput): ReconstructionsView {
  const { inputs, sampleShape, layout, standardization, full = false } = input;
  const width = sampleWidth(sampleShape);
  if (inputs) checkSamples(inputs, sampleShape, 'inputs');
  for (const { name, samples } of input.methods) {
    checkSamples(samples, sampleShape, name);
    if (inputs !== null && samples.length !== inputs.length) {
      throw new RangeError(`${name}: ${samples.length / width} reconstructions of ${inputs.length / width} inputs`);
    }
  }
  const arrays = [inputs, ...input.methods.map(({ samples }) => samples)];
  const names = ['inputs', ...input.methods.map(({ name }) => name)];
  const ask = input.ask ?? (inputs ? 'reconstructions(model, data, { full: true })' : 'samples(model, { full: true })');
  const frames = layout?.kind === 'frames' ? layout.count : 1;
  const fitted = fitSamples(arrays, sampleShape, names, { ask, frames, ...(full && { room: Infinity }) });
  const { shape, units } = namedFeatures(fitted.shape, layout);
  const methods = input.methods.map(({ name, samples, heldOut }, i): ReconstructionMethod => {
    const errors = inputs ? squaredErrors(inputs, samples, width).slice(0, fitted.kept).map(finiteOrNull) : [];
    const overAll = heldOut && { ...heldOut, meanSquaredError: finiteOrNull(heldOut.meanSquaredError) };
    return { name, samples: fitted.samples[i + 1]!, errors, ...(overAll && { heldOut: overAll }) };
  });
  const notes = [...fitted.notes, ...(inputs && sampleShape.kind === 'image' ? hiddenNotes(inputs) : [])];
  const title = input.title ?? (inputs === null ? 'Samples' : 'Reconstructions');
  return {
    version: VIEW_VERSION,
    id: input.id,
    title,
    summary: summarize(title, sampleShape, inputs && inputs.length / width, methods),
    sampleShape: shape,
    inputs: fitted.samples[0]!,
    methods,
    labels: (input.labels ?? []).slice(0, fitted.kept),
    ...(notes.length > 0 && { notes }),
    ...(input.data !== undefined && { data: input.data }),
    ...(layout && { layout }),
    ...(units && { units }),
    ...(standardization && {
      standardization: {
        mean: encode('float32', standardization.mean),
        scale: encode('float32', standardization.scale),
      },
    }),
  };
}

/** Beyond [0, 1] by less than this, nobody sees it. */
const UNSEEN = 1 / 255;

/** What a picture of images does not show of their values. */
function hiddenNotes(inputs: ArrayLike<number>): string[] {
  let [missing, outside] = [0, 0];
  for (let i = 0; i < inputs.length; i++) {
    if (Number.isNaN(inputs[i])) missing++;
    else if (inputs[i]! < -UNSEEN || inputs[i]! > 1 + UNSEEN) outside++;
  }
  const share = (part: number) => `${percent(part / inputs.length)} of the input values`;
  const gaps = `${share(missing)} are missing: they are drawn as 0, in differences too; errors leave them out.`;
  const ends = `${share(outside)} lie outside [0, 1]: they are drawn as 0 or 1, in differences too; errors are of the values.`;
  return [...(missing > 0 ? [gaps] : []), ...(outside > 0 ? [ends] : [])];
}

/** `height (cm)` and `height [cm]` are a feature `height` in `cm`. */
const UNIT = /^(.+?)\s+(?:\(([^()]+)\)|\[([^[\]]+)\])$/;

/** Features by their names, their units apart; those of sound are their times, which its rate says. */
function namedFeatures(
  shape: SampleShape,
  layout: SampleLayout | undefined,
): { shape: SampleShape; units?: string[] | undefined } {
  if (shape.kind === 'image') return { shape };
  if (layout?.kind === 'sound') return { shape: { ...shape, features: shape.features.map(() => '') } };
  const parts = shape.features.map((feature) => UNIT.exec(feature));
  if (!parts.some((part) => part !== null)) return { shape };
  const features = shape.features.map((feature, i) => parts[i]?.[1] ?? feature);
  return { shape: { ...shape, features }, units: parts.map((part) => part?.[2] ?? part?.[3] ?? '') };
}

/** [n] sums of squared differences over the values of the inputs that are present, as `reconstructionErrors` has them. */
function squaredErrors(inputs: ArrayLike<number>, outputs: ArrayLike<number>, width: number): number[] {
  return Array.from({ length: inputs.length / width }, (_, i) => {
    let sum = 0;
    for (let j = i * width; j < (i + 1) * width; j++) {
      if (!Number.isNaN(inputs[j])) sum += (inputs[j]! - outputs[j]!) ** 2;
    }
    return sum;
  });
}

/** JSON has no other numbers. */
const finiteOrNull = (value: number) => (Number.isFinite(value) ? value : null);

function summarize(title: string, shape: SampleShape, inputs: number | null, methods: ReconstructionMethod[]): string {
  const noun = shape.kind === 'image' ? 'image' : 'sample';
  const drawnOnly = drawnChannels(shape);
  if (inputs === null) {
    const drawn = methods.map((method) => `${counted(method.samples.shape[0] ?? 0, noun)} from ${method.name}`);
    const one = counted(methods[0]?.samples.shape[0] ?? 0, noun);
    return `${title}: ${methods.length === 1 ? one : drawn.join(', ')}, made by the model${drawnOnly}.`;
  }
  const errors = methods.map((method) => `${method.name} ${quantity(mean(method.errors))}${heldOut(method)}`);
  const what = `${title}: ${counted(inputs, noun)} and their reconstructions`;
  return errors.length === 0
    ? `${what}${drawnOnly}.`
    : `${what}; mean squared error per ${noun}: ${errors.join(', ')}${drawnOnly}.`;
}

function heldOut({ heldOut }: ReconstructionMethod): string {
  return heldOut ? ` (${quantity(heldOut.meanSquaredError ?? NaN)} on ${count(heldOut.count)} held out)` : '';
}

const mean = (values: readonly (number | null)[]) =>
  values.reduce<number>((sum, value) => sum + (value ?? NaN), 0) / values.length;

/** What is said below reconstructions, on the page and in pictures. */
import type { ReconstructionsView, SampleShape } from '../types';
import { alike, count, percent, quantity } from '../wording';
import type { DifferenceScale } from './differences';
import { drawnSize } from './layouts';

/** The mean of what is shown: the errors of each sample, and over all, stand beside it. Undefined without errors. */
export function meanErrorText(
  methods: readonly { name: string; errors: readonly (number | null)[] }[],
  samples: number,
  shape: SampleShape,
): string | undefined {
  const measured = methods.filter(({ errors }) => errors.length > 0);
  if (measured.length === 0) return undefined;
  const means = alike(
    measured.map(({ errors }) => errors.reduce<number>((sum, one) => sum + (one ?? NaN), 0) / errors.length),
  );
  const noun = shape.kind === 'image' ? 'image' : 'sample';
  const each = measured.map(({ name }, i) => (methods.length === 1 ? means[i]! : `${name} ${means[i]!}`));
  return `Mean squared error of ${samples === 1 ? 'this' : `these ${count(samples)}`} ${noun}${samples === 1 ? '' : 's'}: ${each.join('; ')}.`;
}

/** About as wide as an image is drawn. */
const TILE = 60;

/** How the images are drawn: what their colours leave out, and whether they have other proportions. */
export function drawnNotes(view: ReconstructionsView, scale: DifferenceScale, shape: SampleShape): string[] {
  const notes: string[] = [];
  if (view.inputs !== null && scale.beyond > 0) {
    const end = quantity(scale.limit);
    notes.push(`Differences beyond ±${end} have the colour of ±${end}: ${percent(scale.beyond)} of the pixels.`);
  }
  if (shape.kind === 'image' && view.layout === undefined && drawnSize(shape, TILE).isStretched) {
    notes.push(
      `An image has ${count(shape.width)} × ${count(shape.height)} pixels: it is drawn stretched, so that it is seen.`,
    );
  }
  return notes;
}

/** What stands below a picture, which has neither a caption nor a pointer that reads values. */
export function pictureNotes(view: ReconstructionsView, scale: DifferenceScale, shape: SampleShape): string[] {
  const samples = view.inputs?.shape[0] ?? Math.max(0, ...view.methods.map((method) => method.samples.shape[0] ?? 0));
  const mean = meanErrorText(view.methods, samples, shape);
  return [...(mean === undefined ? [] : [mean]), ...(view.notes ?? []), ...drawnNotes(view, scale, shape)];
}

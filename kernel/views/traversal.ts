import { fitSamples } from './pictures/room';
import { checkSamples, drawnChannels, sampleWidth } from './samples';
import { VIEW_VERSION } from './types';
import type { SampleLayout, SampleShape, TraversalAnchor, TraversalView, TraversedDimension } from './types';
import { counted, quantity } from './wording';

export interface TraversalInput {
  id: string;
  title: string;
  sampleShape: SampleShape;
  layout?: SampleLayout | undefined;
  dimensions: TraversedDimension[];
  measure?: string | undefined;
  latentDimensions: number;
  anchors: TraversalAnchor[];
  steps: number;
  /** [(dimensions · steps + 1) · width]: what the points of {@link traversalPoints} are decoded as. */
  samples: ArrayLike<number>;
  decodes: boolean;
  full?: boolean | undefined;
}

/** The points of a traversal: each dimension in turn from low to high, the others as in `z`; and `z` itself, the last. */
export function traversalPoints(
  z: readonly number[],
  dimensions: readonly Pick<TraversedDimension, 'index' | 'low' | 'high'>[],
  steps: number,
): number[][] {
  const moved = dimensions.flatMap(({ index, low, high }) =>
    Array.from({ length: steps }, (_, i) =>
      z.map((value, j) => (j === index ? low + ((high - low) * i) / (steps - 1) : value)),
    ),
  );
  return [...moved, [...z]];
}

/** @throws RangeError when there is another number of samples than of points */
export function traversal(input: TraversalInput): TraversalView {
  const { dimensions, steps, sampleShape, samples, layout } = input;
  checkSamples(samples, sampleShape, 'traversal');
  const [found, expected] = [samples.length / sampleWidth(sampleShape), dimensions.length * steps + 1];
  if (found !== expected) {
    throw new RangeError(`traversal: ${found} samples for ${dimensions.length} × ${steps} points and their middle`);
  }
  const all = Array.isArray(samples) ? Float32Array.from(samples) : (samples as Float32Array);
  const middleAt = (found - 1) * sampleWidth(sampleShape);
  const parts = [all.subarray(0, middleAt), all.subarray(middleAt)];
  const frames = layout?.kind === 'frames' ? layout.count : 1;
  const fitted = fitSamples(parts, sampleShape, ['traversal', 'middle'], {
    ...{ keepAll: true, frames, ask: 'traverse(model, { full: true })' },
    ...(input.full && { room: Infinity }),
  });
  const left = input.latentDimensions - dimensions.length;
  // The unit of `KL divergence, nats` is no part of the sentence.
  const order = input.measure?.split(', ')[0] ?? 'their own order';
  const notes = [
    ...fitted.notes,
    ...(left > 0 ? [`${counted(left, 'dimension')} with the lowest ${order} left out; "dimensions" shows more.`] : []),
  ];
  return {
    version: VIEW_VERSION,
    id: input.id,
    title: input.title,
    summary: summarize(input),
    sampleShape: fitted.shape,
    ...(layout && { layout }),
    dimensions: dimensions.map((dimension) => ({ ...dimension })),
    ...(input.measure !== undefined && { measure: input.measure }),
    latentDimensions: input.latentDimensions,
    anchors: input.anchors.map(({ name, z }) => ({ name, z: [...z] })),
    steps,
    samples: fitted.samples[0]!,
    middle: fitted.samples[1]!,
    decodes: input.decodes,
    notes,
  };
}

function summarize({ title, dimensions, anchors, measure, latentDimensions, sampleShape }: TraversalInput): string {
  const some = dimensions.length < latentDimensions ? `${dimensions.length} of ` : '';
  const moved = `${some}${counted(latentDimensions, 'latent dimension')} moved one at a time around ${anchors[0]!.name}`;
  const [first] = dimensions;
  const most =
    measure !== undefined && first?.value !== undefined
      ? `; most by ${measure}: ${first.name} with ${quantity(first.value)}`
      : '';
  return `${title}: ${moved}${most}${drawnChannels(sampleShape)}.`;
}

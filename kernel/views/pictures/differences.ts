/** The scale of signed differences: one for all of a figure, to a round number. */
import type { SampleShape } from '../types';

/** This share of the differences may lie beyond the scale, so that a few do not make all others pale. */
const BEYOND = 0.005;
/** Where there are more, some of them tell. */
const MOST_SORTED = 200_000;
const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

export interface DifferenceScale {
  /** In the unit of the values; images have 0…1. The scale goes from −limit to limit. */
  limit: number;
  /** The share of all differences beyond it. */
  beyond: number;
}

/** The least round number that is not less: 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten; 0 for 0. */
export function roundUp(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = ROUND.find((one) => one * power >= value * (1 - 1e-9))!;
  return Number((factor * power).toPrecision(3));
}

/**
 * @param inputs of the samples, as the view holds them: 0…255 for images
 * @param outputs of each method
 */
export function differenceScale(
  inputs: readonly ArrayLike<number>[],
  outputs: readonly (readonly ArrayLike<number>[])[],
  shape: SampleShape,
): DifferenceScale {
  const sizes: number[] = [];
  const total = outputs.reduce((sum, samples) => sum + samples.length, 0) * (inputs[0]?.length ?? 0);
  const stride = Math.max(1, Math.ceil(total / MOST_SORTED));
  let place = 0;
  let largest = 0;
  for (const samples of outputs) {
    samples.forEach((output, i) => {
      forEachDifference(inputs[i]!, output, shape, (difference) => {
        const size = Math.abs(difference);
        if (!Number.isFinite(size)) return;
        largest = Math.max(largest, size);
        if (place++ % stride === 0) sizes.push(size);
      });
    });
  }
  if (shape.kind === 'vector') return { limit: roundUp(largest), beyond: 0 };
  sizes.sort((a, b) => a - b);
  const limit = roundUp(sizes[Math.floor((1 - BEYOND) * (sizes.length - 1))] ?? 0) || roundUp(largest);
  const beyond = sizes.filter((size) => size > limit * (1 + 1e-9)).length / Math.max(1, sizes.length);
  return { limit, beyond };
}

/** Output − input at each place, over the channels of images the mean, in the unit of the values (images: 0…1). */
export function forEachDifference(
  input: ArrayLike<number>,
  output: ArrayLike<number>,
  shape: SampleShape,
  tell: (difference: number, place: number) => void,
): void {
  const [channels, unit] = shape.kind === 'image' ? [shape.channels, 255] : [1, 1];
  for (let at = 0, place = 0; at < input.length; at += channels, place++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += output[at + c]! - input[at + c]!;
    tell(sum / channels / unit, place);
  }
}

import type { SampleShape } from '../../autoencoders/index';
import type { SampleLayout, SampleShape as DrawnShape } from '../../views/index';

/** The shape as views draw it: a sequence as one profile, the features of each step after those of the step before. */
export function drawnShape(shape: SampleShape): DrawnShape {
  if (shape.kind !== 'sequence') return shape;
  const { steps, features } = shape;
  const names = Array.from({ length: steps }, (_, t) => features.map((feature) => `${feature}, step ${t}`));
  return { kind: 'vector', features: names.flat() };
}

/** Frames that are as wide as high make a strip; an image of fewer may be an image. */
const FEWEST_FRAMES = 3;
/** Features named by their time, as `streamWav` names them, are sound from so many on. */
const FEWEST_PRESSURES = 32;
const SECONDS = /^(\d+(?:\.\d+)?(?:e-?\d+)?) s$/;

/**
 * What samples are beside their shape: sequences, strips of square frames one below the other, sound.
 *
 * @param frames of an image, where they are given; 1: it is no strip
 * @throws RangeError for a number of frames that the images cannot be divided into
 */
export function drawnLayout(shape: SampleShape, frames?: number): SampleLayout | undefined {
  if (shape.kind === 'sequence') return { kind: 'steps', steps: shape.steps, features: shape.features };
  if (shape.kind === 'vector') return soundOf(shape.features);
  const { height, width } = shape;
  const count = frames ?? (height % width === 0 && height / width >= FEWEST_FRAMES ? height / width : 1);
  if (height % count !== 0) {
    throw new RangeError(
      `reconstructions: images of ${height} × ${width} pixels cannot be divided into ${count} frames, one below the other; ` +
        `"frames" has to divide ${height}.`,
    );
  }
  return count > 1 ? { kind: 'frames', count } : undefined;
}

function soundOf(features: readonly string[]): SampleLayout | undefined {
  const last = Number(SECONDS.exec(features.at(-1) ?? '')?.[1] ?? 0);
  if (features.length < FEWEST_PRESSURES || features[0] !== '0 s' || !(last > 0)) return undefined;
  return { kind: 'sound', rate: Math.round((features.length - 1) / last) };
}

import type { SampleShape } from '../../autoencoders/index';
import type { SampleShape as DrawnShape } from '../../views/index';

/** The shape as views draw it: a sequence as one profile, the features of each step after those of the step before. */
export function drawnShape(shape: SampleShape): DrawnShape {
  if (shape.kind !== 'sequence') return shape;
  const { steps, features } = shape;
  const names = Array.from({ length: steps }, (_, t) => features.map((feature) => `${feature}, step ${t}`));
  return { kind: 'vector', features: names.flat() };
}

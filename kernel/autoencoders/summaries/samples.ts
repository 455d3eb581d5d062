/** Samples in words: how many, how large, and their classes. */
import { listed } from '../data/words';
import type { SampleShape, SampleStream } from '../samples';
import { count, counted, summarisedObject, type Facts } from './summary';

/** What names of classes and of features may take of a line. */
const NAMES = 60;

/** `8,000 samples of 28 × 28 × 1`, `150 samples of 4 features (sepal length, …)`. */
export function samplesText(length: number, shape: SampleShape): string {
  const samples = counted(length, 'sample');
  if (shape.kind === 'image') return `${samples} of ${shape.height} × ${shape.width} × ${shape.channels}`;
  const { features } = shape;
  const counting = [0, 1].some((from) => features.every((name, i) => name === `x${from + i}`));
  const told = counting ? '' : ` (${briefly(features)})`;
  const steps = shape.kind === 'sequence' ? `${counted(shape.steps, 'step')} of ` : '';
  return `${samples} of ${steps}${counted(features.length, 'feature')}${told}`;
}

/** `10 classes (T-shirt/top, Trouser, …)`. */
export function classesText(classNames: readonly string[]): string {
  return `${counted(classNames.length, 'class', 'classes')} (${briefly(classNames)})`;
}

/** Prints a stream as what it gives. @returns the stream */
export function asStream<T extends SampleStream>(stream: T): T {
  return summarisedObject(stream, 'stream', streamFacts);
}

export function streamFacts({ name, length, shape, classNames = [] }: SampleStream): Facts {
  return [name, samplesText(length, shape), classNames.length > 0 ? classesText(classNames) : null, 'read in chunks'];
}

function briefly(names: readonly string[]): string {
  return listed(names, NAMES).replace(/, … \(.*\)$/, ', …');
}

/** Samples of no class, in words; null if each has one. */
export function unlabelledText(labels: Int32Array, unknown: number): string | null {
  let found = 0;
  for (const label of labels) if (label === unknown) found += 1;
  return found === 0 ? null : `${count(found)} of no class`;
}

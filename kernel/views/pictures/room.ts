/** How samples are made to fit into an output: fewer pixels first, then fewer samples. */
import { encodeSamples, sampleWidth } from '../samples';
import type { Samples, SampleShape } from '../types';
import { count, counted } from '../wording';
import { shapeWithin, shrunken } from './shrink';

/** Characters that the samples of an output take at most, unless the user asks for all: the whole is to stay below 300 kB. */
export const SAMPLES_ROOM = 120_000;
/** An image is made no smaller than this on its longer side while there are samples that could be left out. */
const SMALLEST_SIDE = 48;
const FEWEST = 4;
/** Images of one data set are packed about as small as one another; many together smaller than one. */
const LIKE_THE_FIRST = 0.4;

/** Samples of one shape, several to each data point: an input and what methods make of it. */
export interface Fitted {
  /** As they are drawn. */
  shape: SampleShape;
  /** For each of the given arrays: null if that is. */
  samples: (Samples | null)[];
  /** How many samples of each array are kept: the first ones. */
  kept: number;
  /** What a reader must know of it, as sentences; empty if all is here as it is. */
  notes: string[];
}

export interface RoomOptions {
  room?: number;
  ask?: string;
  frames?: number;
  keepAll?: boolean;
}

/**
 * Packs arrays of samples into `room` characters in all.
 *
 * @param arrays each [n · width] row-major
 * @param names of the arrays, for errors
 * @param options.ask how the user gets all of it, for the note
 * @param options.frames into which an image is divided, one below the other; each of them is made smaller
 * @param options.keepAll whether no sample may be left out
 */
export function fitSamples(
  arrays: readonly (ArrayLike<number> | null)[],
  shape: SampleShape,
  names: readonly string[],
  { room = SAMPLES_ROOM, ask = '', frames = 1, keepAll = false }: RoomOptions,
): Fitted {
  const width = sampleWidth(shape);
  const most = Math.max(0, ...arrays.map((values) => (values ? Math.floor(values.length / width) : 0)));
  const tries = triesOf(shape, most, { fewest: keepAll ? most : FEWEST, frames });
  for (const [i, { drawn, kept }] of tries.entries()) {
    const samples = packed(arrays, shape, drawn, kept, names, i === tries.length - 1 ? Infinity : room);
    if (!samples) continue;
    const notes = i === 0 ? [] : [noteOf(shape, drawn, most, kept, ask)];
    return { shape: drawn, samples, kept, notes };
  }
  throw new RangeError('samples: there is no way to draw them');
}

/** From all to ever less; the last is taken whatever it needs. */
function triesOf(
  shape: SampleShape,
  most: number,
  { fewest, frames }: { fewest: number; frames: number },
): { drawn: SampleShape; kept: number }[] {
  const tries = [{ drawn: shape, kept: most }];
  if (shape.kind === 'image') {
    const frame = { ...shape, height: shape.height / frames };
    for (let side = Math.max(frame.height, frame.width); side > SMALLEST_SIDE;) {
      side = Math.max(SMALLEST_SIDE, Math.round(side * 0.67));
      const { height, width } = shapeWithin(frame, side);
      tries.push({ drawn: { ...shape, height: height * frames, width }, kept: most });
    }
  }
  const { drawn } = tries.at(-1)!;
  for (let kept = most; kept > fewest;) {
    kept = Math.max(fewest, Math.floor(kept * 0.75));
    tries.push({ drawn, kept });
  }
  return tries;
}

/** @returns undefined if that takes more than the room */
function packed(
  arrays: readonly (ArrayLike<number> | null)[],
  shape: SampleShape,
  drawn: SampleShape,
  kept: number,
  names: readonly string[],
  room: number,
): (Samples | null)[] | undefined {
  const some = arrays.map((values) => values && firstOf(values, kept * sampleWidth(shape)));
  if (room < Infinity && leastOf(some, shape, drawn) > room) return undefined;
  const samples: (Samples | null)[] = [];
  let taken = 0;
  for (const [i, values] of some.entries()) {
    const one = values && encodeSamples(drawnAs(values, shape, drawn), drawn, names[i] ?? 'samples');
    taken += one?.data.length ?? 0;
    if (taken > room) return undefined;
    samples.push(one);
  }
  return samples;
}

function drawnAs(values: ArrayLike<number>, shape: SampleShape, drawn: SampleShape): ArrayLike<number> {
  const isSmaller = shape.kind === 'image' && drawn.kind === 'image' && drawn !== shape;
  return isSmaller ? shrunken(values, shape, drawn) : values;
}

/** Characters that they will hardly stay below, told by the first sample of each: to pack all of them takes long. */
function leastOf(arrays: readonly (ArrayLike<number> | null)[], shape: SampleShape, drawn: SampleShape): number {
  const width = sampleWidth(shape);
  return arrays.reduce((sum, values) => {
    if (!values || values.length === 0) return sum;
    const [n, first] = [values.length / width, drawnAs(firstOf(values, width), shape, drawn)];
    const one = encodeSamples(first, drawn, 'sample').data.length;
    return sum + n * one * (drawn.kind === 'image' ? LIKE_THE_FIRST : 1);
  }, 0);
}

function firstOf(values: ArrayLike<number>, length: number): ArrayLike<number> {
  if (values.length <= length) return values;
  return values instanceof Float32Array ? values.subarray(0, length) : Array.from(values).slice(0, length);
}

function noteOf(shape: SampleShape, drawn: SampleShape, most: number, kept: number, ask: string): string {
  const noun = shape.kind === 'image' ? 'image' : 'sample';
  const fewer = kept < most ? `the first ${count(kept)} of ${counted(most, noun)} are here` : '';
  const smaller =
    shape.kind === 'image' && drawn.kind === 'image' && drawn.width < shape.width
      ? `images of ${shape.height} × ${shape.width} pixels are drawn at ${drawn.height} × ${drawn.width}, each pixel the mean ` +
        'of its area; errors are of the whole images'
      : '';
  const what = [fewer, smaller].filter((part) => part !== '').join('; ');
  return `To keep the notebook small, ${what}. ${ask} keeps all.`;
}

/** How an output is made to fit: its parts share one room, and samples get fewer pixels first, then fewer samples. */
import { encodeSamples, sampleWidth } from '../samples';
import type { Samples, SampleShape } from '../types';
import { count, counted } from '../wording';
import { shapeWithin, shrunken } from './shrink';

/** Characters that an output takes at most, where its view does not take them alone. */
export const OUTPUT_ROOM = 300_000;
/** Bytes that a picture may take beside any view: with fewer it would be coarse. */
export const LEAST_PICTURE_ROOM = 90_000;
/** Characters that the samples of an output take at most, unless the user asks for all. */
export const SAMPLES_ROOM = 120_000;

/** Characters that a view may take for its output to have room for a picture, which is written in base64. */
export const VIEW_ROOM = OUTPUT_ROOM - (LEAST_PICTURE_ROOM * 4) / 3 - 4000;

/** An image is made no smaller than this on its longer side while there are samples that could be left out. */
const SMALLEST_SIDE = 48;
/** Images that are seen beside each other, many in one picture, may be so small. */
const SMALLEST_TILE = 16;
/** Levels of 255 between two that such images keep where they would take more room: they are off by 2 at most. */
const COARSE = 4;
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
  tiles?: boolean;
}

interface Try {
  drawn: SampleShape;
  kept: number;
  /** Levels of 255 from one that is kept to the next. */
  coarse: number;
}

/**
 * Packs arrays of samples into `room` characters in all.
 *
 * @param arrays each [n · width] row-major
 * @param names of the arrays, for errors
 * @param options.ask how the user gets all of it, for the note
 * @param options.frames into which an image is divided, one below the other; each of them is made smaller
 * @param options.keepAll whether no sample may be left out
 * @param options.tiles whether they are only seen beside each other: with fewer levels first, then smaller than others
 */
export function fitSamples(
  arrays: readonly (ArrayLike<number> | null)[],
  shape: SampleShape,
  names: readonly string[],
  { room = SAMPLES_ROOM, ask = '', frames = 1, keepAll = false, tiles = false }: RoomOptions,
): Fitted {
  const width = sampleWidth(shape);
  const most = Math.max(0, ...arrays.map((values) => (values ? Math.floor(values.length / width) : 0)));
  const tries = triesOf(shape, most, { fewest: keepAll ? most : FEWEST, frames, tiles });
  for (const [i, one] of tries.entries()) {
    const samples = packed(arrays, shape, one, names, i === tries.length - 1 ? Infinity : room);
    if (!samples) continue;
    const { drawn, kept } = one;
    const notes = i === 0 ? [] : [noteOf(shape, drawn, most, kept, ask)];
    return { shape: drawn, samples, kept, notes };
  }
  throw new RangeError('samples: there is no way to draw them');
}

/** From all to ever less; the last is taken whatever it needs. */
function triesOf(
  shape: SampleShape,
  most: number,
  { fewest, frames, tiles }: { fewest: number; frames: number; tiles: boolean },
): Try[] {
  const tries = [{ drawn: shape, kept: most, coarse: 1 }];
  const coarse = tiles && shape.kind === 'image' ? COARSE : 1;
  if (shape.kind === 'image') {
    if (tiles) tries.push({ drawn: shape, kept: most, coarse });
    const frame = { ...shape, height: shape.height / frames };
    const smallest = tiles ? SMALLEST_TILE : SMALLEST_SIDE;
    for (let side = Math.max(frame.height, frame.width); side > smallest;) {
      side = Math.max(smallest, Math.round(side * 0.67));
      const { height, width } = shapeWithin(frame, side);
      tries.push({ drawn: { ...shape, height: height * frames, width }, kept: most, coarse });
    }
  }
  const { drawn } = tries.at(-1)!;
  for (let kept = most; kept > fewest;) {
    kept = Math.max(fewest, Math.floor(kept * 0.75));
    tries.push({ drawn, kept, coarse });
  }
  return tries;
}

/** @returns undefined if that takes more than the room */
function packed(
  arrays: readonly (ArrayLike<number> | null)[],
  shape: SampleShape,
  { drawn, kept, coarse }: Try,
  names: readonly string[],
  room: number,
): (Samples | null)[] | undefined {
  const some = arrays.map((values) => values && firstOf(values, kept * sampleWidth(shape)));
  const made = (values: ArrayLike<number>) => coarser(drawnAs(values, shape, drawn), coarse);
  if (room < Infinity && leastOf(some, shape, drawn, made) > room) return undefined;
  const samples: (Samples | null)[] = [];
  let taken = 0;
  for (const [i, values] of some.entries()) {
    const one = values && encodeSamples(made(values), drawn, names[i] ?? 'samples');
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

/** The nearest of fewer levels; black and white stay. */
function coarser(values: ArrayLike<number>, coarse: number): ArrayLike<number> {
  if (coarse === 1) return values;
  return Float32Array.from(values, (value) => Math.min(1, (Math.round((value * 255) / coarse) * coarse) / 255));
}

/** Characters that they will hardly stay below, told by the first sample of each: to pack all of them takes long. */
function leastOf(
  arrays: readonly (ArrayLike<number> | null)[],
  shape: SampleShape,
  drawn: SampleShape,
  made: (values: ArrayLike<number>) => ArrayLike<number>,
): number {
  const width = sampleWidth(shape);
  return arrays.reduce((sum, values) => {
    if (!values || values.length === 0) return sum;
    const [n, first] = [values.length / width, made(firstOf(values, width))];
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

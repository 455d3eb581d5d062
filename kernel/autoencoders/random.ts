/**
 * Randomness by key: the numbers for (seed, purpose, counter) are the same whenever and wherever they are asked for.
 *
 * A step of training takes its noise from (seed, 'noise', step) and an epoch its order from (seed, 'shuffle', epoch),
 * so that a resumed run repeats exactly, and every device gets the same noise.
 */
import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { integer as wholeNumber, takes, text } from './arguments';

/** A stream of random numbers; see {@link randomStream}. */
export interface RandomStream {
  /** One number, uniform in [0, 1). */
  uniform(): number;
  /** One whole number, uniform in 0 … below − 1. */
  integer(below: number): number;
  /** `count` numbers, uniform in [0, 1). */
  uniforms(count: number): Float32Array;
  /** `count` draws from N(0, 1). */
  normals(count: number): Float32Array;
  /** 0 … length − 1 in random order. */
  permutation(length: number): Int32Array;
}

let shift = 0;

/** Adds a number to all seeds of this process: other numbers for the same programs, as `npm run verify -- --seeds` asks. */
export function shiftSeeds(by: number): void {
  shift = by;
}

/**
 * The stream that belongs to a key.
 *
 * @param seed any safe integer
 * @param purpose keeps streams of one seed apart: `noise`, `shuffle`, `weights/encoder.0.kernel`, …
 * @param counter step, epoch or the like
 */
export function randomStream(seed: number, purpose: string, counter = 0): RandomStream {
  takes('randomStream', ['seed', seed, wholeNumber], ['purpose', purpose, text]);
  const digest = createHash('sha256')
    .update(`${seed + shift}/${purpose}/${counter}`)
    .digest();
  const state = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
  const generator = xoroshiro128plusFromState(state);
  const uniform = () => (generator.next() >>> 0) / 2 ** 32;
  const integer = (below: number) => uniformInt(generator, 0, below - 1);
  return {
    uniform,
    integer,
    // 24 bits, since more would round to 1 in float32.
    uniforms: (count) => Float32Array.from({ length: count }, () => (generator.next() >>> 8) / 2 ** 24),
    normals: (count) => normals(count, uniform),
    permutation: (length) => permutation(length, integer),
  };
}

/** Box and Muller (1958): two uniform numbers give two independent normal ones. */
function normals(count: number, uniform: () => number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < count) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}

/** Fisher and Yates. */
function permutation(length: number, integer: (below: number) => number): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = integer(i + 1);
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}

let seedForAll = 0;

/** The seed of models and trainings that are given none. */
export function defaultSeed(): number {
  return seedForAll;
}

/** Sets what {@link defaultSeed} returns; models that exist keep theirs. */
export function setDefaultSeed(seed: number): void {
  takes('setDefaultSeed', ['seed', seed, wholeNumber]);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`A seed is a whole number; found ${seed}.`);
  seedForAll = seed;
}

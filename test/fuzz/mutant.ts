import { FORMATS, type FuzzFormat, type Seed } from './formats';
import { mixed, seeded } from './random';

export interface Mutant {
  format: FuzzFormat;
  index: number;
  /** Bytes of the damaged file. */
  content: Buffer;
}

const seedsOf = new Map<FuzzFormat, Seed[]>();

/** The mutant of this number: one file with one to three damages. The same seed makes the same. */
export function mutantOf(format: FuzzFormat, index: number, seed: number): Mutant {
  const seeds = seedsOf.get(format) ?? format.seeds();
  seedsOf.set(format, seeds);
  const random = seeded(mixed(seed, FORMATS.indexOf(format), index));
  const { bytes, wrap = (damaged) => damaged } = seeds[random.below(seeds.length)]!;
  let damaged = bytes;
  for (let i = 0; i <= Math.max(0, random.below(4) - 1); i++)
    damaged = format.mutators[random.below(format.mutators.length)]!(damaged, random);
  return { format, index, content: wrap(damaged) };
}

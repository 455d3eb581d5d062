/** The parameters of every run that a sweep file asks for. */
import { createHash } from 'node:crypto';
import { SEED } from '../../notebook/parameters/overriding';
import { SweepError } from '../sweepError';
import type { ParameterValue, Parameters } from '../results';
import { MOST_RUNS } from './schema';
import type { Drawn, Range, SweepFile } from './schema';

export interface Combination {
  parameters: Parameters;
  /** Null: the notebook's own default. */
  seed: number | null;
}

/**
 * Combinations in the order of the file, the last parameter changing first, and each with all its seeds.
 *
 * @throws {SweepError} for an empty list, too many runs, or ends of a range that are none
 */
export function combinationsOf(file: SweepFile, path: string): Combination[] {
  const { grid, random, list, parameters: fixed = {}, seeds } = file;
  const named = Object.entries({ grid, random, list }).filter(([, value]) => value !== undefined);
  if (named.length > 1) {
    const names = named.map(([name]) => `"${name}"`).join(' and ');
    throw new SweepError(`${path} has ${names}; a sweep has one of "grid", "random" and "list"`);
  }
  const count = (typeof seeds === 'number' ? seeds : (seeds?.length ?? 1)) * countOf(file, path);
  if (count > MOST_RUNS) {
    const what = grid ? 'Give shorter lists in "grid", draw some of its combinations by "random"' : 'Ask for fewer';
    throw new SweepError(
      `${path} asks for ${count.toLocaleString('en')} runs; a sweep has at most ${MOST_RUNS.toLocaleString('en')}. ${what}, or use fewer seeds`,
    );
  }
  const seedList = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i) : seeds;
  const own = grid ? gridOf(grid) : random ? randomOf(random, path) : (list ?? [{}]);
  for (const one of own) refuseTwice(fixed, one, path);
  const combinations = own.map((one) => seeded({ ...fixed, ...one } as Parameters, path));
  if (!seedList) {
    if (!random) refuseSame(combinations, path);
    return combinations;
  }
  if (combinations.some(({ seed }) => seed !== null)) {
    throw new SweepError(`${path} has "seeds", and gives the parameter "seed" too; take one of them out`);
  }
  const all = combinations.flatMap(({ parameters }) => seedList.map((seed) => ({ parameters, seed })));
  // Draws may come twice by chance, seeds are named.
  refuseSame(random ? seedList.map((seed) => ({ parameters: {}, seed })) : all, path);
  return all;
}

/** The parameter `seed` is the seed of its run, as on the command line: models and trainings draw by it too. */
function seeded({ [SEED]: seed, ...parameters }: Parameters, path: string): Combination {
  if (seed === undefined) return { parameters, seed: null };
  if (typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0) return { parameters, seed };
  throw new SweepError(`${path}: "seed" is a whole number, at least 0; found ${JSON.stringify(seed)}`);
}

/** A repeated run would count twice in every median. */
function refuseSame(all: readonly Combination[], path: string): void {
  const known = new Map<string, number>();
  for (const [i, { parameters, seed }] of all.entries()) {
    const key = JSON.stringify([Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)), seed]);
    const before = known.get(key);
    if (before !== undefined) {
      const values = { ...parameters, ...(seed !== null && { seed }) };
      const what = Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
      throw new SweepError(
        `${path}: runs ${before + 1} and ${i + 1} are the same (${what.join(', ') || 'no parameters'}); name each value and each seed once`,
      );
    }
    known.set(key, i);
  }
}

/** Before anything is made: there may be very many. */
function countOf({ grid, random, list }: SweepFile, path: string): number {
  if (random) return random.count;
  if (list) {
    if (list.length === 0) throw new SweepError(`${path}: "list" is empty, so there is nothing to run`);
    return list.length;
  }
  if (!grid) return 1;
  const entries = Object.entries(grid);
  if (entries.length === 0) throw new SweepError(`${path}: "grid" is empty; give a parameter a list of values`);
  return entries.reduce((product, [name, values]) => {
    const count = Array.isArray(values) ? values.length : values.count;
    if (count === 0) throw new SweepError(`${path}: "grid.${name}" is empty, so there is nothing to run`);
    if (!Array.isArray(values)) checkRange(`grid.${name}`, values, path);
    return product * count;
  }, 1);
}

function checkRange(place: string, { from, to, scale }: Range, path: string): void {
  if (scale === 'log' && (from <= 0 || to <= 0)) {
    throw new SweepError(
      `${path}: "${place}" has a logarithmic scale, whose ends are above 0; found ${from} and ${to}`,
    );
  }
}

function gridOf(grid: NonNullable<SweepFile['grid']>): Parameters[] {
  return Object.entries(grid).reduce<Parameters[]>(
    (before, [name, values]) => {
      const list = Array.isArray(values) ? (values as ParameterValue[]) : valuesOf(values);
      return before.flatMap((one) => list.map((value) => ({ ...one, [name]: value })));
    },
    [{}],
  );
}

function valuesOf({ from, to, count, scale }: Range): number[] {
  return Array.from({ length: count }, (_, i) => {
    const share = i / (count - 1);
    // The ends are what was written, to the last digit.
    if (i === 0) return from;
    if (i === count - 1) return to;
    const value = scale === 'log' ? from * (to / from) ** share : from + share * (to - from);
    return Number(value.toPrecision(12));
  });
}

function randomOf({ count, seed, parameters }: NonNullable<SweepFile['random']>, path: string): Parameters[] {
  const entries = Object.entries(parameters);
  if (entries.length === 0) throw new SweepError(`${path}: "random.parameters" is empty; say how a parameter is drawn`);
  for (const [name, how] of entries) checkDrawn(`random.parameters.${name}`, how, path);
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(entries.map(([name, how]) => [name, draw(how, uniforms(`${seed}/${name}/${i}`))])),
  );
}

function checkDrawn(place: string, how: Drawn, path: string): void {
  if (Array.isArray(how)) {
    if (how.length === 0) throw new SweepError(`${path}: "${place}" is empty, so there is nothing to draw from`);
    return;
  }
  const [kind, ends] = Object.entries(how)[0] as [string, [number, number]];
  const [first, second] = ends;
  const problem =
    kind === 'normal'
      ? second < 0 && 'a standard deviation is not below 0'
      : kind === 'logUniform' && first <= 0
        ? 'the ends are above 0'
        : kind === 'integer' && !ends.every(Number.isInteger)
          ? 'the ends are whole numbers'
          : first > second && 'the first end is not above the second';
  if (problem) throw new SweepError(`${path}: "${place}.${kind}": ${problem}; found [${ends.join(', ')}]`);
}

function draw(how: Drawn, [u, v]: readonly [number, number]): ParameterValue {
  if (Array.isArray(how)) return how[Math.floor(u * how.length)] as ParameterValue;
  const between = ([from, to]: readonly [number, number]) => from + u * (to - from);
  if ('uniform' in how) return between(how.uniform);
  if ('logUniform' in how) return Math.exp(between([Math.log(how.logUniform[0]), Math.log(how.logUniform[1])]));
  if ('integer' in how) return how.integer[0] + Math.floor(u * (how.integer[1] - how.integer[0] + 1));
  const [mean, deviation] = how.normal;
  // Box and Muller (1958).
  return mean + deviation * Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
}

/** Two numbers, uniform in [0, 1), that belong to a key: those of one parameter do not change when another is added. */
function uniforms(key: string): [number, number] {
  const digest = createHash('sha256').update(key).digest();
  return [digest.readUIntBE(0, 6) / 2 ** 48, digest.readUIntBE(6, 6) / 2 ** 48];
}

function refuseTwice(fixed: object, own: object, path: string): void {
  const twice = Object.keys(fixed).find((name) => name in own);
  if (twice) throw new SweepError(`${path}: "${twice}" is in "parameters", and varies too; take it out of one of them`);
}

/** Stretches of a recording that have a name: what a network does, what a quantiser does. */
import { recordedCalls } from './tracer';

/** Calls of a program, from the first one to before the last. */
export interface Region {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

let noted: Region[] | undefined;

/** Runs `f`; while {@link withRegions} listens and a program is recorded, what `f` records has this name. */
export function named<T>(name: string, f: () => T): T {
  const from = noted && recordedCalls();
  if (from === undefined) return f();
  const result = f();
  noted!.push({ name, from, to: recordedCalls()! });
  return result;
}

/** @returns what `f` returns, and the outermost regions of what it recorded, in their order */
export function withRegions<T>(f: () => T): { result: T; regions: Region[] } {
  const before = noted;
  const own: Region[] = (noted = []);
  try {
    const result = f();
    // A recording runs twice, and a region may lie within another one.
    const unique = [...new Map(own.map((region) => [`${region.from} ${region.to}`, region])).values()];
    const holds = (a: Region, b: Region) => a !== b && a.from <= b.from && b.to <= a.to;
    const regions = unique.filter((region) => !unique.some((other) => holds(other, region)));
    return { result, regions: regions.sort((a, b) => a.from - b.from) };
  } finally {
    noted = before;
  }
}

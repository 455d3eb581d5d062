/** Which array jobs a sweep's runs are. */
import { builtFile } from '../../engine/packageRoot';
import type { SweepFile } from '../file/schema';
import type { Sweep } from '../results';
import type { ArrayJob } from './script';

/** How many rungs are decided when each array begins; undefined without successive halving. */
export function stagesOf({ stop }: SweepFile): (number | undefined)[] {
  return stop ? Array.from({ length: stop.rungs.length + 1 }, (_, rung) => rung) : [undefined];
}

/** One, or several where there are more runs than an array of this cluster may have tasks. */
export function arraysOf(
  folder: string,
  { name }: Sweep,
  runs: readonly number[],
  most: number,
  rung: number | undefined,
): ArrayJob[] {
  const offsets = [...new Set(runs.map((run) => Math.floor((run - 1) / most) * most))];
  return offsets.map((offset) => ({
    ...{ name, folder, offset, node: process.execPath, program: builtFile('sweep.js') },
    runs: runs.filter((run) => run > offset && run <= offset + most),
    ...(rung !== undefined && { rung }),
  }));
}

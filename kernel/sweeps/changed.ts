/** What has become of a sweep's file and notebook since it began. Its runs stay as they are; their places may be others. */
import type { Resolved } from './file/resolve';
import type { SweepFile } from './file/schema';
import { givenOf } from './given';
import type { Sweep } from './results';
import { SweepError } from './sweepError';

/** The sections that change no result: more memory, another partition, fewer runs at a time. */
const PLACES = ['resources', 'slurm'] as const;

export interface Changed {
  /** As the sweep keeps it, with the places that its file says now. */
  file: SweepFile;
  /** What the user should know. */
  notes: string[];
}

/**
 * @param path of the sweep file
 * @param before the sweep as it began
 * @param notebook the text that its runs execute
 * @param now what the file says, or why it cannot be run any more
 */
export function changed(path: string, before: Sweep, notebook: string, now: Resolved | SweepError): Changed {
  const file = givenOf(before);
  const goesOn = 'It continues with the old version; to run the new one, name another --folder.';
  if (now instanceof SweepError) return { file, notes: [`${now.message}. The sweep no longer needs that. ${goesOn}`] };
  if (before.digest === now.sweep.digest) return { file, notes: [] };
  const given = givenOf(now.sweep);
  const moved = PLACES.filter((name) => JSON.stringify(file[name]) !== JSON.stringify(given[name]));
  const isOther = notebook !== now.notebook || rest(before) !== rest(now.sweep);
  return {
    file: { ...file, resources: given.resources, slurm: given.slurm },
    notes: [
      ...(isOther ? [`${path} or its notebook has changed since this sweep started. ${goesOn}`] : []),
      ...(moved.length > 0
        ? [`Its runs get the ${moved.map((name) => `"${name}"`).join(' and ')} of ${path} as it is now.`]
        : []),
    ],
  };
}

function rest({ given, runs }: Sweep): string {
  const others = Object.entries(given).filter(([name]) => !(PLACES as readonly string[]).includes(name));
  return JSON.stringify([others, runs]);
}

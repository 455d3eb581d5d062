/** The sections of a sweep file that say how its runs are run, as a sweep's folder keeps them. */
import { sweepFileSchema } from './file/schema';
import type { SweepFile } from './file/schema';
import type { Sweep } from './results';
import { SweepError } from './sweepError';

/** @throws {SweepError} for a folder whose sweep.json is damaged there, or of another version */
export function givenOf({ name, given }: Sweep): SweepFile {
  const checked = sweepFileSchema.safeParse(given);
  if (checked.success) return checked.data;
  const { path, message } = checked.error.issues[0]!;
  const place = ['given', ...path.map(String)].join('.');
  throw new SweepError(
    `The sweep.json in the folder of the sweep "${name}" is damaged: "${place}": ${message}. Put it back from a copy, or name another --folder`,
  );
}

/** The device that a run asks its kernel for; without a GPU `auto` is the processor, whatever GPUs there are. */
export function deviceOf(sweep: Sweep): string {
  return sweep.device === 'auto' && givenOf(sweep).resources.gpus === 0 ? 'traced-cpu' : sweep.device;
}

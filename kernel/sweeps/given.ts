/** The sections of a sweep file that say how its runs are run, as a sweep's folder keeps them. */
import { sweepFileSchema } from './file/schema';
import type { SweepFile } from './file/schema';
import type { Sweep } from './results';

export function givenOf({ given }: Sweep): SweepFile {
  return sweepFileSchema.parse(given);
}

/** The device that a run asks its kernel for; without a GPU `auto` is the processor, whatever GPUs there are. */
export function deviceOf(sweep: Sweep): string {
  return sweep.device === 'auto' && givenOf(sweep).resources.gpus === 0 ? 'traced-cpu' : sweep.device;
}

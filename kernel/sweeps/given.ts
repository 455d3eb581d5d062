/** The sections of a sweep file that say how its runs are run, as a sweep's folder keeps them. */
import { sweepFileSchema } from './file/schema';
import type { SweepFile } from './file/schema';
import type { Sweep } from './results';

export function givenOf({ given }: Sweep): SweepFile {
  return sweepFileSchema.parse(given);
}

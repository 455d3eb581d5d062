/** What the bench of the views finds, as `--json` writes it. */
import { z } from 'zod';
import { spreadFields } from '../rows';
import { VIEW_ENGINES, VIEW_UNITS, VIEW_WORKLOAD_NAMES } from './workloads';

export const viewRowSchema = z.strictObject({
  workload: z.enum(VIEW_WORKLOAD_NAMES),
  engine: z.enum(VIEW_ENGINES),
  device: z.string(),
  unit: z.enum([...VIEW_UNITS, 'ms/longest task']),
  ...spreadFields,
});

export type ViewRow = z.output<typeof viewRowSchema>;

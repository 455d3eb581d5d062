/** What the JSON of a sweep has to be. */
import * as z from '../../schema';
import type { SweepChange, SweepView } from '../../../kernel/views/types';
import { encodedArray, viewBase } from '../../data';
import { reconstructionsSchema } from '../reconstructions/schema';

const better = z.nullable(z.enum(['lower', 'higher']));

const picture = z.object({
  run: z.number(),
  view: reconstructionsSchema,
  source: z.string(),
});

export const runPictureSchema = picture;

export const sweepSchema: z.Schema<SweepView> = z.object({
  ...viewBase,
  revision: z.optional(z.number()),
  running: z.optional(z.boolean()),
  folder: z.string(),
  place: z.optional(z.string()),
  count: z.int().check(z.minimum(0)),
  numbers: encodedArray,
  states: encodedArray,
  notebooks: encodedArray,
  parameters: z.array(
    z.object({
      name: z.string(),
      seed: z.optional(z.boolean()),
      values: z.array(z.union([z.number(), z.string(), z.boolean()])),
      places: z.optional(encodedArray),
    }),
  ),
  metrics: z.array(z.object({ name: z.string(), better, values: encodedArray })),
  reasons: z.array(z.object({ run: z.number(), text: z.string() })),
  curves: z.array(
    z.object({
      name: z.string(),
      split: z.enum(['train', 'validation']),
      stride: z.number(),
      runs: encodedArray,
      values: encodedArray,
    }),
  ),
  stepsPerEpoch: encodedArray,
  metric: z.optional(z.string()),
  noneFinite: z.optional(z.boolean()),
  pictures: z.array(picture),
  notes: z.array(z.string()),
});

export const sweepChangeSchema: z.Schema<SweepChange> = z.object({
  revision: z.number(),
  summary: z.string(),
  notes: z.array(z.string()),
  running: z.boolean(),
  runs: z.array(
    z.object({
      run: z.number(),
      state: z.number(),
      notebook: z.boolean(),
      reason: z.optional(z.string()),
      metrics: z.array(z.nullable(z.number())),
      curves: z.array(z.object({ curve: z.number(), values: encodedArray })),
      stepsPerEpoch: z.number(),
    }),
  ),
  pictures: z.optional(z.array(picture)),
});

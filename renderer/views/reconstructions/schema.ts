/** What the JSON of inputs and reconstructions has to be. */
import * as z from '../../schema';
import type { ReconstructionsView } from '../../../kernel/views/types';
import { encodedArray, sampleShape, viewBase } from '../../data';

export const sampleLayout = z.union([
  z.object({ kind: z.literal('frames'), count: z.int().check(z.minimum(1)) }),
  z.object({ kind: z.literal('steps'), steps: z.int().check(z.minimum(1)), features: z.array(z.string()) }),
  z.object({ kind: z.literal('sound'), rate: z.number().check(z.positive()) }),
]);

export const reconstructionsSchema: z.Schema<ReconstructionsView> = z.object({
  ...viewBase,
  data: z.optional(z.string()),
  sampleShape,
  inputs: z.nullable(encodedArray),
  methods: z.array(
    z.object({
      name: z.string(),
      samples: encodedArray,
      errors: z.array(z.nullable(z.number())),
      heldOut: z.optional(z.object({ meanSquaredError: z.nullable(z.number()), count: z.number() })),
    }),
  ),
  labels: z.array(z.string()),
  notes: z.optional(z.array(z.string())),
  layout: z.optional(sampleLayout),
  units: z.optional(z.array(z.string())),
  standardization: z.optional(z.object({ mean: encodedArray, scale: encodedArray })),
});

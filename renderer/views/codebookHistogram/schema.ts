/** A codebook as it is sent. */
import * as z from '../../schema';
import type { CodebookHistogramView } from '../../../kernel/views/types';
import { encodedArray, viewBase } from '../../data';
import { codePatches, imageShape } from './patches';

export const codebookHistogramSchema: z.Schema<CodebookHistogramView> = z.object({
  ...viewBase,
  counts: encodedArray,
  perplexity: z.number(),
  deadCodes: z.number(),
  window: z.string(),
  plane: z.optional(z.object({ points: encodedArray, explained: z.array(z.number()) })),
  patches: z.optional(codePatches),
  maps: z.optional(
    z.object({
      shape: imageShape,
      samples: encodedArray,
      grid: z.tuple([z.number(), z.number()]),
      codes: encodedArray,
    }),
  ),
  course: z.optional(
    z.array(
      z.object({
        ...{ name: z.string(), steps: encodedArray, values: encodedArray },
        dimensions: z.int().check(z.minimum(1)),
      }),
    ),
  ),
});

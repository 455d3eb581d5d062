/** A codebook: how evenly a quantizer uses its codes, where they lie, and what they stand for. */
import { defineView } from '../../view';
import { CodebookHistogram } from './codebookHistogram';
import { codebookHistogramSchema } from './schema';

export const view = defineView(codebookHistogramSchema, (context, first) =>
  Promise.resolve(new CodebookHistogram(context, first)),
);

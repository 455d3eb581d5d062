/** Codebook histogram: how evenly a quantizer uses its codes. */
import { Chart } from '../../chart/chart';
import { defineView } from '../../view';
import { CodebookHistogram } from './codebookHistogram';
import { codebookHistogramSchema } from './usage';

export const view = defineView(codebookHistogramSchema, async (context, first) => {
  const stage = CodebookHistogram.stage();
  const chart = await Chart.create(context.figure, stage, () => drawn.render());
  const drawn = new CodebookHistogram(context, stage, chart, first);
  return drawn;
});

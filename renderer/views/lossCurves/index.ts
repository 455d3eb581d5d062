/** Loss curves: the total and its terms over the same steps, live while the training runs. */
import { Chart } from '../../chart/chart';
import { lossCurvesSchema } from './curves';
import { LossCurves } from './lossCurves';
import { defineView } from '../../view';

export const view = defineView(lossCurvesSchema, async (context, first) => {
  const stage = LossCurves.stage();
  const chart = await Chart.create(context.figure, stage, () => drawn.render());
  const drawn = new LossCurves(context, stage, chart, first);
  return drawn;
});

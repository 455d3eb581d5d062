/** Loss curves: the total and its terms over the same steps, live while the training runs. */
import { defineView } from '../../view';
import { lossCurvesChangeSchema } from './change';
import { lossCurvesSchema } from './curves';
import { LossCurves } from './lossCurves';

export const view = defineView(
  lossCurvesSchema,
  (context, first) => Promise.resolve(new LossCurves(context, first)),
  lossCurvesChangeSchema,
);

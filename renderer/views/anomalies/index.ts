/** Anomalies: scores with a threshold to move, curves where anomalies are known, and the cases to look at. */
import { defineView } from '../../view';
import { AnomaliesFigure } from './anomalies';
import { anomaliesSchema } from './model';

export const view = defineView(anomaliesSchema, (context, first) =>
  Promise.resolve(new AnomaliesFigure(context, first)),
);

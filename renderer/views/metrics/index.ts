/** Metrics: models beside each other, the best in bold. */
import { defineView } from '../../view';
import { MetricsFigure } from './metrics';
import { metricsSchema } from './model';

export const view = defineView(metricsSchema, (context, first) => Promise.resolve(new MetricsFigure(context, first)));

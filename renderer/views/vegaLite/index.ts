/** A chart of Vega-Lite's, as the user wrote it. */
import { defineView } from '../../view';
import { vegaLiteSchema } from './model';
import { VegaLiteChart } from './vegaLite';

export const view = defineView(vegaLiteSchema, (context, first) => Promise.resolve(new VegaLiteChart(context, first)));

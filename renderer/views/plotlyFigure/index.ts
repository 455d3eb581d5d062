/** A figure of Plotly's, as the user wrote it. */
import { defineView } from '../../view';
import { PlotlyFigure } from './plotlyFigure';
import { plotlySchema } from './model';

export const view = defineView(plotlySchema, (context, first) => PlotlyFigure.create(context, first));

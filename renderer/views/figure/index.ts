/** Figures of your own numbers: curves, points, bars, surfaces. */
import { defineView } from '../../view';
import { OwnFigure } from './figure';
import { figureSchema } from './model';

export const view = defineView(figureSchema, (context, first) => Promise.resolve(new OwnFigure(context, first)));

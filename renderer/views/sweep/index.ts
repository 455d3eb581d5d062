/** The runs of a sweep: table, parallel coordinates, curves, a metric by a parameter, a Pareto front, reconstructions. */
import { defineView } from '../../view';
import { sweepChangeSchema, sweepSchema } from './schema';
import { SweepFigure } from './sweepFigure';

export const view = defineView(
  sweepSchema,
  (context, first) => Promise.resolve(new SweepFigure(context, first)),
  sweepChangeSchema,
);

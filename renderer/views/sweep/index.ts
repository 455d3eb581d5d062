/** The runs of a sweep: table, parallel coordinates, curves, a metric by a parameter, a Pareto front, reconstructions. */
import { defineView } from '../../view';
import { loadFilters } from './runFilter';
import { sweepChangeSchema, sweepSchema } from './schema';
import { savedFilter } from './store';
import { SweepFigure } from './sweepFigure';

export const view = defineView(
  sweepSchema,
  async (context, first) => {
    if (savedFilter(context.settings) !== '') await loadFilters();
    return new SweepFigure(context, first);
  },
  sweepChangeSchema,
);

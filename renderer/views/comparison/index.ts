/** Trainings beside each other: their terms aligned by step, epoch or time, and their differences. */
import { defineView } from '../../view';
import { comparisonChangeSchema } from './change';
import { Comparison } from './comparison';
import { comparisonSchema } from './model';

export const view = defineView(
  comparisonSchema,
  (context, first) => Promise.resolve(new Comparison(context, first)),
  comparisonChangeSchema,
);

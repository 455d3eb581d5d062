/** Reconstructions: inputs beside what each method makes of them, or samples drawn from a prior. */
import { defineView } from '../../view';
import { reconstructionsSchema } from './schema';
import { ReconstructionsFigure } from './reconstructions';

export const view = defineView(reconstructionsSchema, (context, first) =>
  Promise.resolve(new ReconstructionsFigure(context, first)),
);

/** Latent traversal: a slider for each dimension, and what the decoder makes along it. */
import { defineView } from '../../view';
import { traversalSchema } from './model';
import { TraversalFigure } from './traversal';

export const view = defineView(traversalSchema, (context, first) =>
  Promise.resolve(new TraversalFigure(context, first)),
);

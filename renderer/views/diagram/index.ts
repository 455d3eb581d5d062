/** A diagram: what a model is built of, and what flows between its parts. */
import { defineView } from '../../view';
import { Diagram } from './diagram';
import { diagramSchema } from './model';

export const view = defineView(diagramSchema, (context, first) => Promise.resolve(new Diagram(context, first)));

/** Latent scatter: where the encoder puts the data, and what the decoder makes of any place there. */
import { defineView } from '../../view';
import { LatentScatter } from './latentScatter';
import { latentScatterSchema, scatterChangeSchema } from './model';

export const view = defineView(
  latentScatterSchema,
  (context, first) => Promise.resolve(new LatentScatter(context, first)),
  scatterChangeSchema,
);

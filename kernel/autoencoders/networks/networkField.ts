/** Networks in configurations. */
import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { ConfigurationError } from '../config';
import { networkPart } from './layersModel';
import type { NetworkPart } from './network';
import type { PartLike } from '../parts/part';

/** A network: a part, its name with options, a model of tfjs's layers, or a function of rows without parameters. */
export type NetworkLike = PartLike<NetworkPart, NetworkName> | tf.LayersModel | ((x: tf.Tensor) => tf.Tensor);

/** The library's. */
export type NetworkName =
  | 'mlp'
  | 'convolutional'
  | 'residual'
  | 'recurrent'
  | 'featureMaps'
  | 'gridEncoder'
  | 'gridDecoder'
  | 'patchDiscriminator';

/** The field of a configuration. */
export const networkField = z.unknown().transform((given, context): NetworkPart => {
  try {
    return networkPart(given);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof ConfigurationError)) throw error;
    context.issues.push({ code: 'custom', input: given, message: error.message });
    return z.NEVER;
  }
});

/** A recurrent network between sequences and rows. */
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { ConfigurationError } from '../config';
import { Dense } from './layers/layers';
import { LSTM } from './layers/lstm';
import { defineBuiltNetwork, flatRows, widthOfRows } from './network';
import type { Network, NetworkPart, NetworkPlace } from './network';

/** Options of {@link recurrent}. */
export interface RecurrentOptions {
  /** The width of the state. Default 64. */
  units?: number;
}

const schema = z.strictObject({ units: z.int().min(1).default(64) });

const part = defineBuiltNetwork<RecurrentOptions, z.output<typeof schema>>(
  'recurrent',
  ({ units }) => ({
    build(place) {
      if (place.from.length === 2) return encoder(place, units);
      if (place.to.length === 2) return decoder(place, units);
      const shapes = `[${place.from.join(', ')}] and [${place.to.join(', ')}]`;
      throw new ConfigurationError('recurrent', [
        `the ${place.name} is between ${shapes}, expected sequences, [steps, features], on one side; give input: [t, d]`,
      ]);
    },
  }),
  schema,
);

/**
 * An LSTM over the steps of a sequence [t, d] (Srivastava et al. 2015, the autoencoder of section 2). As an encoder: its
 * last state and a dense layer. As a decoder: z is given at every step, and each state gives the values of its step.
 */
export function recurrent(options: RecurrentOptions = {}): NetworkPart {
  return part(options);
}

function encoder({ name, from, to, perValue, seed }: NetworkPlace, units: number): Network {
  const [steps, features] = from as [number, number];
  const lstm = new LSTM({ name: `${name}.0`, in: features, units, seed });
  const last = { name: `${name}.1`, in: units, out: widthOfRows(to) * perValue, seed };
  const dense = new Dense({ ...last, activation: 'linear' });
  return {
    parameters: { ...lstm.parameters, ...dense.parameters },
    last: { kernel: dense.kernel },
    apply: (x) =>
      tf.tidy(() => {
        const states = lstm.apply(x.reshape([x.shape[0], steps, features]));
        const end = states.slice([0, steps - 1, 0], [-1, 1, -1]).reshape([x.shape[0], units]);
        return dense.apply(end) as tf.Tensor2D;
      }),
  };
}

function decoder(place: NetworkPlace, units: number): Network {
  const { name, from, to, perValue, seed } = place;
  const [steps, features] = to as [number, number];
  const width = widthOfRows(from);
  const lstm = new LSTM({ name: `${name}.0`, in: width, units, seed });
  const last = { name: `${name}.1`, in: units, out: features * perValue, seed };
  const dense = new Dense({ ...last, activation: 'linear' });
  return {
    parameters: { ...lstm.parameters, ...dense.parameters },
    last: { kernel: dense.kernel },
    apply: (z) =>
      tf.tidy(() => {
        const n = z.shape[0];
        const states = lstm.apply(z.reshape([n, 1, width]).tile([1, steps, 1]));
        const values = dense.apply(states.reshape([n * steps, units]));
        return flatRows(values.reshape([n, steps, features * perValue]), n, place);
      }),
  };
}

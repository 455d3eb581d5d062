import type * as tf from '@tensorflow/tfjs';
import { callable, optional, takes, text, whole } from '../arguments';
import type { ConditionedNetwork } from '../conditioning/conditionedNetwork';
import type { Seen } from '../conditioning/conditioning';
import type { ConditioningConfig } from '../conditioning/fields';
import {
  anything,
  checkedObject,
  drawKind,
  floats,
  gives,
  givesRecord,
  recordKind,
  supportKind,
} from '../parts/returned';
import type { Contract } from '../parts/returned';
import { ConfigurationError } from '../config';
import type { Initial } from '../networks/initial';
import type { Network, NetworkPlace, RowShape } from '../networks/network';
import type { Draws, TensorsOf } from '../noise';
import { checkedTerms } from '../objectives/checkedTerms';
import type { Terms } from '../objectives/terms';
import { rowShapeOf } from '../samples';
import type { Support } from '../training/loop/trainable';
import type { Schedule } from '../training/schedules/schedules';
import { Autoencoder } from './autoencoder';
import type { CheckedCommonConfig, CommonConfig } from './commonConfig';
import type { Given } from './model';

/** With what a definition builds its networks and parameters. */
export interface Builder {
  /** The shape of one sample: [d], [t, d] or [h, w, c]. */
  readonly shape: RowShape;
  /** A network, whose parameters become the model's; `given` is a part, a model of tfjs's layers, or a function. */
  network(name: string, given: unknown, place: Pick<NetworkPlace, 'from' | 'to'> & { perValue?: number }): Network;
  /** The same for rows with their classes: `apply(x, y)` with {@link seen}'s x and y. */
  conditioned(
    name: string,
    given: unknown,
    place: Pick<NetworkPlace, 'from' | 'to'> & { perValue?: number },
  ): ConditionedNetwork;
  /** What the terms are given, as networks and losses see it where the configuration has `classes` or `missing`. */
  seen(given: Given): Seen;
  /** A parameter with these first values; see `initial`. */
  parameter(name: string, start: Initial): tf.Variable;
}

/** What a model is. */
export interface ModelDefinition<N extends Draws> {
  /** k, the numbers in one latent; with it `encode` and `decode` make sense. */
  latentDimensions?: number;
  /** Random numbers that the terms are given for a batch of n samples. */
  noise?(n: number): N;
  /** Values that change over the training, by symbol; the terms get them as scalars. */
  schedules?: Readonly<Record<string, Schedule>>;
  /** The terms of the loss: scalars, means over the batch. */
  terms(given: { x: tf.Tensor2D; y: tf.Tensor1D } & TensorsOf<N> & Readonly<Record<string, tf.Tensor>>): Terms;
  /** Latents: [n, d], 0 for what is missing, and the classes [n, C], where the configuration has some → [n, k]. */
  encode?(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D;
  /** What latents stand for: [n, k], and the classes → [n, d]. */
  decode?(z: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D;
  /** Authors, year, title or equation, for `explain`. */
  source?: string;
  /** The unit of the terms, without `per …`. Default `nats`. */
  unit?: string;
  /** Values that the data may have. Default: any finite number. */
  support?: Support | null;
  /** The number of classes that the loss uses: the terms then get `y`. Default: those of the configuration, or none. */
  classes?: number;
}

/** What a definition has to be, for samples of this shape and k latents. */
function contractOf(shape: RowShape, k: number | undefined): Contract {
  const d = shape.reduce((width, length) => width * length, 1);
  return {
    functions: { terms: checkedTerms },
    optional: {
      noise: givesRecord('declared random numbers', drawKind, ['x', 'y']),
      encode: gives((x: tf.Tensor2D) => floats([x.shape[0], k ?? null], 'latents, a row for each sample')),
      decode: gives((z: tf.Tensor2D) => floats([z.shape[0], d], 'a row for each latent')),
    },
    fields: {
      latentDimensions: optional(whole(1)),
      schedules: recordKind(anything, 'schedules'),
      source: optional(text),
      unit: optional(text),
      support: supportKind,
      classes: optional(whole(1)),
    },
  };
}

/** A class of models: `new Mine({ input, … })`, and `Mine.load(path)`. */
export interface DefinedModel<Options extends object> {
  new (config: Options & CommonConfig & ConditioningConfig): Autoencoder<Options, Given>;
  /** A trained model of this class from its checkpoint. */
  load(path: string): Promise<Autoencoder<Options, Given>>;
}

/**
 * Defines a model of your own without a class. Terms and noise are enough for `fit`.
 *
 * ```ts
 * const Mine = defineModel('Mine', ({ latent = 2 }: { latent?: number }, { network, shape }) => {
 *   const encoder = network('encoder', mlp([64]), { from: shape, to: [latent] });
 *   const decoder = network('decoder', mlp([64]), { from: [latent], to: shape });
 *   return {
 *     latentDimensions: latent,
 *     encode: (x) => encoder.apply(x),
 *     decode: (z) => decoder.apply(z),
 *     terms: ({ x }) => ({ reconstruction: decoder.apply(encoder.apply(x)).sub(x).square().sum(1).mean() }),
 *   };
 * });
 * ```
 *
 * @param name the name of the class, also in checkpoints
 * @param make builds the networks and returns the definition; called once for each model
 */
export function defineModel<Options extends object = object, N extends Draws = Record<never, never>>(
  name: string,
  make: (config: Options & CheckedCommonConfig, builder: Builder) => ModelDefinition<N>,
): DefinedModel<Options> {
  takes('defineModel', ['name', name, text], ['make', make, callable]);
  class Defined extends Autoencoder<Options, Given> {
    override readonly latentDimensions: number;
    override readonly classes: number | null;
    override readonly support: Support | null;
    override readonly schedules: Readonly<Record<string, Schedule>>;
    protected override readonly source: string;
    protected override readonly termUnit: string;
    private readonly definition: ModelDefinition<N>;

    constructor(config: Options & CommonConfig & ConditioningConfig) {
      super(config);
      const given = make(this.config, {
        shape: rowShapeOf(this.config.input),
        network: (...given) => this.network(...given),
        conditioned: (...given) => this.conditioned(...given),
        seen: (given) => this.seen(given),
        parameter: (...given) => this.parameter(...given),
      });
      const shape = rowShapeOf(this.config.input);
      this.definition = checkedObject(name, 'a model', given, contractOf(shape, given?.latentDimensions));
      if (this.definition.latentDimensions === undefined && (this.definition.encode ?? this.definition.decode)) {
        throw new ConfigurationError(name, [
          'it can encode or decode, and "latentDimensions", k of [n, k], is missing',
        ]);
      }
      const { classes = this.conditioning.classes } = this.definition;
      const { latentDimensions = 0, support = null, schedules = {} } = this.definition;
      this.latentDimensions = latentDimensions;
      this.classes = classes;
      this.support = support;
      this.schedules = schedules;
      this.source = this.definition.source ?? '';
      this.termUnit = this.definition.unit ?? 'nats';
    }

    override terms(given: Given): Terms {
      return this.definition.terms(given as Parameters<ModelDefinition<N>['terms']>[0]);
    }

    override noise(n: number): Record<never, never>;
    override noise(n: number): Draws {
      return this.definition.noise?.(n) ?? {};
    }

    protected override encodeRows(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
      return this.definition.encode?.(x, y) ?? super.encodeRows(x);
    }

    protected override decodeRows(z: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
      return this.definition.decode?.(z, y) ?? super.decodeRows(z);
    }
  }
  return Object.defineProperty(Defined, 'name', { value: name });
}

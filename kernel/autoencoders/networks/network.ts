/**
 * What a network is: parameters and a function from rows to rows. A configuration names it as a part, and a model builds
 * it for the shapes that it needs.
 */
import * as tf from '@tensorflow/tfjs';
import { callable, object, takes } from '../arguments';
import { ConfigurationError } from '../config';
import { Part, room } from '../parts/part';
import type { PartFactory } from '../parts/part';
import type { Draws } from '../noise';
import { initialValues } from './initial';
import type { Initial } from './initial';
import { newVariable } from './layers/layers';

/** The shape of one row: [d], [t, d] or [h, w, c]. */
export type RowShape = readonly number[];

/** Where a network stands. */
export interface NetworkPlace {
  /** `encoder`, `decoder`, `discriminator`: the prefix of its parameters' names. */
  readonly name: string;
  /** The shape of one row that it takes. */
  readonly from: RowShape;
  /**
   * The shape of one row that it gives, and how many numbers for each of its values: a decoder gives 2 for a Gaussian of
   * means and variances.
   */
  readonly to: RowShape;
  readonly perValue: number;
  /** The seed of its first weights. */
  readonly seed: number;
}

/** A network in its place. */
export interface Network {
  /** What the gradient trains, by names that hold for the whole model. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** What a training step sets in other ways: moving averages. */
  readonly state?: Readonly<Record<string, tf.Variable>>;
  /** Random numbers that a training step needs for that many rows: of dropout. */
  noise?(rows: number): Draws;
  /** [n, in] → [n, perValue · out], both flat; of several numbers for each value all first ones, then all second ones. */
  apply(x: tf.Tensor2D): tf.Tensor2D;
}

/** What a network is, wherever it stands. */
export interface NetworkDefinition {
  /** Whether it takes rows as they are, whatever their shape; classes then stand beside the values, once. */
  readonly flat?: boolean;
  build(place: NetworkPlace): Network;
}

export type NetworkPart = Part<NetworkDefinition>;

/** A network of one's own, as plain functions. */
export interface OwnNetwork {
  /** The parameters' first values, by name; see `initial`. */
  parameters?(place: NetworkPlace): Readonly<Record<string, Initial>>;
  /**
   * [n, …from] → [n, …to], the parameters as tensors. With `perValue` above 1 the last axis is that many times as long,
   * or the result is flat.
   */
  apply(x: tf.Tensor, parameters: Readonly<Record<string, tf.Tensor>>, place: NetworkPlace): tf.Tensor;
}

const networks = room<NetworkDefinition>('network', 'defineNetwork');

/** Defines one of the library's networks. */
export const defineBuiltNetwork = networks.define;

/**
 * Defines a network by name, so that checkpoints of models that have it can be loaded.
 *
 * @returns makes the part: `const mine = defineNetwork('mine', ({ width = 64 }) => ({ parameters, apply }))`, then
 *   `new VAE({ encoder: mine({ width: 32 }), … })`
 */
export function defineNetwork<Options extends object = object>(
  name: string,
  make: (options: Options) => OwnNetwork,
): PartFactory<NetworkDefinition, Options> {
  return networks.define<Options>(name, (options) => ownNetwork(make(options)));
}

/** A network without a name: it trains, and cannot be saved in a checkpoint. */
export function network(own: OwnNetwork): NetworkPart {
  takes('network', ['own', own, object('apply')]);
  takes('network', ['apply', own.apply, callable]);
  return new Part('network', null, {}, ownNetwork(own));
}

/** The field of a configuration: a network's part, its name with options, a function, or a model of tfjs's layers. */
export const networkSchema = networks.schema;
export const resolveNetwork = networks.resolve;

/** Numbers in one row of this shape. */
export function widthOfRows(shape: RowShape): number {
  return shape.reduce((width, length) => width * length, 1);
}

/** [height, width, channels] of the place's image. @throws {ConfigurationError} where it has none */
export function imageOf({ name, from, to }: NetworkPlace, what: string): readonly [number, number, number] {
  const image = [from, to].find((shape) => shape.length === 3);
  if (image) return image as unknown as readonly [number, number, number];
  throw new ConfigurationError(what, [
    `the ${name} is between [${from.join(', ')}] and [${to.join(', ')}], expected images, [height, width, channels], ` +
      'on one side; for other data take mlp(…) or residual(…)',
  ]);
}

function ownNetwork(own: OwnNetwork): NetworkDefinition {
  return {
    build(place) {
      const first = Object.entries(own.parameters?.(place) ?? {});
      const variables = first.map(([key, start]) => {
        const { values, shape } = initialValues(start, `${place.name}.${key}`, place.seed);
        return [key, newVariable(values, shape)] as const;
      });
      const tensors = Object.fromEntries(variables);
      return {
        parameters: Object.fromEntries(variables.map(([key, variable]) => [`${place.name}.${key}`, variable])),
        apply: (x) => tf.tidy(() => flatRows(own.apply(shapedRows(x, place.from), tensors, place), x.shape[0], place)),
      };
    },
  };
}

/** Rows as samples of their shape: [n, d] → [n, …shape]. */
export function shapedRows(x: tf.Tensor2D, shape: RowShape): tf.Tensor {
  return shape.length === 1 ? x : x.reshape([x.shape[0], ...shape]);
}

/**
 * What a network gave, as rows [n, perValue · d] with all first numbers of the values, then all second ones.
 *
 * @throws TypeError when it gave another number of values
 */
export function flatRows(output: tf.Tensor, rows: number, { name, to, perValue }: NetworkPlace): tf.Tensor2D {
  const width = perValue * widthOfRows(to);
  if (output.shape[0] !== rows || output.size !== rows * width) {
    const wanted = [rows, ...to.slice(0, -1), to.at(-1)! * perValue];
    const flat = to.length > 1 ? `, or [${rows}, ${width}]` : '';
    throw new TypeError(
      `The network of the ${name} gives [${output.shape.join(', ')}], expected [${wanted.join(', ')}]${flat}` +
        (perValue > 1 ? ` (${perValue} numbers for each value)` : '') +
        '.',
    );
  }
  if (perValue === 1 || output.rank === 2) return output.reshape([rows, width]);
  // Maps hold the numbers of a value side by side; rows hold them one after the other.
  const size = width / perValue / to.at(-1)!;
  return output
    .reshape([rows, size, perValue, to.at(-1)!])
    .transpose([0, 2, 1, 3])
    .reshape([rows, width]);
}

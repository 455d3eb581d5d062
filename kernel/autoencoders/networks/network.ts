/**
 * What a network is: parameters and a function from rows to rows. A configuration names it as a part, and a model builds
 * it for the shapes that it needs.
 */
import * as tf from '@tensorflow/tfjs';
import { callable, object, optional, takes, tensor, text } from '../arguments';
import { ConfigurationError } from '../config';
import { gives, givesRecord, givesObject, initialKind } from '../parts/returned';
import { Part, room } from '../parts/part';
import type { PartFactory } from '../parts/part';
import type { Draws } from '../noise';
import { renamed, startedVariables } from './initial';
import type { Initial } from './initial';
import type { LastLayer, Sequential } from './layers/layers';

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
  /** Numbers that the network gives for each value. */
  readonly perValue: number;
  /** Where both sides have the shape of an image: which of them is one, and which a map of it. */
  readonly image?: 'from' | 'to';
  /** The seed of its first weights. */
  readonly seed: number;
}

/** A network in its place. */
export interface Network {
  /** What the gradient trains, by names that hold for the whole model. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** What a training step sets in other ways: moving averages. */
  readonly state?: Readonly<Record<string, tf.Variable>>;
  /** The last layer that has a kernel; the adversarial weight of latent diffusion needs it of a decoder. */
  readonly last?: LastLayer | undefined;
  /** Random numbers that a training step needs for that many rows: of dropout. */
  noise?(rows: number): Draws;
  /** [n, in] → [n, perValue · out], both flat; of several numbers for each value all first ones, then all second ones. */
  apply(x: tf.Tensor2D): tf.Tensor2D;
}

/** What a network is, wherever it stands. */
export interface NetworkDefinition {
  /**
   * The shape in which it takes the rows of its place: classes then stand beside the last axis of it. Default: that of the
   * rows. A network of rows, whatever their shape, says [width].
   */
  takes?(place: Pick<NetworkPlace, 'from' | 'to'>): RowShape;
  build(place: NetworkPlace): Network;
}

/** A network with its options, as a model takes it. */
export type NetworkPart = Part<NetworkDefinition>;

/** A network of your own, as plain functions. */
export interface OwnNetwork {
  /** The parameters' first values, by name; see `initial`. */
  parameters?(place: NetworkPlace): Readonly<Record<string, Initial>>;
  /** Which of the parameters is the kernel of the last layer; see {@link Network.last}. */
  last?: string;
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
  const who = `The network "${String(name)}"`;
  return networks.define<Options>(
    name,
    typeof make === 'function' ? (options) => ownNetwork(ownKind(who, make(options)) as OwnNetwork, who) : make,
  );
}

/** A network without a name: it trains, and cannot be saved in a checkpoint. */
export function network(own: OwnNetwork): NetworkPart {
  takes('network', ['own', own, object('apply')]);
  takes('network', ['apply', own.apply, callable]);
  return new Part('network', null, {}, ownNetwork(ownKind('The network', own) as OwnNetwork, 'The network'));
}

const ownKind = givesObject('a network', () => ({
  functions: { apply: gives(() => floatTensor) },
  optional: { parameters: givesRecord('first values', initialKind) },
  fields: { last: optional(text) },
}));

function floatTensor(value: unknown): string | undefined {
  const right = tensor()(value) === undefined && (value as tf.Tensor).dtype === 'float32';
  return right ? undefined : 'a tensor of type float32';
}

/** The field of a configuration: a network's part, its name with options, a function, or a model of tfjs's layers. */
export const networkSchema = networks.schema;
export const resolveNetwork = networks.resolve;

/** Numbers in one row of this shape. */
export function widthOfRows(shape: RowShape): number {
  return shape.reduce((width, length) => width * length, 1);
}

/** Whether a network of images stands at its place as a decoder, which gives them. */
export function givesImages({ from, to, image }: NetworkPlace): boolean {
  if (from.length === 3 && image) return image === 'to';
  return to.length === 3;
}

/** [height, width, channels] of the place's image. @throws {ConfigurationError} if it has none */
export function imageOf(place: NetworkPlace, what: string): readonly [number, number, number] {
  const { name, from, to } = place;
  const image = (givesImages(place) ? [to] : [from, to]).find((shape) => shape.length === 3);
  if (image) return image as unknown as readonly [number, number, number];
  throw new ConfigurationError(what, [
    `the ${name} is between [${from.join(', ')}] and [${to.join(', ')}], expected images, [height, width, channels], ` +
      'on one side; for other data use mlp(…) or residual(…)',
  ]);
}

function ownNetwork(own: OwnNetwork, who: string): NetworkDefinition {
  return {
    build(place) {
      const nameOf = (key: string) => `${place.name}.${key}`;
      const tensors = startedVariables(own.parameters?.(place) ?? {}, place.seed, { nameOf });
      if (own.last !== undefined && !(own.last in tensors)) {
        const known =
          Object.keys(tensors)
            .map((key) => `"${key}"`)
            .join(', ') || 'none';
        throw new ConfigurationError(`${who} of the ${place.name}`, [
          `"last" is ${JSON.stringify(own.last)}, expected the name of one of its parameters: ${known}`,
        ]);
      }
      return {
        last: own.last === undefined ? undefined : { kernel: tensors[own.last]! },
        parameters: renamed(tensors, nameOf),
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

/** Layers whose last maps become rows, the numbers of a value one after the other. */
export function withFlatRows(layers: Sequential, place: NetworkPlace): Network {
  const flat = (maps: tf.Tensor) => flatRows(maps, maps.shape[0]!, place);
  const { kernel, split } = layers.last!;
  return {
    parameters: layers.parameters,
    last: { kernel, split: { before: split!.before, after: (h) => flat(split!.after(h)) } },
    apply: (x) => flat(layers.apply(x)),
  };
}

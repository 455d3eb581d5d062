/** A network that takes the class of each row. */
import * as tf from '@tensorflow/tfjs';
import { constantMaps } from '../networks/maps/constantMaps';
import { networkPart } from '../networks/layersModel';
import type { Network, NetworkPart, NetworkPlace, RowShape } from '../networks/network';
import type { Conditioning } from './conditioning';

/** A network of rows and their classes. Where a model has no classes, it is the network itself. */
export class ConditionedNetwork {
  /** @param shape of one row without its class, as the network takes it */
  constructor(
    /** The network that looks at rows and class. */
    readonly network: Network,
    private readonly shape: RowShape,
  ) {}

  /** [n, in] and y [n, C] → [n, perValue · out]. */
  apply(rows: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return y ? tf.tidy(() => this.network.apply(this.given(rows, y))) : this.network.apply(rows);
  }

  /** What the network itself is given: the classes as further features, or as constant channels of every pixel or step. */
  given(rows: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return withClasses(rows, y, this.shape);
  }
}

/** Rows of this shape with their classes: as further features, or as constant channels at every place. */
export function withClasses(rows: tf.Tensor2D, y: tf.Tensor2D | undefined, shape: RowShape): tf.Tensor2D {
  if (!y) return rows;
  if (shape.length === 1) return tf.concat2d([rows, y], 1);
  const n = rows.shape[0];
  return tf.concat([rows.reshape([n, ...shape]), constantMaps(y, shape.slice(0, -1))], -1).reshape([n, -1]);
}

/**
 * Builds a network for rows with their classes.
 *
 * @param given a network's part, a model of tfjs's layers, or a function of rows without parameters
 * @param place.from the shape of a row without its class
 */
export function conditionedNetwork<P extends Pick<NetworkPlace, 'from' | 'to'>>(
  conditioning: Conditioning,
  given: unknown,
  place: P,
  build: (part: NetworkPart, place: P) => Network,
): ConditionedNetwork {
  const part = networkPart(given);
  const shape = part.definition.takes?.(place) ?? place.from;
  const from = conditioning.shapeOf(shape);
  return new ConditionedNetwork(build(part, { ...place, from }), shape);
}

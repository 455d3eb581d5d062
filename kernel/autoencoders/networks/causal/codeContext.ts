import * as tf from '@tensorflow/tfjs';
import { applyAll, Convolution, Dense, parametersOf } from '../layers/layers';
import type { Layer, MapSize } from '../layers/layers';
import { ResidualBlock } from '../maps/residual';

/** Positions in rows and columns, and K, how many codes there are at each. */
export interface CodeMap extends MapSize {
  codebookSize: number;
}

export interface CodeContextOptions {
  /** The map that is conditioned. */
  map: MapSize;
  /** Maps of codes of other sizes, which are known. */
  conditions: readonly CodeMap[];
  /** Classes; 0: no label is known. */
  classes: number;
  /** S. */
  channels: number;
  seed: number;
}

/**
 * What is known before the first code, at each position of the map: [n, h, w, S], the sum over what there is of
 *
 * - another map of codes: enlarged to this map by its nearest neighbours, embedded, and seen through 3 × 3 convolutions
 *   without a mask, for it is known whole;
 * - a class label: embedded, the same everywhere.
 */
export class CodeContext {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** S, or 0 when nothing is known. */
  readonly channels: number;
  private readonly maps: Layer[][];
  private readonly label: Layer | null;

  constructor(private readonly options: CodeContextOptions) {
    const { conditions, classes, channels: S, seed } = options;
    this.channels = conditions.length > 0 || classes > 0 ? S : 0;
    this.maps = conditions.map(({ codebookSize }, i) => {
      const name = `context.map${i}`;
      return [
        new Convolution({ name: `${name}.embedding`, in: codebookSize, out: S, size: 1, activation: 'linear', seed }),
        new Convolution({ name: `${name}.0`, in: S, out: S, size: 3, activation: 'linear', seed }),
        new ResidualBlock({ name: `${name}.block`, channels: S, inner: S, seed }),
      ];
    });
    const embedding = { name: 'context.label', in: classes, out: S, activation: 'linear', seed } as const;
    this.label = classes > 0 ? new Dense(embedding) : null;
    this.parameters = parametersOf([...this.maps.flat(), ...(this.label ? [this.label] : [])]);
  }

  /**
   * @param codes of each condition, int32 [n, P'], row by row
   * @param labels int32 [n]
   */
  apply(codes: readonly tf.Tensor2D[], labels: tf.Tensor1D | null): tf.Tensor4D | null {
    const { map, conditions, classes } = this.options;
    const { height, width } = map;
    const parts = this.maps.map((layers, i) => {
      const { codebookSize } = conditions[i]!;
      const enlarged = tf.gather(codes[i]!, nearestPositions(conditions[i]!, map), 1);
      const oneHot = tf.oneHot(enlarged.cast('int32').flatten(), codebookSize).cast('float32');
      return applyAll(layers, oneHot.reshape([-1, height, width, codebookSize]));
    });
    if (this.label && labels) {
      const embedded = this.label.apply(tf.oneHot(labels, classes).cast('float32'));
      parts.push(embedded.reshape([-1, 1, 1, this.channels]).tile([1, height, width, 1]));
    }
    return parts.length === 0 ? null : (tf.addN(parts) as tf.Tensor4D);
  }
}

/** For each position of `to` the one of `from` that it lies in, row by row. */
function nearestPositions(from: MapSize, to: MapSize): tf.Tensor1D {
  const positions = Int32Array.from({ length: to.height * to.width }, (_, i) => {
    const row = Math.floor((Math.floor(i / to.width) * from.height) / to.height);
    const column = Math.floor(((i % to.width) * from.width) / to.width);
    return row * from.width + column;
  });
  return tf.tensor1d(positions, 'int32');
}

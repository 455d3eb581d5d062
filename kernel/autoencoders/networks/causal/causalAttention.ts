import * as tf from '@tensorflow/tfjs';
import { randomStream } from '../../random';
import { Dense, newVariable, parametersOf } from '../layers/layers';
import type { Layer } from '../layers/layers';

export interface CausalAttentionOptions {
  /** Prefix of the parameters' names. */
  name: string;
  /** Channels that queries are made of. */
  queryFrom: number;
  /** Channels that keys and values are made of. */
  memoryFrom: number;
  heads: number;
  /** d, the channels of a head's keys and queries. */
  keyChannels: number;
  /** Channels of a head's values. */
  valueChannels: number;
  seed: number;
}

/** Keys and values of the positions so far, [n, heads, positions, d]. */
export interface Memory {
  keys: tf.Tensor4D;
  values: tf.Tensor4D;
}

/**
 * Multi-head attention (Vaswani et al. 2017) of each position to those strictly before it:
 *
 * $$o_i = \sum_{j < i} \mathrm{softmax}_{j < i}\!\left(q_i \cdot k_j / \sqrt d\right) v_j, \qquad o_0 = 0$$
 *
 * A position does not attend to itself, since its keys and values know its own code.
 */
export class CausalAttention {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** heads · valueChannels. */
  readonly channels: number;
  private readonly query: Layer;
  private readonly key: Layer;
  private readonly value: Layer;

  constructor(private readonly options: CausalAttentionOptions) {
    const { name, queryFrom, memoryFrom, heads, keyChannels, valueChannels, seed } = options;
    const linear = { activation: 'linear', seed } as const;
    this.channels = heads * valueChannels;
    this.query = new Dense({ ...linear, name: `${name}.query`, in: queryFrom, out: heads * keyChannels });
    this.key = withoutBias({ name: `${name}.key`, in: memoryFrom, out: heads * keyChannels, seed });
    this.value = new Dense({ ...linear, name: `${name}.value`, in: memoryFrom, out: this.channels });
    this.parameters = parametersOf([this.query, this.key, this.value]);
  }

  /** All positions at once: [n, P, queryFrom] and [n, P, memoryFrom] → [n, P, channels]. */
  apply(queries: tf.Tensor3D, memory: tf.Tensor3D): tf.Tensor3D {
    const P = queries.shape[1];
    const { keys, values } = this.memory(memory);
    const before = tf.tensor2d(
      Float32Array.from({ length: P * P }, (_, at) => (at % P < Math.floor(at / P) ? 1 : 0)),
      [P, P],
    );
    // The first row has nothing to attend to: its weights are all made 0 by the mask.
    const scores = this.scores(queries, keys).add(before.sub(1).mul(1e9));
    return this.joined(tf.softmax(scores).mul(before).matMul(values));
  }

  /** The next position, after those that `past` remembers: [n, 1, queryFrom] → [n, 1, channels]. */
  next(query: tf.Tensor3D, past: Memory | null): tf.Tensor3D {
    if (!past) return tf.zeros([query.shape[0], 1, this.channels]);
    return this.joined(tf.softmax(this.scores(query, past.keys)).matMul(past.values));
  }

  /** The keys and values of positions [n, m, memoryFrom]. */
  memory(positions: tf.Tensor3D): Memory {
    return { keys: this.heads(this.key, positions), values: this.heads(this.value, positions) };
  }

  /** q_i · k_j / √d: [n, heads, positions of queries, positions of keys]. */
  private scores(queries: tf.Tensor3D, keys: tf.Tensor4D): tf.Tensor4D {
    const scale = 1 / Math.sqrt(this.options.keyChannels);
    return this.heads(this.query, queries).matMul(keys, false, true).mul(scale);
  }

  /** [n, m, from] → [n, heads, m, channels of a head]. */
  private heads(layer: Layer, positions: tf.Tensor3D): tf.Tensor4D {
    const [n, m, from] = positions.shape;
    const rows = layer.apply(positions.reshape([n * m, from]));
    return rows.reshape([n, m, this.options.heads, -1]).transpose([0, 2, 1, 3]) as tf.Tensor4D;
  }

  /** [n, heads, m, valueChannels] → [n, m, channels]. */
  private joined(heads: tf.Tensor): tf.Tensor3D {
    const [n, , m] = heads.shape;
    return heads.transpose([0, 2, 1, 3]).reshape([n!, m!, this.channels]);
  }
}

/** x W. A bias of the keys would add the same to all scores of a query, and the softmax would remove it again. */
function withoutBias({ name, in: from, out, seed }: { name: string; in: number; out: number; seed: number }): Layer {
  const draws = randomStream(seed, `weights/${name}.kernel`).normals(from * out);
  const deviation = Math.sqrt(2 / (from + out));
  const kernel = newVariable(
    draws.map((value) => value * deviation),
    [from, out],
  );
  return { parameters: { [`${name}.kernel`]: kernel }, apply: (x) => x.matMul(kernel) };
}

/** The keys and values of past positions, followed by those of the next ones. */
export function remembered(past: Memory | null, next: Memory): Memory {
  if (!past) return next;
  return { keys: tf.concat([past.keys, next.keys], 2), values: tf.concat([past.values, next.values], 2) };
}

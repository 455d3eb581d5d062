/**
 * Encoder and decoder of latent diffusion's first stage (Rombach et al. 2022, appendix G; Esser et al. 2021, table 7):
 * residual blocks with group normalisation and swish, between images and maps of latents.
 */
import * as tf from '@tensorflow/tfjs';
import { widthOf } from '../../samples';
import type { ImageShape } from '../../samples';
import { halvings } from './convolutional';
import { GroupNorm, swish } from '../layers/groupNorm';
import { randomStream } from '../../random';
import { applyAll, Convolution, newVariable, parametersOf, reshape, Sequential } from '../layers/layers';
import type { Layer, MapSize } from '../layers/layers';

export interface FeatureMapOptions {
  /** Prefix of the parameters' names, `encoder` for example. */
  name: string;
  image: ImageShape;
  /**
   * Channels of the maps at each level, starting at the image's size. Height and width halve from one level to the
   * next.
   */
  channels: readonly number[];
  /** Residual blocks at each level. */
  blocks: number;
  /** Whether the positions of the smallest maps attend to each other. */
  attention: boolean;
  /** Channels at the other end: numbers at each position of the latent map. */
  mapChannels: number;
  seed: number;
}

/** The map that an image becomes: halved, and rounded up, once for each level but the first. */
export function latentMapSize(image: ImageShape, levels: number): MapSize {
  return halvings(image, levels - 1).at(-1)!;
}

/**
 * x + K₂ ∗ s(N₂(K₁ ∗ s(N₁(x)))) with swish s and group normalisation N. Where the number of channels changes, a 1 × 1 K
 * is applied to the x that is added.
 */
class NormalizedResidualBlock implements Layer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly branch: Layer[];
  private readonly skip: Layer[];

  constructor({ name, in: from, out, seed }: { name: string; in: number; out: number; seed: number }) {
    const convolution = { activation: 'linear', seed, out } as const;
    this.branch = [
      new GroupNorm({ name: `${name}.norm0`, channels: from }),
      swish,
      new Convolution({ ...convolution, name: `${name}.0`, in: from, size: 3 }),
      new GroupNorm({ name: `${name}.norm1`, channels: out }),
      swish,
      new Convolution({ ...convolution, name: `${name}.1`, in: out, size: 3 }),
    ];
    this.skip = from === out ? [] : [new Convolution({ ...convolution, name: `${name}.skip`, in: from, size: 1 })];
    this.parameters = parametersOf([...this.branch, ...this.skip]);
  }

  apply(x: tf.Tensor): tf.Tensor {
    return applyAll(this.branch, x).add(applyAll(this.skip, x));
  }
}

/**
 * x + P(softmax(q kᵀ/√c) v) over all positions, with one head; q, k, v and P are 1 × 1 convolutions, q, k, v of N(x).
 * The keys have no bias: it would add the same to all scores of a query, which the softmax removes again.
 */
class MapAttention implements Layer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly norm: GroupNorm;
  private readonly query: Convolution;
  private readonly key: tf.Variable;
  private readonly value: Convolution;
  private readonly output: Convolution;

  constructor({ name, channels, seed }: { name: string; channels: number; seed: number }) {
    const options = { in: channels, out: channels, size: 1, activation: 'linear', seed } as const;
    const projection = (part: string) => new Convolution({ ...options, name: `${name}.${part}` });
    this.norm = new GroupNorm({ name: `${name}.norm`, channels });
    this.query = projection('query');
    this.value = projection('value');
    this.output = projection('output');
    const draws = randomStream(seed, `weights/${name}.key.kernel`).normals(channels ** 2);
    this.key = newVariable(
      draws.map((value) => value * channels ** -0.5),
      [channels, channels],
    );
    this.parameters = {
      ...parametersOf([this.norm, this.query, this.value, this.output]),
      [`${name}.key.kernel`]: this.key,
    };
  }

  apply(x: tf.Tensor): tf.Tensor {
    const [n, height, width, channels] = x.shape as [number, number, number, number];
    const normalised = this.norm.apply(x);
    const rows = (map: tf.Tensor) => map.reshape([n, height * width, channels]);
    const key = rows(normalised.reshape([-1, channels]).matMul(this.key));
    const scores = tf.matMul(rows(this.query.apply(normalised)), key, false, true).mul(channels ** -0.5);
    const attended = tf.matMul(tf.softmax(scores), rows(this.value.apply(normalised)));
    return x.add(this.output.apply(attended.reshape(x.shape)));
  }
}

/** Doubles each row and each column; where the size is odd, the last one stays single. */
function enlarge({ height, width }: MapSize): Layer {
  const apply = (x: tf.Tensor) => {
    const [n, h, w, channels] = x.shape as [number, number, number, number];
    const rows = x.reshape([n, h, 1, w * channels]).tile([1, 1, 2, 1]);
    const both = rows
      .reshape([2 * n * h, w, 1, channels])
      .tile([1, 1, 2, 1])
      .reshape([n, 2 * h, 2 * w, channels]);
    return height === 2 * h && width === 2 * w ? both : both.slice([0, 0, 0, 0], [n, height, width, channels]);
  };
  return { parameters: {}, apply };
}

/** A block, attention where it is asked for, and another block. */
function middle(name: string, channels: number, attention: boolean, seed: number): Layer[] {
  const block = (i: number) =>
    new NormalizedResidualBlock({ name: `${name}.middle${i}`, in: channels, out: channels, seed });
  const attending = attention ? [new MapAttention({ name: `${name}.attention`, channels, seed })] : [];
  return [block(0), ...attending, block(1)];
}

/** [n, d] → [n, h·w·mapChannels], position by position, row by row. */
export class FeatureMapEncoder extends Sequential {
  constructor({ name, image, channels, blocks, attention, mapChannels, seed }: FeatureMapOptions) {
    const linear = { activation: 'linear', seed } as const;
    const levels = channels.flatMap((out, level): Layer[] => {
      const residual = Array.from({ length: blocks }, (_, i) => {
        const from = i === 0 ? channels[Math.max(0, level - 1)]! : out;
        return new NormalizedResidualBlock({ name: `${name}.level${level}.${i}`, in: from, out, seed });
      });
      if (level === channels.length - 1) return residual;
      const halving = { ...linear, name: `${name}.level${level}.down`, in: out, out, size: 3, stride: 2 };
      return [...residual, new Convolution(halving)];
    });
    const last = channels.at(-1)!;
    const size = latentMapSize(image, channels.length);
    super([
      reshape(image.height, image.width, image.channels),
      new Convolution({ ...linear, name: `${name}.in`, in: image.channels, out: channels[0]!, size: 3 }),
      ...levels,
      ...middle(name, last, attention, seed),
      new GroupNorm({ name: `${name}.norm`, channels: last }),
      swish,
      new Convolution({ ...linear, name: `${name}.out`, in: last, out: mapChannels, size: 3 }),
      reshape(size.height * size.width * mapChannels),
    ]);
  }
}

/** {@link FeatureMapEncoder} in reverse: [n, h·w·mapChannels] → [n, d]. */
export class FeatureMapDecoder extends Sequential {
  constructor({ name, image, channels, blocks, attention, mapChannels, seed }: FeatureMapOptions) {
    const linear = { activation: 'linear', seed } as const;
    const sizes = halvings(image, channels.length - 1);
    const { height, width } = sizes.at(-1)!;
    const deepest = channels.at(-1)!;
    const levels = channels.toReversed().flatMap((out, i): Layer[] => {
      const level = channels.length - 1 - i;
      const residual = Array.from({ length: blocks }, (_, b) => {
        const from = b === 0 ? channels[Math.min(channels.length - 1, level + 1)]! : out;
        return new NormalizedResidualBlock({ name: `${name}.level${level}.${b}`, in: from, out, seed });
      });
      if (level === 0) return residual;
      const up = { ...linear, name: `${name}.level${level}.up`, in: out, out, size: 3 };
      return [...residual, enlarge(sizes[level - 1]!), new Convolution(up)];
    });
    super([
      reshape(height, width, mapChannels),
      new Convolution({ ...linear, name: `${name}.in`, in: mapChannels, out: deepest, size: 3 }),
      ...middle(name, deepest, attention, seed),
      ...levels,
      new GroupNorm({ name: `${name}.norm`, channels: channels[0]! }),
      swish,
      new Convolution({ ...linear, name: `${name}.out`, in: channels[0]!, out: image.channels, size: 3 }),
      reshape(widthOf(image)),
    ]);
  }
}

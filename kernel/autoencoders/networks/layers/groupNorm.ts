import * as tf from '@tensorflow/tfjs';
import { newVariable } from './layers';
import type { Layer } from './layers';

/** Added to the variance. */
const EPSILON = 1e-6;

/**
 * Group normalisation (Wu and He 2018, equations 1 to 6): for each sample, the channels in groups, each group less its
 * mean and over its standard deviation, both over the group's channels and all positions; then a trained scale and offset
 * for each channel, 1 and 0 at the start. [n, h, w, c] → [n, h, w, c]
 */
export class GroupNorm implements Layer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly scale: tf.Variable;
  private readonly offset: tf.Variable;
  private readonly groups: number;

  /** 32 groups, or as many fewer as leave at least 4 channels in each and divide the channels evenly. */
  constructor({ name, channels }: { name: string; channels: number }) {
    this.groups = greatestDivisor(channels, Math.min(32, Math.max(1, Math.floor(channels / 4))));
    this.scale = newVariable(new Float32Array(channels).fill(1), [channels]);
    this.offset = newVariable(new Float32Array(channels), [channels]);
    this.parameters = { [`${name}.scale`]: this.scale, [`${name}.offset`]: this.offset };
  }

  apply(x: tf.Tensor): tf.Tensor {
    const [n, height, width, channels] = x.shape as [number, number, number, number];
    const grouped = x.reshape([n, height * width, this.groups, channels / this.groups]);
    const centred = grouped.sub(grouped.mean([1, 3], true));
    const variance = centred.square().mean([1, 3], true);
    const normalised = centred.mul(variance.add(EPSILON).rsqrt()).reshape(x.shape);
    return normalised.mul(this.scale).add(this.offset);
  }
}

/** x·σ(x) (Ramachandran, Zoph and Le 2017). */
export const swish: Layer = { parameters: {}, apply: (x) => x.mul(tf.sigmoid(x)) };

function greatestDivisor(of: number, atMost: number): number {
  let divisor = atMost;
  while (of % divisor !== 0) divisor -= 1;
  return divisor;
}

import * as tf from '@tensorflow/tfjs';
import { named } from '../../engine/index';
import { numbers, takes, tensorOfWidth } from '../arguments';
import type { Draws } from '../noise';
import { product } from './config';
import { straightThrough } from './estimators';
import type { Quantization, Quantizer } from './quantizer';

/** Keeps the bounded value within the outermost levels. */
const MARGIN = 1e-3;

/**
 * Finite scalar quantisation (Mentzer et al. 2023, section 3.1 and appendix A.1): dimension i takes one of $L_i$ levels,
 *
 * $$f(z) = h \tanh(z + s) - o, \qquad h = \tfrac12 (L - 1)(1 - 10^{-3}), \qquad
 *   o = \begin{cases} 0 & L \text{ odd} \\ \tfrac12 & L \text{ even} \end{cases}, \qquad s = \tan(o / h),$$
 *
 * $q = \mathrm{round}(f(z)) / \lfloor L/2 \rfloor$, with the gradient straight through the rounding. The codes are all
 * combinations, $K = \prod_i L_i$; nothing is looked up, nothing is learned, no loss is added. The index counts in mixed
 * radix, the first dimension fastest: $\sum_i (\mathrm{round}(f(z_i)) + \lfloor L_i/2 \rfloor) \prod_{j<i} L_j$.
 */
export class FiniteScalarQuantizer implements Quantizer {
  readonly codebookSize: number;
  readonly stages = 1;
  readonly dimensions: number;
  readonly parameters = {};
  readonly state = {};
  readonly startsFrom = 0;
  readonly source = 'Mentzer et al. 2023, Finite Scalar Quantization: VQ-VAE Made Simple, section 3.1';
  /** ⌊L/2⌋ of each dimension. */
  private readonly halfWidths: number[];
  /** Π_{j<i} L_j of each dimension i. */
  private readonly bases: number[];

  constructor(private readonly levels: readonly number[]) {
    takes('FiniteScalarQuantizer', ['levels', levels, numbers]);
    this.dimensions = levels.length;
    this.codebookSize = product(levels);
    this.halfWidths = levels.map((L) => Math.floor(L / 2));
    this.bases = levels.map((_, i) => product(levels.slice(0, i)));
  }

  noise(): Draws {
    return {};
  }

  quantize(z: tf.Tensor2D): Quantization {
    takes('FiniteScalarQuantizer.quantize', ['z', z, tensorOfWidth(this.dimensions)]);
    return named('quantizer', () => this.quantized(z));
  }

  private quantized(z: tf.Tensor2D): Quantization {
    const bounded = this.bound(z);
    const level = straightThrough(bounded, bounded.round());
    return {
      quantized: level.div(this.halfWidths),
      indices: this.indexOf(bounded.round()),
      terms: {},
      updates: () => ({}),
    };
  }

  indices(z: tf.Tensor2D): tf.Tensor2D {
    takes('FiniteScalarQuantizer.indices', ['z', z, tensorOfWidth(this.dimensions)]);
    return this.indexOf(this.bound(z).round());
  }

  lookup(indices: tf.Tensor2D): tf.Tensor2D {
    takes('FiniteScalarQuantizer.lookup', ['indices', indices, tensorOfWidth(this.stages)]);
    // Quotients of whole numbers up to 2²⁰ are right to the last whole number in float32.
    const counted = indices.cast('float32').div(this.bases).floor();
    const digits = counted.sub(
      counted
        .div(this.levels as number[])
        .floor()
        .mul(this.levels as number[]),
    );
    return digits.sub(this.halfWidths).div(this.halfWidths);
  }

  codes(): tf.Tensor2D {
    return tf.tidy(() => this.lookup(tf.range(0, this.codebookSize, 1, 'int32').expandDims(1)));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  /** f(z), between the outermost levels of each dimension. */
  private bound(z: tf.Tensor2D): tf.Tensor2D {
    const halves = this.levels.map((L) => ((L - 1) * (1 - MARGIN)) / 2);
    const offsets = this.levels.map((L) => (L % 2 === 0 ? 0.5 : 0));
    const shifts = offsets.map((offset, i) => Math.tan(offset / halves[i]!));
    return z.add(shifts).tanh().mul(halves).sub(offsets);
  }

  private indexOf(level: tf.Tensor2D): tf.Tensor2D {
    return level.add(this.halfWidths).mul(this.bases).sum(1, true).cast('int32');
  }
}

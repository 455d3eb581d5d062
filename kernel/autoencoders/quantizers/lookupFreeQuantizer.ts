import * as tf from '@tensorflow/tfjs';
import { named } from '../../engine/index';
import { object, takes, tensorOfWidth } from '../arguments';
import { stopGradient as sg } from '../networks/gradients/stopGradient';
import type { Draws } from '../noise';
import { straightThrough } from './estimators';
import type { Quantization, Quantizer } from './quantizer';
import { commitment, entropyTerm } from './terms';

/** Options of a {@link LookupFreeQuantizer}. */
export interface LookupFreeOptions {
  /** D. */
  bits: number;
  /** β. */
  commitment: number;
  /** λ. */
  entropyWeight: number;
  /** τ. */
  temperature: number;
}

/**
 * Lookup-free quantisation (Yu et al. 2023, Language Model Beats Diffusion, section 3.1): the code of z is the sign of
 * each dimension, $q_i = 1$ where $z_i > 0$ and $-1$ elsewhere; its index $\sum_i 2^i\,[z_i > 0]$, i from 0. The gradient
 * passes straight through. Terms, means over the vectors: `commitment` $\|z - q\|^2$, summed over dimensions, and
 * `entropy`, {@link entropyLoss} over all $2^D$ codes.
 */
export class LookupFreeQuantizer implements Quantizer {
  readonly codebookSize: number;
  readonly stages = 1;
  readonly dimensions: number;
  readonly parameters = {};
  readonly state = {};
  readonly startsFrom = 0;
  readonly source =
    'Yu et al. 2023, Language Model Beats Diffusion: Tokenizer is Key to Visual Generation, section 3.1';

  constructor(private readonly options: LookupFreeOptions) {
    takes('LookupFreeQuantizer', ['options', options, object('bits', 'commitment', 'entropyWeight', 'temperature')]);
    this.dimensions = options.bits;
    this.codebookSize = 2 ** options.bits;
  }

  noise(): Draws {
    return {};
  }

  quantize(z: tf.Tensor2D): Quantization {
    takes('LookupFreeQuantizer.quantize', ['z', z, tensorOfWidth(this.dimensions)]);
    return named('quantizer', () => this.quantized(z));
  }

  private quantized(z: tf.Tensor2D): Quantization {
    const { commitment: beta } = this.options;
    const q = sg(() => signs(z));
    const terms = {
      commitment: commitment(z.sub(q).square().sum(1).mean(), beta, { vector: 'z_e', code: 'q' }),
      ...entropyTerm(z, () => this.codes(), this.options),
    };
    return { quantized: straightThrough(z, q), indices: this.indices(z), terms, updates: () => ({}) };
  }

  indices(z: tf.Tensor2D): tf.Tensor2D {
    takes('LookupFreeQuantizer.indices', ['z', z, tensorOfWidth(this.dimensions)]);
    return tf.tidy(() => z.greater(0).cast('float32').mul(this.powers()).sum(1, true).cast('int32'));
  }

  lookup(indices: tf.Tensor2D): tf.Tensor2D {
    takes('LookupFreeQuantizer.lookup', ['indices', indices, tensorOfWidth(this.stages)]);
    const halves = indices.cast('float32').div(this.powers()).floor();
    const bits = halves.sub(halves.div(2).floor().mul(2));
    return bits.mul(2).sub(1);
  }

  codes(): tf.Tensor2D {
    return tf.tidy(() => this.lookup(tf.range(0, this.codebookSize, 1, 'int32').expandDims(1)));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  private powers(): number[] {
    return Array.from({ length: this.dimensions }, (_, i) => 2 ** i);
  }
}

function signs(z: tf.Tensor2D): tf.Tensor2D {
  return z.greater(0).cast('float32').mul(2).sub(1);
}

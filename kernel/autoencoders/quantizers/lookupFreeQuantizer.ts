import * as tf from '@tensorflow/tfjs';
import { object, takes, tensorOfWidth } from '../arguments';
import type { Objective } from '../models/explanation';
import { stopGradient as sg } from '../networks/gradients/stopGradient';
import type { TermWeight } from '../training/loop/trainable';
import { entropyLoss } from './entropy';
import { straightThrough } from './estimators';
import type { Quantization, Quantizer } from './quantizer';

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
 * passes straight through. Losses, means over the vectors: `commitment` $\|z - q\|^2$, summed over dimensions, and
 * `entropy`, {@link entropyLoss} over all $2^D$ codes.
 */
export class LookupFreeQuantizer implements Quantizer {
  readonly codebookSize: number;
  readonly stages = 1;
  readonly dimensions: number;
  readonly parameters = {};
  readonly state = {};
  readonly termWeights: Readonly<Record<string, TermWeight>>;
  readonly startsFrom = 0;
  readonly objective: Objective;

  constructor(private readonly options: LookupFreeOptions) {
    takes('LookupFreeQuantizer', ['options', options, object('bits', 'commitment', 'entropyWeight', 'temperature')]);
    const { bits, commitment, entropyWeight } = options;
    this.dimensions = bits;
    this.codebookSize = 2 ** bits;
    this.termWeights = {
      commitment: { symbol: 'β', schedule: commitment },
      ...(entropyWeight > 0 ? { entropy: { symbol: 'λ', schedule: entropyWeight } } : {}),
    };
    this.objective = objectiveOf(entropyWeight > 0);
  }

  noise(): Record<string, tf.Tensor> {
    return {};
  }

  quantize(z: tf.Tensor2D): Quantization {
    takes('LookupFreeQuantizer.quantize', ['z', z, tensorOfWidth(this.dimensions)]);
    const { entropyWeight, temperature } = this.options;
    const q = sg(() => signs(z));
    const losses: Record<string, tf.Tensor> = { commitment: z.sub(q).square().sum(1).mean() };
    if (entropyWeight > 0) losses['entropy'] = entropyLoss(z, this.codes(), temperature);
    return { quantized: straightThrough(z, q), indices: this.indices(z), losses, updates: () => ({}) };
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

function objectiveOf(entropy: boolean): Objective {
  const commitment = {
    formula: '\\|z_e - \\mathrm{sg}[q]\\|^2',
    meaning: 'summed over the dimensions of a code, mean over batch and positions',
    unit: 'squared distance per position',
  };
  const source = 'Yu et al. 2023, Language Model Beats Diffusion: Tokenizer is Key to Visual Generation, section 3.1';
  const beta = ` + \\beta\\,${commitment.formula}`;
  if (!entropy) return { formula: beta, terms: { commitment }, source };
  const formula = '\\mathbb E[H(p(k \\mid z_e))] - H(\\mathbb E[p(k \\mid z_e)])';
  const spread = { formula, meaning: 'means over batch and positions', unit: 'nats per position' };
  return { formula: `${beta} + \\lambda\\left(${formula}\\right)`, terms: { commitment, entropy: spread }, source };
}

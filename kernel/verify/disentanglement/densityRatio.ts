import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { columnPermutations, densityRatioLoss } from '../../autoencoders/index';
import { denseFields } from '../../autoencoders/models/commonConfig';
import { TrainedModel } from '../../autoencoders/models/trainedModel';
import { MLP } from '../../autoencoders/networks/mlp';
import type { RandomStream } from '../../autoencoders/index';

const schema = z.strictObject(denseFields);

/** FactorVAE's discriminator by itself, on codes that are given. */
export class DensityRatio extends TrainedModel<z.output<typeof schema>> {
  readonly kind = 'DensityRatio';
  readonly name = 'density ratio';
  readonly termWeights = {};
  readonly support = null;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly objective = {
    formula: '-\\tfrac12\\mathbb E_{q(z)}[\\log D(z)] - \\tfrac12\\mathbb E_{\\prod_j q(z_j)}[\\log(1 - D(z))]',
    terms: { discriminator: { formula: '\\text{the same}', meaning: 'cross-entropy, mean over both halves' } },
    source: 'Kim and Mnih 2018, Disentangling by factorising, algorithm 2',
  };
  protected readonly termUnit = 'nats';
  private readonly network: MLP;

  constructor(k: number, seed: number) {
    super(schema.parse({ input: k, seed }));
    this.network = new MLP({ name: 'discriminator', sizes: [k, 64, 64, 1], activation: 'relu', seed });
    this.parameters = this.network.parameters;
  }

  /** log D − log(1 − D): [n, k] → [n, 1]. */
  logit(codes: tf.Tensor2D): tf.Tensor2D {
    return this.network.apply(codes);
  }

  override noise(stream: RandomStream, count: number): Record<string, tf.Tensor> {
    const k = this.expected('noise').width;
    return { permutation: columnPermutations(stream, count, k) };
  }

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
    const codes = tensors['x'] as tf.Tensor2D;
    const permutation = tensors['permutation'] as tf.Tensor1D;
    return { discriminator: densityRatioLoss((at) => this.logit(at), codes, permutation) };
  }
}

import type * as tf from '@tensorflow/tfjs';
import { Model, densityRatioLoss, mlp, permutations } from '../../autoencoders/index';
import type { Given, Network, Terms } from '../../autoencoders/index';

/** What the terms are given: codes, and its own order for each of their columns. */
interface GivenCodes extends Given {
  permutation: tf.Tensor1D;
}

/** FactorVAE's discriminator by itself, on codes that are given. */
export class DensityRatio extends Model<object, GivenCodes> {
  protected override readonly source = 'Kim and Mnih 2018, Disentangling by factorising, algorithm 2';
  private readonly discriminator: Network;

  constructor(
    private readonly k: number,
    seed: number,
  ) {
    super({ input: k, seed });
    this.discriminator = this.network('discriminator', mlp([64, 64]), { from: [k], to: [1] });
  }

  override get name(): string {
    return 'density ratio';
  }

  /** log D − log(1 − D): [n, k] → [n, 1]. */
  logit(codes: tf.Tensor2D): tf.Tensor2D {
    return this.discriminator.apply(codes);
  }

  override noise(n: number) {
    return { permutation: permutations([n, this.k]) };
  }

  override terms({ x, permutation }: GivenCodes): Terms {
    return {
      discriminator: {
        value: densityRatioLoss((codes) => this.logit(codes), x, permutation),
        formula: '-\\tfrac12\\mathbb E_{q(z)}[\\log D(z)] - \\tfrac12\\mathbb E_{\\prod_j q(z_j)}[\\log(1 - D(z))]',
        meaning: 'cross-entropy, mean over both halves',
      },
    };
  }
}

/** Ancestral sampling: codes one after the other, each from its conditional given those before. */
import * as tf from '@tensorflow/tfjs';
import type { CachedPass } from '../../networks/causal/causalNetwork';
import { randomStream } from '../../random';

export interface Drawing {
  /** n, maps that are drawn. */
  count: number;
  /** P. */
  positions: number;
  /** K. */
  codebookSize: number;
  /** T: codes are drawn from softmax(logits / T). */
  temperature: number;
  seed: number;
}

/**
 * int32 [count, P], to be called inside a `tf.tidy`.
 *
 * A draw from softmax(ℓ/T) is arg max of ℓ/T + g, with independent Gumbel noise g = −log(−log u) (Gumbel 1954); so
 * nothing has to be read back before the map is whole.
 */
export function drawCodes(pass: CachedPass, { count, positions, codebookSize: K, ...drawing }: Drawing): tf.Tensor2D {
  const stream = randomStream(drawing.seed, 'codes');
  const codes = Array.from({ length: positions }, () => {
    const logits = pass.logits();
    const gumbel = stream.uniforms(count * K).map((u) => -Math.log(-Math.log(u)));
    const [drawn, oneHot] = tf.tidy(() => {
      const drawn = logits
        .div(drawing.temperature)
        .add(tf.tensor2d(gumbel, [count, K]))
        .argMax(1);
      return [drawn, tf.oneHot(drawn, K).cast('float32')] as [tf.Tensor1D, tf.Tensor2D];
    });
    logits.dispose();
    pass.append(oneHot);
    oneHot.dispose();
    return drawn;
  });
  return tf.stack(codes, 1) as tf.Tensor2D;
}

/** Logits [n, P, K] of given codes, one-hot [n, P, K], position by position; to be called inside a `tf.tidy`. */
export function forcedLogits(pass: CachedPass, codes: tf.Tensor3D): tf.Tensor3D {
  const logits = tf.unstack(codes, 1).map((code) => {
    const logits = pass.logits();
    pass.append(code as tf.Tensor2D);
    return logits;
  });
  return tf.stack(logits, 1) as tf.Tensor3D;
}

/** The conditionals of one position after the other, each from a full pass over the whole map: nothing is kept. */
export class FullPasses implements CachedPass {
  private readonly known: tf.Tensor2D[] = [];

  /** @param all from the own codes [n, P], with any numbers where they are not known, to the logits [n, P, K] */
  constructor(
    private readonly count: number,
    private readonly positions: number,
    private readonly all: (codes: tf.Tensor2D) => tf.Tensor3D,
  ) {}

  logits(): tf.Tensor2D {
    const { count, known } = this;
    return tf.tidy(() => {
      const missing = tf.zeros<tf.Rank.R2>([count, this.positions - known.length]);
      const logits = this.all(tf.concat([...known, missing], 1));
      return logits.slice([0, known.length, 0], [-1, 1, -1]).squeeze([1]);
    });
  }

  append(codes: tf.Tensor2D): void {
    this.known.push(tf.tidy(() => codes.argMax(1).reshape([this.count, 1]).cast('float32')));
  }
}

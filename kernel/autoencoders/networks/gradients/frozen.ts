import * as tf from '@tensorflow/tfjs';
import { callable, takes } from '../../arguments';

/**
 * f as a fixed function: the gradient passes through it to its input, and never to the variables that it uses. So a
 * discriminator judges what a decoder made without being trained by that.
 *
 * @param f pure, of one tensor
 */
export function frozen<X extends tf.Tensor, Y extends tf.Tensor>(f: (x: X) => Y): (x: X) => Y {
  takes('frozen', ['f', f, callable]);
  // What `f` computes forward is not recorded; for the gradient by x it is computed again, on a separate tape.
  return tf.customGrad((x, save) => {
    (save as (saved: tf.Tensor[]) => void)([x as tf.Tensor]);
    return {
      value: f(x as X),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        keepingTape(() => tf.grad((input) => f(input as X))(saved[0]!, dy)),
    };
  }) as (x: X) => Y;
}

/** tfjs drops the tape that it walks back along as soon as another gradient within ends; this hands it back. */
function keepingTape<T>(work: () => T): T {
  const { state } = tf.engine();
  const tape = state.activeTape;
  try {
    return work();
  } finally {
    state.activeTape = tape;
  }
}

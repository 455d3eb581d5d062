/** Gradients that users state themselves. */
import * as tf from '@tensorflow/tfjs';
import { takeFusedGradient } from './dilated';

type Save = (tensors: tf.Tensor[]) => void;
type CustomGradient = (...given: (tf.Tensor | Save)[]) => {
  value: tf.Tensor;
  gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
};

export function mendCustomGradients(): void {
  const engine = tf.engine();
  const customGrad = engine.customGrad.bind(engine) as (f: unknown) => (...inputs: tf.Tensor[]) => tf.Tensor;
  const mended = (f: unknown) => customGrad(typeof f === 'function' ? holdingInputs(f as CustomGradient) : f);
  Object.assign(engine, { customGrad: mended });
}

/**
 * Saves the inputs too. A gradient that reads an input without saving it finds it freed where it is an intermediate
 * result; tfjs's own `logSigmoid` is of that kind.
 */
function holdingInputs(f: CustomGradient): CustomGradient {
  return (...given) => {
    const inputs = given.slice(0, -1) as tf.Tensor[];
    const save = given.at(-1) as Save;
    let own: number | undefined;
    takeFusedGradient();
    const result = f(...inputs, (tensors: tf.Tensor[]) => {
      own = tensors.length;
      save([...tensors, ...inputs]);
    });
    if (own === undefined) save(inputs);
    const gradFunc = takeFusedGradient() ?? result?.gradFunc;
    // tfjs says what is wrong with it.
    if (typeof gradFunc !== 'function') return result;
    return { ...result, gradFunc: (dy, saved) => gradFunc(dy, saved.slice(0, own ?? 0)) };
  };
}

/** Calls that tfjs hands to its kernels as the user wrote them, though these, or its tape, cannot take them so. */
import * as tf from '@tensorflow/tfjs';

type Inputs = Record<string, tf.Tensor | undefined>;
interface Call {
  readonly inputs: Inputs;
  readonly attrs: tf.NamedAttrMap;
}

const MENDED: Readonly<Record<string, (call: Call) => Call>> = {
  [tf.FusedBatchNorm]: scaled,
  [tf.Cumsum]: fromTheFront,
  [tf.Cumprod]: fromTheFront,
};

export function mendCalls(): void {
  const engine = tf.engine();
  const runKernel = engine.runKernel.bind(engine) as (kernel: string, inputs: object, attrs?: object) => unknown;
  const mended = (kernel: string, inputs: Inputs, attrs: tf.NamedAttrMap) => {
    const mend = MENDED[kernel];
    const call = mend ? mend({ inputs, attrs }) : { inputs, attrs };
    return runKernel(kernel, call.inputs, call.attrs);
  };
  Object.assign(engine, { runKernel: mended });
}

/** With the scale 1 and the offset 0 where they are left out: the tape looks for all of a kernel's inputs. */
function scaled({ inputs, attrs }: Call): Call {
  if (!tf.engine().isTapeOn()) return { inputs, attrs };
  const mean = inputs['mean']!;
  const scale = inputs['scale'] ?? tf.onesLike(mean);
  const offset = inputs['offset'] ?? tf.zerosLike(mean);
  return { inputs: { ...inputs, scale, offset }, attrs };
}

/** With the axis counted from the front: tfjs's kernels know no other, and read beyond their memory. */
function fromTheFront({ inputs, attrs }: Call): Call {
  const axis = attrs['axis'] as number;
  return { inputs, attrs: axis < 0 ? { ...attrs, axis: axis + inputs['x']!.rank } : attrs };
}

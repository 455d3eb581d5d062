import * as tf from '@tensorflow/tfjs';
import { LOWERINGS } from '../../lower/onnx/table';
import { ruleOf } from '../../ops/table';
import { newValue, type Dtype, type Elements, type TensorType, type Value } from '../../trace/program';
import { computeOnCpu } from './programCache';

/**
 * Lends a tfjs backend the kernels that it lacks and that have a lowering: each call is computed by ONNX Runtime. The
 * wasm backend has no gradients of convolutions, for example.
 *
 * @returns the names of the kernels lent
 */
export function lendKernels(backendName: string): string[] {
  const lacking = Object.keys(LOWERINGS).filter((kernel) => !tf.getKernel(kernel, backendName));
  for (const kernelName of lacking) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const results = compute(kernelName, inputs, attrs ?? {});
        const infos = results.map(({ shape, dtype, elements }) => ({
          dataId: (backend as tf.KernelBackend).write(elements, [...shape], dtype),
          shape: [...shape],
          dtype,
        }));
        return infos.length === 1 ? infos[0]! : infos;
      },
    });
  }
  return lacking;
}

function compute(
  kernel: string,
  tensors: tf.NamedTensorInfoMap,
  attrs: object,
): (TensorType & { elements: Elements })[] {
  const inputs: Record<string, Value> = {};
  const elements: Elements[] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    if (!tensor) continue;
    inputs[name] = newValue({ shape: tensor.shape, dtype: tensor.dtype as Dtype });
    elements.push(tf.engine().readSync(tensor.dataId) as Elements);
  }
  const outputs = ruleOf(kernel)!(inputs, { ...attrs }).map(newValue);
  const program = {
    inputs: Object.entries(inputs).map(([name, value]) => ({ kind: 'argument', name, value }) as const),
    constants: [],
    calls: [{ kernel, inputs, attrs: { ...attrs }, outputs }],
    outputs: Object.fromEntries(outputs.map((output, i) => [i, output])),
  };
  const results = computeOnCpu(program, elements);
  return outputs.map(({ shape, dtype }, i) => ({ shape, dtype, elements: results[i]! }));
}

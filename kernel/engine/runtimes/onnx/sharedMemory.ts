import { Graph } from '../../lower/onnx/graph';
import type { TensorType } from '../../trace/program';
import { inPlaceSession } from './inPlaceSession';

let found: boolean | undefined;

/** Whether a session takes tensors in memory that threads share. Tried once. */
export function takesSharedMemory(): boolean {
  return (found ??= tried());
}

function tried(): boolean {
  try {
    const type: TensorType = { dtype: 'float32', shape: [2] };
    const graph = new Graph('cpu');
    graph.named(graph.op('Neg', [graph.input('x', 'float32', [2])]), 'y');
    graph.output('y', 'float32', [2]);
    const memory = new Float32Array(new SharedArrayBuffer(16));
    memory.set([1, 2]);
    const session = inPlaceSession(graph.model('shared memory'), 1, [{ name: 'x', type }], [{ name: 'y', type }]);
    session.run([memory.subarray(0, 2)], [memory.subarray(2)]);
    session.dispose();
    return memory[2] === -1 && memory[3] === -2;
  } catch {
    return false;
  }
}

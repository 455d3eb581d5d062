import { Graph } from '../../lower/onnx/graph';
import { hostTensor, Session } from './session';

let found: boolean | undefined;

/** Whether tensors may lie in memory that threads share: Node-API takes it from Node 22 on. Tried once. */
export function takesSharedMemory(): boolean {
  return (found ??= tried());
}

function tried(): boolean {
  try {
    const graph = new Graph('cpu');
    graph.named(graph.op('Neg', [graph.input('x', 'float32', [2])]), 'y');
    graph.output('y', 'float32', [2]);
    const memory = new Float32Array(new SharedArrayBuffer(16));
    memory.set([1, 2]);
    const session = new Session(graph.model('shared memory'), { provider: 'cpu', threads: 1 });
    const y = memory.subarray(2);
    session.run({ x: hostTensor(memory.subarray(0, 2), 'float32', [2]) }, { y: hostTensor(y, 'float32', [2]) });
    session.dispose();
    return y[0] === -1 && y[1] === -2;
  } catch {
    return false;
  }
}

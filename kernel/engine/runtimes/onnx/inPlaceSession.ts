/**
 * Sessions that write their outputs where they are wanted. The package's own binding copies each output into a new
 * buffer besides: of a training step that is every gradient, which costs a tenth of the step and, on Node 24 and
 * later, a collection of all garbage every few dozen steps. So ONNX Runtime's C API is called instead, where that works.
 */
import type { Elements, TensorType } from '../../trace/program';
import { Graph } from '../../lower/onnx/graph';
import { DirectSession } from './direct/session';
import { hostTensor, Session, type InPlaceSession, type Named } from './session';

/** @throws when ONNX Runtime refuses the model */
export function inPlaceSession(
  model: Uint8Array,
  threads: number,
  inputs: readonly Named[],
  outputs: readonly Named[],
): InPlaceSession {
  const Kind = takesDirectCalls() ? DirectSession : BoundSession;
  return new Kind(model, threads, inputs, outputs);
}

let direct: boolean | undefined;

/** Whether ONNX Runtime can be called without the package's binding. Tried once; `LATENTLAB_ONNX_DIRECT=0`: never. */
export function takesDirectCalls(): boolean {
  return (direct ??= process.env['LATENTLAB_ONNX_DIRECT'] !== '0' && computes(DirectSession, new ArrayBuffer(16)));
}

let shared: boolean | undefined;

/** Whether a session takes tensors in memory that threads share. Tried once. */
export function takesSharedMemory(): boolean {
  const Kind = takesDirectCalls() ? DirectSession : BoundSession;
  return (shared ??= computes(Kind, new SharedArrayBuffer(16)));
}

type SessionClass = new (...given: Parameters<typeof inPlaceSession>) => InPlaceSession;

/** Whether a session can be opened, and negates two numbers in a memory of 16 bytes. */
function computes(Kind: SessionClass, memory: ArrayBuffer | SharedArrayBuffer): boolean {
  try {
    const type: TensorType = { dtype: 'float32', shape: [2] };
    const graph = new Graph('cpu');
    graph.named(graph.op('Neg', [graph.input('x', type.dtype, type.shape)]), 'y');
    graph.output('y', type.dtype, type.shape);
    const session = new Kind(graph.model('probe'), 1, [{ name: 'x', type }], [{ name: 'y', type }]);
    const [x, y] = [new Float32Array(memory, 0, 2), new Float32Array(memory, 8)];
    x.set([1, 2]);
    session.run([x], [y]);
    session.dispose();
    return y[0] === -1 && y[1] === -2;
  } catch {
    return false;
  }
}

/** By the package's binding. */
export class BoundSession implements InPlaceSession {
  private readonly session: Session;

  constructor(
    model: Uint8Array,
    threads: number,
    private readonly inputs: readonly Named[],
    private readonly outputs: readonly Named[],
  ) {
    this.session = new Session(model, { provider: 'cpu', threads });
  }

  run(inputs: readonly Elements[], outputs: readonly Elements[]): void {
    this.session.run(tensorsOver(this.inputs, inputs), tensorsOver(this.outputs, outputs));
  }

  /** The binding keeps nothing. */
  forget(): void {}

  dispose(): void {
    this.session.dispose();
  }
}

function tensorsOver(named: readonly Named[], elements: readonly Elements[]) {
  return Object.fromEntries(
    named.map(({ name, type: { dtype, shape } }, i) => [name, hostTensor(elements[i]!, dtype, shape)]),
  );
}

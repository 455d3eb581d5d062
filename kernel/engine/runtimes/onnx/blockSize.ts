/** How many channels ONNX Runtime has in a block of its layout for convolutions. */
import { Graph, type Edge } from '../../lower/onnx/graph';
import { lower } from '../../lower/onnx/lower';
import { newValue, type Program, type Value } from '../../trace/program';
import { mayBlock } from '../../variation';
import { hostTensor, Session } from './session';

let found: number | undefined;

/**
 * Depends on the processor's vector registers: 16 with AVX-512, 8 with AVX. 1 where there are no blocks, or where a
 * convolution on them is not what it is with ONNX's own operators: the layout is internal to ONNX Runtime.
 */
export function blockSize(): number {
  return mayBlock() ? (found ??= proven()) : 1;
}

function proven(): number {
  try {
    const block = measured();
    return block > 1 && isRight(block) ? block : 1;
  } catch {
    return 1;
  }
}

/** The second pixel of the first channel comes after the other channels of its block. */
function measured(): number {
  const [channels, pixels] = [32, 2];
  const graph = new Graph('cpu');
  const shape = [1, channels, 1, pixels];
  graph.named(graph.nchwcOp('ReorderInput', [graph.input('x', 'float32', shape)], { channels_last: 0 }), 'y');
  graph.output('y', 'float32', shape);
  const ramp = Float32Array.from({ length: channels * pixels }, (_, i) => i);
  return run(graph, { x: { elements: ramp, shape } }).indexOf(1);
}

/** Whether a convolution with bias and rectifier comes out the same with blocks and without. */
function isRight(block: number): boolean {
  const [x, filter, bias] = [[2, 5, 6, block], [3, 2, block, 2 * block], [2 * block]].map((shape) =>
    newValue({ shape, dtype: 'float32' }),
  ) as [Value, Value, Value];
  const y = newValue({ shape: [2, 3, 3, 2 * block], dtype: 'float32' });
  const program: Program = {
    inputs: Object.entries({ x, filter, bias }).map(([name, value]) => ({ kind: 'argument', name, value })),
    constants: [],
    calls: [
      {
        kernel: 'FusedConv2D',
        inputs: { x, filter, bias },
        attrs: { strides: 2, pad: 'same', dataFormat: 'NHWC', dilations: 1, activation: 'relu' },
        outputs: [y],
      },
    ],
    outputs: { y },
  };
  const [blocked, plain] = [block, undefined].map((size) => {
    const graph = new Graph('cpu');
    const edges = new Map<Value, Edge>();
    for (const { name, value } of program.inputs) edges.set(value, graph.input(name, 'float32', value.shape));
    graph.named(lower(graph, program, edges, size)['y']!, 'y');
    graph.output('y', 'float32', y.shape);
    const feeds = program.inputs.map(({ name, value }, i) => [name, { elements: wave(value, i), shape: value.shape }]);
    return run(graph, Object.fromEntries(feeds) as Feeds);
  }) as [Float32Array, Float32Array];
  return blocked.every((value, i) => Math.abs(value - plain[i]!) < 1e-4);
}

/** Numbers of both signs without a pattern that blocks could share. */
function wave({ shape }: Value, phase: number): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  return Float32Array.from({ length: size }, (_, i) => Math.sin(phase + 1.7 * i));
}

type Feeds = Record<string, { elements: Float32Array; shape: readonly number[] }>;

function run(graph: Graph, feeds: Feeds): Float32Array {
  const session = new Session(graph.model('blocks'), { provider: 'cpu', threads: 1 });
  const tensors = Object.entries(feeds).map(
    ([name, { elements, shape }]) => [name, hostTensor(elements, 'float32', shape)] as const,
  );
  const { y } = session.run(Object.fromEntries(tensors), { y: null });
  session.dispose();
  return y!.data as Float32Array;
}

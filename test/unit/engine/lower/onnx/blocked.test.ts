import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Graph, NCHWC, type Edge } from '../../../../../kernel/engine/lower/onnx/graph';
import { lower } from '../../../../../kernel/engine/lower/onnx/lower';
import { blockSize } from '../../../../../kernel/engine/runtimes/onnx/blockSize';
import { hostTensor, Session } from '../../../../../kernel/engine/runtimes/onnx/session';
import type { Program, Value } from '../../../../../kernel/engine/trace/program';
import { trace } from '../../../../../kernel/engine/trace/tracer';
import { expectNear, normal } from '../kernels/againstCpu';

type Tensors = Record<string, tf.Tensor>;
type Function = (tensors: Tensors) => Tensors;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** That of this machine, and none at all: with blocks of one channel, images have channels first. */
const BLOCKS = [...new Set([blockSize(), 1])];
/** Channels that make a whole block on every machine. */
const B = Math.max(8, blockSize());

/** Sums of products, relative to terms of about 1. */
const SUMS = { relative: 1e-5, absolute: 2e-5 };

function modelOf(program: Program, block: number): Uint8Array {
  const graph = new Graph('cpu');
  const edges = new Map<Value, Edge>();
  for (const { name, value } of program.inputs) edges.set(value, graph.input(name, value.dtype, value.shape));
  for (const [name, edge] of Object.entries(lower(graph, program, edges, block))) {
    graph.named(edge, `result/${name}`);
    graph.output(`result/${name}`, program.outputs[name]!.dtype, program.outputs[name]!.shape);
  }
  return graph.model('images');
}

/** Whether the model has operators of the blocked layout. */
function isBlocked(model: Uint8Array): boolean {
  return Buffer.from(model).includes(NCHWC);
}

function programOf(f: Function, inputs: Tensors): Program {
  const types = Object.entries(inputs).map(
    ([name, { shape }]) => [name, { shape, dtype: 'float32' as const }] as const,
  );
  return trace(f, { arguments: Object.fromEntries(types), variables: {} });
}

/** Says that the function's graph computes what tfjs does. */
function expectSame(f: Function, inputs: Tensors, block: number): void {
  const program = programOf(f, inputs);
  const session = new Session(modelOf(program, block), { provider: 'cpu', threads: 1 });
  const feeds = Object.entries(inputs).map(
    ([name, tensor]) => [name, hostTensor(tensor.dataSync() as Float32Array, 'float32', tensor.shape)] as const,
  );
  const names = Object.keys(program.outputs).map((name) => [`result/${name}`, null] as const);
  const results = session.run(Object.fromEntries(feeds), Object.fromEntries(names));
  session.dispose();
  for (const [name, expected] of Object.entries(tf.tidy(() => f(inputs)))) {
    const found = results[`result/${name}`]!;
    expect(found.dims, name).toEqual(expected.shape);
    expectNear(found.data as Float32Array, expected.dataSync() as Float32Array, SUMS);
    expected.dispose();
  }
}

interface Windows {
  /** Height and width of the input. */
  size: [number, number];
  kernel: number | [number, number];
  strides: number | [number, number];
  pad: 'same' | 'valid' | [[number, number], [number, number], [number, number], [number, number]];
  dilations?: number;
}

/** An input and a filter whose convolution has values of about 1. */
function channelsOf({ size, kernel }: Windows, inputs: number, outputs: number, batch = 2) {
  const [height, width] = [kernel, kernel].flat() as [number, number];
  const scale = 1 / Math.sqrt(height * width * inputs);
  return { x: normal([batch, ...size, inputs], 1), w: normal([height, width, inputs, outputs], 2).mul(scale) };
}

/** A convolution and both of its gradients; tfjs has none of dilated ones. */
function convolution({ strides, pad, dilations = 1 }: Windows): Function {
  return ({ x, w }): Tensors => {
    const f = (image: tf.Tensor, filter: tf.Tensor) =>
      tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, strides, pad as 'same', 'NHWC', dilations);
    const y = f(x!, w!);
    if (dilations > 1) return { y };
    const [dx, dw] = tf.grads(f)([x!, w!], y.sin());
    // Each of the filter's gradients is a sum over all windows: it is scaled to about 1, as the others are.
    const windows = y.size / y.shape.at(-1)!;
    return { y, dx: dx!, dw: dw!.div(Math.sqrt(windows)) };
  };
}

const each = (windows: readonly Windows[], channels: readonly (readonly [number, number])[]) =>
  windows.flatMap((one) => channels.map(([inputs, outputs]) => [inputs, outputs, JSON.stringify(one), one] as const));

const KERNELS_AND_STRIDES: Windows[] = [1, 2, 3, 4, 5].flatMap((kernel) =>
  [1, 2, 3].flatMap((strides) =>
    (['same', 'valid'] as const).map((pad) => ({ size: [8, 7] as [number, number], kernel, strides, pad })),
  ),
);

const SEVERAL: Windows[] = [
  { size: [6, 6], kernel: 3, strides: 1, pad: 'same' },
  { size: [8, 8], kernel: 4, strides: 2, pad: 'same' },
  { size: [7, 5], kernel: 3, strides: 2, pad: 'same' },
];

const UNUSUAL: Windows[] = [
  { size: [6, 7], kernel: [3, 2], strides: [1, 2], pad: 'same' },
  { size: [7, 6], kernel: [1, 4], strides: [3, 2], pad: 'valid' },
  { size: [7, 8], kernel: 3, strides: 1, pad: 'same', dilations: 2 },
  {
    size: [5, 6],
    kernel: 2,
    strides: 1,
    pad: [
      [0, 0],
      [2, 1],
      [0, 3],
      [0, 0],
    ],
  },
  {
    size: [7, 7],
    kernel: 3,
    strides: 2,
    pad: [
      [0, 0],
      [3, 0],
      [1, 2],
      [0, 0],
    ],
  },
  // Windows that lie outside altogether.
  {
    size: [5, 6],
    kernel: 3,
    strides: 1,
    pad: [
      [0, 0],
      [4, 3],
      [3, 5],
      [0, 0],
    ],
  },
];

describe.each(BLOCKS)('a convolution and its gradients in blocks of %i', (block) => {
  it.each(each(KERNELS_AND_STRIDES, [[B, B]]))(
    'are those of tfjs: %i to %i channels, %s',
    (inputs, outputs, _, windows) => {
      expectSame(convolution(windows), channelsOf(windows, inputs, outputs), block);
    },
  );

  it.each(
    each(SEVERAL, [
      [1, B],
      [3, B],
      [B, 1],
      [B, 3],
      [2 * B, B],
      [B, 2 * B],
      [1, 2],
      [B + 4, B],
      [B, B + 4],
      [B - 1, B - 1],
    ]),
  )('are those of tfjs: %i to %i channels, %s', (inputs, outputs, _, windows) => {
    expectSame(convolution(windows), channelsOf(windows, inputs, outputs), block);
  });

  it.each(
    each(UNUSUAL, [
      [B, B],
      [1, B],
      [B, 1],
    ]),
  )('are those of tfjs: %i to %i channels, %s', (inputs, outputs, _, windows) => {
    expectSame(convolution(windows), channelsOf(windows, inputs, outputs), block);
  });
});

/** Batches that fill whole blocks, over which the filter's gradient is its own convolution. */
describe.each(BLOCKS)('a convolution of whole blocks of images and its gradients in blocks of %i', (block) => {
  const windows = KERNELS_AND_STRIDES.filter(({ kernel }) => [1, 3, 4].includes(kernel as number));

  it.each([...each([...windows, ...UNUSUAL], [[B, B]]), ...each(UNUSUAL, [[2 * B, B]])])(
    'are those of tfjs: %i to %i channels, %s',
    (inputs, outputs, _, one) => {
      expectSame(convolution(one), channelsOf(one, inputs, outputs, B), block);
    },
  );

  it.each(
    each(SEVERAL, [
      [2 * B, B],
      [B, 2 * B],
      [B, 1],
      [3, B],
    ]),
  )('are those of tfjs: %i to %i channels, %s', (inputs, outputs, _, one) => {
    expectSame(convolution(one), channelsOf(one, inputs, outputs, 2 * B), block);
  });

  it.each([
    ['in bands of rows', { size: [24, 22], kernel: 3, strides: 1, pad: 'same' }],
    ['in bands of rows with strides', { size: [45, 30], kernel: 4, strides: 2, pad: 'same' }],
    ['in rows that no band divides', { size: [13, 40], kernel: 3, strides: 1, pad: 'valid' }],
  ] as [string, Windows][])('are those of tfjs for large images, %s', (_, one) => {
    expectSame(convolution(one), channelsOf(one, B, B, B), block);
  });
});

describe.each(BLOCKS)('images between convolutions, in blocks of %i,', (block) => {
  const image = normal([3, 6, 5, B], 1);
  const filter = normal([3, 3, B, B], 2);
  const bias = normal([B], 3);
  const conv = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');

  const functions: Record<string, Function> = {
    'bias and rectifier': ({ x, w, b }) => ({ y: conv(x!, w!).add(b!).relu() }),
    'rectifier without bias': ({ x, w }) => ({ y: conv(x!, w!).relu() }),
    'a rectifier, then the bias': ({ x, w, b }) => ({ y: conv(x!, w!).relu().add(b!) }),
    'two biases': ({ x, w, b }) => ({ y: conv(x!, w!).add(b!).add(b!) }),
    'what comes before the bias is needed, too': ({ x, w, b }) => {
      const before = conv(x!, w!);
      return { before, after: before.add(b!).relu() };
    },
    'another activation': ({ x, w, b }) => ({ y: conv(x!, w!).add(b!).elu() }),
    'a transposed convolution with bias and rectifier': ({ x, w, b }) => ({
      y: tf
        .conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [3, 11, 9, B], 2, 'same')
        .add(b!)
        .relu(),
    }),
    'a transposed convolution to one channel with a bias': ({ x, w, b }) => {
      const one = w!.slice([0, 0, 0, 0], [3, 3, 1, B]) as tf.Tensor4D;
      const scalar = b!.slice([0], [1]);
      const up = (strides: number, shape: [number, number, number, number]) =>
        tf
          .conv2dTranspose(x as tf.Tensor4D, one, shape, strides, 'same')
          .add(scalar)
          .relu();
      return { same: up(1, [3, 6, 5, 1]), larger: up(2, [3, 12, 10, 1]) };
    },
    'a residual block': ({ x, w, b }) => {
      const inside = conv(x!.relu(), w!).add(b!).relu();
      return { y: conv(inside, w!).add(x!).relu() };
    },
    'shapes, sums and channels in between': ({ x, w, b }) => {
      const y = conv(x!, w!);
      return {
        rows: y.reshape([-1, B]).mul(2),
        ofChannels: y.sum([0, 1, 2]),
        kept: y.sum([0, 1, 2], true),
        joined: tf.concat([y, x!], 3),
        scaled: y.mul(b!),
        difference: y.sub(0.5).square(),
      };
    },
    'gradients for everything': ({ x, w, b }) => {
      const f = (image: tf.Tensor, weights: tf.Tensor, offset: tf.Tensor) => {
        const h = conv(image, weights).add(offset).relu();
        const strided = tf
          .conv2d(h as tf.Tensor4D, weights as tf.Tensor4D, 2, 'same')
          .add(offset)
          .relu();
        const up = tf.conv2dTranspose(strided as tf.Tensor4D, weights as tf.Tensor4D, [3, 6, 5, B], 2, 'same');
        return up.add(offset).relu().add(h).square().mean();
      };
      const [dx, dw, db] = tf.grads(f)([x!, w!, b!]);
      return { dx: dx!, dw: dw!, db: db! };
    },
  };

  it.each(Object.entries(functions))('are what they are in tfjs: %s', (_, f) => {
    expectSame(f, { x: image, w: filter.mul(0.06), b: bias }, block);
  });
});

describe('the blocked layout', () => {
  const y: Function = ({ x, w }) => ({ y: tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same') });

  it('is used where channels make whole blocks, and only there', () => {
    const modelFor = (channels: number) => {
      const shapes = { x: normal([1, 4, 4, channels]), w: normal([3, 3, channels, channels]) };
      return modelOf(programOf(y, shapes), blockSize());
    };
    expect(isBlocked(modelFor(2 * B))).toBe(blockSize() > 1);
    expect(isBlocked(modelFor(B + 1))).toBe(false);
  });

  it('is not used where there are no blocks', () => {
    const shapes = { x: normal([1, 4, 4, B]), w: normal([3, 3, B, B]) };
    expect(isBlocked(modelOf(programOf(y, shapes), 1))).toBe(false);
  });

  it('has blocks of a power of two', () => {
    expect([1, 4, 8, 16]).toContain(blockSize());
  });
});

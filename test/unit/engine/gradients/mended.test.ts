/** Gradients that tfjs has wrong, or only for some shapes: held against differences, and against the same without them. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerGradients } from '../../../../kernel/engine/gradients/index';
import { useWasm } from '../backends';
import { RUNTIMES } from '../everyRuntime';
import { differences, expectNear, expectStep, numbers, scored, type Map } from './numbers';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
  registerGradients();
});

type Images = tf.Tensor4D;

const filterOf = (shape: [number, number, number, number]) => numbers(shape, 1) as Images;

const CORNERS = [
  [false, false],
  [true, false],
  [false, true],
] as const;
const SIZES: [number, number][] = [
  [10, 6],
  [7, 5],
  [2, 4],
  [1, 1],
];
const resizings = CORNERS.flatMap(([alignCorners, halfPixelCenters]) =>
  SIZES.flatMap((size) =>
    (['resizeBilinear', 'resizeNearestNeighbor'] as const).map((kind): [string, number[], Map] => [
      `${kind} to ${size.join(' × ')}, corners ${alignCorners}, half-pixel centres ${halfPixelCenters}`,
      [2, 5, 3, 2],
      (x) => tf.image[kind](x as Images, size, alignCorners, halfPixelCenters),
    ]),
  ),
);

const DILATED: [string, number[], Map][] = [
  [
    'a dilated convolution',
    [2, 7, 6, 2],
    (x) => tf.conv2d(x as Images, filterOf([3, 2, 2, 3]), 1, 'same', 'NHWC', [2, 3]),
  ],
  [
    'its filter',
    [3, 2, 2, 3],
    (w) => tf.conv2d(numbers([2, 7, 6, 2]) as Images, w as Images, 1, 'same', 'NHWC', [2, 3]),
  ],
  [
    'a dilated one without padding',
    [1, 9, 8, 1],
    (x) => tf.conv2d(x as Images, filterOf([3, 3, 1, 2]), 1, 'valid', 'NHWC', 3),
  ],
  [
    'one whose padding is more than its reach',
    [1, 4, 5, 2],
    (x) => tf.conv2d(x as Images, filterOf([2, 2, 2, 1]), 1, 5, 'NHWC', 2),
  ],
  ['its filter, too', [2, 2, 2, 1], (w) => tf.conv2d(numbers([1, 4, 5, 2]) as Images, w as Images, 1, 5, 'NHWC', 2)],
  [
    'a dilated one of a sequence',
    [2, 12, 2],
    (x) => tf.conv1d(x as tf.Tensor3D, numbers([2, 2, 3], 1) as tf.Tensor3D, 1, 'same', 'NWC', 4),
  ],
  [
    'a dilated one of each channel',
    [2, 6, 7, 3],
    (x) => tf.depthwiseConv2d(x as Images, filterOf([2, 3, 3, 2]), 1, 'same', 'NHWC', [2, 1]),
  ],
  [
    'the filter of each channel',
    [2, 3, 3, 2],
    (w) => tf.depthwiseConv2d(numbers([2, 6, 7, 3]) as Images, w as Images, 1, 'valid', 'NHWC', 2),
  ],
  [
    'a dilated one of a volume',
    [1, 5, 4, 6, 2],
    (x) => tf.conv3d(x as tf.Tensor5D, numbers([2, 2, 3, 2, 2], 1) as tf.Tensor5D, 1, 'same', 'NDHWC', [1, 2, 2]),
  ],
  [
    'the filter of a volume',
    [2, 2, 3, 2, 2],
    (w) => tf.conv3d(numbers([1, 5, 4, 6, 2]) as tf.Tensor5D, w as tf.Tensor5D, 1, 'same', 'NDHWC', [1, 2, 2]),
  ],
  [
    'a fused dilated convolution',
    [2, 6, 5, 2],
    (x) =>
      tf.fused.conv2d({ x: x as Images, filter: filterOf([3, 3, 2, 3]), strides: 1, pad: 'same', dilations: [2, 2] }),
  ],
  [
    'the filter of a fused one of a single image',
    [3, 3, 2, 3],
    (w) =>
      tf.fused.conv2d({ x: numbers([6, 5, 2]) as tf.Tensor3D, filter: w as Images, strides: 1, pad: 1, dilations: 2 }),
  ],
  [
    'the bias of a fused one',
    [3],
    (bias) => {
      const x = tf.zeros([2, 6, 5, 2]) as Images;
      return tf.fused.conv2d({ x, filter: filterOf([3, 3, 2, 3]), strides: 1, pad: 'same', dilations: 2, bias });
    },
  ],
  [
    'a fused dilated one of each channel',
    [1, 6, 5, 2],
    (x) => {
      const filter = filterOf([3, 2, 2, 2]);
      return tf.fused.depthwiseConv2d({ x: x as Images, filter, strides: 1, pad: 'same', dilations: 2 });
    },
  ],
];

const LINEAR: [string, number[], Map][] = [
  ['an average with padding', [2, 5, 4, 2], (x) => tf.avgPool(x as Images, [3, 2], 1, 'same')],
  ['an average with strides', [1, 7, 5, 1], (x) => tf.avgPool(x as Images, 2, [2, 3], 'same')],
  ['an average with a padding of 1', [1, 6, 5, 2], (x) => tf.avgPool(x as Images, 3, 2, 1)],
  ['an average, rounded up', [1, 6, 5, 2], (x) => tf.avgPool(x as Images, 3, 2, 1, 'ceil')],
  ['an average without padding', [1, 6, 5, 2], (x) => tf.avgPool(x as Images, 2, 3, 'valid')],
  ['an average of volumes', [1, 5, 4, 3, 2], (x) => tf.avgPool3d(x as tf.Tensor5D, [2, 3, 2], 2, 'same')],
  [
    'an average of volumes whose first window begins behind the front',
    [1, 5, 4, 6, 1],
    (x) => tf.avgPool3d(x as tf.Tensor5D, [2, 3, 2], [1, 2, 3], 'same'),
  ],
  ['an average over a window that is no square', [1, 6, 5, 2], (x) => tf.avgPool(x as Images, [2, 3], [2, 1], 1)],
  ['a convolution that is no square', [2, 5, 4, 2], (x) => tf.conv2d(x as Images, filterOf([3, 2, 2, 3]), 1, 1)],
  ['one of a row', [1, 1, 6, 2], (x) => tf.conv2d(x as Images, filterOf([1, 3, 2, 2]), [1, 2], 0)],
  ['one of a sequence', [2, 6, 2], (x) => tf.conv1d(x as tf.Tensor3D, numbers([3, 2, 4], 1) as tf.Tensor3D, 1, 0)],
  ['one of each channel', [1, 5, 6, 2], (x) => tf.depthwiseConv2d(x as Images, filterOf([2, 3, 2, 2]), 1, 1)],
  [
    'a transposed convolution that is no square',
    [1, 4, 5, 3],
    (x) => tf.conv2dTranspose(x as Images, filterOf([3, 2, 2, 3]), [1, 4, 4, 2], 1, 1),
  ],
  ...DILATED,
  ['a reflection', [3, 4, 2], (x) => tf.mirrorPad(x, [[2, 1], [0, 3], [1, 0]], 'reflect')], // prettier-ignore
  ['a symmetric continuation', [3, 4], (x) => tf.mirrorPad(x, [[3, 3], [0, 2]], 'symmetric')], // prettier-ignore
  ['running sums of columns of a square', [3, 3], (x) => tf.cumsum(x, 0)],
  ['running sums along the middle', [2, 3, 4], (x) => tf.cumsum(x, 1, true, true)],
  ['running sums along an axis from the end', [2, 3], (x) => tf.cumsum(x, -2, true)],
  ['the one row of a batch', [1, 3], (x) => tf.unstack(x, 0)[0]!],
  ['pieces in reverse order', [3, 2, 4], (x) => tf.stack(tf.unstack(x, 1).reverse(), -1)],
  ['stacks of matrices repeated along different axes', [2, 1, 3, 4], (x) => tf.matMul(x, numbers([5, 4, 2], 1))],
  ['repeats', [2, 3], (x) => tf.tile(x, [3, 2])],
  ['repeats of five axes', [2, 1, 3, 1, 2], (x) => tf.tile(x, [1, 3, 2, 1, 2])],
  ['repeats of nothing', [2, 0, 3], (x) => tf.tile(x, [2, 2, 1])],
  ['the only piece', [2, 3], (x) => tf.split(x, 1, 1)[0]!],
  ...resizings,
];

describe('the gradient', () => {
  it.each(LINEAR)('of %s is what each element changes', (_, shape, f) => {
    const gradient = tf.grad((x: tf.Tensor) => scored(f(x)))(numbers(shape));
    expect(gradient.shape).toEqual(shape);
    expectNear(gradient.dataSync(), differences(f, shape));
  });

  it.each([
    [[2, 3, 2], 1, 'same'],
    [[1, 2, 3], [2, 1, 1], 'valid'],
    [[3, 1, 2], [1, 2, 3], 'same'],
    [[2, 3, 3], 2, 1],
  ] as [[number, number, number], number | [number, number, number], 'same' | 'valid' | number][])(
    'of maxima over windows of volumes, %j with strides %j and padding %j, is what each element changes',
    (filter, strides, pad) => {
      const shape: [number, number, number, number, number] = [2, 4, 3, 5, 2];
      const size = tf.util.sizeFromShape(shape);
      // Far apart, so that no step makes another one the largest.
      const elements = Float32Array.from({ length: size }, (_, i) => (i * 67) % size);
      const f = (x: tf.Tensor) =>
        scored(tf.maxPool3d(x as tf.Tensor5D, filter, strides, pad, pad === 1 ? 'floor' : undefined));
      const at = (i: number, step: number) => f(tf.tensor(elements.with(i, elements[i]! + step), shape)).dataSync()[0]!;
      const gradient = tf.grad(f)(tf.tensor(elements, shape)).dataSync();
      elements.forEach((_, i) => expect(gradient[i]).toBeCloseTo((at(i, 0.25) - at(i, -0.25)) / 0.5, 2));
    },
  );

  it.each([
    ['maximum', tf.maximum],
    ['minimum', tf.minimum],
    ['squaredDifference', tf.squaredDifference],
  ] as const)('of %s is that of a row repeated', (_, f) => {
    const [batch, row] = [numbers([4, 3]), numbers([3], 1)];
    const [a, b] = tf.grads((x: tf.Tensor, y: tf.Tensor) => scored(f(x, y)))([batch, row]);
    const repeated = (x: tf.Tensor, y: tf.Tensor) => scored(f(x, y.broadcastTo([4, 3])));
    const [expectedA, expectedB] = tf.grads(repeated)([batch, row]);
    expectNear(a!.dataSync(), expectedA!.dataSync());
    expectNear(b!.dataSync(), expectedB!.dataSync());
    expect(b!.shape).toEqual([3]);
  });

  it.each([[[6, 4]], [[1, 6, 4]], [[1, 1, 6, 4]]])('of a batch times one matrix of shape %j is its sum', (shape) => {
    const [batch, matrix] = [numbers([3, 2, 5, 6]), numbers(shape, 1)];
    const [a, b] = tf.grads((x: tf.Tensor, y: tf.Tensor) => scored(x.matMul(y)))([batch, matrix]);
    const flat = (x: tf.Tensor, y: tf.Tensor) => {
      return scored(
        x
          .reshape([30, 6])
          .matMul(y.reshape([6, 4]))
          .reshape([3, 2, 5, 4]),
      );
    };
    const [expectedA, expectedB] = tf.grads(flat)([batch, matrix]);
    expectNear(a!.dataSync(), expectedA!.dataSync());
    expectNear(b!.dataSync(), expectedB!.dataSync());
    expect(b!.shape).toEqual(shape);
  });

  it('of a normalisation without scale or offset is that with 1 and 0', () => {
    const statistics = [numbers([5, 3]), numbers([3], 1), numbers([3], 2).square().add(0.1)];
    const normalised = (scale?: tf.Tensor, offset?: tf.Tensor) =>
      tf.grads((x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor) =>
        scored(
          tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D),
        ),
      )(statistics);
    const whole = normalised(tf.ones([3]), tf.zeros([3]));
    for (const found of [normalised(), normalised(tf.ones([3])), normalised(undefined, tf.zeros([3]))]) {
      found.forEach((gradient, i) => expectNear(gradient.dataSync(), whole[i]!.dataSync()));
    }
  });

  it('of a floored quotient is zero', () => {
    const floored = (x: tf.Tensor, y: tf.Tensor) => scored(tf.floorDiv(x.mul(10), y.add(3)).mul(x));
    const [x, y] = [numbers([4]), numbers([1], 1)];
    const [a, b] = tf.grads(floored)([x, y]);
    expectNear(
      a!.dataSync(),
      numbers([4], 2)
        .mul(tf.floorDiv(x.mul(10), y.add(3)))
        .dataSync(),
    );
    expect([...b!.dataSync()]).toEqual([0]);
  });

  it('of an intermediate result’s log-sigmoid is σ(−x)', () => {
    const gradient = tf.grad((x: tf.Tensor) => tf.logSigmoid(x.mul(2)).sum())(tf.tensor1d([-1, 0.5]));
    expectNear(
      gradient.dataSync(),
      [-1, 0.5].map((x) => 2 / (1 + Math.exp(2 * x))),
    );
  });

  it('that a user states may read its inputs, and gets what it saved alone', () => {
    const own = tf.customGrad((x, save) => {
      (save as tf.GradSaveFunc)([(x as tf.Tensor).square()]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
        expect(saved).toHaveLength(1);
        return dy.mul(tf.mul(x as tf.Tensor, saved[0]!));
      };
      return { value: (x as tf.Tensor).exp(), gradFunc };
    });
    const { numTensors } = tf.memory();
    const gradient = tf.grad((x: tf.Tensor) => own(x.add(1)).sum())(tf.tensor1d([1, 2]));
    expect([...gradient.dataSync()]).toEqual([8, 27]);
    gradient.dispose();
    // The point of the gradient.
    expect(tf.memory().numTensors).toBe(numTensors + 1);
  });
});

describe('an operation that tfjs lacks on a backend', () => {
  it('is refused with what to do', async () => {
    await useWasm();
    const filter = (w: tf.Tensor) => scored(tf.conv2d(numbers([1, 4, 4, 1]) as Images, w as Images, 1, 'same'));
    expect(() => tf.grad(filter)(filterOf([3, 3, 1, 2]))).toThrow(
      "Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm': TensorFlow.js has none there. " +
        'Choose a device that has it, such as traced-cpu.',
    );
    await tf.setBackend('cpu');
  });
});

describe('products of stacks of matrices', () => {
  it.each(['cpu', 'wasm'])('repeat each along its own axes, on %s', async (backend) => {
    if (backend === 'wasm') await useWasm();
    const [a, b] = [numbers([2, 1, 3, 4]), numbers([1, 5, 4, 2], 1)];
    const found = tf.matMul(a, b);
    expect(found.shape).toEqual([2, 5, 3, 2]);
    for (const [i, j] of [
      [0, 0],
      [0, 3],
      [1, 0],
      [1, 4],
    ] as const) {
      // prettier-ignore
      const alone = tf.matMul(a.slice([i], [1]).reshape([3, 4]), b.slice([0, j], [1, 1]).reshape([4, 2]));
      expectNear(found.slice([i, j], [1, 1]).dataSync(), alone.dataSync());
    }
    await tf.setBackend('cpu');
  });
});

describe('windows that are no squares, with a number for their padding', () => {
  const side = [1, 1];
  const none = [0, 0];
  const bordered = (x: Images) => tf.pad(x, [none, side, side, none] as [number, number][]) as Images;

  it.each(['cpu', 'wasm'])('are as wide as their width says, on %s', async (backend) => {
    if (backend === 'wasm') await useWasm();
    const x = numbers([2, 8, 9, 2]) as Images;
    const filter = filterOf([3, 2, 2, 3]);
    const [bias, activation] = [numbers([3], 2) as tf.Tensor1D, 'relu' as const];
    const pairs: [found: () => tf.Tensor, expected: () => tf.Tensor][] = [
      [() => tf.conv2d(x, filter, 1, 1), () => tf.conv2d(bordered(x), filter, 1, 'valid')],
      [() => tf.conv2d(x, filter, 1, 0), () => tf.conv2d(x, filter, 1, 'valid')],
      [
        () => tf.fused.conv2d({ x, filter, strides: 1, pad: 1, bias, activation }),
        () => tf.conv2d(bordered(x), filter, 1, 'valid').add(bias).relu(),
      ],
      [() => tf.depthwiseConv2d(x, filter, 1, 1), () => tf.depthwiseConv2d(bordered(x), filter, 1, 'valid')],
      [() => tf.maxPool(x.abs(), [3, 2], 1, 1), () => tf.maxPool(bordered(x.abs()), [3, 2], 1, 'valid')],
      // Averages leave out the border, so only their shape is that.
      [() => tf.avgPool(x, [3, 2], 1, 1).zerosLike(), () => tf.avgPool(bordered(x), [3, 2], 1, 'valid').zerosLike()],
    ];
    // Many times: what is written beyond a result is what lies behind it.
    for (let time = 0; time < 20; time++) {
      for (const [found, expected] of pairs) {
        const [one, other] = [found(), expected()];
        expect(one.shape).toEqual(other.shape);
        expectNear(one.dataSync(), other.dataSync());
      }
    }
    await tf.setBackend('cpu');
  });
});

describe('running sums and products', () => {
  it.each(['cpu', 'wasm'])('count their axis from the end, too, on %s', async (backend) => {
    if (backend === 'wasm') await useWasm();
    const x = tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([...tf.cumsum(x, -1).dataSync()]).toEqual([1, 3, 6, 4, 9, 15]);
    expect([...tf.cumprod(x, -2).dataSync()]).toEqual([1, 2, 3, 4, 10, 18]);
    await tf.setBackend('cpu');
  });
});

describe('a step with such gradients', () => {
  const shape: [number, number, number, number] = [1, 5, 3, 2];
  const layers: Map[] = [
    (x) => tf.avgPool(x as Images, 2, 2, 'same'),
    (x) => tf.mirrorPad(x, [[0, 0], [1, 2], [0, 1], [0, 0]], 'reflect'), // prettier-ignore
    (x) => tf.image.resizeNearestNeighbor(x as Images, [7, 4], false, true),
    (x) => tf.image.resizeBilinear(x as Images, [7, 4], false, true),
    (x) => tf.cumsum(x.reshape([5, 6]), 0),
    (x) => tf.unstack(x, 0)[0]!,
    (x) => tf.conv2d(x as Images, filterOf([3, 2, 2, 3]), 1, 1),
    (x) => tf.conv2d(x as Images, filterOf([3, 2, 2, 3]), 1, 'same', 'NHWC', [2, 1]),
    (x) => tf.depthwiseConv2d(x as Images, filterOf([3, 2, 2, 2]), 1, 'same', 'NHWC', 2),
    (x) => tf.tile(x, [2, 1, 3, 1]),
  ];

  it.each(RUNTIMES)('makes the same weights %s', async (_, trainingStep) => {
    const gradients = layers.map((f) => differences(f, shape));
    await expectStep(trainingStep, layers, shape, gradients);
  });
});

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, called, expectLowered, expectNear, lowered, normal } from './againstCpu';

type Attrs = Readonly<Record<string, unknown>>;

beforeAll(() => tf.setBackend('cpu'));

/** Sums of products, relative to terms of about 1. */
const SUMS = { relative: 1e-5, absolute: 3e-5 };

interface Case {
  /** [N, ...spatial, C] */
  x: number[];
  /** [...window, in, out] */
  filter: number[];
  strides?: number | number[];
  pad?: 'same' | 'valid' | number | number[][];
  dilations?: number | number[];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const windows2D: Case[] = [
  { x: [2, 5, 5, 3], filter: [3, 3, 3, 4] },
  { x: [1, 5, 6, 1], filter: [3, 2, 1, 2], pad: 'valid' },
  { x: [2, 7, 6, 2], filter: [4, 4, 2, 3], strides: 2 },
  { x: [2, 7, 6, 2], filter: [3, 3, 2, 3], strides: [2, 3] },
  { x: [2, 8, 8, 2], filter: [3, 3, 2, 1], strides: 2, pad: 'valid' },
  { x: [2, 6, 6, 2], filter: [3, 3, 2, 3], strides: 2, pad: 1 },
  { x: [1, 6, 6, 2], filter: [3, 2, 2, 3], pad: 2, dimRoundingMode: 'ceil', strides: 2 },
  {
    x: [1, 7, 5, 2],
    filter: [2, 3, 2, 3],
    strides: 2,
    pad: [
      [0, 0],
      [1, 0],
      [0, 2],
      [0, 0],
    ],
  },
  { x: [2, 7, 7, 2], filter: [1, 1, 2, 3], strides: 3, pad: 'valid' },
  { x: [2, 4, 3, 5], filter: [1, 1, 5, 2] },
  { x: [2, 4, 3, 5], filter: [4, 3, 5, 2], pad: 'valid' },
  { x: [1, 4, 4, 1], filter: [5, 5, 1, 1], pad: 'same' },
  // As many channels as make products of matrices the quicker form on the CPU.
  { x: [2, 3, 3, 64], filter: [3, 3, 64, 64] },
  { x: [1, 4, 5, 64], filter: [4, 3, 64, 65], strides: 2 },
  { x: [1, 4, 4, 65], filter: [2, 2, 65, 64], strides: 3, pad: 'valid' },
];
const dilated: Case[] = [
  { x: [2, 7, 8, 2], filter: [3, 2, 2, 3], dilations: 2 },
  { x: [1, 9, 9, 1], filter: [3, 3, 1, 2], dilations: [3, 2], pad: 'valid' },
  { x: [1, 4, 5, 64], filter: [2, 2, 64, 64], dilations: 2 },
];

function attrsOf({ strides = 1, pad = 'same', dilations = 1, dimRoundingMode }: Case, dataFormat = 'NHWC'): Attrs {
  return { strides, pad, dilations, dimRoundingMode, dataFormat };
}

/** The same with channels first. */
function channelsFirst(c: Case): Case {
  const [n, h, w, channels] = c.x as [number, number, number, number];
  const pad = Array.isArray(c.pad) ? [c.pad[0]!, c.pad[3]!, c.pad[1]!, c.pad[2]!] : c.pad;
  return { ...c, x: [n, channels, h, w], ...(pad === undefined ? {} : { pad }) };
}

function outputOf(kernel: string, c: Case, attrs: Attrs): tf.Tensor {
  const inputs = { x: tf.zeros(c.x), filter: tf.zeros(c.filter) };
  return normal([...called(kernel, inputs, attrs).outputs[0]!.shape], 5);
}

describe('2D convolutions', () => {
  it.each([...windows2D, ...dilated])('are those of the CPU kernel: %j', (c) => {
    expectLowered(called('Conv2D', { x: normal(c.x), filter: normal(c.filter, 2) }, attrsOf(c)), SUMS);
  });

  it.each([...windows2D, ...dilated].map(channelsFirst))('with channels first: %j', (c) => {
    expectLowered(called('Conv2D', { x: normal(c.x), filter: normal(c.filter, 2) }, attrsOf(c, 'NCHW')), SUMS);
  });

  it.each(windows2D)('have the CPU kernel’s gradients: %j', (c) => {
    for (const [shaped, format] of [
      [c, 'NHWC'],
      [channelsFirst(c), 'NCHW'],
    ] as const) {
      const attrs = attrsOf(shaped, format);
      const dy = outputOf('Conv2D', shaped, attrs);
      const [inputShape, filterShape] = [shaped.x, shaped.filter];
      expectLowered(
        called('Conv2DBackpropInput', { dy, filter: normal(filterShape, 2) }, { ...attrs, inputShape }),
        SUMS,
      );
      expectLowered(called('Conv2DBackpropFilter', { x: normal(inputShape), dy }, { ...attrs, filterShape }), SUMS);
    }
  });

  it('refuse a gradient of another shape, though tfjs reads a part of it', () => {
    const attrs = { strides: 1, pad: 'same', inputShape: [1, 4, 4, 2], filterShape: [3, 3, 2, 2] };
    const [dy, filter, x] = [normal([1, 8, 8, 2]), normal([3, 3, 2, 2]), normal([1, 4, 4, 2])];
    const shapes = /\[1,8,8,2\] is not the shape .* \[1,4,4,2\]/;
    expect(() => lowered(call('Conv2DBackpropInput', { dy, filter }, attrs), 'cpu')).toThrow(shapes);
    expect(() => lowered(call('Conv2DBackpropFilter', { x, dy }, attrs), 'cpu')).toThrow(shapes);
  });

  it.each(dilated)('have gradients where they are dilated, which tfjs’s kernels have not: %j', (c) => {
    expectAdjoint('Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter', c);
  });
});

describe('fused convolutions', () => {
  const c: Case = { x: [2, 5, 5, 3], filter: [3, 3, 3, 4], strides: 2 };
  const inputs = { x: normal(c.x), filter: normal(c.filter, 2) };

  it.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'])('add a bias and apply %s', (activation) => {
    const attrs = { ...attrsOf(c), activation, leakyreluAlpha: 0.3 };
    expectLowered(called('FusedConv2D', { ...inputs, bias: normal([4], 3) }, attrs), SUMS);
    expectLowered(called('FusedConv2D', inputs, attrs), SUMS);
  });

  it.each([[[]], [[1]], [[4]], [[3, 3, 4]]])('broadcast biases and slopes of shape %j', (shape) => {
    const values = { bias: normal(shape, 3), preluActivationWeights: normal(shape, 4) };
    expectLowered(called('FusedConv2D', { ...inputs, ...values }, { ...attrsOf(c), activation: 'prelu' }), SUMS);
  });

  it('align biases and slopes with channels that come first', () => {
    const first = { x: normal(channelsFirst(c).x), filter: inputs.filter };
    for (const shape of [[], [1], [4]]) {
      const values = { bias: normal(shape, 3), preluActivationWeights: normal(shape, 4) };
      expectLowered(
        called('FusedConv2D', { ...first, ...values }, { ...attrsOf(c, 'NCHW'), activation: 'prelu' }),
        SUMS,
      );
      expectLowered(
        called('FusedConv2D', { ...first, bias: values.bias }, { ...attrsOf(c, 'NCHW'), activation: 'relu' }),
        SUMS,
      );
    }
  });

  it('may be one product of matrices', () => {
    const pixel = { x: inputs.x, filter: normal([1, 1, 3, 4], 2), bias: normal([4], 3) };
    expectLowered(called('FusedConv2D', pixel, { ...attrsOf({ ...c, strides: 1 }), activation: 'relu' }), SUMS);
  });

  it('may be depthwise', () => {
    const filter = normal([3, 3, 3, 2], 2);
    const attrs = { ...attrsOf(c), activation: 'relu6' };
    expectLowered(called('FusedDepthwiseConv2D', { x: inputs.x, filter, bias: normal([6], 3) }, attrs), SUMS);
  });
});

describe('depthwise convolutions', () => {
  const cases: Case[] = [
    { x: [2, 5, 5, 3], filter: [3, 3, 3, 1] },
    { x: [2, 5, 6, 3], filter: [3, 2, 3, 2], pad: 'valid' },
    { x: [1, 7, 6, 1], filter: [3, 3, 1, 2], strides: 2 },
    { x: [2, 6, 6, 2], filter: [1, 1, 2, 2] },
    { x: [2, 6, 7, 2], filter: [3, 3, 2, 2], strides: 2, pad: 1, dimRoundingMode: 'floor' },
  ];

  it.each([...cases, { x: [2, 7, 8, 2], filter: [3, 2, 2, 2], dilations: 2 }])(
    'are those of the CPU kernel: %j',
    (c) => {
      const inputs = { x: normal(c.x), filter: normal(c.filter, 2) };
      expectLowered(called('DepthwiseConv2dNative', inputs, attrsOf(c)), SUMS);
    },
  );

  it.each(cases)('have the CPU kernel’s gradients: %j', (c) => {
    const attrs = attrsOf(c);
    const dy = outputOf('DepthwiseConv2dNative', c, attrs);
    const [inputShape, filterShape] = [c.x, c.filter];
    const [x, filter] = [normal(inputShape), normal(filterShape, 2)];
    expectLowered(called('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { ...attrs, inputShape }), SUMS);
    expectLowered(called('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { ...attrs, filterShape }), SUMS);
  });

  it('have gradients where they are dilated, which tfjs’s CPU kernels take for undilated ones', () => {
    const [input, filter] = ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'];
    const c: Case = { x: [2, 7, 8, 2], filter: [3, 2, 2, 2], dilations: [2, 3] };
    expectAdjoint('DepthwiseConv2dNative', input!, filter!, c);
  });
});

describe('3D convolutions', () => {
  const cases: Case[] = [
    { x: [2, 3, 4, 5, 2], filter: [2, 3, 2, 2, 3] },
    { x: [1, 4, 5, 5, 1], filter: [2, 2, 3, 1, 2], strides: 2, pad: 'valid' },
    { x: [2, 5, 4, 5, 2], filter: [3, 2, 3, 2, 1], strides: [1, 2, 2] },
    // The first window begins behind the input's front.
    { x: [1, 5, 5, 5, 2], filter: [1, 1, 1, 2, 2], strides: 3 },
    { x: [2, 2, 3, 2, 3], filter: [1, 1, 1, 3, 2] },
  ];

  it.each([...cases, { x: [1, 5, 5, 6, 2], filter: [2, 3, 2, 2, 2], dilations: 2 }])(
    'are those of the CPU kernel: %j',
    (c) => {
      const attrs = { ...attrsOf(c), dataFormat: 'NDHWC' };
      expectLowered(called('Conv3D', { x: normal(c.x), filter: normal(c.filter, 2) }, attrs), SUMS);
    },
  );

  it.each(cases)('have the CPU kernel’s gradients: %j', (c) => {
    const { strides, pad } = attrsOf(c);
    const dy = outputOf('Conv3D', c, { strides, pad, dilations: 1, dataFormat: 'NDHWC' });
    const [inputShape, filterShape] = [c.x, c.filter];
    expectLowered(
      called('Conv3DBackpropInputV2', { dy, filter: normal(filterShape, 2) }, { strides, pad, inputShape }),
      SUMS,
    );
    expectLowered(called('Conv3DBackpropFilterV2', { x: normal(inputShape), dy }, { strides, pad, filterShape }), SUMS);
  });
});

/** ⟨dy, conv(x, f)⟩ = ⟨dx, x⟩ = ⟨df, f⟩, since a convolution is linear in each: for all of x, f and dy. */
function expectAdjoint(forward: string, toInput: string, toFilter: string, c: Case): void {
  const attrs = attrsOf(c);
  const [x, filter] = [normal(c.x), normal(c.filter, 2)];
  const dy = outputOf(forward, c, attrs);
  const [y] = lowered(call(forward, { x, filter }, attrs), 'cpu');
  const [dx] = lowered(call(toInput, { dy, filter }, { ...attrs, inputShape: c.x }), 'cpu');
  const [df] = lowered(call(toFilter, { x, dy }, { ...attrs, filterShape: c.filter }), 'cpu');
  const product = inner(dy.dataSync(), y!.elements);
  const products = [inner(dx!.elements, x.dataSync()), inner(df!.elements, filter.dataSync())];
  expectNear(Float32Array.from(products), Float32Array.of(product, product), SUMS);
  expect(Math.abs(product)).toBeGreaterThan(0.1);
}

function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, element, i) => sum + element * b[i]!, 0);
}

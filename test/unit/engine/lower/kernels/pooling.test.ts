import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerGradients } from '../../../../../kernel/engine/gradients/index';
import { UncoveredError } from '../../../../../kernel/engine/ops/rule';
import { call, called, expectLowered, expectNear, lowered, normal } from './againstCpu';

type Attrs = Readonly<Record<string, unknown>>;

beforeAll(async () => {
  await tf.setBackend('cpu');
  // tfjs’s own gradient of maxima of volumes is wrong for windows that are not as wide as high.
  registerGradients();
});

/** The tolerance of sums, relative to terms of about 1. */
const SUMS = { relative: 1e-5, absolute: 1e-5 };

interface Case {
  /** [N, ...spatial, C] */
  x: number[];
  filterSize: number | number[];
  strides: number | number[];
  pad: 'same' | 'valid' | number | number[][];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const windows2D: Case[] = [
  { x: [2, 4, 6, 3], filterSize: 2, strides: 2, pad: 'valid' },
  { x: [2, 5, 7, 3], filterSize: 2, strides: 2, pad: 'same' },
  { x: [1, 5, 5, 1], filterSize: 3, strides: 1, pad: 'same' },
  { x: [2, 7, 6, 2], filterSize: [3, 2], strides: [2, 1], pad: 'valid' },
  { x: [2, 8, 8, 1], filterSize: 2, strides: 3, pad: 'valid' },
  { x: [1, 6, 6, 2], filterSize: 3, strides: 2, pad: 1 },
  {
    x: [1, 6, 7, 2],
    filterSize: 3,
    strides: 2,
    pad: [
      [0, 0],
      [1, 0],
      [2, 1],
      [0, 0],
    ],
  },
  { x: [2, 4, 4, 2], filterSize: 1, strides: 2, pad: 'valid' },
  { x: [2, 3, 4, 2], filterSize: 1, strides: 1, pad: 'same' },
  { x: [2, 3, 4, 2], filterSize: [3, 4], strides: 1, pad: 'valid' },
];
const rounded: Case = { x: [1, 6, 6, 2], filterSize: 3, strides: 2, pad: 0, dimRoundingMode: 'ceil' };

const windows3D: Case[] = [
  { x: [2, 4, 4, 6, 2], filterSize: 2, strides: 2, pad: 'valid' },
  { x: [1, 5, 4, 3, 3], filterSize: 3, strides: 2, pad: 'same' },
  { x: [2, 3, 4, 4, 1], filterSize: [2, 2, 2], strides: [1, 2, 1], pad: 'same' },
  { x: [2, 5, 4, 6, 2], filterSize: [2, 2, 3], strides: [1, 2, 1], pad: 'valid' },
  { x: [1, 5, 4, 6, 2], filterSize: [1, 3, 2], strides: [1, 2, 3], pad: 'same' },
];

function attrsOf({ filterSize, strides, pad, dimRoundingMode }: Case): Attrs {
  return { filterSize, strides, pad, dimRoundingMode };
}

/** A tensor of few different values, so that many are equal. */
function tied(shape: number[]): tf.Tensor {
  return normal(shape).round();
}

describe.each([
  { forward: 'MaxPool', backward: 'MaxPoolGrad', cases: windows2D },
  { forward: 'MaxPool3D', backward: 'MaxPool3DGrad', cases: windows3D },
])('$forward', ({ forward, backward, cases }) => {
  it.each(cases)('is that of the CPU kernel: %j', (c) => {
    expectLowered(called(forward, { x: normal(c.x) }, attrsOf(c)), SUMS);
  });

  it.each(cases)('gives its gradient to the same one of equal maxima: %j', (c) => {
    for (const input of [normal(c.x), tied(c.x), tf.zeros(c.x)]) {
      const [y] = called(forward, { x: input }, attrsOf(c)).outputs;
      const output = tf.tensor(y!.elements, [...y!.shape]);
      expectLowered(called(backward, { dy: normal([...y!.shape], 3), input, output }, attrsOf(c)), SUMS);
    }
  });
});

describe.each([
  { forward: 'AvgPool', backward: 'AvgPoolGrad', cases: windows2D },
  { forward: 'AvgPool3D', backward: 'AvgPool3DGrad', cases: windows3D },
])('$forward', ({ forward, backward, cases }) => {
  it.each(cases)('is that of the CPU kernel: %j', (c) => {
    expectLowered(called(forward, { x: normal(c.x) }, attrsOf(c)), SUMS);
  });

  it.each(cases)('has the CPU kernel’s gradient: %j', (c) => {
    const [y] = called(forward, { x: normal(c.x) }, attrsOf(c)).outputs;
    expectLowered(called(backward, { dy: normal([...y!.shape], 3), input: normal(c.x) }, attrsOf(c)), SUMS);
  });
});

describe('pooling', () => {
  it.each(['MaxPool', 'AvgPool'])('%s rounds the number of windows as asked', (kernel) => {
    expectLowered(called(kernel, { x: normal(rounded.x) }, attrsOf(rounded)), SUMS);
    expectLowered(called(kernel, { x: normal(rounded.x) }, attrsOf({ ...rounded, dimRoundingMode: 'floor' })), SUMS);
  });

  it('keeps whole numbers whole', () => {
    expectLowered(called('MaxPool', { x: tied([1, 4, 4, 2]).toInt() }, attrsOf(windows2D[0]!)), SUMS);
  });

  it('of single elements hands them on, whatever the padding', () => {
    const single = attrsOf({ x: [], filterSize: 1, strides: 2, pad: 1 });
    for (const kernel of ['MaxPool', 'AvgPool']) expectLowered(called(kernel, { x: normal([1, 2, 2, 3]) }, single));
  });

  describe('with windows that lie wholly in the padding', () => {
    const wide = attrsOf({ x: [], filterSize: 2, strides: 1, pad: 2 });

    it('finds no maximum there', () => {
      expectLowered(called('MaxPool', { x: normal([1, 4, 4, 1]) }, wide));
      expectLowered(called('MaxPool3D', { x: normal([1, 2, 3, 2, 1]) }, wide));
    });

    it('makes the average there 0, also where tfjs divides by 0', () => {
      expectLowered(called('AvgPool3D', { x: normal([1, 2, 3, 2, 1]) }, wide), SUMS);
      const ran = called('AvgPool', { x: normal([1, 4, 4, 1]) }, wide);
      const expected = ran.outputs[0]!.elements.map((mean) => (Number.isNaN(mean) ? 0 : mean));
      expectNear(lowered(ran, 'cpu')[0]!.elements, expected, SUMS);
    });

    it.each(['MaxPool', 'AvgPool'])('has the gradient of %s’s CPU kernel', (kernel) => {
      const input = normal([1, 4, 4, 1]);
      const [y] = called(kernel, { x: input }, wide).outputs;
      const [output, dy] = [tf.tensor(y!.elements, [...y!.shape]), normal([...y!.shape], 3)];
      expectLowered(called(`${kernel}Grad`, { dy, input, ...(kernel === 'MaxPool' ? { output } : {}) }, wide), SUMS);
    });

    it('refuses to say where the maximum is', () => {
      const places = call('MaxPoolWithArgmax', { x: normal([1, 4, 4, 1]) }, { ...wide, includeBatchInIndex: false });
      expect(() => lowered(places, 'cpu')).toThrow(UncoveredError);
    });
  });
});

describe('the places of maxima', () => {
  it.each(windows2D.filter(({ pad }) => typeof pad === 'string'))('are those of the CPU kernel: %j', (c) => {
    for (const includeBatchInIndex of [false, true]) {
      const attrs = { ...attrsOf(c), includeBatchInIndex };
      expectLowered(called('MaxPoolWithArgmax', { x: tied(c.x) }, attrs));
    }
  });
});

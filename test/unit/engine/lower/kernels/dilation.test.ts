import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { called, expectLowered, normal } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

describe('greyscale dilation', () => {
  it.each([
    { x: [2, 5, 6, 3], filter: [3, 2, 3], strides: 1, pad: 'same', dilations: 1 },
    { x: [1, 7, 7, 2], filter: [3, 3, 2], strides: 2, pad: 'valid', dilations: 1 },
    { x: [2, 6, 5, 1], filter: [2, 2, 1], strides: [2, 1], pad: 'same', dilations: [1, 2] },
    { x: [1, 3, 3, 2], filter: [1, 1, 2], strides: 1, pad: 'valid', dilations: 1 },
  ])('and its gradients are those of the CPU kernels: %j', ({ x, filter, ...attrs }) => {
    // Small whole numbers, so that many sums are equal.
    const inputs = { x: normal(x).round(), filter: normal(filter, 2).round() };
    const forward = called('Dilation2D', inputs, attrs);
    expectLowered(forward);
    const dy = normal([...forward.outputs[0]!.shape], 3);
    for (const kernel of ['Dilation2DBackpropInput', 'Dilation2DBackpropFilter']) {
      expectLowered(called(kernel, { ...inputs, dy }, attrs), { absolute: 1e-5 });
    }
  });
});

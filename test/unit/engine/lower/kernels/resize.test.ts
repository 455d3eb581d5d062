import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { called, expectLowered, expectNear, lowered, normal } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

/** Sums of products, relative to terms of about 1. */
const SUMS = { relative: 1e-5, absolute: 1e-5 };

const sizes = [
  { from: [4, 4], size: [8, 8] },
  { from: [3, 5], size: [7, 4] },
  { from: [5, 4], size: [2, 3] },
  { from: [4, 3], size: [1, 1] },
  { from: [1, 1], size: [3, 2] },
  { from: [3, 4], size: [3, 4] },
  { from: [2, 3], size: [6, 9] },
];
const corners = [
  { alignCorners: false, halfPixelCenters: false },
  { alignCorners: true, halfPixelCenters: false },
  { alignCorners: false, halfPixelCenters: true },
];

describe.each(['ResizeBilinear', 'ResizeNearestNeighbor'])('%s', (kernel) => {
  describe.each(corners)('with %j', (placement) => {
    it.each(sizes)('is that of the CPU kernel from $from to $size', ({ from, size }) => {
      expectLowered(called(kernel, { images: normal([2, ...from, 3]) }, { size, ...placement }), SUMS);
    });
  });

  it.each(sizes)('has the CPU kernel’s gradient from $from to $size', ({ from, size }) => {
    for (const placement of corners) {
      // tfjs's own kernel never ends there: it looks for the sources of one element in infinitely many.
      if (placement.alignCorners && from[0] === 1 && kernel === 'ResizeNearestNeighbor') continue;
      const [images, dy, attrs] = [normal([2, ...from, 3]), normal([2, ...size, 3], 2), { size, ...placement }];
      const [found] = lowered(called(`${kernel}Grad`, { images, dy }, attrs), 'cpu');
      // Image by image: the CPU kernel for the nearest element reads wrong gradients for all images but the first.
      const [ofFirst, ofSecond] = [0, 1].map((i) => {
        const one = { images: images.slice(i, 1), dy: dy.slice(i, 1) };
        return called(`${kernel}Grad`, one, attrs).outputs[0]!.elements;
      });
      expect(found!.shape).toEqual(images.shape);
      expectNear(found!.elements, Float32Array.of(...ofFirst!, ...ofSecond!), SUMS);
    }
  });
});

describe('resizing', () => {
  it('to the nearest element keeps whole numbers', () => {
    const images = normal([1, 3, 3, 2]).mul(100).toInt();
    expectLowered(called('ResizeNearestNeighbor', { images }, { size: [5, 6], ...corners[0] }), SUMS);
  });

  it('interpolates whole numbers', () => {
    const images = normal([1, 3, 3, 2]).mul(100).toInt();
    expectLowered(called('ResizeBilinear', { images }, { size: [5, 6], ...corners[0] }), SUMS);
  });
});

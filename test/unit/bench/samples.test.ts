import { describe, expect, it } from 'vitest';
import { fashionMnist } from '../../../kernel/autoencoders/index';
import { codeMaps, colourImages, movingImages } from '../../../kernel/bench/samples';

describe('what the workloads train on', () => {
  it('are colour images whose channels are grey images, enlarged', async () => {
    const [grey, colour] = [await fashionMnist(), await colourImages(3)];
    expect(colour.shape).toEqual({ kind: 'image', height: 64, width: 64, channels: 3 });
    const pixel = (image: number, row: number, column: number) => grey.values[(image * 28 + row) * 28 + column];
    const at = (image: number, row: number, column: number) => ((image * 64 + row) * 64 + column) * 3;
    // 40 · 28 / 64 = 17.5, 63 · 28 / 64 = 27.6.
    expect([...colour.values.subarray(at(1, 40, 32), at(1, 40, 33))]).toEqual([1, 2, 3].map((i) => pixel(i, 17, 14)));
    expect([...colour.values.subarray(at(2, 63, 20), at(2, 63, 21))]).toEqual([2, 3, 4].map((i) => pixel(i, 27, 8)));
  });

  it('are images that move to the right, a pixel a frame, and come back at the left', async () => {
    const [grey, moving] = [await fashionMnist(), await movingImages(2)];
    expect(moving.width).toBe(20 * 784);
    const frame = (t: number) => moving.values.subarray((20 + t) * 784, (21 + t) * 784);
    expect(frame(0)).toEqual(grey.values.subarray(784, 2 * 784));
    for (let row = 0; row < 28; row++) {
      const rowOf = (t: number) => [...frame(t).subarray(28 * row, 28 * (row + 1))];
      expect(rowOf(19).slice(19)).toEqual(rowOf(0).slice(0, 9));
      expect(rowOf(19).slice(0, 19)).toEqual(rowOf(0).slice(9));
    }
  });

  it('are codes of all values', () => {
    const { values, width } = codeMaps(1);
    expect(width).toBe(64);
    expect(new Set(values).size).toBe(512);
    expect([Math.min(...values.subarray(0, 4096)), Math.max(...values.subarray(0, 4096))]).toEqual([0, 511]);
  });
});

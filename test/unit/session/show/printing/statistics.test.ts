import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { bundleOf } from '../../../../../kernel/session/show/display';
import { statisticsText } from '../../../../../kernel/session/show/printing/statistics';

describe('the statistics of a tensor', () => {
  it('are those of all its values', () => {
    // The integers from 1 to n: mean (n + 1) / 2, variance (n² − 1) / 12.
    const n = 999;
    const values = Float32Array.from({ length: n }, (_, i) => i + 1);
    const std = Number(Math.sqrt((n ** 2 - 1) / 12).toPrecision(4));
    expect(statisticsText('float32', values)).toBe(`min 1, max 999, mean 500, std ${std}`);
  });

  it('leave out what is not finite, and count it', () => {
    const values = [NaN, Infinity, -Infinity, NaN, 1, 1, 1, 1, 3, 3, 3, 3];
    expect(statisticsText('float32', values)).toBe('min 1, max 3, mean 2, std 1, 2 NaN, 1 Infinity, 1 -Infinity');
    expect(
      statisticsText(
        'float32',
        Array.from({ length: 1200 }, () => NaN),
      ),
    ).toBe('1,200 NaN');
  });

  it('keep the digits of a small spread around a large mean', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => 1e6 + (i % 2));
    expect(statisticsText('float32', values)).toBe('min 1000000, max 1000001, mean 1000000, std 0.5');
  });

  it('of booleans count those that are true', () => {
    expect(
      statisticsText(
        'bool',
        Uint8Array.from({ length: 12 }, (_, i) => (i < 5 ? 1 : 0)),
      ),
    ).toBe('5 of 12 true');
  });

  it.each([
    ['few values', 'float32', [1, 2, 3]],
    ['texts', 'string', Array.from({ length: 20 }, () => 'a')],
    ['complex numbers', 'complex64', new Float32Array(20)],
  ])('are not there for %s', (_, dtype, values) => {
    expect(statisticsText(dtype, values)).toBe(undefined);
  });

  it('stand below the values; a large tensor shows its ends', async () => {
    const tensor = tf.range(0, 5000).reshape([100, 50]);
    const text = (await bundleOf(tensor))!['text/plain'] as string;
    expect(text).toMatch(/^Tensor \[100, 50\] float32\n\[\[0\.[^]*…[^]*\]\]\nmin 0, max 4999, mean 2500, std 1443$/);
    tensor.dispose();
  });
});

import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { connectBridge } from '../../host/bridge';
import { describePixels } from '../../host/elements.mjs';

describe('the bridge', () => {
  it('is absent where the host has no window to offer', async () => {
    expect(await connectBridge('')).toBeUndefined();
  });

  it('fails where nobody listens', async () => {
    await expect(connectBridge('/no/such/pipe')).rejects.toThrow('ENOENT');
  });
});

describe('describing pixels', () => {
  const picture = (...colours: number[][]) =>
    encode({ width: colours.length, height: 1, channels: 4, data: Uint8Array.from(colours.flat()) });

  it('counts the colours and finds the most frequent one', () => {
    const blue = [0, 16, 255, 255];
    expect(describePixels(picture(blue, [255, 0, 0, 255], blue, blue))).toEqual({
      width: 4,
      height: 1,
      colours: 2,
      dominantShare: 0.75,
      dominant: '#0010ff',
    });
  });

  it('gives one colour for a blank picture', () => {
    const { colours, dominantShare } = describePixels(picture([9, 9, 9, 255], [9, 9, 9, 255]));
    expect([colours, dominantShare]).toEqual([1, 1]);
  });
});

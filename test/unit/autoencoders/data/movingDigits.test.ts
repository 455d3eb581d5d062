import { describe, expect, it } from 'vitest';
import { movingDigits } from '../../../../kernel/autoencoders/index';

const size = 16;
const frame = (values: Float32Array, i: number, frames: number, t: number) => {
  const first = (i * frames + t) * size * size;
  return values.subarray(first, first + size * size);
};

describe('moving digits', () => {
  const frames = 18;
  const data = movingDigits({ count: 40, frames, size, seed: 1 });

  it('are strips of frames, of zeros and ones, with their directions', () => {
    expect(data.shape).toEqual({ kind: 'image', height: frames * size, width: size, channels: 1 });
    expect(data.length).toBe(40);
    expect(new Set(data.values)).toEqual(new Set([0, 1]));
    expect(new Set(data.labels)).toEqual(new Set([0, 1]));
    expect(data.classNames).toEqual(['left', 'right']);
  });

  it('move by one pixel each frame, and come in again at the other side', () => {
    for (let i = 0; i < data.length; i++) {
      const step = data.labels![i] === 1 ? 1 : -1;
      for (let t = 1; t < frames; t++) {
        const [before, now] = [frame(data.values, i, frames, t - 1), frame(data.values, i, frames, t)];
        const moved = now.map((_, at) => before[at - (at % size) + (((at % size) - step + size) % size)]!);
        expect(now).toEqual(moved);
      }
      expect(frame(data.values, i, frames, size)).toEqual(frame(data.values, i, frames, 0));
    }
  });

  it('are the same for a seed, and of the digits that are asked for', () => {
    expect(movingDigits({ count: 40, frames, size, seed: 1 }).values).toEqual(data.values);
    const dots = (digit: number) => {
      const one = movingDigits({ count: 1, frames: 1, size, digits: [digit], seed: 3 });
      return one.values.reduce((sum, value) => sum + value, 0);
    };
    // A 1 has 10 dots and an 8 has 17, each of 2 × 2 pixels.
    expect([dots(1), dots(8)]).toEqual([40, 68]);
  });

  it('name an option that is out of range', () => {
    expect(() => movingDigits({ count: 0 })).toThrow('"count" is 0, allowed: at least 1');
    expect(() => movingDigits({ count: 1, size: 6 })).toThrow('"size" is 6, allowed: at least 8');
    expect(() => movingDigits({ count: 1, digits: [3, 11] })).toThrow('"digits.1" is 11, allowed: at most 9');
    const misspelt = { count: 1, frame: 3 } as Parameters<typeof movingDigits>[0];
    expect(() => movingDigits(misspelt)).toThrow('unknown field "frame"');
  });
});

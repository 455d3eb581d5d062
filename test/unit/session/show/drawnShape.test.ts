import { describe, expect, it } from 'vitest';
import { drawnLayout } from '../../../../kernel/session/show/drawnShape';

describe('how samples are laid out', () => {
  it.each([
    [28, 28, undefined],
    [56, 28, undefined],
    [320, 16, 20],
    [48, 16, 3],
    [50, 16, undefined],
  ])('images of %i × %i pixels are frames one below the other: %s', (height, width, count) => {
    const layout = drawnLayout({ kind: 'image', height, width, channels: 1 });
    expect(layout).toEqual(count === undefined ? undefined : { kind: 'frames', count });
  });

  it('frames are as many as the user says', () => {
    const shape = { kind: 'image', height: 96, width: 16, channels: 3 } as const;
    expect(drawnLayout(shape, 3)).toEqual({ kind: 'frames', count: 3 });
    expect(drawnLayout(shape, 1)).toBeUndefined();
    expect(() => drawnLayout(shape, 7)).toThrow(
      'images of 96 × 16 pixels cannot be divided into 7 frames, one below the other; "frames" has to divide 96',
    );
  });

  it('features that are times are sound at their rate', () => {
    const times = (n: number, rate: number) =>
      Array.from({ length: n }, (_, i) => `${Number((i / rate).toPrecision(6))} s`);
    expect(drawnLayout({ kind: 'vector', features: times(1024, 44_100) })).toEqual({ kind: 'sound', rate: 44_100 });
    expect(drawnLayout({ kind: 'vector', features: times(64, 8000) })).toEqual({ kind: 'sound', rate: 8000 });
    expect(drawnLayout({ kind: 'vector', features: times(8, 8000) })).toBeUndefined();
    expect(drawnLayout({ kind: 'vector', features: Array.from({ length: 64 }, (_, i) => `x${i}`) })).toBeUndefined();
  });

  it('sequences have the features of each step', () => {
    const layout = drawnLayout({ kind: 'sequence', steps: 5, features: ['a', 'b'] });
    expect(layout).toEqual({ kind: 'steps', steps: 5, features: ['a', 'b'] });
  });
});

import { describe, expect, it } from 'vitest';
import { resize, type Image } from '../../../../kernel/autoencoders/data/resize';

function image(height: number, width: number, at: (y: number, x: number) => number): Image {
  const pixels = Float32Array.from({ length: height * width }, (_, i) => at(Math.floor(i / width), i % width));
  return { height, width, channels: 1, pixels };
}

describe('resize', () => {
  it('leaves an even image even, at any size', () => {
    for (const [height, width] of [[1, 1], [3, 7], [20, 31]] as const) {
      const { pixels } = resize(image(8, 12, () => 0.3), height, width);
      expect(pixels.length).toBe(height * width);
      for (const value of pixels) expect(value).toBeCloseTo(0.3, 6);
    }
  }); // prettier-ignore

  it('keeps a slope where no border is near', () => {
    const ramp = image(1, 32, (_, x) => x + 0.5);
    const { pixels } = resize(ramp, 1, 8);
    for (let i = 1; i < 7; i++) expect(pixels[i]).toBeCloseTo((i + 0.5) * 4, 4);
  });

  it('enlarges by linear interpolation between pixel centres', () => {
    const { pixels } = resize(image(1, 2, (_, x) => x), 1, 4);
    expect([...pixels]).toEqual([0, 0.25, 0.75, 1]);
  }); // prettier-ignore

  it('halves with the weights 1, 3, 3, 1 of a triangle of twice the width', () => {
    const { pixels } = resize(image(1, 8, (_, x) => Number(x === 3)), 1, 4);
    expect(pixels[1]).toBeCloseTo(3 / 8, 6);
    expect(pixels[2]).toBeCloseTo(1 / 8, 6);
    expect(pixels[3]).toBe(0);
  }); // prettier-ignore

  it('treats channels apart', () => {
    const pixels = Float32Array.of(1, 0, 0, 0, 1, 0);
    expect([...resize({ height: 1, width: 2, channels: 3, pixels }, 1, 1).pixels]).toEqual([0.5, 0.5, 0]);
  });
});

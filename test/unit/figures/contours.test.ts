import { describe, expect, it } from 'vitest';
import { contourLines } from '../../../kernel/figures/own/contours';

const axis = (n: number, low: number, high: number) =>
  Float64Array.from({ length: n }, (_, i) => low + (i * (high - low)) / (n - 1));

function grid(f: (x: number, y: number) => number, n = 41) {
  const x = axis(n, -2, 2);
  return { x, y: x, z: Float64Array.from({ length: n * n }, (_, i) => f(x[i % n]!, x[Math.floor(i / n)]!)) };
}

describe('contour lines', () => {
  it('of a cone are closed circles of their level', () => {
    const lines = contourLines(grid(Math.hypot), 1.3);
    expect(lines).toHaveLength(1);
    const [line] = lines;
    expect(line!.at(-1)).toEqual(line![0]);
    for (const [x, y] of line!) expect(Math.hypot(x, y)).toBeCloseTo(1.3, 2);
  });

  it('of a plane are straight, exactly, and end at its edges', () => {
    const lines = contourLines(
      grid((x, y) => 2 * x + y),
      0.5,
    );
    expect(lines).toHaveLength(1);
    for (const [x, y] of lines[0]!) expect(2 * x + y).toBeCloseTo(0.5, 12);
    const ends = [lines[0]![0]!, lines[0]!.at(-1)!].map(([, y]) => Math.abs(y));
    expect(ends).toEqual([2, 2]);
  });

  it('of two hills are two, and of a saddle they do not cross', () => {
    const hills = grid((x, y) => Math.exp(-8 * ((x - 1) ** 2 + y ** 2)) + Math.exp(-8 * ((x + 1) ** 2 + y ** 2)));
    expect(contourLines(hills, 0.5)).toHaveLength(2);
    const lines = contourLines({ x: [0, 1], y: [0, 1], z: [1, 0, 0, 1] }, 0.5);
    expect(lines).toHaveLength(2);
    expect(lines.every((line) => line.length === 2)).toBe(true);
  });

  it('leave out cells with a value that is not finite', () => {
    const { x, y, z } = grid((across) => across);
    for (let row = 0; row < 41; row++) z[row * 41 + 20] = NaN;
    expect(contourLines({ x, y, z }, 0.02)).toEqual([]);
    expect(contourLines({ x, y, z }, 1.02)).toHaveLength(1);
  });
});

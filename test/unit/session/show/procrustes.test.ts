import { describe, expect, it } from 'vitest';
import { alignedTo } from '../../../../kernel/session/show/latentScatter/procrustes';

const rows = (m: number, d: number, seed: number) =>
  Float32Array.from({ length: m * d }, (_, i) => Math.sin((i + seed) ** 2));

/** A turn by an angle in one plane after a reflection of the first axis, and a shift. */
function moved(x: Float32Array, d: number, angle: number, shift: number): Float32Array {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return Float32Array.from(x, (_, at) => {
    const [i, j] = [Math.floor(at / d), at % d];
    const [a, b] = [-x[i * d]!, x[i * d + 1]!];
    return shift * (j + 1) + (j === 0 ? c * a - s * b : j === 1 ? s * a + c * b : x[at]!);
  });
}

describe('the alignment of points', () => {
  it.each([2, 3, 7])('undoes a turn, a reflection and a shift, in %i dimensions', (d) => {
    const y = rows(30, d, 1);
    const { aligned } = alignedTo(moved(y, d, 0.7, 2), y, d);
    aligned.forEach((one, i) => expect(one).toBeCloseTo(y[i]!, 5));
  });

  it('is the best of all turns', () => {
    const [x, y] = [rows(25, 2, 3), rows(25, 2, 9)];
    const far = (a: Float32Array) => a.reduce((sum, one, i) => sum + (one - y[i]!) ** 2, 0);
    const least = far(alignedTo(x, y, 2).aligned);
    const mean = (a: Float32Array, j: number) =>
      a.filter((_, i) => i % 2 === j).reduce((sum, one) => sum + one / 25, 0);
    for (let step = 0; step < 720; step++) {
      const [c, s] = [Math.cos((step * Math.PI) / 360), Math.sin((step * Math.PI) / 360)];
      for (const flip of [1, -1]) {
        const turned = Float32Array.from(x, (_, at) => {
          const i = at - (at % 2);
          const [a, b] = [flip * (x[i]! - mean(x, 0)), x[i + 1]! - mean(x, 1)];
          return mean(y, at % 2) + (at % 2 === 0 ? c * a - s * b : s * a + c * b);
        });
        expect(far(turned)).toBeGreaterThanOrEqual(least - 1e-4);
      }
    }
  });

  it('leaves out what is not finite, and keeps sizes', () => {
    const y = rows(20, 2, 1);
    const x = moved(y, 2, 1.2, 0.5);
    x[6] = NaN;
    const { aligned } = alignedTo(x, y, 2);
    expect(aligned[10]).toBeCloseTo(y[10]!, 5);
    expect(Number.isNaN(aligned[6])).toBe(true);
    const doubled = alignedTo(
      x.map((one) => 2 * one),
      y,
      2,
    ).aligned;
    expect(Math.hypot(doubled[0]! - doubled[2]!, doubled[1]! - doubled[3]!)).toBeCloseTo(
      2 * Math.hypot(y[0]! - y[2]!, y[1]! - y[3]!),
      4,
    );
  });
});

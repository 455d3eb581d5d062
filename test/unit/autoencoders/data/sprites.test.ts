import { describe, expect, it } from 'vitest';
import { sprites } from '../../../../kernel/autoencoders/index';

const sumOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0);
const size = 48;

/** Pixels that a lone shape of full size in the middle covers. */
function area(shape: 'square' | 'ellipse' | 'heart', orientation = 0): number {
  const all = sprites({ size, shapes: [shape], scales: 1, orientations: 40, columns: 1, rows: 1 });
  return sumOf(all.render(Int32Array.of(orientation)).values);
}

describe('a sprite', () => {
  const radius = size / 6;

  it.each([
    ['square', 4 * radius ** 2],
    ['ellipse', (Math.PI * radius ** 2) / 2],
    // By numerical integration of (x² + y² − 1)³ ≤ x² y³.
    ['heart', 3.66197 * radius ** 2],
  ] as const)('covers the area of its shape, however it is turned: %s', (shape, expected) => {
    for (const orientation of [0, 3, 7, 10, 31])
      expect(Math.abs(area(shape, orientation) / expected - 1)).toBeLessThan(0.02);
  });

  it('has its middle where x and y say', () => {
    const all = sprites({ size, shapes: ['ellipse'], scales: 1, orientations: 1, columns: 5, rows: 3 });
    for (const [column, row] of [
      [0, 0],
      [1, 2],
      [4, 1],
    ] as const) {
      const { values } = all.render(Int32Array.of(column, row));
      const total = sumOf(values);
      const mean = (coordinate: (i: number) => number) =>
        values.reduce((sum, value, i) => sum + (value / total) * (coordinate(i) + 0.5), 0);
      expect(mean((i) => i % size)).toBeCloseTo(size * (0.25 + 0.125 * column), 4);
      expect(mean((i) => Math.floor(i / size))).toBeCloseTo(size * (0.25 + 0.25 * row), 4);
    }
  });

  it('grows with the square of its scale', () => {
    const all = sprites({ size, shapes: ['square'], scales: 2, orientations: 1, columns: 1, rows: 1 });
    const [half, full] = [0, 1].map((scale) => sumOf(all.render(Int32Array.of(scale)).values)) as [number, number];
    expect(full / half).toBeCloseTo(4, 6);
  });

  it('lies inside the image with grey edges, between 0 and 1', () => {
    const { values } = sprites({ size: 16 }).dataset(200, { seed: 2 });
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(values.some((value) => value > 0 && value < 1)).toBe(true);
    const edge = values.filter((_, i) => i % 16 === 0 || i % 16 === 15);
    expect(sumOf(edge)).toBe(0);
  });
});

describe('sprites', () => {
  const few = sprites({ size: 8, scales: 2, orientations: 1, columns: 2, rows: 3 });

  it('have the factors of dSprites, one value making none', () => {
    expect(sprites().length).toBe(737_280);
    expect(sprites().factors.map(({ name, values }) => `${name} ${values.length}`)).toEqual([
      'shape 3',
      'scale 6',
      'orientation 40',
      'x 32',
      'y 32',
    ]);
    expect(few.factors.map(({ name }) => name)).toEqual(['shape', 'scale', 'x', 'y']);
  });

  it('are the same for the same seed, labelled by shape', () => {
    const [one, same, other] = [
      few.dataset(20, { seed: 1 }),
      few.dataset(20, { seed: 1 }),
      few.dataset(20, { seed: 2 }),
    ];
    expect(same.values).toEqual(one.values);
    expect(other.values).not.toEqual(one.values);
    expect(one.classNames).toEqual(['square', 'ellipse', 'heart']);
    expect(new Set(one.labels)).toEqual(new Set([0, 1, 2]));
  });

  it('stream all combinations in order', async () => {
    const parts: number[] = [];
    const labels: number[] = [];
    for await (const chunk of few.chunks()) {
      parts.push(...chunk.values);
      labels.push(...chunk.labels!);
    }
    expect(labels).toHaveLength(few.length);
    expect([...few.factorsAt(7)]).toEqual([0, 1, 0, 1]);
    const seventh = few.render(few.factorsAt(7)).values;
    expect(Float32Array.from(parts.slice(7 * 64, 8 * 64))).toEqual(seventh);
    expect(labels[35]).toBe(2);
  });

  it('name what is wrong', () => {
    expect(() => few.dataset(-1)).toThrow('a whole number from 1; found the number -1');
    expect(() => few.render(Int32Array.of(0, 0, 0))).toThrow('3 indices are not a whole number of rows of 4 factors');
    expect(() => few.render(Int32Array.of(0, 5, 0, 0))).toThrow('scale has 2 values, counted from 0; found index 5');
    expect(() => sprites({ shapes: [] })).toThrow('"shapes" is []');
  });
});

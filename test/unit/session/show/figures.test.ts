import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { Dataset } from '../../../../kernel/autoencoders/index';
import { decode } from '../../../../kernel/views/encoding';
import type { FigureBars, FigureCurve, FigurePoints, FigureSurface, FigureView } from '../../../../kernel/views/types';
import { JUPYTER_DISPLAY } from '../../../../kernel/session/show/display';
import { histogram, image, imageGrid, plot, scatter, surface } from '../../../../kernel/session/latentlab';
import { spreadOf } from '../../../../kernel/session/show/figures/spread';

const curve = (view: FigureView, i = 0) => view.layers[i] as FigureCurve;
const numbers = (array: Parameters<typeof decode>[0]) => Array.from(decode(array));

/** numpy.percentile's default, by its definition. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (at - Math.floor(at)) * (high - low);
}

describe('plot', () => {
  it('takes arrays, typed arrays, tensors, columns and curves by name', async () => {
    expect(numbers(curve((await plot([3, 1, 2])).view).y)).toEqual([3, 1, 2]);
    expect(numbers(curve((await plot(Int16Array.of(3, 1))).view).y)).toEqual([3, 1]);
    const columns = (await plot(tf.tensor2d([[1, 10], [2, 20]]), { names: ['a', 'b'] })).view; // prettier-ignore
    expect(columns.layers.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(numbers(curve(columns, 1).y)).toEqual([10, 20]);
    const named = (await plot({ train: [1, 2], held: { x: [5, 7], y: [3, 4], error: [1, 1] } })).view;
    expect(named.layers.map(({ name }) => name)).toEqual(['train', 'held']);
    expect(numbers(curve(named, 1).x!)).toEqual([5, 7]);
    expect(numbers(curve(named, 1).error!)).toEqual([1, 1]);
  });

  it('draws runs as their median between quartiles, as numpy computes them', async () => {
    const runs = [[1, 5, 2], [4, NaN, 2], [2, 9, 8], [7, 1, 3]]; // prettier-ignore
    const { view } = await plot({ runs }, { spread: 'quartiles' });
    const { y, low, high, spread } = curve(view);
    const columns = [0, 1, 2].map((i) => runs.map((run) => run[i]!).filter(Number.isFinite));
    const f32 = (share: number) => columns.map((column) => Math.fround(quantile(column, share)));
    expect([numbers(y), numbers(low!), numbers(high!)]).toEqual([f32(0.5), f32(0.25), f32(0.75)]);
    expect(spread).toBe('median, with the quartiles of 4 runs');
  });

  it('has means with deviations, and medians between the extremes', () => {
    const all = [1, 2, 6, 3];
    const deviation = spreadOf(all, 4, 1, 'deviation');
    const sd = Math.sqrt(all.reduce((sum, value) => sum + (value - 3) ** 2, 0) / 3);
    expect([deviation.y[0], deviation.low[0], deviation.high[0]]).toEqual([3, 3 - sd, 3 + sd]);
    const range = spreadOf(all, 4, 1, 'range');
    expect([range.low[0], range.y[0], range.high[0]]).toEqual([1, 2.5, 6]);
  });

  it('keeps the least and the greatest of a long curve, within 300 kB, and says so', async () => {
    const long = Float32Array.from({ length: 300_000 }, (_, i) => Math.sin(i / 900));
    long[123_456] = 9;
    long[222_222] = -9;
    const figure = await plot(long);
    const kept = numbers(curve(figure.view).y);
    expect([Math.max(...kept), Math.min(...kept)]).toEqual([9, -9]);
    expect(JSON.stringify(figure[JUPYTER_DISPLAY]()).length).toBeLessThan(300_000);
    expect(figure.view.notes.join()).toMatch(/of 300,000 points are kept/);
    expect(numbers(curve((await plot(long.subarray(0, 50_000), { full: true })).view).y)).toHaveLength(50_000);
  });

  it('counts what is not finite, and what a log axis has no place for', async () => {
    const { view } = await plot([1, NaN, 0, -1, Infinity, 5], { log: 'y' });
    expect(view.notes).toEqual([
      'values: 2 values that are not finite; gaps.',
      'values: 2 values of 0 or below, which a log axis cannot show.',
    ]);
    expect(view.y.log).toBe(true);
  });

  it.each([
    ['an empty array', () => plot([]), /plot takes as "values" numbers of shape \[n\].*found an empty array/],
    ['three axes', () => plot(tf.zeros([2, 2, 2])), /found numbers of shape \[2, 2, 2\]/],
    ['lengths that differ', () => plot({ x: [1, 2], y: [1, 2, 3] }), /"x" has 2 numbers and "y" 3/],
    ['a named curve', () => plot({ a: [1], b: 'no' as never }), /plot takes as "b" numbers.*found the text "no"/],
    ['a wrong spread', () => plot([[1]], { spread: 'sd' as never }), /"spread" "quartiles" or "deviation" or "range"/],
    ['a line without a place', () => plot([1], { lines: [{ text: 'here' }] }), /"lines" a list of \{ x, text \}/],
  ])('refuses %s by name', async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });

  it('refuses a tensor that was disposed', async () => {
    const tensor = tf.tensor1d([1, 2]);
    tensor.dispose();
    await expect(plot(tensor)).rejects.toThrow(/that has been disposed/);
  });
});

describe('scatter', () => {
  it('takes two lists, pairs, and columns of a data set by their names', async () => {
    const points = (view: FigureView) => view.layers[0] as FigurePoints;
    expect(numbers(points((await scatter([1, 2], [3, 4])).view).y)).toEqual([3, 4]);
    expect(numbers(points((await scatter([[1, 3], [2, 4]])).view).y)).toEqual([3, 4]); // prettier-ignore
    const data = Dataset.from([[1, 2, 3], [4, 5, 6]], { features: ['a', 'b', 'c'] } as never); // prettier-ignore
    const features = data.shape.kind === 'vector' ? data.shape.features : [];
    const { view } = await scatter(data, { x: features[2]!, y: 0 });
    expect([numbers(points(view).x), numbers(points(view).y)]).toEqual([[3, 6], [1, 4]]); // prettier-ignore
    expect([view.x.title, view.y.title]).toEqual([features[2], features[0]]);
  });

  it('colours texts and few whole numbers as categories, other numbers on a scale', async () => {
    const points = async (colour: readonly (string | number)[]) =>
      (await scatter([1, 2, 3], [1, 2, 3], { colour: colour as number[] })).view.layers[0] as FigurePoints;
    expect((await points(['b', 'a', 'b'])).groups!.names).toEqual(['b', 'a']);
    expect((await points([2, 0, 2])).groups!.names).toEqual(['0', '2']);
    expect((await points([0.5, 1, 2])).values!.name).toBe('colour');
  });

  it('draws a random sample of very many', async () => {
    const many = Float32Array.from({ length: 100_000 }, (_, i) => i);
    const figure = await scatter(many, many);
    expect(JSON.stringify(figure[JUPYTER_DISPLAY]()).length).toBeLessThan(300_000);
    const x = numbers((figure.view.layers[0] as FigurePoints).x);
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    // A uniform sample has n/√12 over the root of its size, five times.
    expect(Math.abs(mean - 50_000)).toBeLessThan((5 * 100_000) / Math.sqrt(12 * x.length));
  });
});

describe('histogram', () => {
  it('counts as a walk over the numbers does, with the last edge inside', async () => {
    const values = Array.from({ length: 500 }, (_, i) => ((i * 7919) % 1000) / 100);
    const bars = (await histogram(values, { bins: [0, 1, 2.5, 4, 9.99] })).view.layers[0] as FigureBars;
    const edges = [0, 1, 2.5, 4, 9.99];
    const expected = [0, 1, 2, 3].map(
      (i) => values.filter((v) => v >= edges[i]! && (v < edges[i + 1]! || (i === 3 && v === edges[4]))).length,
    );
    expect(numbers(bars.heights)).toEqual(expected);
  });

  it('takes columns of a data set by their names', async () => {
    const data = Dataset.from([[1, 2], [1, 5], [3, 9]]); // prettier-ignore
    const [first, second] = data.shape.kind === 'vector' ? data.shape.features : [];
    const { layers } = (await histogram(data, { columns: [second!], bins: [2, 4, 9] })).view;
    expect(layers.map(({ name }) => name)).toEqual([second]);
    expect(numbers((layers[0] as FigureBars).heights)).toEqual([1, 2]);
    await expect(histogram(data, { columns: ['no'] })).rejects.toThrow(
      `"columns" has "no"; there are ${first}, ${second}.`,
    );
  });

  it('has densities of area 1, and counts what lies outside', async () => {
    const { view } = await histogram([1, 2, 3, 4, NaN, 99], { bins: 5, range: [0, 5], density: true });
    const { edges, heights } = view.layers[0] as FigureBars;
    const [e, h] = [numbers(edges), numbers(heights)];
    expect(h.reduce((area, height, i) => area + height * (e[i + 1]! - e[i]!), 0)).toBeCloseTo(1, 6);
    expect(view.notes).toEqual([
      'values: 1 number is not finite, not counted.',
      'values: 1 number is outside of the range, not counted.',
    ]);
  });
});

describe('surface', () => {
  it('evaluates a function on a grid, and draws a path over it', async () => {
    const { view } = await surface((a, b) => a - b, { x: [0, 1], y: [0, 2], resolution: 3, path: [[0, 0], [1, 2]], contours: [0.5] }); // prettier-ignore
    const { x, y, z, levels } = view.layers[0] as FigureSurface;
    expect([numbers(x), numbers(y)]).toEqual([[0, 0.5, 1], [0, 1, 2]]); // prettier-ignore
    expect(numbers(z)).toEqual([0, 0.5, 1, -1, -0.5, 0, -2, -1.5, -1]);
    expect(levels).toEqual([0.5]);
    expect(curve(view, 1)).toMatchObject({ kind: 'path', name: 'path' });
  });

  it('draws means of neighbours of a grid that is too large', async () => {
    const large = tf.tidy(() => tf.range(0, 250 * 250).reshape([250, 250]) as tf.Tensor2D);
    const { view } = await surface(large);
    const { x, z } = view.layers[0] as FigureSurface;
    // The first of 3 × 3: the mean of its corner.
    expect(numbers(z)[0]).toBeCloseTo((0 + 1 + 2 + 250 + 251 + 252 + 500 + 501 + 502) / 9, 3);
    expect(numbers(x)).toHaveLength(84);
    expect(view.notes.join()).toContain('means of neighbours');
  });

  it('refuses places that do not ascend', async () => {
    await expect(surface([[1, 2], [3, 4]], { x: [2, 1] })).rejects.toThrow(/"x" must be .* in ascending order.*found 1 at index 1/); // prettier-ignore
  });
});

describe('images', () => {
  it('are scaled between the least and the greatest, and say what black and white are', async () => {
    const { view } = await image([[-2, 0], [1, 2]]); // prettier-ignore
    expect(numbers(view.methods[0]!.samples)).toEqual([0, 128, 191, 255]);
    expect(view.notes!.join()).toContain('Black is -2, white is 2.');
  });

  it('stand in a grid with their captions', async () => {
    const { view } = await imageGrid([[[0, 1]], [[1, 0]]], { labels: ['first', 'second'] });
    expect(view.labels).toEqual(['first', 'second']);
    await expect(imageGrid([[[0, 1]]], { labels: ['a', 'b'] })).rejects.toThrow(/2 captions for 1 images/);
    await expect(imageGrid([1, 2] as never)).rejects.toThrow(
      /\[n, h, w\] or \[n, h, w, c\]; found numbers of shape \[2\]/,
    );
  });
});

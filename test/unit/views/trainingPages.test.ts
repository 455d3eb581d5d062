import { describe, expect, it } from 'vitest';
import { bundle, lossCurves, MIME } from '../../../kernel/views/index';
import { CATEGORIES } from '../../../kernel/views/png/palette';
import { curveFigures, divergenceMap, shadeOf } from '../../../kernel/views/training/epochFigures';
import { layersOf, stackRange } from '../../../kernel/views/training/stacked';
import { steeringOf } from '../../../kernel/views/training/steering';
import { fallingHistory } from './histories';
import { pngPixels } from './pngPixels';

const steps = Float32Array.of(1, 2, 3, 4);
const schedules = [{ name: 'β', steps, values: Float32Array.of(0, 0.25, 0.5, 1) }];

describe('stacked terms', () => {
  const terms = [
    { name: 'total', train: { steps, values: Float32Array.of(10, 11.5, 9, 11) } },
    { name: 'reconstruction', train: { steps, values: Float32Array.of(10, 11, 8, 9) } },
    { name: 'kl', train: { steps, values: Float32Array.of(4, 2, 6, 3) } },
    { name: 'bonus', train: { steps, values: Float32Array.of(0, 0, -2, -1) } },
    { name: 'unused', train: { steps, values: Float32Array.of(7, 7, 7, 7) } },
  ];
  const weights = { kl: 'β', unused: 0 };
  const layers = layersOf({ terms, weights, schedules }, 0);

  it('are the total, term by term and step by step, and hang from zero where they are below it', () => {
    expect(layers.map(({ label }) => label)).toEqual(['reconstruction', 'β · kl', 'bonus']);
    for (const i of [0, 1, 2, 3]) {
      const [reconstruction, kl, bonus] = [1, 2, 3].map((term) => terms[term]!.train.values[i]!);
      const weighted = kl! * schedules[0]!.values[i]!;
      expect([layers[1]!.low[i], layers[1]!.high[i]]).toEqual([reconstruction, reconstruction! + weighted]);
      if (bonus! < 0) expect([layers[2]!.low[i], layers[2]!.high[i]]).toEqual([bonus, 0]);
      else expect(layers[2]!.high[i]).toBe(layers[2]!.low[i]);
    }
    const [low, high] = stackRange(layers, true);
    expect(low).toBeLessThan(-2);
    expect(high).toBeGreaterThan(12);
  });

  it('are none where nobody knows how the total is made of them', () => {
    expect(layersOf({ terms, weights: undefined, schedules }, 0)).toEqual([]);
  });
});

describe('figures of epochs', () => {
  const figures = [
    { name: 'klPerDimension', steps: Float32Array.of(10, 20), values: Float32Array.of(1, 0, 2, 0.5, 0.1, 4), dimensions: 3 }, // prettier-ignore
    { name: 'variancePerDimension', steps: Float32Array.of(20), values: Float32Array.of(0.5, 0.001, 0.9), dimensions: 3 }, // prettier-ignore
    { name: 'activeUnits', steps: Float32Array.of(20), values: Float32Array.of(2), dimensions: 1 },
  ];

  it('have the dimension with the greatest divergence on top, and know which are active', () => {
    const map = divergenceMap(figures)!;
    expect([map.order, map.active, map.greatest]).toEqual([[2, 0, 1], [true, false, true], 4]);
    expect([0, 1, 4, -1].map((nats) => shadeOf(nats, 4))).toEqual([0, 0.5, 1, 0]);
    expect(curveFigures(figures).map(({ name }) => name)).toEqual(['activeUnits']);
    expect(divergenceMap(figures.slice(1))).toBeUndefined();
  });
});

describe('what steers a training', () => {
  it('is shown where there is more of it than the weights, which stand beside the terms', () => {
    expect(steeringOf([], schedules)).toEqual([]);
    const rate = { name: 'learning rate', steps, values: Float32Array.of(1e-3, 1e-3, 5e-4, 1e-4) };
    expect(steeringOf([rate], schedules).map(({ title }) => title)).toEqual(['learning rate', 'weights of terms']);
  });
});

describe('the picture of a training', () => {
  const drawn = (history: ReturnType<typeof fallingHistory>) => {
    const file = bundle(MIME.lossCurves, lossCurves(history, { id: 'v' }))['image/png'] as string;
    return pngPixels(Buffer.from(file, 'base64'));
  };

  it('has below its terms what the other tabs of the live figure hold, and nothing where they hold nothing', () => {
    const plain = drawn(fallingHistory(3, 50));
    const history = fallingHistory(3, 50);
    const full = drawn({
      ...history,
      weights: { kl: 'β' },
      measures: [
        { name: 'gradient norm', steps: history.series[0]!.steps, values: history.series[0]!.steps.map((i) => 9 / i) },
      ],
      figures: {
        steps: [50, 100, 150],
        values: [1, 2, 3].map((i) => ({ activeUnits: i, klPerDimension: [i, 0.1], variancePerDimension: [0.4, 0] })),
      },
    });
    expect(full.width).toBe(plain.width);
    expect(full.height).toBeGreaterThan(2 * plain.height);
    const rows = (hex: string) => {
      const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      const found = new Set<number>();
      for (let i = 0; i < full.data.length; i += full.channels)
        if (wanted.every((channel, c) => full.data[i + c] === channel)) found.add(Math.floor(i / full.channels / full.width)); // prettier-ignore
      return [...found].filter((row) => row > plain.height);
    };
    // The names of stacked terms, and the curves of the figures and of the gradient norm, in their colours.
    for (const category of [0, 1, 2]) expect(rows(CATEGORIES[category]!).length).toBeGreaterThan(5);
  });
});

import { describe, expect, it } from 'vitest';
import { crop, Dataset, flip, noise, randomStream, shift } from '../../../../../../kernel/autoencoders/index';
import type { Augmentation, SampleShape } from '../../../../../../kernel/autoencoders/index';
import { augmented } from '../../../../../../kernel/autoencoders/training/batches/augmentation/augmentedBatches';
import { batchSource } from '../../../../../../kernel/autoencoders/training/batches/batches';
import { widthOf } from '../../../../../../kernel/autoencoders/samples';
import { mean } from '../../../data';

const H = 4;
const W = 5;
const C = 2;
const shape: SampleShape = { kind: 'image', height: H, width: W, channels: C };
const SIZE = H * W * C;

/** n images; every value tells its image, place and channel. */
const images = (n: number) => Float32Array.from({ length: n * SIZE }, (_, i) => i + 1);

type Bounds = { low: number; high: number } | null;

/** The images of an epoch of one batch after an augmentation, each in its place in the data. */
async function after(one: Augmentation, n: number, bounds: Bounds = null, epoch = 0): Promise<Float32Array[]> {
  const data = new Dataset({ values: images(n), shape });
  const accepted = { support: bounds && { ...bounds, reason: '' } };
  const expected = { caller: 'a test', width: SIZE, description: 'images' };
  const source = augmented(await batchSource(data, expected, shape, { support: null }, 1), [one], accepted);
  const { values, rows } = await source.epoch({ seed: 3, epoch, batchSize: n, done: 0 }).next();
  const found: Float32Array[] = [];
  rows.forEach((row, i) => (found[row] = values.subarray(i * SIZE, (i + 1) * SIZE)));
  return found;
}

/** Whether an augmentation takes samples of a shape. */
async function taken(one: Augmentation, drawn: SampleShape): Promise<void> {
  const width = widthOf(drawn);
  const data = new Dataset({ values: new Float32Array(width), shape: drawn });
  const accepted = { support: null };
  augmented(await batchSource(data, { caller: '', width, description: '' }, drawn, accepted, 1), [one], accepted);
}

/** Value of image n at (y, x, c); `outside` beyond its border. */
const at = (n: number, y: number, x: number, c: number, outside = NaN) =>
  y < 0 || y >= H || x < 0 || x >= W ? outside : n * SIZE + (y * W + x) * C + c + 1;

/** The image made of what `source` says for each pixel and channel. */
const imageOf = (source: (y: number, x: number, c: number) => number) =>
  Array.from({ length: SIZE }, (_, i) => source(Math.floor(i / (W * C)), Math.floor(i / C) % W, i % C));

describe('flip', () => {
  it('mirrors left and right, of about half of the images, each channel as the others', async () => {
    const found = await after(flip(), 400);
    const kept = found.filter((image, n) => image[0] === at(n, 0, 0, 0)).length;
    expect(kept).toBeGreaterThan(150);
    expect(kept).toBeLessThan(250);
    found.forEach((image, n) => {
      const mirrored = image[0] !== at(n, 0, 0, 0);
      expect([...image]).toEqual(imageOf((y, x, c) => at(n, y, mirrored ? W - 1 - x : x, c)));
    });
  });

  it('mirrors top and bottom alone where you say so, always with probability 1', async () => {
    const found = await after(flip({ horizontal: false, vertical: true, probability: 1 }), 3);
    found.forEach((image, n) => expect([...image]).toEqual(imageOf((y, x, c) => at(n, H - 1 - y, x, c))));
  });

  it('mirrors along both axes independently: four kinds', async () => {
    const found = await after(flip({ vertical: true }), 200);
    const kinds = new Set(found.map((image, n) => image[0]! - n * SIZE));
    expect(kinds).toEqual(new Set([at(0, 0, 0, 0), at(0, 0, W - 1, 0), at(0, H - 1, 0, 0), at(0, H - 1, W - 1, 0)]));
  });

  it.each([{ horizontal: false }, { probability: 1.5 }, { sideways: true }])('refuses %j', (options) => {
    expect(() => flip(options)).toThrow(/^flip: /);
  });
});

/** By how many pixels an image was moved, as each pixel that has come from inside tells. */
function moved(image: Float32Array, n: number): [number, number] {
  const i = image.findIndex((value) => value >= n * SIZE + 1 && value <= (n + 1) * SIZE);
  const from = (image[i]! - n * SIZE - 1 - (i % C)) / C;
  const [y, x] = [Math.floor(i / (W * C)), Math.floor(i / C) % W];
  return [y - Math.floor(from / W), x - (from % W)];
}

describe('crop', () => {
  it('cuts a piece of the same size from the padded image, every place as likely', async () => {
    const found = await after(crop({ pad: 1, fill: -7 }), 900);
    const counts = new Map<string, number>();
    found.forEach((image, n) => {
      const [dy, dx] = moved(image, n);
      expect([...image]).toEqual(imageOf((y, x, c) => at(n, y - dy, x - dx, c, -7)));
      counts.set(`${dy},${dx}`, (counts.get(`${dy},${dx}`) ?? 0) + 1);
    });
    expect(counts.size).toBe(9);
    // 100 each; four standard deviations of a binomial.
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(4 * Math.sqrt(900 / 9));
  });
});

describe('shift', () => {
  it('moves by up to that many pixels along each axis; the edge repeats where nothing comes in', async () => {
    const found = await after(shift({ pixels: 2 }), 500);
    const reached = new Set<string>();
    const inside = (value: number, size: number) => Math.max(0, Math.min(size - 1, value));
    found.forEach((image, n) => {
      const places = [-2, -1, 0, 1, 2].flatMap((dy) => [-2, -1, 0, 1, 2].map((dx) => [dy, dx] as const));
      const fits = places.filter(([dy, dx]) => {
        const expected = imageOf((y, x, c) => at(n, inside(y - dy, H), inside(x - dx, W), c));
        return expected.every((value, i) => value === image[i]);
      });
      expect(fits).toHaveLength(1);
      reached.add(fits[0]!.join());
    });
    expect(reached.size).toBe(25);
  });

  it('fills with a value where one is given', async () => {
    const found = await after(shift({ pixels: 1, fill: 0.5 }), 50);
    found.forEach((image, n) => {
      const [dy, dx] = moved(image, n);
      expect([...image]).toEqual(imageOf((y, x, c) => at(n, y - dy, x - dx, c, 0.5)));
    });
  });
});

describe('noise', () => {
  it('has mean 0 and the given deviation, other numbers in every batch', async () => {
    const differences = async (epoch: number) => {
      const found = await after(noise({ sigma: 0.3 }), 100, null, epoch);
      const before = images(100);
      return found.flatMap((image, n) => [...image].map((value, i) => value - before[n * SIZE + i]!));
    };
    const first = await differences(0);
    expect(Math.abs(mean(first))).toBeLessThan((4 * 0.3) / Math.sqrt(first.length));
    expect(Math.sqrt(mean(first.map((value) => value ** 2)))).toBeCloseTo(0.3, 1);
    expect(await differences(0)).toEqual(first);
    expect(await differences(1)).not.toEqual(first);
  });

  it('stays within what the likelihood is defined for', async () => {
    const found = (await after(noise({ sigma: 50 }), 20, { low: 0, high: 800 })).flatMap((image) => [...image]);
    expect(Math.min(...found)).toBe(0);
    expect(Math.max(...found)).toBe(800);
  });

  it('leaves missing values missing', () => {
    const batch = { values: Float32Array.of(NaN, 1), labels: null, shape, support: null };
    const result = noise({ sigma: 1 }).apply(batch, randomStream(1, 'noise')) as Float32Array;
    expect([...result].map(Number.isNaN)).toEqual([true, false]);
  });

  it.each([{ sigma: 0 }, {}, { sigma: '1' }])('refuses %j', (options) => {
    expect(() => noise(options as { sigma: number })).toThrow('noise: "sigma"');
  });
});

describe('augmentations of images', () => {
  const vector: SampleShape = { kind: 'vector', features: ['a', 'b'] };
  it.each([flip(), crop({ pad: 1 }), shift({ pixels: 1 })])('refuse vectors: $name', async (one) => {
    const why = `fit: the augmentation "${one.name}": it needs images, the data are 2 features`;
    await expect(taken(one, vector)).rejects.toThrow(why);
    const sequence: SampleShape = { kind: 'sequence', steps: 3, features: ['a'] };
    await expect(taken(one, sequence)).rejects.toThrow('the data are 3 steps of 1 features');
    await expect(taken(one, shape)).resolves.toBeUndefined();
  });

  it('refuse to move images out of sight', async () => {
    const why = '4 pixels would move images of 4 × 5 out of sight; expected at most 3';
    await expect(taken(crop({ pad: 4 }), shape)).rejects.toThrow(why);
    await expect(taken(noise({ sigma: 1 }), vector)).resolves.toBeUndefined();
  });
});

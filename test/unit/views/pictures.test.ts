import { decode as decodePng } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { decode, encode, encodeImages } from '../../../kernel/views/encoding';
import { bundle, latentScatter, lossCurves, MIME, reconstructions } from '../../../kernel/views/index';
import { indexed } from '../../../kernel/views/pictures/fewColours';
import { shapeWithin, shrunken } from '../../../kernel/views/pictures/shrink';
import { palettePngFile } from '../../../kernel/views/pictures/pngFile';
import { fallingHistory } from './histories';
import { pngPixels } from './pngPixels';

/** Numbers in 0…1 without any order in them (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Smooth images with some noise, as photographs are: [n, h, w, c] in [0, 1]. */
function photographs(n: number, side: number, channels = 3): Float32Array {
  const random = seeded(n);
  const values = new Float32Array(n * side * side * channels);
  for (let i = 0, at = 0; i < n; i++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        for (let c = 0; c < channels; c++) {
          const wave = Math.sin((x * (i + 1)) / 40 + c) * Math.cos((y * (c + 1)) / 55 + i);
          values[at++] = 0.5 + 0.4 * wave + 0.08 * (random() - 0.5);
        }
      }
    }
  }
  return values;
}

const bytesOf = (values: Float32Array) => Uint8Array.from(values, (value) => Math.round(value * 255));

describe('images in a view', () => {
  it.each([1, 2, 3, 4, 5])('of %i channels come back byte for byte, and are smaller than bytes', (channels) => {
    const bytes = bytesOf(photographs(3, 20, channels));
    const packed = encodeImages(bytes, [3, 20, 20, channels]);
    expect(packed.packing).toBe('png');
    expect(packed.data.length).toBeLessThan(encode('uint8', bytes).data.length);
    expect(decode(packed)).toEqual(bytes);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ])('of %i channels are a PNG file that any reader reads', (channels, read) => {
    const bytes = bytesOf(photographs(2, 12, channels));
    const png = decodePng(Buffer.from(encodeImages(bytes, [2, 12, 12, channels]).data, 'base64'), { checkCrc: true });
    expect([png.width, png.height, png.channels]).toEqual([12, 24, read]);
    expect(Uint8Array.from(png.data)).toEqual(bytes);
  });

  it('stay bytes where a file would be larger', () => {
    const packed = encodeImages(Uint8Array.of(7, 200), [2, 1, 1, 1]);
    expect(packed).toEqual(encode('uint8', [7, 200], [2, 1, 1, 1]));
  });

  it.each([
    ['cut short', (file: Buffer) => file.subarray(0, 60)],
    ['of something else', (file: Buffer) => Buffer.concat([Buffer.from('JFIF'), file])],
    ['of a kind that views do not write', (file: Buffer) => (file.writeUInt8(16, 24), file)],
  ])('are refused where the file is %s', (_, damage) => {
    const packed = encodeImages(bytesOf(photographs(2, 12)), [2, 12, 12, 3]);
    const data = damage(Buffer.from(packed.data, 'base64')).toString('base64');
    expect(() => decode({ ...packed, data })).toThrow();
  });
});

describe('smaller images', () => {
  const shape = { kind: 'image', height: 6, width: 4, channels: 1 } as const;

  it('are the means of equal blocks', () => {
    const values = Array.from({ length: 24 }, (_, i) => i);
    const small = shrunken(values, shape, { ...shape, height: 3, width: 2 });
    expect([...small]).toEqual([2.5, 4.5, 10.5, 12.5, 18.5, 20.5]);
  });

  it('keep the mean where the sides do not divide each other', () => {
    const random = seeded(4);
    const values = Array.from({ length: 13 * 7 * 2 }, random);
    const from = { kind: 'image', height: 13, width: 7, channels: 2 } as const;
    const small = shrunken(values, from, { ...from, height: 5, width: 3 });
    const mean = (list: ArrayLike<number>, channel: number) =>
      Array.from(list)
        .filter((_, i) => i % 2 === channel)
        .reduce((sum, value, _i, all) => sum + value / all.length, 0);
    for (const channel of [0, 1]) expect(mean(small, channel)).toBeCloseTo(mean(values, channel), 6);
  });

  it('keep their proportions', () => {
    const wide = { kind: 'image', height: 100, width: 400, channels: 3 } as const;
    expect(shapeWithin(wide, 80)).toEqual({ ...wide, height: 20, width: 80 });
    expect(shapeWithin(wide, 500)).toBe(wide);
  });
});

describe('a view of large images', () => {
  const side = 256;
  const sampleShape = { kind: 'image', height: side, width: side, channels: 3 } as const;
  const inputs = photographs(64, side);
  const outputs = inputs.map((value) => 0.9 * value + 0.03);
  const methods = [{ name: 'VAE', samples: outputs }];

  it('is an output of at most 300 kB, which says what is smaller or left out, and how to ask for all', () => {
    const view = reconstructions({ id: 'v', sampleShape, inputs, methods });
    expect(JSON.stringify(bundle(MIME.reconstructions, view)).length).toBeLessThan(300_000);
    const note = view.notes!.join(' ');
    const [n, height, width] = view.inputs!.shape;
    expect(view.methods[0]!.samples.shape).toEqual(view.inputs!.shape);
    expect(view.sampleShape).toEqual({ ...sampleShape, height, width });
    expect(note).toContain(`the first ${n} of 64 images are here`);
    expect(note).toContain(`images of 256 × 256 pixels are drawn at ${height} × ${width}`);
    expect(note).toContain('{ full: true }');
    expect(n).toBeGreaterThanOrEqual(4);
  });

  it('has the errors of the whole images', () => {
    const { methods: found } = reconstructions({ id: 'v', sampleShape, inputs, methods });
    const squared = inputs.subarray(0, side * side * 3).reduce((sum, x, i) => sum + (x - outputs[i]!) ** 2, 0);
    expect(found[0]!.errors[0]! / squared).toBeCloseTo(1, 5);
  });

  it('has all of them, as they are, on request', () => {
    const few = inputs.subarray(0, 4 * side * side * 3);
    const some = [{ name: 'VAE', samples: outputs.subarray(0, few.length) }];
    const view = reconstructions({ id: 'v', sampleShape, inputs: few, methods: some, full: true });
    expect(view.notes).toBeUndefined();
    expect(view.inputs!.shape).toEqual([4, side, side, 3]);
    expect(decode(view.inputs!)).toEqual(bytesOf(few));
  });

  it('leaves no cell of a decoded grid out', () => {
    const grid = { xs: [0, 1, 2, 3], ys: [0, 1, 2, 3], samples: inputs.subarray(0, 16 * side * side * 3) };
    const view = latentScatter({ id: 'v', points: [0, 0, 3, 3], dimensions: 2, sampleShape, grid });
    expect(view.grid!.samples.shape[0]).toBe(16);
    expect(view.grid!.samples.data.length).toBeLessThan(150_000);
    expect(view.sampleShape).toMatchObject({ height: view.grid!.samples.shape[1], kind: 'image' });
  });

  it('of vectors that are long leaves samples out', () => {
    const features = Array.from({ length: 1000 }, (_, i) => `x${i}`);
    const rows = Float32Array.from({ length: 200 * 1000 }, seeded(1));
    const shape = { kind: 'vector', features } as const;
    const view = reconstructions({
      id: 'v',
      sampleShape: shape,
      inputs: rows,
      methods: [{ name: 'AE', samples: rows }],
    });
    expect(view.notes!.join(' ')).toMatch(/the first \d+ of 200 samples are here/);
    expect(JSON.stringify(bundle(MIME.reconstructions, view)).length).toBeLessThan(300_000);
    expect(decode(view.inputs!)).toEqual(rows.slice(0, view.inputs!.shape[0]! * 1000));
  });
});

describe('a scatter with a decoded grid', () => {
  /** Blurred shapes that change from cell to cell, with noise as decoders leave it. */
  const cells = (size: number, side: number, channels: number) => {
    const random = seeded(size * side);
    const values: number[] = [];
    for (let cell = 0; cell < size * size; cell++) {
      const [a, b] = [(cell % size) / size, Math.floor(cell / size) / size];
      for (let i = 0; i < side * side * channels; i++) {
        const pixel = Math.floor(i / channels);
        const [x, y] = [(pixel % side) / side - 0.5, Math.floor(pixel / side) / side - 0.5];
        const shape = Math.exp(-((x * (2 + 6 * a)) ** 2) - (y * (2 + 6 * b)) ** 2 + (i % channels) * a);
        values.push(Math.min(1, Math.max(0, shape - 0.1 + 0.06 * (random() - 0.5))));
      }
    }
    return Float32Array.from(values);
  };
  const scatterOf = (n: number, size: number, side: number, channels: number) => {
    const random = seeded(n);
    const points = Float32Array.from({ length: 2 * n }, () => random() + random() + random() - 1.5);
    const axis = Array.from({ length: size }, (_, i) => (3 * i) / size - 1.5);
    const samples = cells(size, side, channels);
    const labels = Array.from({ length: n }, () => Math.floor(10 * random()));
    const sampleShape = { kind: 'image', height: side, width: side, channels } as const;
    const grid = { xs: axis, ys: axis, samples };
    const view = latentScatter({ id: 'v', points, dimensions: 2, labels, sampleShape, grid });
    return { view, points, samples };
  };

  it.each([
    ['10,000 points and grey images of 28 pixels', 10_000, 12, 28, 1],
    ['10,000 points and colour images of 64 pixels', 10_000, 12, 64, 3],
    ['2,000 points and more images', 2000, 20, 28, 1],
  ])('is an output of at most 300 kB: %s', (_, n, size, side, channels) => {
    const { view, points } = scatterOf(n, size, side, channels);
    const output = bundle(MIME.latentScatter, view);
    expect(output['image/png']).toBeDefined();
    expect(JSON.stringify(output).length).toBeLessThan(300_000);
    expect(decode(view.points)).toEqual(points);
    expect(view.grid!.samples.shape[0]).toBe(size * size);
  });

  it('keeps each pixel, off by 2 of 255 levels at most, before it has fewer pixels', () => {
    const { view, samples } = scatterOf(11_000, 12, 28, 1);
    const [kept, given] = [Array.from(decode(view.grid!.samples)), bytesOf(samples)];
    expect(view.grid!.samples.shape).toEqual([144, 28, 28, 1]);
    expect(kept.some((byte, i) => byte !== given[i])).toBe(true);
    expect(kept.reduce((most, byte, i) => Math.max(most, Math.abs(byte - given[i]!)), 0)).toBeLessThanOrEqual(2);
  });

  it('keeps all levels where there is room', () => {
    const { view, samples } = scatterOf(500, 8, 28, 1);
    expect(decode(view.grid!.samples)).toEqual(bytesOf(samples));
  });
});

describe('a long training of many latents', () => {
  const random = seeded(4);
  const steps = Array.from({ length: 160 }, (_, i) => 62 * (i + 1));
  const row = () => Array.from({ length: 64 }, random);
  const values = steps.map(() => ({ klPerDimension: row(), variancePerDimension: row() }));
  const view = lossCurves({ ...fallingHistory(160, 62), figures: { steps, values } }, { id: 'v' });

  it('is an output of at most 300 kB: its picture takes what the curves leave', () => {
    const output = bundle(MIME.lossCurves, view);
    expect(JSON.stringify(output).length).toBeLessThan(300_000);
    expect(output['image/png']).toBeDefined();
  });

  it('of 60,000 steps and 128 latents is so too: its curves take what the map leaves', () => {
    const many = Array.from({ length: 200 }, (_, i) => 300 * (i + 1));
    const wide = (scale: number) => Array.from({ length: 128 }, (_, j) => scale * random() * 4 ** -(j % 8));
    const reported = many.map(() => ({ klPerDimension: wide(4), variancePerDimension: wide(1) }));
    const history = { ...fallingHistory(200, 300), figures: { steps: many, values: reported } };
    const long = lossCurves(history, { id: 'v' });
    expect(JSON.stringify(bundle(MIME.lossCurves, long)).length).toBeLessThan(300_000);
    const { steps: at, values: found } = long.figures!.find(({ name }) => name === 'klPerDimension')!;
    expect(Array.from(decode(at)).at(-1)).toBe(60_000);
    const told = decode(found);
    Array.from(decode(at)).forEach((step, row) =>
      reported[step / 300 - 1]!.klPerDimension.forEach((value, j) =>
        // A column of codes has 65,534 steps.
        expect(Math.abs(told[128 * row + j]! - value)).toBeLessThanOrEqual((4 * 4 ** -(j % 8)) / 100_000),
      ),
    );
    const extremes = (values: ArrayLike<number>) => {
      const sorted = Float32Array.from(values).sort();
      return [sorted[0], sorted.at(-1)];
    };
    for (const { name, split, values } of long.series) {
      const given = history.series.find((one) => one.name === name && one.split === split)!;
      expect(extremes(decode(values))).toEqual(extremes(given.values));
    }
  });

  it('has each divergence, and of the variances those at its end, which tell what is active', () => {
    const [divergences, variances] = ['klPerDimension', 'variancePerDimension'].map((name) => {
      const { steps: at, values: found } = view.figures!.find((one) => one.name === name)!;
      return { at: Array.from(decode(at)), found: decode(found) };
    });
    expect(divergences!.at).toEqual(steps);
    expect(variances!.at).toEqual([160 * 62]);
    expect(variances!.found).toEqual(Float32Array.from(values.at(-1)!.variancePerDimension));
  });
});

describe('figures in few colours', () => {
  it('keep all of up to 256', () => {
    const rgba = Uint8ClampedArray.from({ length: 4 * 1000 }, (_, i) => (i % 4 === 3 ? 255 : (i >> 2) % 256));
    const { indices, palette, error } = indexed(rgba);
    expect(error).toBe(0);
    const png = pngPixels(palettePngFile(indices, palette, { width: 40, height: 25, dotsPerMetre: 7559 }));
    for (let i = 0; i < 1000; i++) {
      expect([...png.data.subarray(3 * i, 3 * i + 3)]).toEqual([...rgba.subarray(4 * i, 4 * i + 3)]);
    }
    expect(png.resolution).toEqual({ x: 7559, y: 7559, unit: 1 });
  });

  it.each([2, 3, 16, 17])('of %i colours read back as they were', (n) => {
    const shades = Array.from({ length: n }, (_, i) => i * 15);
    const rgba = Uint8ClampedArray.from({ length: 4 * 35 }, (_, i) => (i % 4 === 3 ? 255 : shades[(i >> 2) % n]!));
    const { indices, palette } = indexed(rgba);
    const png = pngPixels(palettePngFile(indices, palette, { width: 5, height: 7, dotsPerMetre: 3780 }));
    expect(Array.from({ length: 35 }, (_, i) => png.data[3 * i])).toEqual(
      Array.from({ length: 35 }, (_, i) => rgba[4 * i]),
    );
  });

  it('say how far they are off, and keep exactly frequent colours and those that are to be kept', () => {
    const random = seeded(9);
    const rgba = Uint8ClampedArray.from({ length: 4 * 20_000 }, (_, i) =>
      i % 4 === 3 ? 255 : i < 40_000 ? [12, 130, 77][i % 4]! : 256 * random(),
    );
    rgba.set([1, 2, 3, 255], rgba.length - 4);
    const { indices, palette, error } = indexed(rgba, 256, [0x010203, 0xabcdef]);
    let squares = 0;
    for (let i = 0; i < indices.length; i++) {
      for (let c = 0; c < 3; c++) squares += (palette[3 * indices[i]! + c]! - rgba[4 * i + c]!) ** 2;
    }
    expect(error).toBeCloseTo(Math.sqrt(squares / (3 * indices.length)), 6);
    expect([...palette.subarray(3 * indices[0]!, 3 * indices[0]! + 3)]).toEqual([12, 130, 77]);
    expect([...palette.subarray(3 * indices.at(-1)!, 3 * indices.at(-1)! + 3)]).toEqual([1, 2, 3]);
    expect(palette.length).toBeLessThanOrEqual(3 * 256);
  });
});

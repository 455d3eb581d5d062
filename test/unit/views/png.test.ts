import { createRequire } from 'node:module';
import { pngPixels } from './pngPixels';
import { describe, expect, it } from 'vitest';
import {
  bundle,
  codebookHistogram,
  latentScatter,
  lossCurves,
  MIME,
  reconstructions,
} from '../../../kernel/views/index';
import { roomFor } from '../../../kernel/figures/scatter/room';
import { DENSITY, drawPng } from '../../../kernel/views/png/canvas';
import { CATEGORIES } from '../../../kernel/views/png/palette';
import { CATEGORIES_ON_LIGHT } from '../../../renderer/palette';
import { latentScatterPng } from '../../../kernel/views/png/scatter/latentScatter';
import { fallingHistory } from './histories';

const image = { kind: 'image', height: 4, width: 4, channels: 1 } as const;
const colour = { kind: 'image', height: 2, width: 2, channels: 3 } as const;
const canvasLoaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('@napi-rs'));

/** Checks (with CRCs) and decodes the picture of a bundle; `has` tells whether a colour covers some of it. */
function picture(bundled: Record<string, unknown>) {
  const png = pngPixels(Buffer.from(bundled['image/png'] as string, 'base64'));
  const colours = new Map<string, number>();
  for (let i = 0; i < png.data.length; i += png.channels) {
    const key = `${png.data[i]},${png.data[i + 1]},${png.data[i + 2]}`;
    colours.set(key, (colours.get(key) ?? 0) + 1);
  }
  const has = (hex: string) =>
    (colours.get([1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join()) ?? 0) > 20;
  return { ...png, has, blank: colours.size < 10, white: (colours.get('255,255,255') ?? 0) / (png.width * png.height) };
}

const ramp = (n: number) => Array.from({ length: n }, (_, i) => (i % 16) / 15);

const bundles = {
  'loss curves': () => bundle(MIME.lossCurves, lossCurves(fallingHistory(3, 50), { id: 'v' })),
  'loss curves without a step': () =>
    bundle(MIME.lossCurves, lossCurves({ ...fallingHistory(), series: [] }, { id: 'v' })),
  'latent scatter with a grid': () =>
    bundle(
      MIME.latentScatter,
      latentScatter({
        id: 'v',
        points: Array.from({ length: 400 }, (_, i) => Math.sin(i * i)),
        dimensions: 2,
        labels: Array.from({ length: 200 }, (_, i) => i % 3),
        classNames: ['one', 'two', 'three'],
        sampleShape: image,
        grid: { xs: [-1, 1], ys: [-1, 0, 1], samples: ramp(6 * 16) },
      }),
    ),
  'latent scatter of 30 classes': () =>
    bundle(
      MIME.latentScatter,
      latentScatter({
        id: 'v',
        points: ramp(120).map((value, i) => value * i),
        dimensions: 2,
        labels: Array.from({ length: 60 }, (_, i) => i % 30),
        sampleShape: image,
      }),
    ),
  'latent scatter in one dimension': () =>
    bundle(MIME.latentScatter, latentScatter({ id: 'v', points: ramp(100), dimensions: 1, sampleShape: image })),
  'latent scatter of no points': () =>
    bundle(MIME.latentScatter, latentScatter({ id: 'v', points: [], dimensions: 2, sampleShape: image })),
  'reconstructions of images': () =>
    bundle(
      MIME.reconstructions,
      reconstructions({
        id: 'v',
        sampleShape: image,
        inputs: ramp(64),
        methods: [
          {
            name: 'VAE, 2 latents',
            samples: ramp(64).map((value) => 1 - value),
            heldOut: { meanSquaredError: 3, count: 9 },
          },
          { name: 'PCA, 2 components', samples: ramp(64) },
        ],
        labels: ['a', 'b', 'c', 'd'],
      }),
    ),
  'reconstructions in colour': () =>
    bundle(
      MIME.reconstructions,
      reconstructions({
        id: 'v',
        sampleShape: colour,
        inputs: ramp(24),
        methods: [{ name: 'VAE', samples: ramp(24) }],
      }),
    ),
  'reconstructions of vectors': () =>
    bundle(
      MIME.reconstructions,
      reconstructions({
        id: 'v',
        sampleShape: { kind: 'vector', features: ['width', 'height'] },
        inputs: [1, 2, 3, 4],
        methods: [{ name: 'VAE', samples: [1, 3, 3, 3] }],
      }),
    ),
  'film strips': () =>
    bundle(
      MIME.reconstructions,
      reconstructions({
        ...{
          id: 'v',
          sampleShape: { ...image, height: 16 },
          inputs: ramp(5 * 64),
          layout: { kind: 'frames', count: 4 },
        },
        methods: [{ name: 'VAE', samples: ramp(5 * 64).map((value) => 1 - value) }],
      }),
    ),
  sequences: () =>
    bundle(
      MIME.reconstructions,
      reconstructions({
        ...{
          id: 'v',
          sampleShape: { kind: 'vector', features: ramp(40).map((_, i) => `f${i % 2}`) },
          inputs: ramp(80),
        },
        methods: [{ name: 'VAE', samples: ramp(80).map((value) => 1 - value) }],
        layout: { kind: 'steps', steps: 20, features: ['f0', 'f1'] },
      }),
    ),
  sound: () =>
    bundle(
      MIME.reconstructions,
      reconstructions({
        ...{ id: 'v', sampleShape: { kind: 'vector', features: ramp(600).map((_, i) => `${i / 8000} s`) } },
        ...{ inputs: ramp(600), methods: [{ name: 'VAE', samples: ramp(600).map((value) => value / 2) }] },
        layout: { kind: 'sound', rate: 8000 },
      }),
    ),
  samples: () =>
    bundle(
      MIME.reconstructions,
      reconstructions({
        id: 'v',
        sampleShape: image,
        inputs: null,
        methods: [{ name: 'VAE', samples: ramp(20 * 16) }],
      }),
    ),
  'codebook histogram': () =>
    bundle(MIME.codebookHistogram, codebookHistogram({ id: 'v', counts: [900, 60, 3, 1, 0, 0], window: '964 codes' })),
  'codebook histogram of nothing': () =>
    bundle(MIME.codebookHistogram, codebookHistogram({ id: 'v', counts: [0, 0], window: 'nothing' })),
};

describe('building a view', () => {
  it('loads no drawing library, so that live frames stay cheap', () => {
    lossCurves(fallingHistory(), { id: 'v' });
    expect(canvasLoaded()).toBe(false);
  });
});

describe('the picture of a view', () => {
  it.each(Object.entries(bundles))('%s: decodes, is not blank, and stands on white', (_, build) => {
    const { blank, white, width, height } = picture(build());
    expect(blank).toBe(false);
    expect(white).toBeGreaterThan(0.3);
    expect(Math.min(width, height)).toBeGreaterThan(100);
  });

  it('says that it has two pixels a CSS pixel, 192 dots an inch', () => {
    expect(picture(bundles['loss curves']()).resolution).toEqual({ x: 7559, y: 7559, unit: 1 });
  });

  it('shows each term of a loss and each class in its own colour', () => {
    const curves = picture(bundles['loss curves']());
    expect([0, 1, 2].map((term) => curves.has(CATEGORIES[term]!))).toEqual([true, true, true]);
    const scatter = picture(bundles['latent scatter with a grid']());
    expect([0, 1, 2].map((label) => scatter.has(CATEGORIES[label]!))).toEqual([true, true, true]);
  });

  it.each([
    [2, [0.2, 0.9], '#333333', 'only the first of 2 channels is drawn'],
    [4, [1, 0, 0.2, 0.6], '#ff0033', 'only the first 3 of 4 channels are drawn'],
    [5, [0, 1, 1, 0, 0.5], '#00ffff', 'only the first 3 of 5 channels are drawn'],
  ] as const)('draws images of %i channels by the first ones, and says so', (channels, levels, hex, said) => {
    const pixels = Array.from({ length: 16 }, () => levels).flat();
    const sampleShape = { kind: 'image', height: 4, width: 4, channels } as const;
    const methods = [{ name: 'VAE', samples: pixels }];
    const view = reconstructions({ id: 'v', sampleShape, inputs: pixels, methods });
    expect(picture(bundle(MIME.reconstructions, view)).has(hex)).toBe(true);
    expect(view.summary).toContain(`; ${said}.`);
    const drawn = reconstructions({ id: 'v', sampleShape, inputs: null, methods });
    expect(drawn.summary).toContain(`made by the model; ${said}.`);
  });

  it('has the colours of the live view on light ground', () => {
    expect(CATEGORIES).toEqual(CATEGORIES_ON_LIGHT);
  });

  it('comes with the view and its sentence', () => {
    const bundled = bundles['codebook histogram']();
    expect(Object.keys(bundled)).toEqual([MIME.codebookHistogram, 'image/png', 'text/plain']);
    expect(bundled['text/plain']).toBe((bundled[MIME.codebookHistogram] as { summary: string }).summary);
  });

  it('that cannot be drawn costs neither the view nor its sentence', () => {
    const view = codebookHistogram({ id: 'v', counts: [1], window: '1 code' });
    const bundled = bundle(MIME.codebookHistogram, {
      ...view,
      counts: { ...view.counts, dtype: 'float64' as 'int32' },
    });
    expect(Object.keys(bundled)).toEqual([MIME.codebookHistogram, 'text/plain']);
    expect(bundled['text/plain']).toMatch(/^Codebook usage: .*\(No picture: .+\)$/);
  });
});

describe('the picture of samples that lack values', () => {
  const inputs = [NaN, 1, 2, 0.5, NaN, 0.2, NaN, 1.5];
  const gaps = (features: string[], layout?: { kind: 'steps'; steps: number; features: string[] }) =>
    reconstructions({
      ...{ id: 'gaps', sampleShape: { kind: 'vector', features }, inputs },
      methods: [{ name: 'VAE', samples: inputs.map((_, i) => i / 8) }],
      ...(layout && { layout }),
    });

  it.each([
    ['of a table', gaps(['a', 'b', 'c', 'd'])],
    ['of one feature', gaps(['a'])],
    ['of many features', gaps(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])],
    ['of steps', gaps(['a 1', 'b 1', 'a 2', 'b 2'], { kind: 'steps', steps: 2, features: ['a', 'b'] })],
  ])('%s is drawn with gaps', (_, view) => {
    const bundled = bundle(MIME.reconstructions, view);
    expect(bundled['text/plain']).not.toContain('No picture');
    expect(picture(bundled).blank).toBe(false);
  });
});

describe('an arc', () => {
  it('of numbers that are not finite draws nothing, and ends no process', () => {
    const draw = (odd?: number) =>
      drawPng(20, 20, (context) => {
        context.fillStyle = '#000';
        context.beginPath();
        if (odd !== undefined) {
          context.arc(odd, 3, 2, 0, 7);
          context.arc(3, 3, odd, 0, 7);
          context.ellipse(3, odd, 2, 2, 0, 0, 7);
          context.ellipse(3, 3, 2, odd, 0, 0, 7);
        }
        context.fill();
      });
    for (const odd of [NaN, Infinity, -Infinity, 1e39]) expect(draw(odd)).toEqual(draw());
    expect(picture({ 'image/png': draw(2).toString('base64') }).white).toBeLessThan(1);
  });
});

describe('the picture of a latent scatter', () => {
  it('of many points has as many shades as there are degrees of crowding, in the colours of their classes', () => {
    const n = 60_000;
    // A triangle's density along each axis: most in the middle, nothing at the ends.
    const random = (i: number) => ((i * 0.618033988749895) % 1) + ((i * 0.754877666246693) % 1) - 1;
    const view = latentScatter({
      ...{
        id: 'crowd',
        points: Float32Array.from({ length: 2 * n }, (_, i) => random(i + 1)),
        dimensions: 2,
        limit: n,
      },
      ...{ labels: Array.from({ length: n }, () => 1), classNames: ['none', 'all'] },
      ...{ sampleShape: { kind: 'image', height: 1, width: 1, channels: 1 }, decodes: false, grid: null },
    });
    expect(view.points.shape[0]).toBe(n);
    const { data, width, height, channels } = pngPixels(latentScatterPng(view));
    const orange = [1, 3, 5].map((at) => parseInt(CATEGORIES[1].slice(at, at + 2), 16));
    const shades = new Map<number, number>();
    for (let y = Math.round(height * 0.2); y < height * 0.8; y++) {
      for (let x = Math.round(width * 0.2); x < width * 0.6; x++) {
        const pixel = [0, 1, 2].map((c) => data[(y * width + x) * channels + c]!);
        const shares = pixel.map((value, c) => (255 - value) / (255 - orange[c]!));
        // White and orange mixed, and nothing else, but for the grid and the class's name.
        if (Math.max(...shares) - Math.min(...shares) > 0.03) continue;
        const shade = Math.round(20 * shares[0]!);
        shades.set(shade, (shades.get(shade) ?? 0) + 1);
      }
    }
    expect([...shades.values()].filter((count) => count > 100).length).toBeGreaterThan(2);
  });

  it('of three dimensions has each point where two rotations put it, what is near over what is far, which fades', () => {
    const [yaw, pitch] = [-0.6, 0.45];
    const towards = [-Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)];
    const places = [
      ...[[1, 0, 0], [0, 1.2, 0], [0, 0, 1], [-1, 0.5, 0.3]], // prettier-ignore
      // One behind the other, the near one first.
      ...[towards, towards.map((value) => -value)],
      // They make the box.
      ...[[-2, -2, -2], [2, 2, 2]], // prettier-ignore
    ];
    const classes = places.map((_, i) => i % 4);
    const view = {
      ...latentScatter({ id: 'v', points: places.flat(), dimensions: 3, labels: classes, sampleShape: colour }),
      turn: { third: 2, yaw, pitch },
    };
    const { data, width, channels } = pngPixels(latentScatterPng(view));
    const half = Math.hypot(2, 2, 2) * 1.12;
    const { area } = roomFor(860, true);
    const seen = ([x, y, z]: number[]) => {
      const depth = -x! * Math.sin(yaw) + z! * Math.cos(yaw);
      const across = x! * Math.cos(yaw) + z! * Math.sin(yaw);
      const up = y! * Math.cos(pitch) - depth * Math.sin(pitch);
      const near = y! * Math.sin(pitch) + depth * Math.cos(pitch);
      const unit = area.height / 2 / half;
      const at = [area.left + area.width / 2 + unit * across, 30 + area.top + area.height / 2 - unit * up];
      return { at, share: 0.82 * (0.28 + 0.72 * (0.5 + near / (2 * Math.hypot(2, 2, 2)))) };
    };
    const over = (below: number[], i: number) => {
      const ink = [1, 3, 5].map((at) => parseInt(CATEGORIES[classes[i]!]!.slice(at, at + 2), 16));
      return below.map((value, c) => value + (ink[c]! - value) * seen(places[i]!).share);
    };
    const white = [255, 255, 255];
    const expected = [0, 1, 2, 3].map((i) => ({ i, ink: over(white, i) }));
    for (const { i, ink } of [...expected, { i: 4, ink: over(over(white, 5), 4) }]) {
      const [x, y] = seen(places[i]!).at.map((value) => Math.floor(value * DENSITY));
      const pixel = [0, 1, 2].map((c) => data[(y! * width + x!) * channels + c]!);
      pixel.forEach((value, c) => expect(Math.abs(value - ink[c]!), `point ${i}: ${pixel} for ${ink}`).toBeLessThan(4));
    }
  });

  it('shows the points as well with one that lies far off', () => {
    const points = Array.from({ length: 800 }, (_, i) => Math.sin(i * i));
    const inkOf = (values: number[]) =>
      1 -
      picture(bundle(MIME.latentScatter, latentScatter({ id: 'v', points: values, dimensions: 2, sampleShape: image })))
        .white;
    const alone = inkOf(points);
    const withOne = inkOf([...points, 1e6, 0]);
    expect(withOne).toBeGreaterThan(0.8 * alone);
  });
});

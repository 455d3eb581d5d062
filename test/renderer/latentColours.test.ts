/** What the points of a latent scatter are coloured by. */
import { mkdirSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { roomFor } from '../../kernel/figures/scatter/room';
import { encode } from '../../kernel/views/encoding';
import { latentScatter } from '../../kernel/views/latentScatter';
import { latentScatterPng } from '../../kernel/views/png/scatter/latentScatter';
import { CLASSES, SHAPE } from './support/fashion';
import { messages, pixels, readTable, saved, send, show, toNumber } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { fitted, MIME, scatterView } from './support/sampleViews';
import { writeFileSync } from 'node:fs';
import { decode as decodePng } from 'fast-png';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  mkdirSync('test/artifacts/renderer', { recursive: true });
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const plane = (output: Locator) => output.getByRole('application');
const choice = (output: Locator) => output.getByRole('combobox', { name: 'colour' });
const options = (output: Locator) => choice(output).locator('option').allTextContents();

/** A row of points on a line, each with a value of its own, and one without. */
function ramp(n = 9, by: string | null = 'age') {
  const points = Array.from({ length: n }, (_, i) => [i, i % 2]).flat();
  const age = Array.from({ length: n }, (_, i) => (i === n - 1 ? NaN : 10 * i));
  const site = Array.from({ length: n }, (_, i) => i % 3);
  return latentScatter({
    ...{
      id: `ramp-${n}-${by}`,
      points,
      dimensions: 2,
      sampleShape: SHAPE,
      labels: points.filter((_, i) => i % 2 === 1),
      classNames: ['low', 'high'],
    },
    colours: [
      { name: 'age', values: age },
      { name: 'site', values: site, categories: ['north', 'east', 'south'] },
    ],
    liveColours: ['squared error'],
    ...(by && { colourBy: by }),
  });
}

/** The colour of each mark in the saved drawing, in the order of the points. */
const marks = async (output: Locator) => {
  const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
  const plane = svg.slice(0, svg.indexOf('</g></g>'));
  return [...plane.matchAll(/<(?:circle|polygon)[^>]*fill="([^"]+)"/g)].map(([, fill]) => fill!);
};
const lightness = (fill: string) => {
  const [r, g, b] = fill.match(/\d+/g)!.map(Number) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

describe('the colours of points', () => {
  it('are what the view says at first: a scale that says its ends, the darker the higher on light ground', async () => {
    const output = await show(notebook.page, MIME.latentScatter, ramp());
    expect(await choice(output).inputValue()).toBe('age');
    expect(await options(output)).toEqual(['class', 'age', 'site', 'squared error', '‖z‖', 'z₁', 'z₂']);
    const scale = output.getByRole('img', { name: 'age from 0 to 70' });
    expect(await scale.locator('text').allTextContents()).toContain('20');
    expect(await output.locator('.scale p').innerText()).toBe('1 point without a value, in grey');
    const fills = await marks(output);
    const shades = fills.slice(0, 8).map(lightness);
    for (let i = 1; i < 8; i++) expect(shades[i]!).toBeLessThan(shades[i - 1]!);
    const [r, g, b] = fills[8]!.match(/\d+/g)!.map(Number) as [number, number, number];
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(16);
    await output.screenshot({ path: 'test/artifacts/renderer/latent-scale-light.png' });
  });

  it('go the other way on dark ground, so that high values stand out', async () => {
    const dark = await lab.notebook({ theme: 'dark' });
    const view = ramp(5, 'z₁');
    const output = await show(dark.page, MIME.latentScatter, view);
    const picture = await pixels(plane(output));
    const box = (await plane(output).boundingBox())!;
    // The brightest pixel of each fifth of the plane.
    const area = { left: 58, width: box.width - 68 };
    const brightest = Array.from({ length: 5 }, (_, i) => {
      let best = 0;
      for (let x = area.left + (area.width * (i + 0.2)) / 5; x < area.left + (area.width * (i + 0.8)) / 5; x++)
        for (let y = 12; y < picture.height - 42; y++) {
          const [r, g, b] = picture.at(Math.floor(x), y);
          if (Math.max(r, g, b) - Math.min(r, g, b) > 40) best = Math.max(best, 0.2126 * r + 0.7152 * g + 0.0722 * b);
        }
      return best;
    });
    for (let i = 1; i < 5; i++) expect(brightest[i]!).toBeGreaterThan(brightest[i - 1]!);
    await dark.close();
  });

  it('are of a column of categories with its own legend, and of the class again as it was left', async () => {
    const output = await show(notebook.page, MIME.latentScatter, ramp(9, null));
    const legend = output.locator('.legend');
    await legend.getByRole('button', { name: 'low' }).click();
    expect(await marks(output)).toHaveLength(4);
    await choice(output).selectOption('site');
    expect(await legend.getByRole('button').allInnerTexts()).toEqual(['north', 'east', 'south']);
    const fills = await marks(output);
    expect(fills).toHaveLength(9);
    expect(new Set(fills.filter((_, i) => i % 3 === 0)).size).toBe(1);
    expect(new Set(fills).size).toBe(3);
    await legend.getByRole('button', { name: 'east' }).click();
    expect(await marks(output)).toHaveLength(6);
    await choice(output).selectOption('class');
    expect(await marks(output)).toHaveLength(4);
  });

  it('are asked of the live kernel, shown when they come, and said under the pointer', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.latentScatter, scatterView({ id: 'live-colours' }));
    expect(await options(output)).toEqual(['class', '‖z‖', 'z₁', 'z₂']);
    const view = { ...scatterView({ id: 'live' }), liveColours: ['squared error'] };
    const live = await show(page, MIME.latentScatter, view);
    await choice(live).selectOption('squared error');
    const { request, requestId } = (await messages(page)).at(-1)!;
    expect(request).toEqual({ kind: 'colours', name: 'squared error' });
    expect(await live.locator('.scale').isVisible()).toBe(false);
    const errors = Float32Array.from({ length: 1500 }, (_, i) => i);
    await send(page, {
      type: 'viewResponse',
      requestId,
      result: { kind: 'colours', column: { name: 'squared error', values: encode('float32', errors) } },
    });
    expect(await live.getByRole('img', { name: 'squared error from 0 to 1,499' }).isVisible()).toBe(true);
    expect(await live.locator('.legend button').count()).toBe(0);
    let text = '';
    for (let x = 200; x < 500 && text === ''; x += 7) {
      await plane(live).hover({ position: { x, y: 240 } });
      if (await live.locator('.hover').isVisible()) text = await live.locator('.hover').innerText();
    }
    const [, point, error] = /row ([\d,]+) · squared error ([\d,.]+)/.exec(text)!;
    expect(toNumber(error!)).toBe(toNumber(point!));
    const [head, first] = await readTable(live);
    expect(head!.at(-1)).toBe('squared error');
    expect(first!.at(-1)).toBe('0');
    await live.screenshot({ path: 'test/artifacts/renderer/latent-error.png' });
  });

  it('stay what they were where the kernel refuses, which is said', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.latentScatter, {
      ...scatterView({ id: 'refuses' }),
      liveColours: ['squared error'],
    });
    await choice(output).selectOption('squared error');
    const { requestId } = (await messages(page)).at(-1)!;
    await send(page, { type: 'viewResponse', requestId, error: 'The model was disposed.' });
    expect(await output.getByRole('alert').innerText()).toBe('Not coloured by squared error: The model was disposed.');
    expect(await choice(output).inputValue()).toBe('class');
    expect(await output.locator('.legend button').count()).toBe(CLASSES.length);
    await send(page, { type: 'kernelGone' });
    expect(await options(output)).toEqual(['class', '‖z‖', 'z₁', 'z₂']);
  });

  it('are the same in the picture that the kernel draws', async () => {
    const { images, pca } = fitted();
    const points = pca.encode(images, 2);
    const view = latentScatter({
      id: 'png',
      title: 'By norm',
      points,
      dimensions: 2,
      sampleShape: SHAPE,
      colourBy: 'norm',
      labels: images.labels,
      classNames: CLASSES,
    });
    const png = latentScatterPng(view);
    writeFileSync('test/artifacts/renderer/latent-norm.png', png);
    const { data, width, height, channels } = decodePng(png);
    // Near the middle of the plane points are light, at its edge dark: the mean lightness of coloured pixels falls outwards.
    const scale = width / 860;
    const { area } = roomFor(860, true);
    const half = (area.height / 2) * scale;
    const [cx, cy] = [(area.left + area.width / 2) * scale, (30 + area.top) * scale + half];
    const sums = [[0, 0], [0, 0]] as [[number, number], [number, number]]; // prettier-ignore
    for (let y = 0; y < height; y++)
      for (let x = area.left * scale; x < (area.left + area.width) * scale; x++) {
        const at = (y * width + Math.floor(x)) * channels;
        const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
        if (Math.max(r, g, b) - Math.min(r, g, b) < 30) continue;
        const away = Math.hypot(x - cx, y - cy) / half;
        const ring = away < 0.3 ? sums[0] : away > 0.7 && away < 1 ? sums[1] : undefined;
        if (!ring) continue;
        ring[0] += 0.2126 * r + 0.7152 * g + 0.0722 * b;
        ring[1]++;
      }
    expect(sums[0][1]).toBeGreaterThan(50);
    expect(sums[1][1]).toBeGreaterThan(50);
    expect(sums[0][0] / sums[0][1]).toBeGreaterThan(sums[1][0] / sums[1][1] + 10);
    const output = await show(notebook.page, MIME.latentScatter, view);
    expect(await output.locator('.scale').isVisible()).toBe(true);
  });
});

/** What no one means to show and everyone comes to: each is drawn right, or the figure says what it cannot show. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pngPixels } from '../unit/views/pngPixels';
import { bundle } from '../../kernel/views/index';
import { latentScatter } from '../../kernel/views/latentScatter';
import { lossCurves } from '../../kernel/views/lossCurves';
import type { LossHistory } from '../../kernel/views/lossCurves';
import { reconstructions } from '../../kernel/views/reconstructions';
import { ink, nextFrame, readTable, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { history, MIME, seeded, VECTOR_SHAPE } from './support/sampleViews';

const FOLDER = 'test/artifacts/renderer/oddities';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  lab = await Lab.open();
  notebook = await lab.notebook({ width: 760 });
});
afterEach(async () => {
  await notebook.page.evaluate(() => window.host.dispose(undefined));
  expect(notebook.errors.splice(0)).toEqual([]);
});
afterAll(() => lab.close());

type Mime = typeof MIME.latentScatter | typeof MIME.lossCurves | typeof MIME.reconstructions;

/** The figure in the page, and the kernel's picture, each left for people to look at. @returns the output and its words */
async function both(
  name: string,
  mime: Mime,
  view: object,
): Promise<{ output: Locator; says: string; colours: number }> {
  const named = { ...view, id: name } as never;
  const output = await show(notebook.page, mime, named);
  await nextFrame(notebook.page);
  await output.screenshot({ path: `${FOLDER}/${name}.png` });
  const png = Buffer.from((bundle(mime, named) as Record<string, string>)['image/png']!, 'base64');
  writeFileSync(`${FOLDER}/${name}-kernel.png`, png);
  const { data, channels } = pngPixels(png);
  const colours = new Set<number>();
  for (let i = 0; i < data.length; i += channels) colours.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
  return { output, says: await output.locator('figure').first().innerText(), colours: colours.size };
}

function scatter(points: number[], more: object = {}) {
  return latentScatter({ id: 'x', title: 'Latents', points, dimensions: 2, sampleShape: VECTOR_SHAPE, ...more });
}

const stage = (output: Locator) => output.locator('.stage').first();

describe('latents', () => {
  it('that are not finite are left out, counted, and empty in the table', async () => {
    const random = seeded(1);
    const points = Array.from({ length: 80 }, () => random() * 2);
    [points[0], points[7], points[10]] = [NaN, Infinity, -Infinity];
    const { output, says, colours } = await both('not-finite', MIME.latentScatter, scatter(points));
    expect(says).toContain('3 points with coordinates that are not finite, left out');
    expect((await ink(stage(output))).share).toBeGreaterThan(0.01);
    expect(colours).toBeGreaterThan(10);
    const rows = await readTable(output);
    expect(rows[1]!.slice(0, 3)).toEqual(['0', 'NaN', expect.stringMatching(/^\d/)]);
  });

  it.each([
    ['one', 1],
    ['all equal', 500],
  ])('%s lie in the middle, with an axis on either side', async (name, n) => {
    const points = Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? 3 : -2));
    const { output, colours } = await both(name.replace(' ', '-'), MIME.latentScatter, scatter(points));
    const texts = await output.locator('.stage svg text').allTextContents();
    expect(texts.map((text) => text.replace('−', '-')).map(Number)).toEqual(expect.arrayContaining([3, -2]));
    expect(colours).toBeGreaterThan(8);
    const box = (await stage(output).boundingBox())!;
    // The middle of the plane, without the margins of its axes.
    await notebook.page.mouse.move(box.x + 58 + (box.width - 68) / 2, box.y + 8 + (box.height - 46) / 2);
    await expect.poll(() => output.locator('.hover').innerText()).toContain('z₁ 3.00, z₂ −2.00');
  });

  it('of 2,000 classes with names of 300 characters, in Hebrew and in Arabic, keep to their place', async () => {
    const random = seeded(2);
    const n = 4000;
    const names = Array.from(
      { length: 2000 },
      (_, i) => `${['ש', 'ع', 'class '][i % 3]!.repeat(i % 3 === 2 ? 50 : 290)} ${i}`,
    );
    const view = scatter(
      Array.from({ length: 2 * n }, () => random()),
      { labels: Array.from({ length: n }, (_, i) => i % 2000), classNames: names },
    );
    const { output } = await both('many-classes', MIME.latentScatter, view);
    const frame = (await output.boundingBox())!;
    const legend = (await output.locator('.legend').boundingBox())!;
    expect(legend.x + legend.width).toBeLessThanOrEqual(frame.x + frame.width + 1);
    expect(legend.height).toBeLessThan(300);
    expect(await output.locator('.legend button').first().getAttribute('title')).toContain(names[0]);
  });
});

describe('images', () => {
  it.each([
    ['one-pixel', 1, 1],
    ['very-wide', 3, 2000],
    ['very-high', 2000, 3],
  ])('of the size %s (%d × %d) are drawn', async (name, height, width) => {
    const inputs = Float32Array.from({ length: 3 * height * width }, (_, i) => (i % 7) / 7);
    const view = reconstructions({
      ...{ id: 'x', sampleShape: { kind: 'image', height, width, channels: 1 }, inputs },
      methods: [{ name: 'VAE, 2 latents', samples: inputs.map((value) => value * 0.8) }],
    });
    const { output, says, colours } = await both(name, MIME.reconstructions, view);
    expect((await ink(stage(output))).colours).toBeGreaterThan(3);
    expect(colours).toBeGreaterThan(5);
    const box = (await stage(output).boundingBox())!;
    expect(box.height).toBeLessThan(900);
    if (name !== 'one-pixel') expect(says).toMatch(/An image has [\d,]+ × [\d,]+ pixels: it is drawn stretched/);
    const tiles = await output.locator('.stage svg text').allTextContents();
    expect(tiles.join(' ')).toContain('squared error');
  });
});

describe('a training', () => {
  const none = (state: 'done' | 'running', totalSteps: number): LossHistory => ({
    ...history(1),
    series: [],
    schedules: [],
    progress: { state, step: 0, totalSteps, epoch: 0, epochs: totalSteps === 0 ? 0 : 1, secondsElapsed: 0 },
  });

  it('of no epoch says so, without an empty grid', async () => {
    const { output, says } = await both('no-epoch', MIME.lossCurves, lossCurves(none('done', 0), { id: 'x' }));
    expect(says).toContain('no step was taken');
    expect(await output.locator('.stage').first().isVisible()).toBe(false);
  });

  it('of one step has its value and a mark of it', async () => {
    const one = history(1);
    const { output, colours } = await both('one-step', MIME.lossCurves, lossCurves(one, { id: 'x' }));
    const written = one.series[0]!.values[0]!.toPrecision(4);
    expect(await output.locator('.panel-name').first().innerText()).toContain(written);
    expect(await output.locator('.progress-text').innerText()).toBe('0 epochs · 1 step · 0 s');
    // A ring in the colour of the term, where a line has no length.
    expect((await ink(stage(output))).colours).toBeGreaterThan(3);
    expect(colours).toBeGreaterThan(10);
  });

  it('of a million steps is thinned, and its last values are those of its end', { timeout: 60_000 }, async () => {
    const n = 1_000_000;
    const steps = Array.from({ length: n }, (_, i) => i + 1);
    const values = steps.map((step) => 100 + 400 / Math.sqrt(step));
    const long: LossHistory = {
      ...history(1),
      stepsPerEpoch: 1000,
      series: [{ name: 'total', split: 'train', steps, values }],
      schedules: [],
      progress: { state: 'done', step: n, totalSteps: n, epoch: 1000, epochs: 1000, secondsElapsed: 9e4 },
    };
    const view = lossCurves(long, { id: 'x' });
    expect(JSON.stringify(view).length).toBeLessThan(300_000);
    const { says } = await both('million-steps', MIME.lossCurves, view);
    expect(says).toContain('1,000,000 steps');
    expect(says).toContain('100.4');
  });

  it('with negative losses has no log axis for them, and says why', async () => {
    const negative = history(200);
    for (const one of negative.series) if (one.name === 'total') one.values.forEach((value, i) => (one.values[i] = value - 300)); // prettier-ignore
    const view = lossCurves(negative, { id: 'x' });
    const { output } = await both('negative', MIME.lossCurves, view);
    await output.getByRole('button', { name: 'Log' }).click();
    await nextFrame(notebook.page);
    await output.screenshot({ path: `${FOLDER}/negative-log.png` });
    expect(await output.locator('figure').first().innerText()).toContain('total: linear axis, there are values ≤ 0.');
  });
});

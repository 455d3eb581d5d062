import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { encodeSamples } from '../../kernel/views/samples';
import { CATEGORIES_ON_LIGHT } from '../../renderer/palette';
import { extentOf, fitPlane, project, toPixel } from '../../kernel/figures/scatter/plane';
import { latentScatter } from '../../kernel/views/latentScatter';
import { CLASSES, PIXELS, SHAPE } from './support/fashion';
import {
  ink,
  messages,
  nextFrame,
  pixels,
  readTable,
  render,
  saved,
  send,
  show,
  toNumber,
  untilEvent,
} from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { fitted, MIME, scatterView, VECTOR_SHAPE } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const plane = (output: Locator) => output.getByRole('application');
const caption = (output: Locator) => output.locator('.decoded').innerText();
const decodes = async () =>
  (await messages(notebook.page)).filter(({ request }) => (request as { kind: string }).kind === 'decode');

/** The points of the view where the test expects them: pixels within the stage. */
async function expectedPixels(output: Locator, d = 2): Promise<[number, number][]> {
  const { images, pca } = fitted();
  const box = (await plane(output).boundingBox())!;
  const area = { left: 58, top: 8, width: box.width - 68, height: box.height - 46 };
  const coordinates = project(pca.encode(images, d), d, [0, 1]);
  const fit = fitPlane(extentOf(coordinates, true), area, true);
  return Array.from({ length: images.n }, (_, k) => toPixel(fit, coordinates[2 * k]!, coordinates[2 * k + 1]!));
}

/** Answers a decode question with an image of one grey level. */
async function answer(requestId: unknown, level: number): Promise<void> {
  const values = encodeSamples(new Float32Array(PIXELS).fill(level), SHAPE, 'decoded sample');
  await send(notebook.page, {
    type: 'viewResponse',
    requestId,
    result: { kind: 'decoded', sample: { shape: SHAPE, values } },
  });
}

/** Mean level of the decoded image, 0…1. */
const shownLevel = (output: Locator) =>
  output.locator('.decoded canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((_, i) => i % 4 === 0).reduce((sum, value) => sum + value, 0) / (data.length / 4) / 255;
  });

describe('the points of a latent scatter', () => {
  it('lie where their coordinates say, in the colours of their classes', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView());
    const picture = await pixels(plane(output));
    const { labels } = fitted().images;
    const hits = (await expectedPixels(output)).filter(([x, y], k) => {
      const [r, g, b] = picture.at(Math.round(x), Math.round(y));
      const colour = CATEGORIES_ON_LIGHT[labels[k]!]!;
      const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
      return Math.abs(r - wanted[0]!) + Math.abs(g - wanted[1]!) + Math.abs(b - wanted[2]!) < 160;
    });
    // Others lie under later points.
    expect(hits.length).toBeGreaterThan(0.8 * labels.length);
  });

  it('tell their class and place under the pointer', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView());
    const at = await expectedPixels(output);
    const alone = at.findIndex(([x, y], k) => at.every(([u, v], j) => j === k || Math.hypot(x - u, y - v) > 25));
    await plane(output).hover({ position: { x: at[alone]![0], y: at[alone]![1] } });
    const card = await output.locator('.hover').innerText();
    expect(card).toContain(CLASSES[fitted().images.labels[alone]!]);
    expect(card).toContain(`row ${alone.toLocaleString('en-US')}`);
  });

  it('go and come with a click on their class, which stays so through an update', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView());
    const { share } = await ink(plane(output));
    for (const name of CLASSES.slice(0, 9)) await output.getByRole('button', { name, exact: true }).click();
    const fewer = (await ink(plane(output))).share;
    expect(fewer).toBeLessThan(share * 0.75);
    await render(notebook.page, 'scatter', MIME.latentScatter, scatterView());
    expect((await ink(plane(output))).share).toBeCloseTo(fewer, 2);
    await output.getByRole('button', { name: 'Trouser' }).click();
    expect((await ink(plane(output))).share).toBeGreaterThan(fewer);
  });

  it('stay where the reader moved the plane to when new points come', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.latentScatter, scatterView());
    const ticks = () => plane(output).locator('svg text').allTextContents();
    const before = await ticks();
    const box = (await plane(output).boundingBox())!;
    await page.keyboard.down('Shift');
    await page.mouse.move(box.x + 300, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 220, box.y + 150, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await output.getByRole('button', { name: 'Zoom in' }).click();
    const moved = await ticks();
    expect(moved).not.toEqual(before);
    await render(page, 'scatter', MIME.latentScatter, scatterView());
    expect(await ticks()).toEqual(moved);
    await output.getByRole('button', { name: 'Fit' }).click();
    expect(await ticks()).toEqual(before);
  });

  it('zoom by the wheel with Ctrl only: the wheel alone is the notebook’s', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.latentScatter, scatterView());
    const ticks = () => plane(output).locator('svg text').allTextContents();
    const before = await ticks();
    await plane(output).hover({ position: { x: 300, y: 200 } });
    await untilEvent(page, 'wheel', () => page.mouse.wheel(0, -300));
    expect(await ticks()).toEqual(before);
    await page.keyboard.down('Control');
    await untilEvent(page, 'wheel', () => page.mouse.wheel(0, -300));
    await page.keyboard.up('Control');
    expect(await ticks()).not.toEqual(before);
  });

  it('show any two dimensions of more', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'many', d: 16 }));
    const axes = () => plane(output).locator('svg text[font-style=italic]').allTextContents();
    expect(await axes()).toEqual(['z₁', 'z₂']);
    await output.getByRole('combobox', { name: 'y' }).selectOption('z₅');
    expect(await axes()).toEqual(['z₁', 'z₅']);
    expect(await output.getByRole('button', { name: 'Manifold' }).isDisabled()).toBe(true);
    expect((await ink(plane(output))).colours).toBeGreaterThan(10);
  });

  it('that are not finite are left out', async () => {
    const points = [0, 0, 1, 1, NaN, 0.5, 0.5, Infinity];
    const view = latentScatter({ id: 'broken', points, dimensions: 2, sampleShape: SHAPE });
    const output = await show(notebook.page, MIME.latentScatter, view);
    expect((await ink(plane(output))).share).toBeGreaterThan(0.001);
    expect(await output.locator('figcaption').innerText()).toContain('2 points with coordinates that are not finite');
  });
});

describe('decoding in the live kernel', () => {
  it('asks for the place that was clicked, and shows the answer with its coordinates', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'live' }));
    const before = (await decodes()).length;
    await plane(output).click({ position: { x: 60, y: 20 } });
    const asked = (await decodes()).slice(before);
    expect(asked).toEqual([
      {
        type: 'viewRequest',
        requestId: expect.any(String) as string,
        viewId: 'live',
        request: { kind: 'decode', z: [expect.any(Number), expect.any(Number)] },
      },
    ]);
    await answer(asked[0]!.requestId, 0.6);
    expect(await shownLevel(output)).toBeCloseTo(0.6, 2);
    const { z } = asked[0]!.request as { z: number[] };
    const written = (value: number) => value.toFixed(2).replace('-', '−');
    expect(await caption(output)).toContain(`z = (${z.map(written).join(', ')})`);
    expect(await caption(output)).toContain(`‖z‖ = ${Math.hypot(...z).toFixed(2)}`);
    expect(await caption(output)).not.toContain('saved grid');
  });

  it('asks for the point that was hit, not for its place in the plane', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'deep', d: 16 }));
    const at = await expectedPixels(output, 16);
    const alone = at.findIndex(([x, y], k) => at.every(([u, v], j) => j === k || Math.hypot(x - u, y - v) > 25));
    await plane(output).click({ position: { x: at[alone]![0], y: at[alone]![1] } });
    const { request } = (await messages(notebook.page)).at(-1)!;
    expect(request).toEqual({ kind: 'point', point: alone });
  });

  it('keeps one question under way while dragging, and then asks the newest only', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.latentScatter, scatterView({ id: 'drag' }));
    const before = (await decodes()).length;
    const box = (await plane(output).boundingBox())!;
    await page.mouse.move(box.x + 60, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 400, box.y + 300, { steps: 12 });
    await page.mouse.up();
    const [first, ...others] = (await decodes()).slice(before);
    expect(others).toEqual([]);
    await answer(first!.requestId, 0.2);
    const [, second, ...rest] = (await decodes()).slice(before);
    expect(rest).toEqual([]);
    const [x, y] = (second!.request as { z: number[] }).z;
    const [x0, y0] = (first!.request as { z: number[] }).z;
    expect([x! > x0!, y! < y0!]).toEqual([true, true]);
    await answer(second!.requestId, 0.9);
    expect(await shownLevel(output)).toBeCloseTo(0.9, 2);
    expect((await decodes()).slice(before)).toHaveLength(2);
  });

  it('shows the nearest saved cell with the reason when the kernel has none', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'refused' }));
    await plane(output).click({ position: { x: 60, y: 20 } });
    const { requestId } = (await decodes()).at(-1)!;
    await send(notebook.page, { type: 'viewResponse', requestId, error: 'The model is not fitted yet.' });
    expect(await caption(output)).toContain('z = (−6.00, 8.00)');
    expect(await caption(output)).toContain('saved grid: The model is not fitted yet.');
  });

  it('shows the nearest saved cell from the end of the kernel on', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'ended' }));
    await plane(output).click({ position: { x: 60, y: 20 } });
    await send(notebook.page, { type: 'kernelGone' });
    expect(await caption(output)).toContain('saved grid, no live kernel');
    const before = (await decodes()).length;
    await plane(output).click({ position: { x: 500, y: 300 } });
    expect(await decodes()).toHaveLength(before);
    expect(await caption(output)).toContain('saved grid, no live kernel');
  });

  it('says why nothing is decoded when there is neither a kernel nor a grid', async () => {
    const silent = await lab.notebook({ messaging: false });
    const output = await show(silent.page, MIME.latentScatter, scatterView({ id: 'bare', grid: false }));
    expect(await caption(output)).toContain('Nothing decoded: no live kernel.');
    await plane(output).click({ position: { x: 200, y: 100 } });
    expect(await caption(output)).toMatch(/z = \([\s\S]*Nothing decoded: no live kernel/);
    await silent.close();
  });

  it('follows the arrow keys with a crosshair, without the notebook hearing them', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.latentScatter, scatterView({ id: 'keys' }));
    const before = (await decodes()).length;
    await plane(output).focus();
    await page.keyboard.press('ArrowRight');
    const first = (await decodes()).slice(before);
    await answer(first[0]!.requestId, 0.5);
    await page.keyboard.press('Shift+ArrowUp');
    const [, second] = (await decodes()).slice(before);
    const [a, b] = [first[0]!, second!].map(({ request }) => (request as { z: number[] }).z);
    expect(b![0]).toBeCloseTo(a![0]!, 6);
    expect(b![1]).toBeGreaterThan(a![1]!);
    expect(await output.getByRole('status').innerText()).toMatch(/^z₁ .*, z₂ .*, norm /);
    expect(await page.evaluate(() => window.host.keys.filter((key) => key.startsWith('Arrow')))).toEqual([]);
    await answer(second!.requestId, 0.5);
    await page.keyboard.press('n');
    const { images } = fitted();
    expect((await messages(page)).at(-1)!.request).toEqual({ kind: 'point', point: 0 });
    expect(await output.getByRole('status').innerText()).toContain(`row 0 · ${CLASSES[images.labels[0]!]}`);
  });
});

describe('the manifold', () => {
  it('is drawn from the saved grid at its place, in place of the points', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'manifold' }));
    const points = await ink(plane(output));
    await output.getByRole('button', { name: 'Manifold' }).click();
    expect((await ink(plane(output))).share).toBeGreaterThan(Math.max(0.3, points.share));
    await output.getByRole('button', { name: 'Manifold' }).click();
    expect((await ink(plane(output))).share).toBeCloseTo(points.share, 2);
  });

  it('is not offered without a grid', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'none', grid: false }));
    expect(await output.getByRole('button', { name: 'Manifold' }).isDisabled()).toBe(true);
  });

  it('of vector samples is a line in each cell', async () => {
    const features = 8;
    const grid = { xs: [-1, 0, 1], ys: [-1, 1], samples: Float32Array.from({ length: 6 * features }, (_, i) => i % 5) };
    const points = [-1, -1, 1, 1, 0, 0.5];
    const view = latentScatter({ id: 'lines', points, dimensions: 2, sampleShape: VECTOR_SHAPE, decodes: true, grid });
    const output = await show(notebook.page, MIME.latentScatter, view);
    await output.getByRole('button', { name: 'Manifold' }).click();
    expect(await plane(output).locator('svg g path').count()).toBe(6);
    expect(await output.locator('.decoded svg path').count()).toBe(1);
  });
});

describe('the numbers of a latent scatter', () => {
  it('are in the table and in the CSV file', async () => {
    const view = latentScatter({
      ...{ id: 'small', points: [0.5, -1, 3, 4, -2.25, 0.125], dimensions: 2, labels: [1, 0, 9] },
      ...{ classNames: CLASSES, sampleShape: SHAPE },
    });
    const output = await show(notebook.page, MIME.latentScatter, view);
    const [head, ...rows] = await readTable(output);
    expect(head).toEqual(['row', 'class', 'z₁', 'z₂', 'norm']);
    expect(rows.map((row) => row[1])).toEqual(['Trouser', 'T-shirt/top', 'Ankle boot']);
    expect(rows.map((row) => row.slice(2, 4).map(toNumber))).toEqual([
      [0.5, -1],
      [3, 4],
      [-2.25, 0.125],
    ]);
    expect(toNumber(rows[1]![4]!)).toBe(5);
    const csv = (await saved(notebook.page, output, 'CSV')).bytes.toString().split('\r\n');
    expect(csv[1]).toBe(`0,Trouser,0.5,-1,${Math.hypot(0.5, 1)}`);
  });

  it('name a sampled point as the data set does', async () => {
    const points = Array.from({ length: 200 }, (_, i) => i / 10);
    const view = latentScatter({ id: 'sample', points, dimensions: 2, sampleShape: SHAPE, limit: 10 });
    const output = await show(notebook.page, MIME.latentScatter, view);
    const [, ...rows] = await readTable(output);
    expect(rows).toHaveLength(10);
    // Point i has the coordinates (2 i / 10, (2 i + 1) / 10).
    for (const [point, x, y] of rows) {
      expect(toNumber(x!)).toBeCloseTo((2 * Number(point)) / 10, 4);
      expect(toNumber(y!)).toBeCloseTo((2 * Number(point) + 1) / 10, 4);
    }
    expect(rows.map(([point]) => Number(point))).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await plane(output).focus();
    await notebook.page.keyboard.press('n');
    await expect.poll(() => output.locator('[aria-live]').textContent()).toContain(`row ${rows[0]![0]}.`);
  });

  it('are saved, in vectors but for the points, where there are very many', async () => {
    const points = Array.from({ length: 200_000 }, (_, i) => Math.sin(i * i));
    const labels = Array.from({ length: 100_000 }, (_, i) => i % 3);
    const view = latentScatter({ id: 'many', points, dimensions: 2, labels, sampleShape: SHAPE, limit: 1e6 });
    const output = await show(notebook.page, MIME.latentScatter, view);
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    expect(svg.match(/<image /g)).toHaveLength(1);
    // The legend's.
    expect(svg.match(/<circle /g)).toHaveLength(3);
    const png = await saved(notebook.page, output, 'PNG');
    expect(png.bytes.length).toBeGreaterThan(50_000);
  });

  it('show a few that lie far off when they are asked for', async () => {
    const points = Array.from({ length: 400 }, (_, i) => (i === 0 ? 1e6 : Math.sin(i * i)));
    const view = latentScatter({ id: 'far', points, dimensions: 2, sampleShape: SHAPE });
    const output = await show(notebook.page, MIME.latentScatter, view);
    expect(await output.locator('figcaption').textContent()).toContain('1 point lies too far away');
    const near = (await ink(plane(output))).share;
    await output.screenshot({ path: 'test/artifacts/scatter-core.png' });
    await output.getByRole('button', { name: 'All (+1)' }).click();
    await nextFrame(notebook.page);
    // All but one are a dot at the left edge then.
    expect((await ink(plane(output))).share).toBeLessThan(0.9 * near);
    await output.screenshot({ path: 'test/artifacts/scatter-all.png' });
    await output.getByRole('button', { name: 'Fit', exact: true }).click();
    await nextFrame(notebook.page);
    expect((await ink(plane(output))).share).toBeCloseTo(near, 3);
  });

  it('are zoomed no further than numbers have digits', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'zoomed' }));
    await plane(output).focus();
    for (let i = 0; i < 80; i++) await notebook.page.keyboard.press('+');
    const texts = await output.locator('svg text').allTextContents();
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(12);
    await notebook.page.keyboard.press('0');
  });

  it('are saved as a drawing with a mark for each point', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'saved' }));
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    // And those of the legend.
    expect(svg.match(/<circle /g)).toHaveLength(1500 + CLASSES.length);
    expect(svg).toContain('Ankle boot');
    const png = await saved(notebook.page, output, 'PNG');
    expect(png.bytes.length).toBeGreaterThan(20_000);
  });

  it('fit into every width', async () => {
    for (const width of [480, 600, 1100]) {
      await notebook.page.setViewportSize({ width, height: 900 });
      const output = await show(notebook.page, MIME.latentScatter, scatterView());
      await nextFrame(notebook.page);
      const fits = () => document.documentElement.scrollWidth <= window.innerWidth;
      expect(await notebook.page.evaluate(fits)).toBe(true);
      expect((await ink(plane(output))).colours).toBeGreaterThan(10);
    }
    await notebook.page.setViewportSize({ width: 900, height: 900 });
  });
});

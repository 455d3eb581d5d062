/** What stands behind a point of a latent scatter: original, reconstruction and difference, under the pointer and clicked. */
import { mkdirSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeSamples } from '../../kernel/views/samples';
import type { SampleShape } from '../../kernel/views/types';
import { latentScatter } from '../../kernel/views/latentScatter';
import { extentOf, fitPlane, project, toPixel } from '../../kernel/figures/scatter/plane';
import { CLASSES, PIXELS, SHAPE } from './support/fashion';
import { messages, nextFrame, send, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { fitted, MIME, scatterView, VECTOR_SHAPE } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  mkdirSync('test/artifacts/renderer', { recursive: true });
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(async () => {
  await notebook.page.mouse.move(0, 0);
  await notebook.page.evaluate(() => window.host.dispose(undefined));
});
afterAll(() => lab.close());

const plane = (output: Locator) => output.getByRole('application');
const asked = async () =>
  (await messages(notebook.page)).filter(({ request }) => (request as { kind: string }).kind === 'point') as {
    requestId: string;
    request: { point: number };
  }[];

/** The kernel's word on a point: its own image, and what the components make of it. */
async function answer(
  requestId: string,
  point: number,
  options: { shape?: SampleShape; input?: Float32Array; output?: Float32Array } = {},
) {
  const { images, pca } = fitted();
  const one = {
    n: 1,
    pixels: images.pixels.slice(point * PIXELS, (point + 1) * PIXELS),
    labels: images.labels.slice(point, point + 1),
  };
  const { shape = SHAPE, input = one.pixels, output = pca.decode(pca.encode(one, 2), 2) } = options;
  const error = input.reduce((sum, value, i) => sum + (value - output[i]!) ** 2, 0);
  const sample = (values: Float32Array) => ({ shape, values: encodeSamples(values, shape, 'sample') });
  const result = { kind: 'point', input: sample(input), reconstruction: sample(output), error };
  await send(notebook.page, { type: 'viewResponse', requestId, result });
  return error;
}

/** Pixels of a picture as grey levels of its red channel. */
const levels = (picture: Locator) =>
  picture.evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return [...data.filter((_, i) => i % 4 === 0)];
  });

async function placeOf(output: Locator, wanted: (alone: number) => boolean = () => true) {
  const { images, pca } = fitted();
  const box = (await plane(output).boundingBox())!;
  const area = { left: 58, top: 8, width: box.width - 68, height: box.height - 46 };
  const coordinates = project(pca.encode(images, 2), 2, [0, 1]);
  const fit = fitPlane(extentOf(coordinates, true), area, true);
  const at = Array.from({ length: images.n }, (_, k) => toPixel(fit, coordinates[2 * k]!, coordinates[2 * k + 1]!));
  const point = at.findIndex(
    ([x, y], k) => wanted(k) && at.every(([u, v], j) => j === k || Math.hypot(x - u, y - v) > 25),
  );
  return { point, position: { x: at[point]![0], y: at[point]![1] } };
}

describe('a point under the pointer', () => {
  it('shows its original beside the reconstruction, with the difference, its class, its error and its norm', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'hovered' }));
    const { point, position } = await placeOf(output);
    await plane(output).hover({ position });
    const card = output.locator('.hover');
    expect(await card.locator('canvas').count()).toBe(0);
    const question = (await asked()).at(-1)!;
    expect(question.request.point).toBe(point);
    const error = await answer(question.requestId, point);
    expect(await card.locator('figcaption').allInnerTexts()).toEqual([
      'input',
      'reconstruction',
      expect.stringMatching(/^± (0\.\d+|1)$/),
    ]);
    const { images } = fitted();
    const input = [...images.pixels.slice(point * PIXELS, (point + 1) * PIXELS)].map((value) =>
      Math.round(value * 255),
    );
    expect(await levels(card.getByRole('img', { name: 'Input' }))).toEqual(input);
    const text = await card.innerText();
    expect(text).toContain(CLASSES[images.labels[point]!]);
    expect(text).toMatch(/‖z‖ \d/);
    expect(text).toContain(`squared error ${error.toPrecision(4)}`);
    await output.screenshot({ path: 'test/artifacts/renderer/latent-hover.png' });
    // It comes back without another question.
    const before = (await asked()).length;
    await notebook.page.mouse.move(0, 0);
    await plane(output).hover({ position });
    expect(await card.locator('canvas').count()).toBe(3);
    expect(await asked()).toHaveLength(before);
  });

  it('is asked for alone: of those that were passed by, only the newest', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'passed' }));
    const before = (await asked()).length;
    for (let x = 200; x < 480; x += 4) await plane(output).hover({ position: { x, y: 240 } });
    const [first, ...others] = (await asked()).slice(before);
    expect(others).toEqual([]);
    await answer(first!.requestId, first!.request.point);
    const [, second, ...more] = (await asked()).slice(before);
    expect(more).toEqual([]);
    const card = await output.locator('.hover').innerText();
    expect(card).toContain(`row ${second!.request.point.toLocaleString('en-US')}`);
  });
});

describe('a point that is clicked', () => {
  it('shows original, reconstruction and difference beside the plane, and says its error to who cannot see', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'clicked' }));
    await plane(output).focus();
    await notebook.page.keyboard.press('n');
    const question = (await asked()).at(-1)!;
    const error = await answer(question.requestId, 0);
    const panel = output.locator('.decoded');
    const names = await panel.getByRole('img').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    expect(names).toEqual([
      'Input',
      'Reconstruction',
      expect.stringMatching(/^Difference, from −(0\.\d+) \(blue\) to \1 \(orange\)$/),
    ]);
    expect(await panel.innerText()).toContain(`squared error ${error.toPrecision(4)}`);
    expect(await output.getByRole('status').innerText()).toContain(`squared error ${error.toPrecision(4)}.`);
    await output.screenshot({ path: 'test/artifacts/renderer/latent-point.png' });
  });

  it('of features is a profile of both, and bars of the difference', async () => {
    const view = latentScatter({
      id: 'features',
      points: [0, 0, 1, 1, 2, -1],
      dimensions: 2,
      sampleShape: VECTOR_SHAPE,
      decodes: true,
    });
    const output = await show(notebook.page, MIME.latentScatter, view);
    await plane(output).focus();
    await notebook.page.keyboard.press('n');
    const input = Float32Array.of(1, 2, 3, 4, 3, 2, 1, 0);
    const output8 = Float32Array.of(1, 2.5, 3, 3, 3, 2, 1, 0);
    await answer((await asked()).at(-1)!.requestId, 0, { shape: VECTOR_SHAPE, input, output: output8 });
    const panel = output.locator('.decoded');
    expect(await panel.locator('figcaption').allInnerTexts()).toEqual([
      'input (grey), reconstruction',
      'difference ± 1',
    ]);
    const bars = await panel
      .getByRole('img', { name: 'Difference' })
      .locator('rect')
      .evaluateAll((all) => all.slice(1).map((bar) => Number(bar.getAttribute('height'))));
    expect(bars[1]! / bars[3]!).toBeCloseTo(0.5, 6);
    expect(bars.filter((height) => height > 0)).toHaveLength(2);
    await output.screenshot({ path: 'test/artifacts/renderer/latent-point-features.png' });
  });

  it('says without a kernel what the saved view cannot show', async () => {
    const silent = await lab.notebook({ messaging: false });
    const output = await show(silent.page, MIME.latentScatter, scatterView({ id: 'saved' }));
    await plane(output).focus();
    await silent.page.keyboard.press('n');
    expect(await output.locator('.source').innerText()).toBe(
      'saved grid, no live kernel; only the kernel has the original',
    );
    await nextFrame(silent.page);
    await silent.close();
  });

  it('says as soon as it is known that the kernel that made the view has gone', async () => {
    const view = scatterView({ id: 'reopened', grid: false });
    const output = await show(notebook.page, MIME.latentScatter, view);
    expect(await output.locator('.source').innerText()).toContain('Click the plane');
    const all = (await messages(notebook.page)) as { viewId: string; requestId: string; request: { kind: string } }[];
    const { requestId } = all.findLast(({ viewId, request }) => viewId === 'reopened' && request.kind === 'watch')!;
    await send(notebook.page, { type: 'viewResponse', requestId, error: 'No kernel is running.' });
    expect(await output.locator('.source').innerText()).toBe(
      'Nothing decoded: no live kernel. Run the cell again to decode here.',
    );
  });
});

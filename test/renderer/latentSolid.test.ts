/** Three latent dimensions at once, turned by the reader. */
import { mkdirSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { coreOf } from '../../kernel/views/extent';
import { ink, messages, nextFrame, saved, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { fitted, MIME, scatterView } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  mkdirSync('test/artifacts/renderer', { recursive: true });
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const D = 6;
const plane = (output: Locator) => output.getByRole('application');
const card = (output: Locator) => output.locator('.hover').innerText();

async function solid(id: string): Promise<Locator> {
  const output = await show(notebook.page, MIME.latentScatter, scatterView({ id, d: D }));
  await output.getByRole('button', { name: '3D' }).click();
  await output.getByRole('button', { name: 'Turn' }).waitFor();
  await nextFrame(notebook.page);
  return output;
}

/** Where points are seen: turned by the angles that the figure begins with, and by what a hand has moved since. */
async function expectedPixels(output: Locator, moved: [number, number] = [0, 0]): Promise<[number, number][]> {
  const { images, pca } = fitted();
  const points = pca.encode(images, D);
  const box = (await plane(output).boundingBox())!;
  const area = { left: 58, top: 8, width: box.width - 68, height: box.height - 46 };
  const column = (j: number) => Array.from({ length: images.n }, (_, k) => points[k * D + j]!);
  const cores = [0, 1, 2].map((j) => coreOf(column(j)));
  const centre = cores.map(([low, high]) => (low + high) / 2);
  const reach = Math.hypot(...cores.map(([low, high]) => (high - low) / 2));
  const unit = Math.min(area.width, area.height) / (2 * reach * 1.12);
  const [yaw, pitch] = [-0.6 + 0.008 * moved[0], 0.45 + 0.008 * moved[1]];
  return Array.from({ length: images.n }, (_, k) => {
    const [x, y, z] = [0, 1, 2].map((j) => points[k * D + j]! - centre[j]!);
    const across = x! * Math.cos(yaw) + z! * Math.sin(yaw);
    const depth = -x! * Math.sin(yaw) + z! * Math.cos(yaw);
    const up = y! * Math.cos(pitch) - depth * Math.sin(pitch);
    return [area.left + area.width / 2 + across * unit, area.top + area.height / 2 - up * unit];
  });
}

/** A point that lies alone, so that the pointer means it. */
function alone(pixels: [number, number][]): number {
  const distance = (a: [number, number], b: [number, number]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  return pixels.findIndex((one, i) => i > 20 && pixels.every((other, j) => i === j || distance(one, other) > 8));
}

async function drag(output: Locator, from: [number, number], to: [number, number]): Promise<void> {
  const box = (await plane(output).boundingBox())!;
  const { mouse } = notebook.page;
  await mouse.move(box.x + from[0], box.y + from[1]);
  await mouse.down();
  await mouse.move(box.x + (from[0] + to[0]) / 2, box.y + (from[1] + to[1]) / 2);
  await mouse.move(box.x + to[0], box.y + to[1]);
  await mouse.up();
  await nextFrame(notebook.page);
}

describe('three dimensions at once', () => {
  it('show each point where two rotations put it, and name it by its three values', async () => {
    const output = await solid('seen');
    await output.screenshot({ path: 'test/artifacts/renderer/latent-solid.png' });
    expect((await ink(output.locator('.stage'))).share).toBeGreaterThan(0.03);
    const pixels = await expectedPixels(output);
    const point = alone(pixels);
    await plane(output).hover({ position: { x: pixels[point]![0], y: pixels[point]![1] } });
    expect(await card(output)).toMatch(new RegExp(`z₁ .*, z₂ .*, z₃ .* · row ${point}\\b`));
  });

  it('are seen at first where the view says so, as if the reader had asked for them, until two are chosen', async () => {
    const { page } = notebook;
    const view = { ...scatterView({ id: 'first', d: D }), turn: { third: 2, yaw: -0.6, pitch: 0.45 } };
    const output = await show(page, MIME.latentScatter, view);
    await output.getByRole('button', { name: 'Turn' }).waitFor();
    const pixels = await expectedPixels(output);
    const point = alone(pixels);
    await plane(output).hover({ position: { x: pixels[point]![0], y: pixels[point]![1] } });
    expect(await card(output)).toMatch(new RegExp(`row ${point}\\b`));
    await output.getByRole('button', { name: '3D' }).click();
    await output.getByRole('button', { name: 'Turn' }).waitFor({ state: 'hidden' });
    await page.evaluate(() => window.host.dispose(undefined));
    const again = await show(page, MIME.latentScatter, view);
    await nextFrame(page);
    expect(await again.getByRole('button', { name: '3D' }).getAttribute('aria-pressed')).toBe('false');
  });

  it('are turned by dragging, and by keys as far', async () => {
    const output = await solid('dragged');
    await drag(output, [200, 120], [300, 160]);
    const pixels = await expectedPixels(output, [100, 40]);
    const point = alone(pixels);
    await plane(output).hover({ position: { x: pixels[point]![0], y: pixels[point]![1] } });
    expect(await card(output)).toContain(`row ${point}`);
    await plane(output).focus();
    for (const key of ['q', 'q', 'q', 'q', 'q', 'Shift+Q', 'Shift+Q']) await notebook.page.keyboard.press(key);
    await nextFrame(notebook.page);
    const back = await expectedPixels(output);
    const other = alone(back);
    await plane(output).hover({ position: { x: back[other]![0], y: back[other]![1] } });
    expect(await card(output)).toContain(`row ${other}`);
  });

  it('are decoded where they are clicked, at the depth of the middle', async () => {
    const output = await solid('clicked');
    const box = (await plane(output).boundingBox())!;
    await plane(output).click({ position: { x: 62, y: box.height - 44 } });
    const asked = (await messages(notebook.page)).findLast(
      ({ request }) => (request as { kind: string }).kind === 'decode',
    );
    const { z } = asked!.request as { z: number[] };
    expect(z).toHaveLength(D);
    expect(z.slice(3)).toEqual([0, 0, 0]);
    expect(z.slice(0, 3).every((one) => Number.isFinite(one) && one !== 0)).toBe(true);
  });

  it('are selected by a lasso as they are seen', async () => {
    const output = await solid('lasso');
    await output.getByRole('button', { name: 'Rectangle' }).click();
    await drag(output, [150, 80], [320, 260]);
    const pixels = await expectedPixels(output);
    const inside = pixels.filter(([x, y]) => x >= 150 && x <= 320 && y >= 80 && y <= 260).length;
    expect(inside).toBeGreaterThan(30);
    const heading = await output.locator('.selection h3').innerText();
    expect(Number(/^[\d,]+/.exec(heading)![0].replace(',', ''))).toBe(inside);
    const told = (await messages(notebook.page)).findLast(
      ({ request }) => (request as { kind: string }).kind === 'select',
    );
    const { selection } = told!.request as { selection: { regions: { turned: { axes: number[] } }[] } };
    expect(selection.regions[0]!.turned.axes).toEqual([0, 1, 2]);
  });

  it('are saved as they stand, with their box and the names of their axes, and can be left again', async () => {
    const output = await solid('saved');
    const text = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    for (const name of ['z₁', 'z₂', 'z₃']) expect(text).toContain(`>${name}</text>`);
    const pixels = await expectedPixels(output);
    const centres = [...text.matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
    // Circles are those of the classes that have them; each of them is where a point is expected.
    expect(centres.length).toBeGreaterThan(500);
    for (const [x, y] of centres.slice(0, 40))
      expect(Math.min(...pixels.map(([a, b]) => Math.hypot(a - x!, b - y!)))).toBeLessThan(0.2);
    await output.getByRole('button', { name: '3D' }).click();
    await output.getByRole('button', { name: 'Turn' }).waitFor({ state: 'hidden' });
    expect((await saved(notebook.page, output, 'SVG')).bytes.toString()).not.toContain('>z₃</text>');
  });
});

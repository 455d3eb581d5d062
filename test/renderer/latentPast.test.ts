/** The past of a latent scatter, a model that continues beside it, and rows that are selected in other views. */
import { mkdirSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../../kernel/views/encoding';
import { latentScatter } from '../../kernel/views/latentScatter';
import type { LatentScatterView } from '../../kernel/views/types';
import { SHAPE } from './support/fashion';
import { messages, nextFrame, readTable, saved, send, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { MIME, scatterView } from './support/sampleViews';

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
const slider = (output: Locator) => output.getByRole('slider', { name: 'Epoch' });

/** Ten points on a circle; three of them are followed from its middle outwards, the frames mirrored as they were. */
function withPast(): LatentScatterView {
  const at = (i: number, radius: number) => [
    radius * Math.cos((2 * Math.PI * i) / 10),
    radius * Math.sin((2 * Math.PI * i) / 10),
  ];
  const points = Array.from({ length: 10 }, (_, i) => at(i, 4)).flat();
  const rows = [1, 4, 8];
  const radii = [1, 2, 3];
  const aligned = radii.flatMap((radius) => rows.flatMap((row) => at(row, radius)));
  const raw = aligned.map((one, i) => (i % 2 === 0 ? -one : one));
  return {
    ...latentScatter({
      id: 'past',
      points,
      dimensions: 2,
      sampleShape: SHAPE,
      decodes: true,
      trained: { steps: 40, epochs: 8 },
    }),
    frames: {
      rows: encode('int32', rows),
      epochs: [0, 2, 4],
      steps: [0, 10, 20],
      stride: 2,
      latents: encode('float32', raw, [3, 3, 2]),
      aligned: encode('float32', aligned, [3, 3, 2]),
    },
  };
}

/** Centres of the marks, in the plane's units: the ticks tell. */
async function marks(output: Locator): Promise<[number, number][]> {
  const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
  const inPlane = svg.slice(0, svg.indexOf('</g></g>'));
  return [...inPlane.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
}
const ticks = (output: Locator) =>
  plane(output).locator('svg text[text-anchor=middle]:not([font-style])').allTextContents();

describe('the slider over the epochs', () => {
  it('shows where the points were, on the axes of now', async () => {
    const output = await show(notebook.page, MIME.latentScatter, withPast());
    const now = await marks(output);
    expect(now).toHaveLength(10);
    const axes = await ticks(output);
    expect(await output.locator('.epochs output').innerText()).toBe('epoch 8 (this view)');
    await slider(output).fill('1');
    expect(await output.locator('.epochs output').innerText()).toBe('epoch 2 · 3 of 10 points');
    expect(await slider(output).getAttribute('aria-valuetext')).toBe('epoch 2 · 3 of 10 points');
    expect(await ticks(output)).toEqual(axes);
    const past = await marks(output);
    expect(past).toHaveLength(3);
    // Half as far from the middle as they are now, the same way.
    const middle = [0, 1].map((axis) => now.reduce((sum, place) => sum + place[axis]! / 10, 0));
    [1, 4, 8].forEach((row, i) => {
      for (const axis of [0, 1])
        expect(past[i]![axis]! - middle[axis]!).toBeCloseTo((now[row]![axis]! - middle[axis]!) / 2, 0);
    });
    expect(await output.locator('figcaption').innerText()).toContain('The past keeps 3 points, after every 2 epochs');
    await output.screenshot({ path: 'test/artifacts/renderer/latent-past.png' });
    await output.getByRole('combobox', { name: 'frames' }).selectOption('as they were');
    const raw = await marks(output);
    expect(raw[0]![0] - middle[0]!).toBeCloseTo(-(past[0]![0] - middle[0]!), 0);
    await slider(output).fill('3');
    expect(await marks(output)).toEqual(now);
  });

  it('decodes nothing of the past, and says why', async () => {
    const output = await show(notebook.page, MIME.latentScatter, withPast());
    await slider(output).fill('0');
    await plane(output).focus();
    await notebook.page.keyboard.press('n');
    expect(await output.locator('.decoded').innerText()).toContain('The decoder has changed since');
    const kinds = (await messages(notebook.page)).map(({ request }) => (request as { kind: string }).kind);
    expect(kinds).not.toContain('point');
    // cos 36°, sin 36°
    expect(await output.locator('.decoded').innerText()).toContain('z = (0.81, 0.59)');
  });

  it('plays to the end, and steps where little motion is wanted', async () => {
    const output = await show(notebook.page, MIME.latentScatter, withPast());
    await output.getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => slider(output).inputValue()).toBe('3');
    await expect.poll(() => output.getByRole('button', { name: 'Play' }).count()).toBe(1);
    await notebook.page.emulateMedia({ reducedMotion: 'reduce' });
    await output.getByRole('button', { name: 'Play' }).click();
    expect(await slider(output).inputValue()).toBe('0');
    await output.getByRole('button', { name: 'Play' }).click();
    expect(await slider(output).inputValue()).toBe('1');
    await notebook.page.emulateMedia({ reducedMotion: null });
  });
});

describe('a model that goes on', () => {
  it('makes its view older, which is said, until the view is new', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.latentScatter, scatterView({ id: 'older' }));
    expect(
      (await messages(page)).some(
        ({ viewId, request }) => viewId === 'older' && (request as { kind: string }).kind === 'watch',
      ),
    ).toBe(true);
    const note = output.getByRole('note');
    expect(await note.count()).toBe(0);
    const told = (newer: number) =>
      send(page, { type: 'viewChange', viewId: 'older', mime: MIME.latentScatter, change: { newer } });
    await told(412);
    expect(await note.innerText()).toContain('Older than the model: it has been trained 412 steps since.');
    await output.screenshot({ path: 'test/artifacts/renderer/latent-older.png' });
    await page.evaluate(([mime, view]) => window.host.render('older', mime, view), [
      MIME.latentScatter,
      scatterView({ id: 'newer' }),
    ] as const);
    expect(await note.count()).toBe(0);
  });
});

describe('rows that are selected', () => {
  it('light up in the other views of the same data, and in no other', async () => {
    const { page } = notebook;
    const data = { data: '1500x784-abc' };
    const first = await show(page, MIME.latentScatter, { ...scatterView({ id: 'first' }), ...data });
    const second = await show(page, MIME.latentScatter, { ...scatterView({ id: 'second', d: 16 }), ...data });
    const other = await show(page, MIME.latentScatter, { ...scatterView({ id: 'other' }), data: 'another' });
    await first.getByRole('button', { name: 'Rectangle', exact: true }).click();
    await plane(first).scrollIntoViewIfNeeded();
    const box = (await plane(first).boundingBox())!;
    await page.mouse.move(box.x + 150, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 250);
    await page.mouse.up();
    await nextFrame(page);
    const heading = (output: Locator) => output.getByRole('region', { name: 'Selection' }).getByRole('heading');
    const count = await heading(first).innerText();
    expect(count).toMatch(/^\d+ points/);
    expect(await heading(second).innerText()).toBe(count);
    expect(await heading(other).count()).toBe(0);
    const taken = async (output: Locator) =>
      (await readTable(output))
        .slice(1)
        .filter((row) => row.at(-1) === 'yes')
        .map(([point]) => point);
    expect(await taken(second)).toEqual(await taken(first));
    await second.getByRole('button', { name: 'Clear' }).click();
    expect(await heading(first).count()).toBe(0);
  });
});

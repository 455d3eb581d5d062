/** Selecting points of a latent scatter, by hand and by keyboard, and what becomes of them. */
import { mkdirSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scatterView as crowd } from '../../kernel/bench/views/data';
import { unpackMask } from '../../kernel/views/scatter/selecting';
import type { LatentScatterView } from '../../kernel/views/types';
import { extentOf, fitPlane, project, toPixel } from '../../kernel/figures/scatter/plane';
import { CLASSES } from './support/fashion';
import { ink, messages, nextFrame, saved, send, show } from './support/figures';
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

type Place = [number, number];

const plane = (output: Locator) => output.getByRole('application');
const panel = (output: Locator) => output.getByRole('region', { name: 'Selection' });
const heading = (output: Locator) => panel(output).getByRole('heading').innerText();
const said = (output: Locator) => output.getByRole('status').innerText();
const asked = async (kind: string) => {
  const all = (await messages(notebook.page)) as { requestId: string; request?: Record<string, unknown> }[];
  return all.filter(({ request }) => request?.['kind'] === kind);
};
const answer = (requestId: string, result: unknown) => send(notebook.page, { type: 'viewResponse', requestId, result });

/** Where the test expects the points. */
async function places(output: Locator): Promise<Place[]> {
  const { images, pca } = fitted();
  const box = (await plane(output).boundingBox())!;
  const area = { left: 58, top: 8, width: box.width - 68, height: box.height - 46 };
  const coordinates = project(pca.encode(images, 2), 2, [0, 1]);
  const fit = fitPlane(extentOf(coordinates, true), area, true);
  return Array.from({ length: images.n }, (_, k) => toPixel(fit, coordinates[2 * k]!, coordinates[2 * k + 1]!));
}

/** Whether the angles of the corners go around a place. */
function isAround(corners: Place[], [x, y]: Place): boolean {
  let turn = 0;
  corners.forEach(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length]!;
    turn += Math.atan2((ax - x) * (by - y) - (ay - y) * (bx - x), (ax - x) * (bx - x) + (ay - y) * (by - y));
  });
  return Math.abs(turn) > Math.PI;
}

async function drag(output: Locator, corners: Place[], modifier?: 'Shift' | 'Alt'): Promise<void> {
  const { mouse, keyboard } = notebook.page;
  await plane(output).scrollIntoViewIfNeeded();
  const box = (await plane(output).boundingBox())!;
  if (modifier) await keyboard.down(modifier);
  await mouse.move(box.x + corners[0]![0], box.y + corners[0]![1]);
  await mouse.down();
  for (const [x, y] of corners.slice(1)) await mouse.move(box.x + x, box.y + y);
  await mouse.up();
  if (modifier) await keyboard.up(modifier);
  await nextFrame(notebook.page);
}

const TRIANGLE: Place[] = [
  [120, 80],
  [560, 130],
  [300, 420],
];
const tool = (output: Locator, name: string) => output.getByRole('button', { name, exact: true });
const selectedOf = (message: { request?: Record<string, unknown> }, n: number) =>
  unpackMask(Buffer.from((message.request!['selection'] as { points: string }).points, 'base64'), n);

describe('a lasso', () => {
  it('takes the points around which the hand went, and counts them by class', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'lasso' }));
    const at = await places(output);
    await tool(output, 'Lasso').click();
    await drag(output, TRIANGLE);
    const inside = at.map((place) => isAround(TRIANGLE, place));
    const wanted = inside.filter(Boolean).length;
    expect(wanted).toBeGreaterThan(100);
    expect(await heading(output)).toMatch(new RegExp(`^${wanted} points · `));
    const { labels } = fitted().images;
    const counts = CLASSES.map((name, label) => ({
      name,
      n: inside.filter((one, k) => one && labels[k] === label).length,
    }));
    const sorted = counts.filter(({ n }) => n > 0).sort((a, b) => b.n - a.n);
    const mix = await panel(output).locator('.mix li').allInnerTexts();
    expect(mix[0]!.replaceAll('\n', ' ')).toBe(`${sorted[0]!.name} ${sorted[0]!.n}`);
    expect(await said(output)).toBe(
      `${wanted} points selected: ${sorted.map(({ name, n }) => `${name} ${n}`).join(', ')}.`,
    );
    const [message] = await asked('select');
    expect([...selectedOf(message!, at.length)].map(Boolean)).toEqual(inside);
    await output.screenshot({ path: 'test/artifacts/renderer/latent-selection.png' });
  });

  it('adds with Shift, takes away with Alt, and is gone with Escape', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'modes' }));
    const at = await places(output);
    await tool(output, 'Rectangle').click();
    const box = (x0: number, y0: number, x1: number, y1: number) => ({
      corners: [[x0, y0], [x1, y1]] as Place[],
      has: ([x, y]: Place) => x > x0 && x < x1 && y > y0 && y < y1,
    }); // prettier-ignore
    const [first, second, third] = [box(100, 60, 260, 300), box(300, 200, 420, 400), box(200, 100, 340, 260)];
    await drag(output, first.corners);
    await drag(output, second.corners, 'Shift');
    await drag(output, third.corners, 'Alt');
    const wanted = at.filter((place) => (first.has(place) || second.has(place)) && !third.has(place)).length;
    expect(await heading(output)).toMatch(new RegExp(`^${wanted} points`));
    const regions = ((await asked('select')).at(-1)!.request!['selection'] as { regions: { mode: string }[] }).regions;
    expect(regions.map(({ mode }) => mode)).toEqual(['replace', 'add', 'subtract']);
    await notebook.page.keyboard.press('Escape');
    expect(await panel(output).count()).toBe(0);
    expect(await said(output)).toBe('Nothing is selected.');
  });

  it('leaves classes alone that are hidden, and lets what is not selected stand back', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'hidden' }));
    const at = await places(output);
    await output.locator('.legend').getByRole('button', { name: 'Trouser' }).click();
    await tool(output, 'Lasso').click();
    const before = (await ink(plane(output))).share;
    await drag(output, TRIANGLE);
    const { labels } = fitted().images;
    const wanted = at.filter((place, k) => isAround(TRIANGLE, place) && labels[k] !== 1).length;
    expect(await heading(output)).toMatch(new RegExp(`^${wanted} points`));
    await notebook.page.mouse.move(0, 0);
    expect((await ink(plane(output))).share).toBeLessThan(before * 0.95);
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    expect(svg.match(/<circle[^>]*fill-opacity/g)!.length).toBe(
      at.length - labels.filter((label) => label === 1).length - wanted,
    );
  });

  it('can be drawn by the keyboard, corner by corner', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'corners' }));
    const { keyboard } = notebook.page;
    await plane(output).focus();
    for (const key of ['l', 'ArrowLeft', 'Enter', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Enter'])
      await keyboard.press(key);
    expect(await said(output)).toBe('Corner 2.');
    for (const key of ['Shift+ArrowUp', 'Enter', 'Backspace', 'Shift+ArrowUp', 'Enter', 'Enter'])
      await keyboard.press(key);
    // A triangle of 10 × 10 steps, one step left of the middle.
    const at = await places(output);
    const box = (await plane(output).boundingBox())!;
    const [width, height] = [box.width - 68, box.height - 46];
    const step = width / 40;
    const [x, y] = [58 + width / 2 - step, 8 + height / 2];
    const wanted = at.filter((one) => isAround([[x, y], [x + 10 * step, y], [x + 10 * step, y - 10 * step]], one)).length; // prettier-ignore
    expect(wanted).toBeGreaterThan(20);
    expect(await heading(output)).toMatch(new RegExp(`^${wanted} points`));
    await keyboard.press('c');
    expect(await said(output)).toMatch(new RegExp(`^1,500 points in view: .* ${wanted} points selected: `));
    const heard = await notebook.page.evaluate(() => window.host.keys);
    expect(heard.filter((key) => key !== 'Shift' && key !== 'Alt')).toEqual([]);
  });

  it('is drawn among a million points as well', async () => {
    const output = await show(notebook.page, MIME.latentScatter, crowd(1_000_000) as LatentScatterView, 'million');
    await tool(output, 'Rectangle').click();
    await drag(output, [[200, 100], [420, 300]]); // prettier-ignore
    expect(await heading(output)).toMatch(/^\d+,\d+ points/);
  });
});

describe('a selection', () => {
  const select = async (id: string, view = scatterView({ id })) => {
    const output = await show(notebook.page, MIME.latentScatter, view);
    await tool(output, 'Lasso').click();
    await drag(output, TRIANGLE);
    return output;
  };

  it('becomes a variable under the name that the kernel offers, and is trained on', async () => {
    const output = await select('keep');
    const points = Number.parseInt(await heading(output), 10);
    await answer((await asked('select')).at(-1)!.requestId, {
      kind: 'selected',
      rows: points,
      of: 1500,
      name: 'selection3',
    });
    expect(await panel(output).getByRole('textbox').inputValue()).toBe('selection3');
    await panel(output).getByRole('button', { name: 'Keep as variable' }).click();
    const keep = (await asked('keep')).at(-1)!;
    expect(keep.request).not.toHaveProperty('name');
    await answer(keep.requestId, { kind: 'kept', name: 'selection3', rows: points, type: '' });
    expect(await panel(output).locator('.status').innerText()).toBe(
      `selection3 is a variable now: selection3.rows (${points} rows, data for fit), .indices, .labels`,
    );
    await panel(output).getByRole('button', { name: 'Train VAE on selection' }).click();
    expect((await messages(notebook.page)).at(-1)).toEqual({
      type: 'trainOnSelection',
      viewId: 'keep',
      expression: 'selection3.rows',
    });
  });

  it('is kept before it is trained on, under the name that was written; the kernel’s refusal is shown', async () => {
    const output = await select('train');
    await panel(output).getByRole('textbox').fill('shoes');
    await panel(output).getByRole('button', { name: 'Keep as variable' }).click();
    const refused = (await asked('keep')).at(-1)!;
    expect(refused.request).toMatchObject({ name: 'shoes' });
    await send(notebook.page, {
      type: 'viewResponse',
      requestId: refused.requestId,
      error: 'The notebook has another “shoes” already.',
    });
    expect(await panel(output).locator('.status').innerText()).toBe('The notebook has another “shoes” already.');
    await panel(output).getByRole('button', { name: 'Train VAE on selection' }).click();
    const kept = (await asked('keep')).at(-1)!;
    expect(kept.requestId).not.toBe(refused.requestId);
    await answer(kept.requestId, { kind: 'kept', name: 'selection1', rows: 5, type: '' });
    await expect
      .poll(async () => (await messages(notebook.page)).at(-1))
      .toMatchObject({ expression: 'selection1.rows' });
  });

  it('of a sample says how many rows of all lie there', async () => {
    const output = await select('sampled');
    await answer((await asked('select')).at(-1)!.requestId, {
      kind: 'selected',
      rows: 12_345,
      of: 60_000,
      name: 'selection1',
    });
    expect(await panel(output).locator('.rows').innerText()).toBe('12,345 rows of all 60,000 lie inside');
  });

  it('says that it cannot be kept without a kernel', async () => {
    const output = await select('ended');
    await send(notebook.page, { type: 'kernelGone' });
    const keep = panel(output).getByRole('button', { name: 'Keep as variable' });
    expect(await keep.isDisabled()).toBe(true);
    expect(await panel(output).locator('.status').innerText()).toContain('No live kernel: run the cell again');
  });
});

describe('the keyboard', () => {
  it('goes to the nearest point up, down, left and right', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'near' }));
    const { keyboard } = notebook.page;
    const at = await places(output);
    await plane(output).focus();
    await keyboard.press('n');
    let here = 0;
    const ways = { ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowLeft: [-1, 0], ArrowDown: [0, 1] } as const;
    for (const [key, [wx, wy]] of Object.entries(ways)) {
      await keyboard.press(`Alt+${key}`);
      const [x, y] = at[here]!;
      const far = at.map(([u, v], k) => {
        const [along, aside] = [(u - x) * wx + (v - y) * wy, Math.abs((u - x) * wy - (v - y) * wx)];
        return k !== here && along > 0 && aside <= along ? Math.hypot(u - x, v - y) : Infinity;
      });
      here = far.indexOf(Math.min(...far));
      expect(await said(output), key).toContain(`row ${here.toLocaleString('en-US')} ·`);
    }
    expect(await notebook.page.evaluate(() => window.host.keys.filter((key) => key.startsWith('Arrow')))).toEqual([]);
  });

  it('pans, and zooms each axis for itself', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'zoomed' }));
    const { keyboard } = notebook.page;
    const ticks = async () => {
      const all = plane(output).locator('svg text');
      return {
        across: await all.and(plane(output).locator('[text-anchor=middle]:not([font-style])')).allTextContents(),
        up: await all.and(plane(output).locator('[text-anchor=end]')).allTextContents(),
      };
    };
    const before = await ticks();
    await plane(output).focus();
    for (let i = 0; i < 4; i++) await keyboard.press('x');
    const wide = await ticks();
    expect(wide.up).toEqual(before.up);
    expect(wide.across).not.toEqual(before.across);
    for (let i = 0; i < 4; i++) await keyboard.press('X');
    expect(await ticks()).toEqual(before);
    for (let i = 0; i < 4; i++) await keyboard.press('y');
    expect((await ticks()).across).toEqual(before.across);
    expect((await ticks()).up).not.toEqual(before.up);
    await keyboard.press('0');
    for (let i = 0; i < 4; i++) await keyboard.press('d');
    expect((await ticks()).up).toEqual(before.up);
    expect((await ticks()).across).not.toEqual(before.across);
    for (let i = 0; i < 4; i++) await keyboard.press('a');
    expect(await ticks()).toEqual(before);
  });
});

import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decode, encode } from '../../kernel/views/encoding';
import { messages, readTable, render, saved, send, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { PIXELS, SHAPE } from './support/fashion';
import { MIME, traversalView } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const slider = (output: Locator, name: string) => output.getByRole('slider', { name });
const source = (output: Locator) => output.locator('.source').innerText();

/** The level of each pixel of the large picture, which is 180 pixels wide. */
const shownPixels = (output: Locator) =>
  output.locator('.decoded canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const cell = canvas.width / 28;
    return Array.from({ length: 784 }, (_, i) => {
      const [x, y] = [Math.floor(((i % 28) + 0.5) * cell), Math.floor((Math.floor(i / 28) + 0.5) * cell)];
      return data[4 * (y * canvas.width + x)]!;
    });
  });

type Question = { requestId: string; request: { kind: string; z: number[][] } };
const questions = async (page: Page) => (await messages(page)) as unknown as Question[];

/** Answers a question with images of one level each. */
async function answer(page: Page, { requestId, request }: Question, level: number): Promise<void> {
  const pixels = new Uint8Array(request.z.length * PIXELS).fill(level);
  const values = encode('uint8', pixels, [request.z.length, 28, 28, 1]);
  const result = { kind: 'decoded', sample: { shape: SHAPE, values } };
  await send(page, { type: 'viewResponse', requestId, result });
}

describe('a traversal without a kernel', () => {
  let still: NotebookPage;
  beforeAll(async () => {
    still = await lab.notebook({ messaging: false });
  });
  afterEach(() => still.page.evaluate(() => window.host.dispose(undefined)));

  it('shows the saved sample of each place of a slider', async () => {
    const view = traversalView();
    const output = await show(still.page, MIME.traversal, view);
    expect(await source(output)).toBe('saved samples, no live kernel');
    expect(await shownPixels(output)).toEqual([...decode(view.middle)]);
    const samples = decode(view.samples);
    for (const [row, step] of [
      [0, 0],
      [2, 7],
    ] as const) {
      // prettier-ignore
      const { low, high, name } = view.dimensions[row]!;
      await output.getByRole('button', { name: 'Reset' }).click();
      const value = low + ((high - low) * step) / 8;
      await slider(output, name).evaluate((input: HTMLInputElement, to) => {
        input.value = String(to);
        input.dispatchEvent(new Event('input'));
        input.dispatchEvent(new Event('change'));
      }, value);
      const start = (row * 9 + step) * PIXELS;
      expect(await shownPixels(output)).toEqual([...samples.subarray(start, start + PIXELS)]);
    }
  });

  it('says where a saved sample tells only of one of the dimensions that were moved', async () => {
    const output = await show(still.page, MIME.traversal, traversalView());
    await slider(output, 'z₁').focus();
    await still.page.keyboard.press('End');
    await slider(output, 'z₂').focus();
    await still.page.keyboard.press('Home');
    expect(await source(output)).toContain('only z₂ moves in it');
    expect(await output.getByRole('combobox', { name: 'Around' }).count()).toBe(0);
  });

  it('goes to a sample that is clicked', async () => {
    const view = traversalView();
    const output = await show(still.page, MIME.traversal, view);
    const strip = output.locator('.strip canvas').nth(1);
    const { width, height } = (await strip.boundingBox())!;
    await strip.click({ position: { x: width - 5, y: height / 2 } });
    const samples = decode(view.samples);
    expect(await shownPixels(output)).toEqual([...samples.subarray(17 * PIXELS, 18 * PIXELS)]);
    expect(await slider(output, 'z₂').inputValue().then(Number)).toBeCloseTo(view.dimensions[1]!.high, 5);
  });
});

describe('a traversal with a kernel', () => {
  it('decodes where the sliders are, one question at a time, of those that wait the newest', async () => {
    const { page, close } = await lab.notebook();
    const output = await show(page, MIME.traversal, traversalView());
    await slider(output, 'z₁').focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
    const asked = await questions(page);
    expect(asked).toHaveLength(1);
    await answer(page, asked[0]!, 50);
    const next = await questions(page);
    expect(next).toHaveLength(2);
    const now = await slider(output, 'z₁').inputValue().then(Number);
    expect(next[1]!.request.z.at(-1)![0]).toBeCloseTo(now, 6);
    await answer(page, next[1]!, 200);
    expect(new Set(await shownPixels(output))).toEqual(new Set([200]));
    expect(await source(output)).toBe('');
    expect(await questions(page)).toHaveLength(2);
    await close();
  });

  it('draws the rows around the point where a slider was let go', async () => {
    const { page, close } = await lab.notebook();
    const view = traversalView();
    const output = await show(page, MIME.traversal, view);
    await output.getByRole('combobox', { name: 'Around' }).selectOption('row 0 · Ankle boot');
    const [question] = await questions(page);
    const { z } = question!.request;
    expect(z).toHaveLength(8 * 9 + 1);
    expect(z.at(-1)).toEqual(view.anchors[1]!.z);
    const moved = z[3 * 9 + 8]!;
    expect(moved[3]).toBeCloseTo(view.dimensions[3]!.high, 6);
    moved.forEach((value, j) => j !== 3 && expect(value).toBe(view.anchors[1]!.z[j]));
    await answer(page, question!, 120);
    const level = await output
      .locator('.strip canvas')
      .nth(5)
      .evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(4, 4, 1, 1).data[0]);
    expect(level).toBe(120);
    await close();
  });

  it('keeps what is saved, and says why, where the kernel has no answer', async () => {
    const { page, close } = await lab.notebook();
    const view = traversalView();
    const output = await show(page, MIME.traversal, view);
    await slider(output, 'z₁').focus();
    await page.keyboard.press('End');
    const [{ requestId }] = (await questions(page)) as [Question];
    await send(page, { type: 'viewResponse', requestId, error: 'The model was disposed.' });
    const samples = decode(view.samples);
    expect(await shownPixels(output)).toEqual([...samples.subarray(8 * PIXELS, 9 * PIXELS)]);
    expect(await source(output)).toContain('saved samples: The model was disposed.');
    await close();
  });
});

describe('a traversal', () => {
  it('keeps the sliders where they are when it is drawn again, and its table says where', async () => {
    const view = traversalView();
    const output = await show(notebook.page, MIME.traversal, view);
    await slider(output, 'z₃').focus();
    await notebook.page.keyboard.press('Home');
    await render(notebook.page, view.id, MIME.traversal, view);
    const [head, ...rows] = await readTable(output);
    expect(head).toEqual(['dimension', 'variance', 'from', 'to', 'now']);
    expect(rows[2]![0]).toBe('z₃');
    expect(rows[2]![4]).toBe(rows[2]![2]);
    expect(rows[0]![4]).toBe('0');
  });

  it('is saved as a drawing with every sample in it, and the one that is decoded', async () => {
    const output = await show(notebook.page, MIME.traversal, traversalView());
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    expect(svg.match(/<image /g)!).toHaveLength(8 * 9 + 1);
    expect(svg).not.toMatch(/(href|src)="http/);
  });

  it('refuses samples that do not fit its dimensions', async () => {
    const view = traversalView();
    const problem = await render(notebook.page, 'broken', MIME.traversal, { ...view, steps: 7 });
    expect(problem).toContain('72 samples for 8 dimensions of 7 values');
  });

  it('fits into every width', async () => {
    for (const width of [420, 640, 1100]) {
      await notebook.page.setViewportSize({ width, height: 900 });
      await show(notebook.page, MIME.traversal, traversalView());
      expect(await notebook.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    }
  });
});

/** A million points: their density where they crowd, each of them from near, and nothing sent twice. */
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scatterView } from '../../kernel/bench/views/data';
import { crowdOf, pointsPerPixel } from '../../kernel/figures/scatter/crowd';
import { ink, nextFrame, pixels, show } from './support/figures';
import type { Pixels } from './support/figures';
import { Lab } from './support/page';
import { MIME } from './support/sampleViews';
import type { LatentScatterView } from '../../kernel/views/types';

let lab: Lab;
beforeAll(async () => {
  mkdirSync('test/artifacts/renderer', { recursive: true });
  lab = await Lab.open();
});
afterAll(() => lab.close());

/** Counts the bytes that are sent to the GPU. */
function countUploads(): void {
  const counted = { bytes: 0 };
  Object.assign(window, { counted });
  const { bufferData, bufferSubData } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.bufferSubData = function (this: WebGL2RenderingContext, ...args: unknown[]) {
    counted.bytes += (args[2] as ArrayBufferView).byteLength;
    return (bufferSubData as (...all: unknown[]) => void).apply(this, args);
  } as typeof bufferSubData;
  WebGL2RenderingContext.prototype.bufferData = function (this: WebGL2RenderingContext, ...args: unknown[]) {
    counted.bytes += (args[1] as ArrayBufferView).byteLength;
    return (bufferData as (...all: unknown[]) => void).apply(this, args);
  } as typeof bufferData;
}

/** Has the page take its program that draws for a graphics card. */
function pretendCard(): void {
  const { getParameter } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.getParameter = function (this: WebGL2RenderingContext, name: number) {
    // UNMASKED_RENDERER_WEBGL
    return name === 0x9246 ? 'a graphics card' : (getParameter.call(this, name) as unknown);
  };
}

describe('a crowd of points', () => {
  it('is shown by its density, with the note that says so, and by marks from near', async () => {
    const { page, close } = await lab.notebook();
    const output = await show(page, MIME.latentScatter, scatterView(300_000) as LatentScatterView, 'bench');
    const stage = output.locator('.stage');
    expect(await output.locator('figcaption').textContent()).toContain('Where points are dense');
    await output.screenshot({ path: 'test/artifacts/renderer/crowd.png' });
    // From the heart of a cluster outwards the ink becomes less, pixel after pixel: marks would be one blob.
    const picture = await pixels(stage);
    const shades = new Set<string>();
    for (let x = 200; x < 500; x++) shades.add(picture.at(x, Math.floor(picture.height / 2)).join());
    expect(shades.size).toBeGreaterThan(60);
    const zoomIn = output.getByRole('button', { name: 'Zoom in' });
    for (let i = 0; i < 18; i++) await zoomIn.click();
    await nextFrame(page);
    expect(await output.locator('figcaption').textContent()).not.toContain('Where points are dense');
    expect((await ink(stage)).share).toBeGreaterThan(0.01);
    await close();
  });

  it('looks alike added up by a GPU and by the processor', async () => {
    const view = scatterView(200_000) as LatentScatterView;
    const [card, program] = [await lab.notebook({ before: pretendCard }), await lab.notebook()];
    const shown = [await show(card.page, MIME.latentScatter, view), await show(program.page, MIME.latentScatter, view)];
    const [one, other] = await Promise.all(shown.map((output) => pixels(output.locator('.stage'))));
    // A GPU rounds places to a sixteenth of a pixel, so that a point may lie in either of two: squares of pixels are alike.
    const SIDE = 12;
    const mean = (picture: Pixels, left: number, top: number) => {
      let sum = 0;
      for (let i = 0; i < SIDE * SIDE; i++)
        sum += picture.at(left + (i % SIDE), top + Math.floor(i / SIDE)).reduce((a, b) => a + b, 0) / 3;
      return sum / SIDE ** 2;
    };
    let [inked, most] = [0, 0];
    for (let top = 0; top + SIDE <= one!.height; top += SIDE) {
      for (let left = 0; left + SIDE <= one!.width; left += SIDE) {
        const [a, b] = [mean(one!, left, top), mean(other!, left, top)];
        if (a < 235) inked++;
        most = Math.max(most, Math.abs(a - b));
      }
    }
    expect(inked).toBeGreaterThan(200);
    expect(most).toBeLessThan(5);
    await Promise.all([card.close(), program.close()]);
  });

  it('is sent to the GPU once, however it is moved, and its colours again when they change', async () => {
    const { page, close } = await lab.notebook({ before: countUploads });
    await page.evaluate(pretendCard);
    const output = await show(page, MIME.latentScatter, scatterView(60_000) as LatentScatterView, 'bench');
    const bytes = () => page.evaluate(() => (window as unknown as { counted: { bytes: number } }).counted.bytes);
    expect(await bytes()).toBe(60_000 * 13);
    for (const name of ['Zoom in', 'Zoom out', 'Zoom in', 'Fit'])
      await output.getByRole('button', { name, exact: true }).click();
    await nextFrame(page);
    expect(await bytes()).toBe(60_000 * 13);
    await page.evaluate(() => window.host.setTheme('dark'));
    await nextFrame(page);
    expect(await bytes()).toBe(60_000 * (13 + 4));
    await close();
  });
});

describe('how crowded points are', () => {
  it('is counted where they are most', () => {
    // A hundred in each of 96 × 96 cells of size 1, and a thousand more in one.
    const places: number[] = [];
    for (let cell = 0; cell < 96 * 96; cell++) {
      for (let i = 0; i < 10; i++) places.push((cell % 96) + 0.5, Math.floor(cell / 96) + 0.5);
    }
    for (let i = 0; i < 1000; i++) places.push(40.5, 50.5);
    places.push(0, 0, 96, 96);
    const crowd = crowdOf(Float32Array.from(places));
    expect(crowd).toEqual({ most: 1010, cell: { width: 1, height: 1 } });
    expect(pointsPerPixel(crowd, { unit: { x: 10, y: 10 }, origin: { x: 0, y: 0 } })).toBeCloseTo(10.1, 6);
  });

  it('of points in one place is all of them', () => {
    const crowd = crowdOf(Float32Array.from({ length: 2000 }, () => 3));
    expect(pointsPerPixel(crowd, { unit: { x: 10, y: 10 }, origin: { x: 0, y: 0 } })).toBe(1000);
  });
});

/** Curves that grow are painted at their ends alone: the picture has to be that of all of it painted anew. */
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changeOf } from '../../kernel/views/lossCurvesChange';
import { encodeLossCurves, plainLossCurves } from '../../kernel/views/lossCurves';
import { send, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { history, MIME } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const plain = (steps: number, epochs: number, id: string) => {
  const trained = history(steps, { state: 'running', epochs });
  // With a schedule its dashes move along: then all is painted.
  trained.schedules = [];
  return plainLossCurves(trained, { id });
};

/** Keeps what stands on the canvas in the page, by a name. */
const keep = (output: Locator, name: string) =>
  output.locator('.panels canvas').evaluate((canvas, as) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    (window as unknown as Record<string, Uint8ClampedArray>)[as] = data;
  }, name);

/** In how many values two kept images differ visibly. */
const differences = (one: string, other: string) =>
  notebook.page.evaluate(
    ([a, b]) => {
      const kept = window as unknown as Record<string, Uint8ClampedArray>;
      if (kept[a]!.length !== kept[b]!.length) return Infinity;
      return kept[a]!.reduce((sum, value, i) => sum + Number(Math.abs(value - kept[b]![i]!) > 48), 0);
    },
    [one, other] as const,
  );

/** How many rectangles were cleared on canvases, and how wide the narrowest was. */
const watchClearing = () =>
  notebook.page.evaluate(() => {
    const seen: number[] = [];
    const prototype = CanvasRenderingContext2D.prototype;
    const clear = Object.getOwnPropertyDescriptor(prototype, 'clearRect')!.value as typeof prototype.clearRect;
    prototype.clearRect = function (x, y, width, height) {
      seen.push(width);
      clear.call(this, x, y, width, height);
    };
    (window as unknown as { cleared: number[] }).cleared = seen;
  });

describe('curves that grow', () => {
  it.each([
    ['some hundred steps', 20, 300, 340],
    ['thousands of steps, drawn in part', 150, 5000, 5040],
  ])('look as if they were painted anew: %s', async (_, epochs, from, to) => {
    await watchClearing();
    const first = plain(from, epochs, 'grown');
    const output = await show(notebook.page, MIME.lossCurves, { ...encodeLossCurves(first), revision: 0 });
    await keep(output, 'start');
    let before = first;
    for (let [steps, revision] = [from + 10, 1]; steps <= to; steps += 10, revision++) {
      const next = plain(steps, epochs, 'grown');
      const change = changeOf(before, next, revision);
      await send(notebook.page, { type: 'viewChange', viewId: 'grown', mime: MIME.lossCurves, change });
      before = next;
    }
    const cleared = await notebook.page.evaluate(() => (window as unknown as { cleared: number[] }).cleared);
    await keep(output, 'grown');
    const anew = await show(notebook.page, MIME.lossCurves, encodeLossCurves(plain(to, epochs, 'anew')));
    await keep(anew, 'anew');
    const begun = await differences('start', 'anew');
    expect(begun).toBeGreaterThan(100);
    // The edge of what is painted again may be smoothed otherwise by the screen.
    expect(await differences('grown', 'anew')).toBeLessThan(begun / 20);
    expect(Math.min(...cleared)).toBeLessThan(120);
  });
});

/** What a view says of the place under the pointer: not while a button is pressed, and never of another place. */
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nextFrame, send, show, shownRange } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { codebookView, lossView, MIME, reconstructionView, scatterView } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(async () => {
  await notebook.page.mouse.up();
  await notebook.page.mouse.move(0, 0);
  await notebook.page.evaluate(() => window.host.dispose(undefined));
});
afterAll(() => lab.close());

/** Moves the real pointer over the stage, in pixels from its corner. */
async function pointer(output: Locator) {
  const stage = output.getByRole('application');
  await stage.scrollIntoViewIfNeeded();
  const box = (await stage.boundingBox())!;
  const { mouse } = notebook.page;
  const drawn = () => nextFrame(notebook.page);
  return {
    to: async (x: number, y: number) => (await mouse.move(box.x + x, box.y + y, { steps: 4 }), drawn()),
    down: async () => (await mouse.down(), drawn()),
    up: async () => (await mouse.up(), drawn()),
    leave: async () => (await mouse.move(box.x + box.width + 400, 2), drawn()),
    wheel: async (by: number) => {
      await notebook.page.keyboard.down('Control');
      await mouse.wheel(0, by);
      await notebook.page.keyboard.up('Control');
      await drawn();
    },
  };
}

describe('loss curves', () => {
  const where = (output: Locator) => output.locator('.where').textContent();
  const line = (output: Locator) => output.locator('.cursor-line').first();
  const stepAt = async (output: Locator) => Number(/step ([\d,]+)/.exec((await where(output))!)![1]!.replace(',', ''));

  it('take the cursor away while a part is selected, and bring it back on the new axis', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossView(930, 'selected'));
    const hand = await pointer(output);
    await hand.to(150, 100);
    expect(await line(output).isVisible()).toBe(true);
    await hand.down();
    expect(await line(output).isVisible()).toBe(false);
    expect(await where(output)).toBe('β 1');
    await hand.to(300, 200);
    expect(await line(output).isVisible()).toBe(false);
    await hand.up();
    await expect.poll(() => line(output).isVisible()).toBe(true);
    const [low, high] = await shownRange(output);
    expect(high - low).toBeLessThan(500);
    // The pointer rests at the right end of what was selected.
    expect(Math.abs((await stepAt(output)) - high)).toBeLessThan(930);
    const box = (await line(output).boundingBox())!;
    const stage = (await output.getByRole('application').boundingBox())!;
    expect(Math.abs(box.x - stage.x - 300)).toBeLessThan(4);
  });

  it('take it away where the axis is moved by its labels', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossView(930, 'moved'));
    const hand = await pointer(output);
    const { height } = (await output.getByRole('application').boundingBox())!;
    await hand.to(300, height - 34);
    expect(await line(output).isVisible()).toBe(true);
    await hand.down();
    await hand.to(200, height - 34);
    expect(await line(output).isVisible()).toBe(false);
    expect(await where(output)).toBe('β 1');
    await hand.up();
    expect((await shownRange(output))[0]).toBeGreaterThan(50);
    await hand.leave();
    expect(await line(output).isVisible()).toBe(false);
  });

  it('keep the cursor under a resting pointer when the axis changes below it', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossView(100, 'grows', { state: 'running' }));
    const hand = await pointer(output);
    await hand.to(200, 100);
    const before = await stepAt(output);
    const view = lossView(400, 'grows', { state: 'running' });
    await send(notebook.page, { type: 'viewFrame', viewId: view.id, mime: MIME.lossCurves, view });
    await expect.poll(() => stepAt(output)).toBeGreaterThan(2 * before);
  });

  it('leave the cursor to the keyboard once it is used, also through a redrawing', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossView(930, 'keys'));
    const hand = await pointer(output);
    await hand.to(200, 100);
    await output.getByRole('application').focus();
    await notebook.page.keyboard.press('Home');
    await output.getByRole('slider', { name: 'Smoothing' }).fill('0.5');
    await nextFrame(notebook.page);
    expect(await where(output)).toContain('step 1 ');
  });
});

describe('the codebook histogram', () => {
  const text = (output: Locator) => output.locator('.code').textContent();

  it('takes the marker away while a part is selected, and names the code under the pointer after it', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, codebookView(64, 4, 'part'));
    const hand = await pointer(output);
    await hand.to(300, 100);
    expect(await text(output)).toMatch(/^code \d+/);
    await hand.down();
    expect(await text(output)).toBe('');
    await hand.to(500, 180);
    expect(await output.locator('.marker').isVisible()).toBe(false);
    await hand.up();
    await expect.poll(() => output.locator('.marker').isVisible()).toBe(true);
    const marker = (await output.locator('.marker').boundingBox())!;
    const stage = (await output.getByRole('application').boundingBox())!;
    // Within half a bar of the zoomed axis.
    expect(Math.abs(marker.x - stage.x - 500)).toBeLessThan(30);
    await hand.leave();
    expect(await text(output)).toBe('');
  });
});

describe('the latent plane', () => {
  const card = (output: Locator) => output.locator('.hover');
  /** A place where the pointer means a point, found by looking for one as a reader would. */
  async function overPoint(output: Locator) {
    const hand = await pointer(output);
    for (let x = 200; x < 500; x += 7) {
      await hand.to(x, 240);
      if (await card(output).isVisible()) return { ...hand, x };
    }
    throw new Error('no point along the line');
  }

  it('takes the card away while a place is dragged, and shows what lies under the pointer after it', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'dragged' }));
    const hand = await overPoint(output);
    await hand.down();
    expect(await card(output).isVisible()).toBe(false);
    await hand.to(hand.x + 40, 300);
    expect(await card(output).isVisible()).toBe(false);
    await hand.to(hand.x, 240);
    expect(await card(output).isVisible()).toBe(false);
    await hand.up();
    expect(await card(output).isVisible()).toBe(true);
  });

  it('takes it away while the plane is moved; the point comes along, and so does its card', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'panned' }));
    await output.getByRole('button', { name: 'Pan' }).click();
    const hand = await overPoint(output);
    const name = await card(output).textContent();
    await hand.down();
    await hand.to(hand.x + 60, 200);
    expect(await card(output).isVisible()).toBe(false);
    await hand.up();
    expect(await card(output).textContent()).toBe(name);
    expect(await card(output).isVisible()).toBe(true);
  });

  it('shows after a zoom by wheel what is under the pointer then: the same point, nearer', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'wheel' }));
    const hand = await overPoint(output);
    const name = await card(output).textContent();
    await hand.wheel(-20);
    expect(await card(output).textContent()).toBe(name);
    expect(await card(output).isVisible()).toBe(true);
    await hand.wheel(-4000);
    // A point some pixels beside the pointer is out of reach now.
    // A point some pixels beside the pointer is out of reach now.
    const off = await output.locator('.marks circle').evaluate((ring, x) => {
      if (ring.hasAttribute('hidden')) return null;
      return Math.hypot(Number(ring.getAttribute('cx')) - x, Number(ring.getAttribute('cy')) - 240);
    }, hand.x);
    expect(await card(output).isVisible()).toBe(off !== null);
    expect(off ?? 0).toBeLessThan(10);
    await hand.leave();
    expect(await card(output).isVisible()).toBe(false);
  });

  it('takes it away when the pointer leaves, and when the figure gets another size under it', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'resized' }));
    await overPoint(output);
    const ring = () => output.locator('.marks circle').evaluate((one) => (one.hasAttribute('hidden') ? null : Number(one.getAttribute('cx')))); // prettier-ignore
    const before = await ring();
    await notebook.page.setViewportSize({ width: 640, height: 900 });
    await nextFrame(notebook.page);
    expect(await ring()).not.toBe(before);
    await notebook.page.setViewportSize({ width: 900, height: 900 });
    await (await pointer(output)).leave();
    expect(await ring()).toBeNull();
  });
});

describe('reconstructions', () => {
  const reading = (output: Locator) => output.locator('.status > span').textContent();

  it('name the sample under the pointer, also when another one comes to lie there', async () => {
    const output = await show(notebook.page, MIME.reconstructions, reconstructionView(10, 'sorted'));
    const hand = await pointer(output);
    const errorOf = (text: string | null) => Number(/squared error ([\d.]+)/.exec(text!)![1]);
    const found: { x: number; error: number }[] = [];
    for (let x = 240; x < 640; x += 66) {
      await hand.to(x, 60);
      found.push({ x, error: errorOf(await reading(output)) });
    }
    const least = found.sort((a, b) => a.error - b.error)[0]!;
    await hand.to(least.x, 60);
    const sort = output.getByRole('button', { name: 'Sort by error' });
    await sort.focus();
    await notebook.page.keyboard.press('Enter');
    await nextFrame(notebook.page);
    expect(errorOf(await reading(output))).toBeGreaterThan(least.error);
    await hand.leave();
    expect(await reading(output)).toBe('');
  });

  it('name the sample that the keyboard selects, whatever the pointer rests on', async () => {
    const output = await show(notebook.page, MIME.reconstructions, reconstructionView(10, 'selected'));
    const hand = await pointer(output);
    await hand.to(240, 60);
    await output.getByRole('application').focus();
    await notebook.page.keyboard.press('End');
    expect(await reading(output)).toMatch(/^row 9 /);
    await hand.to(250, 60);
    expect(await reading(output)).not.toMatch(/^row 9 /);
  });
});

/** Names, labels and messages of any length fit into their figures, and the whole text is available. */
import { mkdirSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { latentScatter } from '../../kernel/views/latentScatter';
import { lossCurves } from '../../kernel/views/lossCurves';
import { messages, nextFrame, saved, send, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { history, lossView, MIME, seeded, VECTOR_SHAPE } from './support/sampleViews';

const FOLDER = 'test/artifacts/renderer';
const LONG = 'Homo_sapiens_neanderthalensis_from_the_cave_of_Vindija_layer_G3_specimen_number';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

/** Texts of the figure that reach out of it on either side. */
const overflowing = (output: Locator) =>
  output.evaluate((element) => {
    const root = element.querySelector('.latentlab-figure')!.shadowRoot!;
    const frame = element.getBoundingClientRect();
    return [...root.querySelectorAll('figure *')]
      .filter((one) => !one.closest('.visually-hidden') && one.childElementCount === 0 && one.textContent)
      .filter((one) => {
        const { left, right, width } = one.getBoundingClientRect();
        return width > 0 && (left < frame.left - 0.5 || right > frame.right + 0.5);
      })
      .map((one) => `${one.tagName}.${one.className.toString()}: ${one.textContent.slice(0, 30)}`);
  });

function classes(count: number, id: string) {
  const random = seeded(4);
  const labels = Array.from({ length: 2 * count }, (_, i) => i % count);
  return latentScatter({
    ...{ id, title: `Latent space of ${LONG}`, dimensions: 2, sampleShape: VECTOR_SHAPE, decodes: false, labels },
    points: Array.from({ length: 4 * count }, () => random() * 4 - 2),
    classNames: Array.from({ length: count }, (_, i) => `${LONG} ${i}`),
  });
}

describe.each([900, 480])('in %d pixels', (width) => {
  it.each([3, 300])('the names of %d classes', async (count) => {
    await notebook.page.setViewportSize({ width, height: 900 });
    const output = await show(notebook.page, MIME.latentScatter, classes(count, `${count} in ${width}`));
    await nextFrame(notebook.page);
    expect(await overflowing(output)).toEqual([]);
    const legend = output.locator('.legend');
    expect((await legend.boundingBox())!.height).toBeLessThan(300);
    const button = legend.getByRole('button').first();
    expect(await button.getAttribute('title')).toBe(`${LONG} 0: 2 points; click to hide or show`);

    const stage = output.getByRole('application');
    await stage.focus();
    await stage.scrollIntoViewIfNeeded();
    const box = (await stage.boundingBox())!;
    const card = output.locator('.hover');
    for (let x = 70; x < box.width - 12 && !(await card.isVisible()); x += 6)
      for (let y = 12; y < box.height - 50 && !(await card.isVisible()); y += 9)
        if (count > 3 || (x + y) % 2 === 0) await notebook.page.mouse.move(box.x + x, box.y + y);
    if (count > 3) {
      const shown = (await card.boundingBox())!;
      expect(shown.x).toBeGreaterThanOrEqual(box.x - 1);
      expect(shown.x + shown.width).toBeLessThanOrEqual(box.x + box.width + 1);
      expect(await card.textContent()).toContain(LONG);
    }
    await output.screenshot({ path: `${FOLDER}/long-classes-${count}-${width}.png` });
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    const height = Number(/height="([\d.]+)"/.exec(svg)![1]);
    for (const [, y] of svg.matchAll(/<text [^>]*\by="([\d.]+)"[^>]*font-size="12"/g)) expect(Number(y)).toBeLessThan(height); // prettier-ignore
    if (count > 100) expect(svg).toMatch(/and \d+ more/);
  });

  it('the names of terms and schedules', async () => {
    await notebook.page.setViewportSize({ width, height: 900 });
    const trained = history(930);
    for (const one of trained.series) if (one.name !== 'total') one.name = `${LONG}, ${one.name}`;
    trained.schedules[0]!.name = LONG;
    const output = await show(notebook.page, MIME.lossCurves, lossCurves(trained, { id: `terms ${width}` }));
    await nextFrame(notebook.page);
    expect(await overflowing(output)).toEqual([]);
    for (const reading of await output.locator('.reading').all()) {
      const [box, frame] = [(await reading.boundingBox())!, (await output.boundingBox())!];
      expect(box.x + box.width).toBeLessThanOrEqual(frame.x + frame.width + 1);
    }
    expect(await output.locator('.panel-name').nth(1).getAttribute('title')).toContain(LONG);
    await output.screenshot({ path: `${FOLDER}/long-terms-${width}.png` });
  });

  it('a message', async () => {
    await notebook.page.setViewportSize({ width, height: 900 });
    const output = await show(notebook.page, MIME.lossCurves, lossView(300, `message ${width}`, { state: 'running' }));
    await output.getByRole('button', { name: 'Cancel' }).click();
    const { requestId } = (await messages(notebook.page)).at(-1)!;
    const error = `${LONG.repeat(4)} ${'cannot be cancelled since it waits. '.repeat(40)}`;
    await send(notebook.page, { type: 'viewResponse', requestId, error });
    expect(await overflowing(output)).toEqual([]);
    const alert = output.getByRole('alert');
    expect(await alert.textContent()).toContain(error.trim());
    expect((await alert.boundingBox())!.height).toBeLessThan(200);
    await output.screenshot({ path: `${FOLDER}/long-message-${width}.png` });
  });
});

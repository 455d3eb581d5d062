import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { VEGA_LITE_MIMES } from '../../kernel/views/types';
import { violations } from './support/axe';
import { nextFrame, readTable, render, saved } from './support/figures';
import { Lab, NOTEBOOK_POLICY } from './support/page';
import type { NotebookPage } from './support/page';
import { THEME_NAMES } from './support/themes';
import { vegaLiteChart } from './support/values';

const [, V5] = VEGA_LITE_MIMES as [string, string];

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

async function draw({ page }: NotebookPage, chart: unknown = vegaLiteChart(), mime = V5) {
  expect(await render(page, 'v', mime, chart)).toBe(null);
  const output = page.locator('[id="v"]');
  await output.locator('.chart svg').waitFor();
  await nextFrame(page);
  return output;
}

describe('a chart of Vega-Lite’s', () => {
  it('is drawn with its expressions, under a policy without eval', async () => {
    const strict = await lab.notebook({ policy: NOTEBOOK_POLICY });
    const output = await draw(strict);
    expect(await output.locator('.title').textContent()).toBe('Loss by run');
    expect(await output.locator('#summary').textContent()).toBe(
      'Vega-Lite chart: line; x: step, y: mean of log, color: run',
    );
    // Steps 2 to 19 of both runs: the filter has been at work.
    expect(await output.locator('.mark-symbol.layer_1_marks path, .layer_1_marks path').count()).toBe(36);
    expect([strict.errors, strict.strangers]).toEqual([[], []]);
    expect(await strict.page.evaluate(() => window.host.violations)).toEqual([]);
    await strict.close();
  });

  it.each(VEGA_LITE_MIMES)('may be of any version: %s', async (mime) => {
    await draw(notebook, vegaLiteChart({ $schema: undefined }), mime);
    expect(notebook.errors).toEqual([]);
  });

  it.each([
    ['bars of sums', { mark: 'bar', encoding: { x: { field: 'run' }, y: { aggregate: 'sum', field: 'loss' } } }, 2],
    ['a histogram', { mark: 'bar', encoding: { x: { bin: true, field: 'loss' }, y: { aggregate: 'count' } } }, 1],
    ['a heat map', { mark: 'rect', encoding: { x: { field: 'step' }, y: { field: 'run' }, color: { field: 'loss' } } }, 1], // prettier-ignore
    ['facets', { mark: 'point', encoding: { column: { field: 'run' }, y: { field: 'loss', type: 'quantitative' } } }, 2], // prettier-ignore
    ['layers', { encoding: undefined, mark: undefined, layer: [{ mark: 'line', encoding: { x: { field: 'step' }, y: { field: 'loss' } } }, { mark: 'rule', encoding: { y: { datum: 20 } } }] }, 1], // prettier-ignore
    ['a selection', { params: [{ name: 'brush', select: 'interval' }] }, 1],
    ['rows of CSV', { data: { values: 'step,loss,run\n2,3.5,a\n3,2.5,a', format: { type: 'csv' } } }, 1],
  ])('may have %s', async (_, more, marks) => {
    const output = await draw(notebook, vegaLiteChart(more));
    expect(await output.locator('.chart svg path').count()).toBeGreaterThan(marks);
    expect(notebook.errors).toEqual([]);
  });

  it('leaves what Vega-Lite does not take to the text, with the reason', async () => {
    const chart = { $schema: 'https://vega.github.io/schema/vega-lite/v5.json', encoding: 3 };
    expect(await render(notebook.page, 'v', V5, chart)).toMatch(/Vega-Lite does not take it/);
  });

  it('loads nothing: neither data nor pictures', async () => {
    const strict = await lab.notebook({ policy: NOTEBOOK_POLICY });
    const url = 'https://example.org/data.json';
    expect(await render(strict.page, 'v', V5, vegaLiteChart({ data: { url } }))).toBe(null);
    await strict.page.locator(`[id="v"] :text("is not loaded")`).first().waitFor();
    const image = { mark: { type: 'image', url: 'https://example.org/a.png' } };
    await render(strict.page, 'w', V5, vegaLiteChart(image));
    await nextFrame(strict.page);
    expect(strict.strangers).toEqual([]);
    await strict.close();
  });

  it('is as wide as the page where it wants the width of its container, and stays so', async () => {
    const { page } = notebook;
    await page.setViewportSize({ width: 900, height: 800 });
    const output = await draw(notebook, vegaLiteChart({ width: 'container' }));
    const width = () => output.locator('.chart svg').evaluate((svg) => svg.getBoundingClientRect().width);
    const wide = await width();
    await page.setViewportSize({ width: 600, height: 800 });
    await expect.poll(width).toBeLessThan(600);
    expect(wide).toBeGreaterThan(700);
  });

  it('has its rows as a table and as files, and its title in the picture', async () => {
    const { page } = notebook;
    const output = await draw(notebook);
    const [head, ...rows] = await readTable(output);
    expect(head!.slice(0, 3)).toEqual(['run', 'step', 'loss']);
    expect(rows[0]!.slice(0, 2)).toEqual(['VAE', '0']);
    const svg = (await saved(page, output, 'SVG')).bytes.toString();
    expect(svg).toContain('Loss by run');
    expect((await saved(page, output, 'CSV')).bytes.toString()).toMatch(/^"?run/);
  });

  it.each(THEME_NAMES)('passes axe in the theme %s, in whose colours it is', async (theme) => {
    const { page } = notebook;
    await page.evaluate((name) => window.host.setTheme(name), theme);
    const output = await draw(notebook);
    expect(await violations(page)).toEqual([]);
    const ink = await output
      .locator('.role-axis-label text')
      .first()
      .evaluate((text) => text.getAttribute('fill'));
    const foreground = await output.evaluate((element) => getComputedStyle(element).color);
    expect(ink === null || ink.length > 0).toBe(true);
    expect(foreground).toBeTruthy();
  });
});

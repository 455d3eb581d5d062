import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { VALUE_MIME } from '../../kernel/views/types';
import { violations } from './support/axe';
import { ink, nextFrame, readTable, render, saved } from './support/figures';
import { Lab, NOTEBOOK_POLICY } from './support/page';
import type { NotebookPage } from './support/page';
import { THEME_NAMES } from './support/themes';
import { plotlyFigure } from './support/values';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

async function draw({ page }: NotebookPage, figure: unknown = plotlyFigure()) {
  expect(await render(page, 'v', VALUE_MIME.plotly, figure)).toBe(null);
  const output = page.locator('[id="v"]');
  await output.locator('.main-svg').first().waitFor();
  await nextFrame(page);
  return output;
}

describe('a figure of Plotly’s', () => {
  it('is drawn with its title and all its traces, under a policy without eval', async () => {
    const strict = await lab.notebook({ policy: NOTEBOOK_POLICY });
    const output = await draw(strict);
    expect(await output.locator('.title').textContent()).toBe('Rate against distortion');
    expect(await output.locator('.scatterlayer .trace').count()).toBe(2);
    expect(await output.locator('.xtitle').textContent()).toBe('rate (nats)');
    expect((await ink(output)).share).toBeGreaterThan(0.02);
    expect([strict.errors, strict.strangers]).toEqual([[], []]);
    expect(await strict.page.evaluate(() => window.host.violations)).toEqual([]);
    await strict.close();
  });

  it.each([
    ['histogram', { x: [1, 2, 2, 3] }],
    ['heatmap', { z: [[1, 2], [3, 4]] }], // prettier-ignore
    ['box', { y: [1, 2, 3, 10] }],
    ['violin', { y: [1, 2, 3, 10] }],
    ['contour', { z: [[1, 2], [3, 4]] }], // prettier-ignore
    ['pie', { labels: ['a', 'b'], values: [1, 2] }],
    ['bar', { x: ['a', 'b'], y: [1, 2] }],
    ['scatterpolar', { r: [1, 2], theta: [0, 90] }],
  ])('may have a trace of type %s', async (type, trace) => {
    const output = await draw(notebook, { data: [{ type, ...trace }], layout: {} });
    expect((await ink(output.locator('.main-svg').first())).share).toBeGreaterThan(0.005);
    expect(notebook.errors).toEqual([]);
  });

  it('leaves one that cannot be drawn here to the text, with the reason', async () => {
    const figure = { data: [{ type: 'surface', z: [[1]] }], layout: {} };
    expect(await render(notebook.page, 'v', VALUE_MIME.plotly, figure)).toMatch(
      /“surface” is not one that LatentLab draws/,
    );
  });

  it('has its numbers as a table and as files', async () => {
    const { page } = notebook;
    const output = await draw(notebook);
    const [head, ...rows] = await readTable(output);
    expect(head).toEqual(['trace', 'x', 'y']);
    expect(rows[0]).toEqual(['VAE', '2', '101']);
    expect(rows.at(-1)![0]).toBe('β-VAE');
    const svg = (await saved(page, output, 'SVG')).bytes.toString();
    expect(svg).toContain('Rate against distortion');
  });

  it('follows the theme, and what the user says of colours goes before', async () => {
    const { page } = notebook;
    const output = await draw(notebook);
    const background = () => output.locator('.main-svg').first().evaluate((svg) => getComputedStyle(svg).backgroundColor); // prettier-ignore
    const light = await background();
    await page.evaluate(() => window.host.setTheme('dark'));
    await nextFrame(page);
    expect(await background()).not.toBe(light);
    await page.evaluate(() => window.host.setTheme('light'));
    await draw(notebook, plotlyFigure({ paper_bgcolor: 'rgb(1, 2, 3)' }));
    expect(await background()).toBe('rgb(1, 2, 3)');
  });
});

it.each(THEME_NAMES)('passes axe in the theme %s', async (theme) => {
  const page = await lab.notebook({ theme });
  await draw(page);
  expect(await violations(page.page)).toEqual([]);
  await page.close();
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { codebookHistogram } from '../../kernel/views/codebookHistogram';
import { decode } from '../../kernel/views/encoding';
import { ink, readTable, render, saved, show, toNumber } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { codebookView, MIME } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const COUNTS = [5, 0, 20, 10, 0, 65];
const WINDOW = '100 held-out images';
const small = (id: string) => codebookHistogram({ id, title: 'Codebook', counts: COUNTS, window: WINDOW });

const bars = (output: Locator) =>
  output.locator('.js-plotly-plot').evaluate((element) => {
    const chart = element as unknown as {
      data: { type: string; x: number[]; y: number[] }[];
      layout: { yaxis: { type: string } };
    };
    const { type, x, y } = chart.data[0]!;
    return { type, x: [...x], y: [...y], scale: chart.layout.yaxis.type };
  });
const code = (output: Locator) => output.locator('.code').innerText();

describe('a codebook histogram', () => {
  it('sorts the codes by use, and by index on request', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, small('order'));
    expect(await bars(output)).toMatchObject({ x: [1, 2, 3, 4, 5, 6], y: [65, 20, 10, 5, 0, 0] });
    await output.getByRole('button', { name: 'By index' }).click();
    expect(await bars(output)).toMatchObject({ x: [0, 1, 2, 3, 4, 5], y: COUNTS });
  });

  it('counts on a logarithmic axis on request', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, small('log'));
    await output.getByRole('button', { name: 'Log' }).click();
    expect((await bars(output)).scale).toBe('log');
    expect((await ink(output.locator('.stage'))).share).toBeGreaterThan(0.05);
  });

  it('states perplexity, codes in use and the dead codes in words', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, small('words'));
    const shares = COUNTS.filter((count) => count > 0).map((count) => count / 100);
    const perplexity = Math.exp(-shares.reduce((sum, share) => sum + share * Math.log(share), 0));
    const stats = await output.locator('dl').innerText();
    expect(stats).toContain(`${Number(perplexity.toPrecision(4))} of 6 codes`);
    expect(stats).toMatch(/Used\s+4 of 6/);
    const caption = await output.locator('figcaption').innerText();
    expect(caption).toContain('2 dead codes, never used in 100 held-out images: 1, 4.');
  });

  it('says so when no code is dead, and when nothing was counted', async () => {
    const alive = codebookHistogram({ id: 'alive', counts: [1, 2], window: WINDOW });
    const output = await show(notebook.page, MIME.codebookHistogram, alive);
    expect(await output.locator('figcaption').innerText()).toContain('No dead codes: each was used');
    const empty = codebookHistogram({ id: 'empty', counts: [0, 0, 0], window: WINDOW });
    const other = await show(notebook.page, MIME.codebookHistogram, empty);
    expect(await other.locator('figcaption').innerText()).toContain('No code was used in 100 held-out images.');
  });

  it('reads codes one by one with the arrow keys, and keeps the place through an update', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.codebookHistogram, small('keys'));
    await output.getByRole('application').focus();
    await page.keyboard.press('ArrowRight');
    expect(await code(output)).toBe('code 5 · rank 1 of 6 · 65 uses (65 %)');
    await page.keyboard.press('End');
    expect(await code(output)).toBe('code 4 · rank 6 of 6 · never used');
    expect(await output.getByRole('status').innerText()).toBe('code 4 · rank 6 of 6 · never used');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await render(page, 'keys', MIME.codebookHistogram, small('keys'));
    expect(await code(output)).toBe('code 0 · rank 4 of 6 · 5 uses (5 %)');
  });

  it('reads the code under the pointer', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, small('pointer'));
    const stage = output.getByRole('application');
    const { width } = (await stage.boundingBox())!;
    await stage.hover({ position: { x: 62 + ((width - 74) * 1.7) / 6.4, y: 100 } });
    expect(await code(output)).toBe('code 2 · rank 2 of 6 · 20 uses (20 %)');
  });

  it('keeps the reader’s zoom through an update', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.codebookHistogram, small('zoom'));
    await output.getByRole('application').focus();
    await page.keyboard.press('+');
    const range = () =>
      output
        .locator('.js-plotly-plot')
        .evaluate((element) => (element as unknown as { layout: { xaxis: { range: number[] } } }).layout.xaxis.range);
    const zoomed = await range();
    expect(zoomed[1]! - zoomed[0]!).toBeCloseTo(3.2, 6);
    await render(page, 'zoom', MIME.codebookHistogram, small('zoom'));
    expect(await range()).toEqual(zoomed);
    await page.keyboard.press('0');
    expect((await range())[1]).toBeCloseTo(6.7, 6);
  });

  it('draws the outline where a bar would be thinner than a pixel', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, codebookView(2048, 40, 'large'));
    expect((await bars(output)).type).toBe('scatter');
    expect((await ink(output.locator('.stage'))).share).toBeGreaterThan(0.03);
  });
});

describe('the numbers of a codebook histogram', () => {
  it('are in the table and in the CSV file', async () => {
    const view = codebookView(128, 9, 'table');
    const counts = Array.from(decode(view.counts));
    const output = await show(notebook.page, MIME.codebookHistogram, view);
    const [head, ...rows] = await readTable(output);
    expect(head).toEqual(['code', 'rank', 'uses', 'share']);
    expect(rows).toHaveLength(128);
    rows.forEach(([index, , uses]) => expect(toNumber(uses!)).toBe(counts[Number(index)]));
    const csv = (await saved(notebook.page, output, 'CSV')).bytes.toString().trim().split('\r\n');
    expect(csv).toHaveLength(129);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const [index, rank, uses, share] = csv[1]!.split(',').map(Number);
    expect([rank, uses, share]).toEqual([1, counts[index!], counts[index!]! / total]);
  });

  it('are saved as a drawing and as a picture', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, small('saved'));
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    expect(svg).toContain('rank (most used first)');
    expect((await saved(notebook.page, output, 'PNG')).bytes.length).toBeGreaterThan(5000);
  });
});

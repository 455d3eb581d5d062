/** Figures for a paper: their size, their font, their colours. */
import { inflateSync } from 'node:zlib';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { show } from './support/figures';
import { Lab } from './support/page';
import { curvesView, diagramView, surfaceView } from './support/figureViews';
import { checksView, codebookView, comparisonView, lossView, metricsView, MIME, reconstructionView, traversalView, scatterView } from './support/sampleViews'; // prettier-ignore
import { sweepView } from './support/sweepViews';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open();
  mkdirSync('test/artifacts/renderer', { recursive: true });
});
afterAll(() => lab.close());

const POINTS_PER_MM = 72 / 25.4;

interface Wanted {
  format?: 'PDF' | 'SVG';
  width?: number;
  greys?: boolean;
}

/** Saves a figure by its controls. */
async function saved(page: Page, figure: Locator, { format = 'PDF', width, greys = false }: Wanted = {}) {
  const before = await page.evaluate(() => window.host.downloads.length);
  const panel = figure.getByRole('group', { name: 'Figure for a paper' });
  if (!(await panel.isVisible())) await figure.getByRole('button', { name: 'Paper' }).click();
  await panel.getByLabel('Format').selectOption(format);
  if (width !== undefined) {
    await panel.getByLabel('Width in millimetres').fill(String(width));
    await panel.getByLabel('Width in millimetres').press('Tab');
  }
  await panel.getByLabel('Colours').selectOption(greys ? 'greys' : 'as shown');
  await panel.getByRole('button', { name: 'Save the figure for a paper' }).click();
  await page.waitForFunction((count) => window.host.downloads.length > count, before, { timeout: 20_000 });
  const { name, url } = (await page.evaluate(() => window.host.downloads.at(-1)))!;
  const [mime, data] = url.split(';base64,');
  return { name, mime, bytes: Buffer.from(data ?? '', 'base64') };
}

/** What a PDF says of its page and its fonts, and the operators that draw it. */
function pdfOf(bytes: Buffer) {
  const text = bytes.toString('latin1');
  const box = /\/MediaBox \[([^\]]*)\]/.exec(text)![1]!.trim().split(/\s+/).map(Number);
  const streams = [...text.matchAll(/stream\r?\n/g)].map((match) => match.index + match[0].length);
  const contents = streams.flatMap((start) => {
    try {
      return [inflateSync(bytes.subarray(start)).toString('latin1')];
    } catch {
      return [];
    }
  });
  const fonts = [...new Set([...text.matchAll(/\/BaseFont \/([^\s/]+)/g)].map(([, font]) => font!))];
  return { box, fonts, embedded: [...text.matchAll(/\/FontFile2 /g)].length, contents };
}

const VIEWS = [
  ['loss curves', MIME.lossCurves, lossView],
  ['the latent scatter', MIME.latentScatter, scatterView],
  ['reconstructions', MIME.reconstructions, reconstructionView],
  ['the codebook histogram', MIME.codebookHistogram, () => codebookView(64, 4, 'one')],
  ['derivation checks', MIME.derivationChecks, checksView],
  ['a comparison', MIME.comparison, comparisonView],
  ['a traversal', MIME.traversal, traversalView],
  ['a table of metrics', MIME.metrics, metricsView],
  ['a figure', MIME.figure, curvesView],
  ['a surface', MIME.figure, surfaceView],
  ['a diagram', MIME.diagram, diagramView],
  ['a sweep', MIME.sweep, sweepView],
] as const;

describe('a figure for a paper', () => {
  it.each(VIEWS)(
    '%s is a PDF of the width that is asked for, its text in an embedded font',
    async (name, mime, view) => {
      const { page, strangers, errors, close } = await lab.notebook();
      const figure = await show(page, mime, view());
      for (const width of [85, 174]) {
        const file = await saved(page, figure, { width });
        writeFileSync(`test/artifacts/renderer/paper-${name.replaceAll(' ', '-')}-${width}.pdf`, file.bytes);
        expect(file.mime).toBe('data:application/pdf');
        expect(file.bytes.subarray(0, 5).toString()).toBe('%PDF-');
        const { box, fonts, embedded, contents } = pdfOf(file.bytes);
        expect(box[2]! - box[0]!).toBeCloseTo(width * POINTS_PER_MM, 0);
        expect(fonts.length).toBeGreaterThan(0);
        expect(embedded).toBeGreaterThan(0);
        // Text is shown as text, by glyphs of the font.
        expect(contents.some((content) => /<[0-9a-f]+> Tj/i.test(content))).toBe(true);
        expect(file.bytes.length).toBeLessThan(600_000);
      }
      expect([strangers, errors]).toEqual([[], []]);
      await close();
    },
  );

  it('is an SVG in millimetres that holds its font', async () => {
    const { page, close } = await lab.notebook();
    const figure = await show(page, MIME.lossCurves, lossView());
    const { name, bytes } = await saved(page, figure, { format: 'SVG', width: 114 });
    expect(name).toMatch(/\.svg$/);
    const text = bytes.toString();
    expect(/<svg[^>]* width="114mm"/.test(text)).toBe(true);
    expect(text).toContain('src:url(data:font/woff2;base64,');
    writeFileSync('test/artifacts/renderer/paper-loss-curves.svg', text);
    const families = [...text.matchAll(/font-family="([^"]*)"/g)].map(([, family]) => family);
    expect(new Set(families)).toEqual(new Set(['LatentLab Figure']));
    await close();
  });

  it('has greys alone where that is wanted, a lightness of its own for each class', async () => {
    const { page, close } = await lab.notebook();
    const figure = await show(page, MIME.latentScatter, scatterView());
    const colour = (await saved(page, figure, { format: 'SVG', width: 85 })).bytes.toString();
    const grey = (await saved(page, figure, { format: 'SVG', width: 85, greys: true })).bytes.toString();
    writeFileSync('test/artifacts/renderer/paper-grey.svg', grey);
    const fills = (text: string) => [...text.matchAll(/(?:fill|stroke)="(#[0-9a-f]{6})"/g)].map(([, hex]) => hex!);
    const hues = (text: string) => fills(text).filter((hex) => new Set(hex.slice(1).match(/../g)).size > 1);
    expect(hues(colour).length).toBeGreaterThan(0);
    expect(hues(grey)).toEqual([]);
    // The marks of a class: there are many.
    const marks = (text: string) => [...text.matchAll(/<(?:circle|path)[^>]* fill="(#[0-9a-f]{6})"/g)].map(([, hex]) => hex!); // prettier-ignore
    const classes = new Set(marks(colour));
    const levels = new Set(marks(grey));
    expect(classes.size).toBe(10);
    expect(levels.size).toBe(classes.size);
    const shades = [...levels].map((hex) => parseInt(hex.slice(1, 3), 16)).sort((a, b) => a - b);
    const gaps = shades.slice(1).map((shade, i) => shade - shades[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(8);
    await close();
  });

  it('leaves the figure on the screen as it was', async () => {
    const { page, close } = await lab.notebook();
    const figure = await show(page, MIME.lossCurves, lossView());
    const width = () => figure.locator('.body').evaluate((body) => body.getBoundingClientRect().width);
    const before = await width();
    await saved(page, figure, { width: 85 });
    expect(await width()).toBe(before);
    await close();
  });

  it('is chosen and saved by the keyboard', async () => {
    const { page, close } = await lab.notebook();
    const figure = await show(page, MIME.derivationChecks, checksView());
    await figure.getByRole('button', { name: 'Paper' }).focus();
    await page.keyboard.press('Enter');
    const panel = figure.getByRole('group', { name: 'Figure for a paper' });
    await expect.poll(() => panel.getByLabel('Format').evaluate((e) => e.matches(':focus'))).toBe(true);
    for (let i = 0; i < 4; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.host.downloads.length > 0);
    await close();
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { ink } from './support/figures';
import { Lab } from './support/page';
import { codebookView, lossView, MIME, reconstructionView, scatterView } from './support/sampleViews';

let lab: Lab;
let script: string;
beforeAll(async () => {
  lab = await Lab.open();
  script = readFileSync(join(lab.built.folder, 'report.js'), 'utf8').replaceAll('</script', '<\\/script');
});
afterAll(() => lab.close());

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

function figure(mime: string, view: unknown): string {
  const json = JSON.stringify(view).replaceAll('<', '\\u003c');
  return (
    `<figure data-latentlab-mime="${mime}"><script type="application/json">${json}</script>` +
    `<img src="${PIXEL}" alt="saved picture"></figure>`
  );
}

function report(figures: string[], style = ''): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Report</title><style>${style}</style></head>` +
    `<body><main>${figures.join('')}</main><script>${script}</script></body></html>`
  );
}

/** Waits for the last of so many views to be drawn. */
const drawn = (page: Page, count: number) =>
  page
    .locator('[data-latentlab-view]')
    .nth(count - 1)
    .waitFor();

const POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

describe('a self-contained report', () => {
  it('draws all views in place of their pictures, without a single request', async () => {
    const views = [
      figure(MIME.lossCurves, lossView()),
      figure(MIME.latentScatter, scatterView()),
      figure(MIME.reconstructions, reconstructionView()),
      figure(MIME.codebookHistogram, codebookView()),
    ];
    const { page, close, ...seen } = await lab.page(report(views), { policy: POLICY });
    await drawn(page, 4);
    for (const body of await page.locator('.latentlab-figure .body').all()) {
      expect((await ink(body)).share).toBeGreaterThan(0.02);
    }
    expect(await page.locator('img:visible').count()).toBe(0);
    expect([...seen.strangers, ...seen.loaded]).toEqual([]);
    expect(seen.errors).toEqual([]);
    await close();
  });

  it('answers a click in the latent plane from the saved grid', async () => {
    const { page, close } = await lab.page(report([figure(MIME.latentScatter, scatterView())]), { policy: POLICY });
    await page.getByRole('application').click({ position: { x: 60, y: 20 } });
    expect(await page.locator('.decoded').innerText()).toContain('saved grid, no live kernel');
    await close();
  });

  it('keeps the picture of a view that it cannot draw, says why, and draws the others', async () => {
    const views = [figure(MIME.lossCurves, { version: 9 }), figure(MIME.codebookHistogram, codebookView())];
    const { page, close } = await lab.page(report(views));
    await drawn(page, 1);
    const broken = page.locator('figure').first();
    expect(await broken.locator('[role=note]').innerText()).toContain('it has version 9');
    expect(await broken.locator('img').isVisible()).toBe(true);
    await close();
  });

  it.each([
    ['#ffffff', 'light'],
    ['#101418', 'dark'],
  ])('on a background of %s is drawn in %s colours', async (background, scheme) => {
    const html = report([figure(MIME.codebookHistogram, codebookView())], `body { background: ${background}; }`);
    const { page, close } = await lab.page(html);
    await drawn(page, 1);
    const colours = page.locator('.latentlab-figure').evaluate((element) => element.style.colorScheme);
    expect(await colours).toBe(scheme);
    await close();
  });

  it('saves a figure for a paper as SVG in millimetres, its font inside, and stays small', async () => {
    const { page, errors, close } = await lab.page(report([figure(MIME.lossCurves, lossView())]), { policy: POLICY });
    await page.getByRole('button', { name: 'Paper' }).click();
    const panel = page.getByRole('group', { name: 'Figure for a paper' });
    expect(await panel.getByLabel('Format').isVisible()).toBe(false);
    await panel.getByLabel('Width in millimetres').fill('120');
    await panel.getByLabel('Width in millimetres').press('Tab');
    const download = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Save the figure for a paper' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('loss-curves-of-vae-2-latents.svg');
    const text = readFileSync(await file.path(), 'utf8');
    expect(text).toMatch(/<svg [^>]*width="120mm"/);
    expect(text).toContain('font/woff2');
    expect(await page.getByRole('alert').isVisible()).toBe(false);
    expect(errors).toEqual([]);
    expect(script.length).toBeLessThan(700_000);
    await close();
  });

  it('lets the browser download what is saved', async () => {
    const { page, close } = await lab.page(report([figure(MIME.codebookHistogram, codebookView())]));
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as CSV' }).click();
    expect((await download).suggestedFilename()).toBe('codebook-of-vq-vae-128-codes.csv');
    await close();
  });
});

/**
 * A contact sheet of every view under test/artifacts/renderer/contact, for people to look at: the four themes from top to
 * bottom, three widths from left to right.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nextFrame, send, show } from './support/figures';
import { followedView } from './support/latentViews';
import { Lab } from './support/page';
import {
  anomaliesView,
  checksView,
  exerciseView,
  codebookView,
  comparisonView,
  framesView,
  fullLossView,
  galleryView,
  lossView,
  metricsView,
  MIME,
  reconstructionView,
  rerunView,
  scatterView,
  soundView,
  standardisedView,
  stepsView,
  traversalView,
  vectorView,
} from './support/sampleViews';
import { fullCodebookView } from './support/codebookViews';
import { barsView, codebookDiagramView, curvesView, diagramView, pointsView, surfaceView } from './support/figureViews';
import { sweepView } from './support/sweepViews';
import { THEME_NAMES } from './support/themes';
import { objectView, plotlyFigure, tableView, vegaLiteChart } from './support/values';
import { VALUE_MIME, VEGA_LITE_MIMES } from '../../kernel/views/types';

const FOLDER = 'test/artifacts/renderer/contact';
const WIDTHS = [480, 760, 1100];
/** Both sides of the page together. */
const MARGINS = 32;

let lab: Lab;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  lab = await Lab.open();
});
afterAll(() => lab.close());

/** Every view, as it is shown when it is opened or after the step that its name says. */
async function showAll(page: Page): Promise<Record<string, Locator>> {
  const render = (id: string, mime: string, json: unknown) =>
    page.evaluate(([one, type, view]) => window.host.render(one, type, view), [id, mime, json] as const);
  await render('figure', VALUE_MIME.plotly, plotlyFigure());
  await render('chart', VEGA_LITE_MIMES[1]!, vegaLiteChart());
  const views = {
    'loss-curves': await show(page, MIME.lossCurves, lossView()),
    'loss-curves-running': await show(page, MIME.lossCurves, lossView(300, 'running', { state: 'running' })),
    'loss-curves-stacked': await show(page, MIME.lossCurves, fullLossView(930, 16, 'stacked')),
    'loss-curves-latents': await show(page, MIME.lossCurves, fullLossView(930, 16, 'latents')),
    'loss-curves-optimizer': await show(page, MIME.lossCurves, fullLossView(930, 16, 'optimizer')),
    'loss-curves-again': await show(page, MIME.lossCurves, rerunView(280, 'again', { state: 'running' })),
    'latent-scatter': await show(page, MIME.latentScatter, scatterView()),
    'latent-followed': await show(page, MIME.latentScatter, followedView()),
    'latent-solid': await show(page, MIME.latentScatter, scatterView({ id: 'solid', d: 6 })),
    manifold: await show(page, MIME.latentScatter, scatterView({ id: 'manifold' })),
    reconstructions: await show(page, MIME.reconstructions, reconstructionView()),
    enlarged: await show(page, MIME.reconstructions, reconstructionView(10, 'enlarged')),
    frames: await show(page, MIME.reconstructions, framesView()),
    sound: await show(page, MIME.reconstructions, soundView()),
    steps: await show(page, MIME.reconstructions, stepsView()),
    standardised: await show(page, MIME.reconstructions, standardisedView()),
    traversal: await show(page, MIME.traversal, traversalView()),
    anomalies: await show(page, MIME.anomalies, await anomaliesView()),
    metrics: await show(page, MIME.metrics, metricsView()),
    'figure-curves': await show(page, MIME.figure, curvesView()),
    'figure-points': await show(page, MIME.figure, pointsView()),
    'figure-bars': await show(page, MIME.figure, barsView()),
    'figure-surface': await show(page, MIME.figure, surfaceView()),
    diagram: await show(page, MIME.diagram, diagramView()),
    'diagram-codes': await show(page, MIME.diagram, codebookDiagramView()),
    vectors: await show(page, MIME.reconstructions, vectorView()),
    gallery: await show(page, MIME.reconstructions, galleryView()),
    'codebook-histogram': await show(page, MIME.codebookHistogram, codebookView()),
    'codebook-plane': await show(page, MIME.codebookHistogram, fullCodebookView('plane').view),
    'codebook-images': await show(page, MIME.codebookHistogram, fullCodebookView('images').view),
    'codebook-course': await show(page, MIME.codebookHistogram, fullCodebookView('course').view),
    'derivation-checks': await show(page, MIME.derivationChecks, checksView()),
    exercise: await show(page, MIME.derivationChecks, exerciseView()),
    comparison: await show(page, MIME.comparison, comparisonView()),
    sweep: await show(page, MIME.sweep, sweepView()),
    table: await show(page, VALUE_MIME.table, tableView()),
    'plotly-figure': page.locator('[id="figure"]'),
    'vega-lite-chart': page.locator('[id="chart"]'),
    object: await show(page, VALUE_MIME.object, objectView()),
  };
  await views.enlarged.getByRole('button', { name: 'Enlarge' }).click();
  await views.standardised.getByRole('button', { name: 'Enlarge' }).click();
  await views['latent-solid'].getByRole('button', { name: '3D' }).click();
  await views['latent-solid'].getByRole('button', { name: 'Turn' }).waitFor();
  await views.manifold.getByRole('button', { name: 'Manifold' }).click();
  await send(page, { type: 'viewFrame', viewId: 'running', view: lossView(310, 'running', { state: 'running' }) });
  for (const tab of ['Stacked', 'Latents', 'Optimizer'] as const)
    await views[`loss-curves-${tab.toLowerCase()}` as 'loss-curves'].getByRole('tab', { name: tab }).click();
  for (const [name, tab] of [
    ['codebook-plane', 'Codes in the plane'],
    ['codebook-images', 'Images'],
    ['codebook-course', 'Over training'],
  ] as const) {
    await views[name].getByRole('tab', { name: tab }).click();
    await views[name].getByRole('textbox').fill('7');
    await views[name].getByRole('textbox').press('Enter');
  }
  await views.comparison.getByRole('button', { name: 'Each run' }).click();
  await views.comparison.locator('.panels').press('Home');
  await views.comparison.locator('.panels').press('Shift+ArrowRight');
  await page.mouse.move(0, 0);
  await page.evaluate(() => window.scrollTo(0, 0));
  return views;
}

/** Height of a page that is taken in one go. */
const STRIP = 5000;

/** A picture of each output: several are taken at once, and cut apart. */
async function pictures(page: Page, views: Record<string, Locator>) {
  const found = new Map<string, { file: Buffer; colours: number }>();
  const places = await Promise.all(
    Object.entries(views).map(async ([name, output]) => ({ name, ...(await output.boundingBox())! })),
  );
  const scrolled = await page.evaluate(() => window.scrollY);
  places.sort((a, b) => a.y - b.y);
  for (let from = 0; from < places.length;) {
    const top = places[from]!.y + scrolled;
    let to = from + 1;
    while (to < places.length && places[to]!.y + places[to]!.height + scrolled - top < STRIP) to++;
    const last = places[to - 1]!;
    const clip = { x: 0, y: top, width: last.x + last.width, height: last.y + last.height + scrolled - top };
    const strip = await loadImage(await page.screenshot({ fullPage: true, clip, animations: 'disabled' }));
    for (const { name, x, y, width, height } of places.slice(from, to)) {
      const canvas = createCanvas(Math.round(width), Math.round(height));
      const context = canvas.getContext('2d');
      context.drawImage(strip, -Math.round(x), -Math.round(y + scrolled - top));
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const colours = new Set(new Uint32Array(data.buffer).filter((_, i) => i % 31 === 0)).size;
      found.set(name, { file: canvas.toBuffer('image/png'), colours });
    }
    from = to;
  }
  return found;
}

/** What sticks out of an output on its right, and is not scrolled there on purpose. */
function stickingOut(output: Element): string[] {
  const { right } = output.getBoundingClientRect();
  const scrolls = (element: Element) => /auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX);
  const found: string[] = [];
  const look = (root: Element | ShadowRoot): void => {
    for (const element of root.children) {
      const box = element.getBoundingClientRect();
      if (box.width > 1 && box.right > right + 1)
        found.push(`${element.tagName}.${element.getAttribute('class') ?? ''}`);
      else if (!scrolls(element) && !(element instanceof SVGElement)) look(element.shadowRoot ?? element);
    }
  };
  look(output);
  return found;
}

/** Sheets by view: a row for each theme, a column for each width. */
const sheets = new Map<string, Buffer[][]>();

it('every view is drawn, and nothing of it sticks out, in each theme at each width', { timeout: 240_000 }, async () => {
  const { page, errors, close } = await lab.notebook({ width: WIDTHS.at(-1)! + MARGINS });
  const views = await showAll(page);
  const out: string[] = [];
  for (const [column, width] of WIDTHS.entries()) {
    await page.setViewportSize({ width: width + MARGINS, height: 900 });
    for (const [row, theme] of THEME_NAMES.entries()) {
      await page.evaluate((name) => window.host.setTheme(name), theme);
      await nextFrame(page);
      await nextFrame(page);
      for (const [name, picture] of await pictures(page, views)) {
        const rows = sheets.get(name) ?? sheets.set(name, []).get(name)!;
        (rows[row] ??= [])[column] = picture.file;
        expect(picture.colours, `${name} in ${theme} at ${width} pixels`).toBeGreaterThan(4);
      }
    }
    for (const [name, output] of Object.entries(views))
      out.push(...(await output.evaluate(stickingOut)).map((one) => `${name} at ${width} pixels: ${one}`));
  }
  expect([...errors, ...out]).toEqual([]);
  await close();
});

afterAll(async () => {
  for (const [name, rows] of sheets) writeFileSync(`${FOLDER}/${name}.png`, await sheetOf(rows));
});

const GAP = 12;

async function sheetOf(rows: readonly Buffer[][]): Promise<Buffer> {
  const images = await Promise.all(rows.map((row) => Promise.all(row.map((picture) => loadImage(picture)))));
  const heights = images.map((row) => Math.max(...row.map(({ height }) => height)) + GAP);
  const width = WIDTHS.reduce((sum, one) => sum + one + GAP, GAP);
  const canvas = createCanvas(width, heights.reduce((sum, one) => sum + one, GAP)); // prettier-ignore
  const context = canvas.getContext('2d');
  context.fillStyle = '#808080';
  context.fillRect(0, 0, canvas.width, canvas.height);
  let top = GAP;
  images.forEach((row, i) => {
    let left = GAP;
    row.forEach((image, column) => {
      context.drawImage(image, left, top);
      left += WIDTHS[column]! + GAP;
    });
    top += heights[i]!;
  });
  return canvas.encode('png');
}

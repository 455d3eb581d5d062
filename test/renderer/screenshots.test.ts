/** Leaves a picture of every view in light and dark under test/artifacts/renderer, for people to look at. */
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ink, send, show } from './support/figures';
import { Lab } from './support/page';
import {
  checksView,
  codebookView,
  followedView,
  comparisonView,
  galleryView,
  lossView,
  MIME,
  reconstructionView,
  scatterView,
  vectorView,
} from './support/sampleViews';
import { THEME_NAMES } from './support/themes';
import { objectView, plotlyFigure, tableView, vegaLiteChart } from './support/values';
import { VALUE_MIME, VEGA_LITE_MIMES } from '../../kernel/views/types';

const FOLDER = 'test/artifacts/renderer';

let lab: Lab;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  lab = await Lab.open();
});
afterAll(() => lab.close());

it.each(THEME_NAMES)('every view leaves a picture in the theme %s', async (theme) => {
  const { page, errors, close } = await lab.notebook({ theme, width: 960 });
  await page.evaluate(([mime, figure]) => window.host.render('figure', mime, figure), [
    VALUE_MIME.plotly,
    plotlyFigure(),
  ] as const);
  await page.evaluate(([mime, chart]) => window.host.render('chart', mime, chart), [
    VEGA_LITE_MIMES[1]!,
    vegaLiteChart(),
  ] as const);
  const views = {
    'loss-curves': await show(page, MIME.lossCurves, lossView()),
    'loss-curves-running': await show(page, MIME.lossCurves, lossView(300, 'running', { state: 'running' })),
    'latent-scatter': await show(page, MIME.latentScatter, scatterView()),
    'latent-followed': await show(page, MIME.latentScatter, followedView()),
    manifold: await show(page, MIME.latentScatter, scatterView({ id: 'manifold' })),
    reconstructions: await show(page, MIME.reconstructions, reconstructionView()),
    vectors: await show(page, MIME.reconstructions, vectorView()),
    gallery: await show(page, MIME.reconstructions, galleryView()),
    'codebook-histogram': await show(page, MIME.codebookHistogram, codebookView()),
    'derivation-checks': await show(page, MIME.derivationChecks, checksView()),
    comparison: await show(page, MIME.comparison, comparisonView()),
    table: await show(page, VALUE_MIME.table, tableView()),
    'plotly-figure': page.locator('[id="figure"]'),
    'vega-lite-chart': page.locator('[id="chart"]'),
    object: await show(page, VALUE_MIME.object, objectView()),
  };
  await views.manifold.getByRole('button', { name: 'Manifold' }).click();
  await send(page, { type: 'viewFrame', viewId: 'running', view: lossView(310, 'running', { state: 'running' }) });
  await page.mouse.move(0, 0);
  for (const [name, output] of Object.entries(views)) {
    await output.screenshot({ path: `${FOLDER}/${name}-${theme}.png` });
    expect((await ink(output)).share, name).toBeGreaterThan(0.02);
  }
  expect(errors).toEqual([]);
  await close();
});

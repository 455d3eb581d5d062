/** Leaves a picture of every view in light and dark under test/artifacts/renderer, for people to look at. */
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ink, send, show } from './support/figures';
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
    'loss-curves-stacked': await show(page, MIME.lossCurves, fullLossView(930, 16, 'stacked')),
    'loss-curves-latents': await show(page, MIME.lossCurves, fullLossView(930, 16, 'latents')),
    'loss-curves-optimizer': await show(page, MIME.lossCurves, fullLossView(930, 16, 'optimizer')),
    'loss-curves-again': await show(page, MIME.lossCurves, rerunView(280, 'again', { state: 'running' })),
    'latent-scatter': await show(page, MIME.latentScatter, scatterView()),
    'latent-followed': await show(page, MIME.latentScatter, followedView()),
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
    table: await show(page, VALUE_MIME.table, tableView()),
    'plotly-figure': page.locator('[id="figure"]'),
    'vega-lite-chart': page.locator('[id="chart"]'),
    object: await show(page, VALUE_MIME.object, objectView()),
  };
  await views.enlarged.getByRole('button', { name: 'Enlarge' }).click();
  await views.standardised.getByRole('button', { name: 'Enlarge' }).click();
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
  await page.mouse.move(0, 0);
  await views.comparison.getByRole('button', { name: 'Each run' }).click();
  await views.comparison.locator('.panels').press('Home');
  await views.comparison.locator('.panels').press('Shift+ArrowRight');
  for (const [name, output] of Object.entries(views)) {
    await output.screenshot({ path: `${FOLDER}/${name}-${theme}.png` });
    expect((await ink(output)).share, name).toBeGreaterThan(0.02);
  }
  expect(errors).toEqual([]);
  await close();
});

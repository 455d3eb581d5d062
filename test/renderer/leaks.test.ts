import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VALUE_MIME, VEGA_LITE_MIMES } from '../../kernel/views/types';
import type { CDPSession, Page } from 'playwright-core';
import { ink, nextFrame, render, show } from './support/figures';
import { Lab } from './support/page';
import { fullCodebookView } from './support/codebookViews';
import { followedView } from './support/latentViews';
import {
  anomaliesView,
  checksView,
  codebookView,
  comparisonView,
  framesView,
  fullLossView,
  lossView,
  metricsView,
  MIME,
  reconstructionView,
  scatterView,
  soundView,
  traversalView,
} from './support/sampleViews';
import { sweepView } from './support/sweepViews';
import { curvesView, diagramView, surfaceView } from './support/figureViews';
import { objectView, plotlyFigure, tableView, vegaLiteChart } from './support/values';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab.close());

/** Counts the WebGL contexts that the page asks for, and the addresses of blobs that it keeps. */
function countContexts(): void {
  const counted = { contexts: 0, urls: 0 };
  Object.assign(window, { counted });
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    counted.urls++;
    return createObjectURL.call(URL, blob);
  };
  URL.revokeObjectURL = (url) => {
    counted.urls--;
    revokeObjectURL.call(URL, url);
  };
  const getContext = HTMLCanvasElement.prototype.getContext;
  const seen = new WeakSet<HTMLCanvasElement>();
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: Parameters<typeof getContext>) {
    if (args[0].startsWith('webgl') && !seen.has(this)) {
      seen.add(this);
      counted.contexts++;
    }
    return getContext.apply(this, args);
  } as typeof getContext;
}

/** Takes the graphics context away or gives it back, and waits until the page has heard of it. */
async function lose(event: string): Promise<void> {
  const { gl } = window as unknown as { gl: WebGL2RenderingContext & { loser?: WEBGL_lose_context | null } };
  gl.loser ??= gl.getExtension('WEBGL_lose_context');
  const heard = new Promise((done) => gl.canvas.addEventListener(event, done, { once: true }));
  if (event === 'webglcontextlost') gl.loser!.loseContext();
  else gl.loser!.restoreContext();
  await heard;
}

const counts = (page: Page) =>
  page.evaluate(() => (window as unknown as { counted: { contexts: number; urls: number } }).counted);

async function metrics(session: CDPSession): Promise<Record<string, number>> {
  // Twice: finalizers of the first collection free more for the second.
  for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage');
  const { metrics: list } = await session.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

const VIEWS = [
  ['loss curves', MIME.lossCurves, () => lossView(200, 'v')],
  ['latent scatter', MIME.latentScatter, () => scatterView({ id: 'v' })],
  ['reconstructions', MIME.reconstructions, () => reconstructionView(10, 'v')],
  ['a scatter with its past', MIME.latentScatter, () => followedView('v')],
  ['codebook histogram', MIME.codebookHistogram, () => codebookView(128, 9, 'v')],
  ['codes, images and their course', MIME.codebookHistogram, () => fullCodebookView('v').view],
  ['stacked terms, latents and optimizer', MIME.lossCurves, () => fullLossView(200, 8, 'v')],
  ['compared runs', MIME.comparison, () => comparisonView('v')],
  ['traversal', MIME.traversal, () => traversalView('v')],
  ['anomalies', MIME.anomalies, () => anomaliesView('v')],
  ['metrics', MIME.metrics, () => metricsView('v')],
  ['derivation checks', MIME.derivationChecks, () => checksView('v')],
  ['film strips', MIME.reconstructions, () => framesView(4, 'v')],
  ['sounds', MIME.reconstructions, () => soundView(2, 'v')],
  ['curves', MIME.figure, () => curvesView('v')],
  ['surface', MIME.figure, () => surfaceView('v')],
  ['diagram', MIME.diagram, () => diagramView('v')],
  ['sweep', MIME.sweep, () => sweepView('v')],
  ['tree of a value', VALUE_MIME.object, () => objectView('v')],
  ['table of records', VALUE_MIME.table, () => tableView(200, 'v')],
  ['figure of Plotly’s', VALUE_MIME.plotly, () => plotlyFigure()],
  ['chart of Vega-Lite’s', VEGA_LITE_MIMES[1]!, () => vegaLiteChart()],
] as const;

const isOurs = (mime: string) => mime.startsWith('application/vnd.latentlab.');

describe('a long session', () => {
  it.each(VIEWS)(
    'leaves nothing of %s behind after 100 times shown, updated and disposed of',
    async (_, mime, view) => {
      const { page, errors, close } = await lab.notebook({ before: countContexts });
      const session = await page.context().newCDPSession(page);
      await session.send('Performance.enable');
      const json = await view();
      const cycles = (count: number) =>
        page.evaluate(
          async ([type, one, times]) => {
            for (let i = 0; i < times; i++) {
              await window.host.render('v', type, one);
              await window.host.render('v', type, one);
              window.host.dispose('v');
            }
          },
          [mime, json, count] as const,
        );
      // The first rounds fill caches that stay: code, style sheets, plotly's hidden measuring elements.
      await cycles(40);
      await nextFrame(page);
      const before = await metrics(session);
      await cycles(100);
      await nextFrame(page);
      const after = await metrics(session);
      expect(after.Nodes! - before.Nodes!).toBeLessThan(200);
      expect(after.JSEventListeners! - before.JSEventListeners!).toBeLessThanOrEqual(5);
      const heap = after.JSHeapUsedSize! - before.JSHeapUsedSize!;
      // Plotly and Vega keep more of their own while they warm up.
      expect(heap).toBeLessThan(isOurs(mime) ? 0.05 * before.JSHeapUsedSize! : 3e6);
      const { contexts, urls } = await counts(page);
      expect(contexts).toBeLessThanOrEqual(1);
      expect(urls).toBe(0);
      expect(errors).toEqual([]);
      await close();
    },
  );

  it('draws forty scatters with one context, none of them blank', async () => {
    const { page, close } = await lab.notebook({ before: countContexts });
    const view = scatterView();
    for (let i = 0; i < 40; i++) await show(page, MIME.latentScatter, { ...view, id: `s${i}` }, `s${i}`);
    expect((await counts(page)).contexts).toBe(1);
    const shares = await page.evaluate(() =>
      [...document.querySelectorAll('.output')].map((output) => {
        const canvas = output
          .querySelector('.latentlab-figure')!
          .shadowRoot!.querySelector<HTMLCanvasElement>('.stage canvas')!;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((value, j) => j % 4 === 3 && value > 0).length / (data.length / 4);
      }),
    );
    expect(shares).toHaveLength(40);
    expect(Math.min(...shares)).toBeGreaterThan(0.03);
    await close();
  });

  it('draws the points again after the graphics context was lost, and says so in between', async () => {
    const { page, close } = await lab.notebook({
      before: () => {
        const getContext = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (
          this: HTMLCanvasElement,
          ...args: Parameters<typeof getContext>
        ) {
          const context = getContext.apply(this, args);
          if (context instanceof WebGL2RenderingContext) Object.assign(window, { gl: context });
          return context;
        } as typeof getContext;
      },
    });
    const output = await show(page, MIME.latentScatter, scatterView({ id: 'v' }));
    const { share } = await ink(output.locator('.stage'));
    const caption = () => output.locator('figcaption').innerText();
    await page.evaluate(lose, 'webglcontextlost');
    await nextFrame(page);
    expect(await caption()).toContain('drawn without WebGL: the graphics context was lost');
    expect((await ink(output.locator('.stage'))).share).toBeCloseTo(share, 1);
    await page.evaluate(lose, 'webglcontextrestored');
    await nextFrame(page);
    expect(await caption()).not.toContain('without WebGL');
    expect((await ink(output.locator('.stage'))).share).toBeCloseTo(share, 2);
    await close();
  });

  it('keeps no question to the kernel for a view that is gone', async () => {
    const { page, errors, close } = await lab.notebook();
    const output = await show(page, MIME.latentScatter, scatterView({ id: 'v' }));
    await output.getByRole('application').click({ position: { x: 60, y: 20 } });
    await page.evaluate(() => {
      const { requestId } = window.host.messages.at(-1) as { requestId: string };
      window.host.dispose('v');
      window.host.send({ type: 'viewResponse', requestId, error: 'too late' });
    });
    expect(await render(page, 'v', MIME.latentScatter, scatterView({ id: 'v' }))).toBeNull();
    expect(errors).toEqual([]);
    await close();
  });
});

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { AxeResults, RunOptions } from 'axe-core';
import { encodeSamples } from '../../kernel/views/samples';
import { SHAPE } from './support/fashion';
import { nextFrame, show } from './support/figures';
import { followedView } from './support/latentViews';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import {
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
  stepsView,
  traversalView,
  vectorView,
} from './support/sampleViews';
import { fullCodebookView } from './support/codebookViews';
import { barsView, curvesView, diagramView, pointsView, surfaceView } from './support/figureViews';
import { THEME_NAMES } from './support/themes';

declare global {
  interface Window {
    axe: { run(context: Element, options: RunOptions): Promise<AxeResults> };
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let lab: Lab;
beforeAll(async () => {
  mkdirSync('test/artifacts/renderer', { recursive: true });
  lab = await Lab.open();
});
afterAll(() => lab.close());

const VIEWS = [
  ['loss curves', MIME.lossCurves, () => lossView(930, 'v')],
  ['loss curves of a running training', MIME.lossCurves, () => lossView(300, 'v', { state: 'running' })],
  ['loss curves with tabs', MIME.lossCurves, () => fullLossView(930, 16, 'v')],
  ['loss curves of a cell that ran again', MIME.lossCurves, () => rerunView(620, 'v')],
  ['latent scatter', MIME.latentScatter, () => scatterView({ id: 'v' })],
  ['latent scatter of many dimensions', MIME.latentScatter, () => scatterView({ id: 'v', d: 16 })],
  ['latent scatter on a scale, with its past', MIME.latentScatter, () => followedView('v')],
  ['reconstructions', MIME.reconstructions, () => reconstructionView(40, 'v')],
  ['reconstructions of vectors', MIME.reconstructions, () => vectorView(6, 'v')],
  ['film strips', MIME.reconstructions, () => framesView(6, 'v')],
  ['sequences', MIME.reconstructions, () => stepsView(3, 'v')],
  ['sound', MIME.reconstructions, () => soundView(3, 'v')],
  ['traversal', MIME.traversal, () => traversalView('v')],
  ['metrics', MIME.metrics, () => metricsView('v')],
  ['gallery', MIME.reconstructions, () => galleryView(24, 'v')],
  ['codebook histogram', MIME.codebookHistogram, () => codebookView(128, 9, 'v')],
  ['codebook of images', MIME.codebookHistogram, () => fullCodebookView('v').view],
  ['derivation checks', MIME.derivationChecks, () => checksView('v')],
  ['exercises', MIME.derivationChecks, () => exerciseView('v')],
  ['comparison', MIME.comparison, () => comparisonView('v')],
  ['curves', MIME.figure, () => curvesView('v')],
  ['points', MIME.figure, () => pointsView('v')],
  ['bars', MIME.figure, () => barsView('v')],
  ['surface', MIME.figure, () => surfaceView('v')],
  ['diagram', MIME.diagram, () => diagramView('v')],
] as const;

/** What axe finds in the page, one line a node; also says whether it looked at colours at all. */
async function inspect(page: Page): Promise<{ violations: string[]; sawColours: boolean }> {
  return page.evaluate(async () => {
    const { violations, passes } = await window.axe.run(document.querySelector('main')!, {});
    return {
      violations: violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`)),
      sawColours: passes.some(({ id, nodes }) => id === 'color-contrast' && nodes.length >= 2),
    };
  });
}

describe.each(THEME_NAMES)('in the theme %s', (theme) => {
  let notebook: NotebookPage;
  beforeAll(async () => {
    notebook = await lab.notebook({ theme });
    await notebook.page.evaluate(axeSource);
  });
  afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
  afterAll(() => notebook.close());

  it.each(VIEWS)('%s passes axe, with its table and its settings for paper closed and open', async (_, mime, view) => {
    const output = await show(notebook.page, mime, view());
    expect(await inspect(notebook.page)).toEqual({ violations: [], sawColours: true });
    await output.getByRole('button', { name: 'Table' }).click();
    await output.getByRole('button', { name: 'Paper' }).click();
    expect(await inspect(notebook.page)).toEqual({ violations: [], sawColours: true });
  });

  it('an enlarged sample passes axe', async () => {
    const output = await show(notebook.page, MIME.reconstructions, reconstructionView(10, 'v'));
    await output.getByRole('button', { name: 'Enlarge' }).click();
    expect(await inspect(notebook.page)).toEqual({ violations: [], sawColours: true });
  });
});

describe('the parts of a figure', () => {
  it.each([
    ['a training', MIME.lossCurves, () => fullLossView(930, 16, 'v')],
    ['a codebook', MIME.codebookHistogram, () => fullCodebookView('v').view],
  ] as const)('each pass axe: %s', async (_, mime, view) => {
    const notebook = await lab.notebook();
    await notebook.page.evaluate(axeSource);
    const output = await show(notebook.page, mime, view());
    for (const tab of await output.getByRole('tab').all()) {
      await tab.click();
      expect(await inspect(notebook.page)).toEqual({ violations: [], sawColours: true });
    }
    await notebook.close();
  });
});

describe.each(THEME_NAMES)('a latent scatter in use, in the theme %s,', (theme) => {
  it('passes axe with a selection, a way, a point compared and a note that it is older', async () => {
    const { page, close } = await lab.notebook({ theme });
    await page.evaluate(axeSource);
    const output = await show(page, MIME.latentScatter, scatterView({ id: 'used', d: 16 }));
    const stage = output.getByRole('application');
    await stage.focus();
    const keys = [
      'n',
      'i',
      'n',
      'i',
      'r',
      'Enter',
      ...Array<string>(3).fill('Shift+ArrowUp'),
      'Shift+ArrowRight',
      'Enter',
    ];
    for (const key of keys) await page.keyboard.press(key);
    // What asks for a way, and what selects, are loaded when they are first wanted.
    await output.locator('.selection').waitFor();
    await page.waitForFunction(() =>
      (window.host.messages as { request?: { kind: string } }[]).some(({ request }) => request?.kind === 'way'),
    );
    const asked = await page.evaluate(() => window.host.messages as { requestId: string; request: { kind: string } }[]);
    const pixels = encodeSamples(new Float32Array(9 * 784).fill(0.5), SHAPE, 'samples');
    const one = encodeSamples(new Float32Array(784).fill(0.5), SHAPE, 'sample');
    for (const { requestId, request } of asked) {
      const sample = { shape: SHAPE, values: one };
      const result =
        request.kind === 'way'
          ? {
              kind: 'way',
              points: Array.from({ length: 9 }, () => new Array<number>(16).fill(0)),
              samples: { shape: SHAPE, values: pixels },
            }
          : request.kind === 'point'
            ? { kind: 'point', input: sample, reconstruction: sample, error: 1 }
            : undefined;
      if (result)
        await page.evaluate((message) => window.host.send(message), { type: 'viewResponse', requestId, result });
    }
    await page.evaluate((change) => window.host.send(change), {
      type: 'viewChange',
      viewId: 'used',
      mime: MIME.latentScatter,
      change: { newer: 3, projected: 0.5 },
    });
    await nextFrame(page);
    expect(await output.locator('.way canvas').count()).toBe(9);
    expect(await output.locator('.selection').isVisible()).toBe(true);
    expect(await inspect(page)).toEqual({ violations: [], sawColours: true });
    await output.screenshot({ path: `test/artifacts/renderer/latent-used-${theme}.png` });
    await close();
  });
});

describe('every figure', () => {
  let notebook: NotebookPage;
  beforeAll(async () => {
    notebook = await lab.notebook();
  });
  afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
  afterAll(() => notebook.close());

  it.each(VIEWS)('of %s has a name and a description', async (_, mime, view) => {
    const { title, summary } = view();
    const output = await show(notebook.page, mime, view());
    const figure = output.getByRole('figure', { name: title });
    expect(await figure.count()).toBe(1);
    const description = await figure.evaluate((element) => {
      const id = element.getAttribute('aria-describedby')!;
      return (element.getRootNode() as ShadowRoot).getElementById(id)!.textContent;
    });
    expect(description).toBe(summary);
  });

  it.each(VIEWS)(
    'of %s can be walked through by keyboard: controls have names and a visible focus',
    async (_, mime, view) => {
      const { page } = notebook;
      await show(page, mime, view());
      const stops: { name: string; outline: string }[] = [];
      for (;;) {
        await page.keyboard.press('Tab');
        const stop = await page.evaluate(() => {
          const inner = document.activeElement?.shadowRoot?.activeElement;
          if (!inner) return null;
          const name = inner.getAttribute('aria-label') ?? inner.closest('label')?.textContent ?? inner.textContent;
          return { name: name ?? '', outline: getComputedStyle(inner).outlineStyle };
        });
        if (stop === null) break;
        stops.push(stop);
      }
      expect(stops.length).toBeGreaterThanOrEqual(5);
      expect(stops.filter(({ name }) => name.trim() === '')).toEqual([]);
      expect(stops.filter(({ outline }) => outline === 'none')).toEqual([]);
    },
  );

  it.each(VIEWS)('of %s opens with its table where a screen reader is in use', async (_, mime, view) => {
    await notebook.page.evaluate(() => document.body.classList.add('vscode-using-screen-reader'));
    const output = await show(notebook.page, mime, view());
    await output.getByRole('table').last().waitFor();
    await notebook.page.evaluate(() => document.body.classList.remove('vscode-using-screen-reader'));
  });
});

describe('reduced motion', () => {
  it('lets no progress bar glide', async () => {
    const { page, close } = await lab.notebook();
    const output = await show(page, MIME.lossCurves, lossView(300, 'v', { state: 'running' }));
    const transition = () => output.locator('.fill').evaluate((fill) => getComputedStyle(fill).transitionDuration);
    expect(await transition()).toBe('0s');
    await page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
    await nextFrame(page);
    expect(await transition()).toBe('0s');
    await close();
  });
});

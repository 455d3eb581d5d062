import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ink, nextFrame, render, send, show } from './support/figures';
import { Lab, NOTEBOOK_POLICY } from './support/page';
import {
  checksView,
  codebookView,
  comparisonView,
  lossView,
  MIME,
  reconstructionView,
  scatterView,
} from './support/sampleViews';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab.close());

const ALL = [
  ['loss curves', MIME.lossCurves, () => lossView(930, 'v')],
  ['latent scatter', MIME.latentScatter, () => scatterView({ id: 'v' })],
  ['reconstructions', MIME.reconstructions, () => reconstructionView(10, 'v')],
  ['codebook histogram', MIME.codebookHistogram, () => codebookView(128, 9, 'v')],
  ['derivation checks', MIME.derivationChecks, () => checksView('v')],
  ['comparison', MIME.comparison, () => comparisonView('v')],
] as const;

/** Marks every element of a figure, in all its trees, so that a replaced one is noticed. */
const markNodes = (id: string) => {
  const frame = window.host.element(id).querySelector('.latentlab-figure')!;
  const nodes = [frame, ...frame.querySelectorAll('.js-plotly-plot, .main-svg')];
  nodes.push(...frame.shadowRoot!.querySelectorAll('figure, header, button, canvas, .stage, .stage > svg, figcaption'));
  Object.assign(window, { marked: nodes });
  return nodes.length;
};
const keptNodes = () => (window as unknown as { marked: Element[] }).marked.filter((node) => node.isConnected).length;

describe.each(ALL)('%s in a notebook', (_, mime, view) => {
  it('draws with a content policy that allows neither eval nor blobs, and asks for nothing but our files', async () => {
    const { page, ...seen } = await lab.notebook({ policy: NOTEBOOK_POLICY });
    const output = await show(page, mime, view());
    const { share, colours } = await ink(output.locator('.body'));
    expect(share).toBeGreaterThan(0.02);
    expect(colours).toBeGreaterThan(4);
    expect(await page.evaluate(() => window.host.violations)).toEqual([]);
    expect(seen.strangers).toEqual([]);
    expect(seen.errors).toEqual([]);
    expect(seen.loaded.every((path) => /^\/(index|host|chunks\/.*)\.js$/.test(path))).toBe(true);
    await seen.close();
  });

  it('updates in place: the same nodes, no second figure', async () => {
    const { page, close } = await lab.notebook();
    await show(page, mime, view());
    const marked = await page.evaluate(markNodes, 'v');
    await render(page, 'v', mime, { ...view(), title: 'Another title' });
    await nextFrame(page);
    expect(await page.evaluate(keptNodes)).toBe(marked);
    expect(await page.locator('.latentlab-figure').count()).toBe(1);
    expect(await page.locator('.title').textContent()).toBe('Another title');
    await close();
  });

  it('redraws in place when the theme changes', async () => {
    const { page, close } = await lab.notebook({ theme: 'light' });
    const output = await show(page, mime, view());
    const marked = await page.evaluate(markNodes, 'v');
    const light = await output.screenshot();
    await page.evaluate(() => window.host.setTheme('dark'));
    await nextFrame(page);
    expect((await output.screenshot()).equals(light)).toBe(false);
    expect(await page.evaluate(keptNodes)).toBe(marked);
    await page.evaluate(() => window.host.setTheme('light'));
    await nextFrame(page);
    expect((await output.screenshot()).equals(light)).toBe(true);
    await close();
  });

  it('survives being hidden and shown, and being first rendered while hidden', async () => {
    const { page, close } = await lab.notebook();
    const output = await show(page, mime, view());
    const before = await output.screenshot();
    await page.evaluate(() => window.host.hide('v'));
    await render(page, 'v', mime, view());
    await page.evaluate(() => window.host.unhide('v'));
    await nextFrame(page);
    expect((await output.screenshot()).equals(before)).toBe(true);

    await page.evaluate(() => {
      document.querySelector('main')!.style.display = 'none';
      window.host.dispose();
    });
    await render(page, 'v', mime, view());
    await page.evaluate(() => (document.querySelector('main')!.style.display = ''));
    await nextFrame(page);
    expect((await ink(output.locator('.body'))).share).toBeGreaterThan(0.02);
    await close();
  });

  it('goes without a trace when it is disposed of, alone or with all others', async () => {
    const { page, close } = await lab.notebook();
    await show(page, mime, view(), 'one');
    await show(page, mime, view(), 'two');
    await page.evaluate(() => window.host.dispose('one'));
    expect(await page.locator('.latentlab-figure').count()).toBe(1);
    await page.evaluate(() => window.host.dispose(undefined));
    expect(await page.locator('.latentlab-figure').count()).toBe(0);
    await close();
  });

  it('says why and leaves the output to the saved picture when it is of an unknown version or broken', async () => {
    const { page, close } = await lab.notebook();
    const problem = await render(page, 'new', mime, { ...view(), version: 99 });
    expect(problem).toContain(`it has version 99, and this LatentLab draws version 1 of ${mime}`);
    expect(await page.locator('#new [role=note]').textContent()).toContain('version 99');
    expect(await page.locator('#new img').count()).toBe(1);
    expect(await page.locator('#new .latentlab-figure').count()).toBe(0);
    for (const broken of [null, 7, 'text', [], { version: 1 }, { version: 1, id: 'x' }, { ...view(), title: 3 }]) {
      expect(await render(page, 'broken', mime, broken)).toContain('LatentLab cannot draw this output');
    }
    await close();
  });

  it('recovers on the same element when a good state follows a broken one', async () => {
    const { page, close } = await lab.notebook();
    await show(page, mime, view());
    expect(await render(page, 'v', mime, { ...view(), version: 2 })).toContain('version 2');
    expect(await page.locator('#v .latentlab-figure').count()).toBe(0);
    expect(await render(page, 'v', mime, view())).toBeNull();
    expect(await page.locator('#v').getByText('LatentLab cannot draw this output').count()).toBe(0);
    await close();
  });
});

describe('the outputs of a page', () => {
  it('show the newest state when several are asked for while the code is loading', async () => {
    const { page, close } = await lab.notebook();
    const [mime, first, second] = [MIME.codebookHistogram, codebookView(64, 4, 'v'), codebookView(96, 4, 'v')];
    await page.evaluate(
      ([type, one, two]) => Promise.all([window.host.render('v', type, one), window.host.render('v', type, two)]),
      [mime, { ...first, title: 'First' }, { ...second, title: 'Second' }] as const,
    );
    expect(await page.locator('.title').allTextContents()).toEqual(['Second']);
    await close();
  });

  it('leave nothing behind when an output goes while its code is loading', async () => {
    const { page, close } = await lab.notebook();
    await page.evaluate(
      async ([type, view]) => {
        const rendering = window.host.render('v', type, view);
        window.host.dispose('v');
        await rendering;
      },
      [MIME.lossCurves, lossView(930, 'v')] as const,
    );
    expect(await page.locator('.latentlab-figure').count()).toBe(0);
    await close();
  });

  it('take another kind of view on the same element', async () => {
    const { page, close } = await lab.notebook();
    await show(page, MIME.lossCurves, lossView(930, 'v'), 'v');
    await show(page, MIME.codebookHistogram, codebookView(32, 2, 'v'), 'v');
    expect(await page.locator('.title').allTextContents()).toEqual(['Codebook of VQ-VAE, 128 codes']);
    expect(await page.locator('.latentlab-figure').count()).toBe(1);
    await show(page, MIME.lossCurves, lossView(930, 'v'), 'v');
    expect(await page.locator('.title').allTextContents()).toEqual(['Loss curves of VAE, 2 latents']);
    await close();
  });

  it('keep what the reader chose when a change of trust rebuilds the page from the saved data', async () => {
    const { page, close } = await lab.notebook();
    const output = await show(page, MIME.lossCurves, lossView(930, 'v'));
    await output.getByRole('button', { name: 'Log' }).click();
    await output.getByRole('slider', { name: 'Smoothing' }).fill('0.5');
    await page.reload();
    await lab.activate(page);
    const again = await show(page, MIME.lossCurves, lossView(930, 'v'));
    expect(await again.getByRole('button', { name: 'Log' }).getAttribute('aria-pressed')).toBe('true');
    expect(await again.getByRole('slider', { name: 'Smoothing' }).inputValue()).toBe('0.5');
    await close();
  });

  it('draw frames for a view that is not on the page nowhere, and say when a frame cannot be drawn', async () => {
    const { page, errors, close } = await lab.notebook();
    const output = await show(page, MIME.lossCurves, lossView(100, 'v', { state: 'running' }));
    await send(page, { type: 'viewFrame', viewId: 'other', mime: MIME.lossCurves, view: {} });
    expect(await output.getByRole('alert').count()).toBe(0);
    await send(page, { type: 'viewFrame', viewId: 'v', mime: MIME.lossCurves, view: { version: 1 } });
    expect(await output.getByRole('alert').textContent()).toContain('A live state from the kernel could not be drawn');
    const frame = lossView(120, 'v', { state: 'running' });
    await send(page, { type: 'viewFrame', viewId: 'v', mime: MIME.lossCurves, view: frame });
    expect(await output.getByRole('alert').count()).toBe(0);
    expect(errors).toEqual([]);
    await close();
  });
});

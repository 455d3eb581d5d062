import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../kernel/views/encoding';
import type { FigureCurve } from '../../kernel/views/types';
import { readTable, saved, show } from './support/figures';
import { barsView, codebookDiagramView, curvesView, diagramView, pointsView, surfaceView } from './support/figureViews';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { MIME } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook({ width: 900 });
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(async () => {
  expect(notebook.errors).toEqual([]);
  expect(notebook.strangers).toEqual([]);
  await lab.close();
});

const stage = (output: Locator) => output.locator('.panels');
const card = (output: Locator) => output.locator('.card');
const press = async (output: Locator, ...keys: string[]) => {
  await stage(output).focus();
  for (const key of keys) await notebook.page.keyboard.press(key);
};

describe('curves', () => {
  it('tell the value of each at a place, by keys, with the ends of their band', async () => {
    const view = curvesView();
    const output = await show(notebook.page, MIME.figure, view);
    await press(output, 'Home', 'ArrowRight', 'ArrowRight');
    const [first, second] = view.layers.map((layer) => decode((layer as FigureCurve).y)[2]!.toPrecision(4));
    expect(await card(output).locator('b').innerText()).toBe('epoch 2.000');
    const rows = await card(output).locator('.row').allInnerTexts();
    expect(rows[0]).toContain(`β = 1\n${first}`);
    expect(rows[0]).toContain(' to ');
    expect(rows[1]).toContain(`β = 4\n${second}`);
  });

  it('have a gap where a number is not finite, and say how many those are', async () => {
    const output = await show(notebook.page, MIME.figure, curvesView());
    await press(output, 'Home', ...Array<string>(3).fill('Shift+ArrowRight'));
    expect(await card(output).locator('.row').allInnerTexts()).toHaveLength(1);
    expect(await output.locator('figcaption').innerText()).toContain('β = 4: 1 value that is not finite');
  });

  it('are hidden and shown by their names, and the axis then spans the others', async () => {
    const output = await show(notebook.page, MIME.figure, curvesView());
    const highest = async () => Number((await output.locator('.y.axis .tick').allTextContents()).at(-1));
    const before = await highest();
    const name = output.getByRole('button', { name: 'β = 4' });
    await name.click();
    expect(await name.getAttribute('aria-pressed')).toBe('false');
    expect(await highest()).toBeLessThan(before);
    await press(output, 'Home');
    expect(await card(output).locator('.row').allInnerTexts()).toHaveLength(1);
  });

  it('change to a logarithmic axis and back', async () => {
    const output = await show(notebook.page, MIME.figure, curvesView());
    await output.getByRole('button', { name: 'Log y' }).click();
    expect(await output.locator('.y.axis[data-scale=log]').count()).toBe(1);
    await output.getByRole('button', { name: 'Log y' }).click();
    expect(await output.locator('.y.axis[data-scale=log]').count()).toBe(0);
  });

  it('zoom by keys and by a button back', async () => {
    const output = await show(notebook.page, MIME.figure, curvesView());
    const ticks = () => output.locator('.x.axis .tick').allTextContents();
    const whole = await ticks();
    await press(output, 'Home', '+', '+');
    expect(await ticks()).not.toEqual(whole);
    await output.getByRole('button', { name: 'Reset zoom' }).click();
    expect(await ticks()).toEqual(whole);
  });

  it('have all their numbers in the table, and each curve in the saved drawing', async () => {
    const output = await show(notebook.page, MIME.figure, curvesView());
    const [head, ...rows] = await readTable(output);
    expect(head).toEqual(['series', 'epoch', 'loss, nats', 'low', 'high']);
    expect(rows.map(([series]) => series)).toEqual([
      ...Array<string>(100).fill('β = 1'),
      ...Array<string>(100).fill('β = 4'),
    ]);
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    expect(svg).toContain('data-curve="β = 1"');
    expect(svg).toContain('data-curve="spread β = 1"');
    expect(svg).toContain('Loss of two settings');
  });
});

describe('points, bars and surfaces', () => {
  it('tell a point under the pointer, with its group', async () => {
    const view = pointsView('points', 3);
    const output = await show(notebook.page, MIME.figure, view);
    await press(output, 'Home');
    expect(await card(output).locator('b').innerText()).toMatch(/inner|middle|outer/);
    const ring = (await output.locator('.ring').boundingBox())!;
    await press(output, 'Escape');
    await notebook.page.mouse.move(ring.x + ring.width / 2, ring.y + ring.height / 2);
    expect(await card(output).locator('.row').allInnerTexts()).toHaveLength(2);
  });

  it('count each bin of each histogram', async () => {
    const output = await show(notebook.page, MIME.figure, barsView());
    await press(output, 'Home', 'ArrowRight');
    expect(await card(output).locator('b').innerText()).toBe('score, nats 1.000 to 2.000');
    expect(await card(output).locator('.row').allInnerTexts()).toEqual(['data\n9.000', 'anomalies\n1.000']);
  });

  it('read a surface cell by cell, in both directions', async () => {
    const output = await show(notebook.page, MIME.figure, surfaceView('surface', 5));
    await press(output, 'Home', 'ArrowRight', 'ArrowUp');
    // Grid of −2, −1, 0, 1, 2: the cell at (−1, −1), where −x² − 2y² is −3.
    expect(await card(output).locator('.row').allInnerTexts()).toEqual([
      'μ₁\n−1.000',
      'μ₂\n−1.000',
      'ELBO, nats\n−3.000',
    ]);
    expect(await output.locator('.scale text').allTextContents()).toContain('ELBO, nats');
  });
});

describe('a diagram', () => {
  it('has a mark for each part and each arrow', async () => {
    const view = diagramView();
    const output = await show(notebook.page, MIME.diagram, view);
    expect(await output.locator('[data-mark^="part "]').count()).toBe(view.parts.length);
    expect(await output.locator('[data-mark^="arrow "]').count()).toBe(view.arrows.length);
    const texts = await output.locator('.diagram text').allTextContents();
    for (const { title } of view.parts) expect(texts).toContain(title);
  });

  it('is walked by keys, which light a part and its neighbours', async () => {
    const view = diagramView();
    const output = await show(notebook.page, MIME.diagram, view);
    await output.locator('.diagram').focus();
    await notebook.page.keyboard.press('Home');
    const lit = output.locator('[data-mark^="part "].lit');
    const feeds = view.arrows.filter(({ from }) => from === view.parts[0]!.id).length;
    expect(await lit.count()).toBe(1 + feeds);
    await notebook.page.keyboard.press('Escape');
    expect(await lit.count()).toBe(0);
  });

  it('is laid out downwards in a narrow page, and as the reader says', async () => {
    const output = await show(notebook.page, MIME.diagram, codebookDiagramView());
    const size = async () => (await output.locator('.diagram svg').boundingBox())!;
    await output.getByLabel('Arrows').selectOption('downwards');
    const down = await size();
    await output.getByLabel('Arrows').selectOption('to the right');
    const right = await size();
    expect(down.height / down.width).toBeGreaterThan(right.height / right.width);
  });

  it('has its parts in the table, and in the saved drawing', async () => {
    const view = diagramView();
    const output = await show(notebook.page, MIME.diagram, view);
    const [, ...rows] = await readTable(output);
    expect(rows.map(([title]) => title)).toEqual(view.parts.map(({ title }) => title));
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    for (const { title } of view.parts) expect(svg).toContain(`>${title}<`);
  });
});

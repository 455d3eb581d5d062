/** What the figure of a training shows beside its terms, a tab each. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changeOf } from '../../kernel/views/lossCurvesChange';
import { encodeLossCurves, lossCurves, plainLossCurves } from '../../kernel/views/lossCurves';
import { drawnCurves, pixels, readTable, saved, send, show, toNumber } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import {
  divergences,
  fullHistory,
  fullLossView,
  history,
  lossView,
  MIME,
  STEPS_PER_EPOCH,
} from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const open = async (id: string, tab: string, k = 16) => {
  const output = await show(notebook.page, MIME.lossCurves, fullLossView(930, k, id));
  await output.getByRole('tab', { name: tab }).click();
  return output;
};

describe('the tabs of a training', () => {
  it('show the total and its terms first, and the rest when it is asked for', async () => {
    const output = await show(notebook.page, MIME.lossCurves, fullLossView(930, 16, 'first'));
    expect(await output.getByRole('tab').allTextContents()).toEqual(['Terms', 'Stacked', 'Latents', 'Optimizer']);
    expect(await output.getByRole('tab', { name: 'Terms' }).getAttribute('aria-selected')).toBe('true');
    expect(await output.locator('.panel-name b').allTextContents()).toEqual(['total', 'reconstruction', 'kl']);
  });

  it('are turned by arrow keys, and the one that is shown is the one that Tab reaches', async () => {
    const output = await show(notebook.page, MIME.lossCurves, fullLossView(930, 16, 'keys'));
    await output.getByRole('tab', { name: 'Terms' }).press('ArrowRight');
    await output.getByRole('tab', { name: 'Stacked' }).press('End');
    const chosen = output.getByRole('tab', { selected: true });
    expect(await chosen.textContent()).toBe('Optimizer');
    expect(await chosen.evaluate((tab) => tab === (tab.getRootNode() as ShadowRoot).activeElement)).toBe(true);
    expect(await output.locator('[role=tab][tabindex="0"]').count()).toBe(1);
  });

  it('are not there where there is nothing but terms', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossView(930, 'alone'));
    expect(await output.getByRole('tab').count()).toBe(0);
  });
});

describe('the stacked terms', () => {
  it('end at the total, each times its weight at the step', async () => {
    const output = await open('stacked', 'Stacked');
    await output.getByRole('slider', { name: 'Smoothing' }).fill('0');
    const stage = output.locator('.panels');
    await stage.press('Home');
    for (let i = 0; i < 10; i++) await stage.press('Shift+ArrowRight');
    const { series } = history(930);
    const at = (name: string) => series.find((one) => one.name === name)!.values[100]!;
    const text = (await output.locator('.panel-name .reading').textContent())!;
    const [total, reconstruction, kl] = [...text.matchAll(/[\d.]+(?=$| [=+(])/g)].map(([number]) => toNumber(number));
    expect(total).toBeCloseTo(at('total'), 0);
    expect(reconstruction).toBeCloseTo(at('reconstruction'), 0);
    // β at step 101 of a warm-up over 200.
    expect(kl).toBeCloseTo((at('kl') * 101) / 200, 1);
    expect(text).toContain('β · kl');
    const curves = (await drawnCurves(notebook.page, output)).map(({ name }) => name);
    expect(curves).toEqual(['stacked reconstruction', 'stacked kl', 'train total']);
  });

  it('hang from zero where they are negative', async () => {
    const trained = fullHistory(100);
    for (const one of trained.series) if (one.name === 'reconstruction') one.values = one.values.map((value) => value - 600); // prettier-ignore
    const view = lossCurves(trained, { id: 'negative' });
    const output = await show(notebook.page, MIME.lossCurves, view);
    await output.getByRole('tab', { name: 'Stacked' }).click();
    const ticks = (await output.locator('.y.axis .tick').allTextContents()).map(toNumber);
    expect(Math.min(...ticks)).toBeLessThan(0);
  });

  it('are not there where nobody knows how the total is made of them', async () => {
    const { weights, ...trained } = fullHistory(200);
    expect(weights).toEqual({ kl: 'β' });
    const output = await show(notebook.page, MIME.lossCurves, lossCurves(trained, { id: 'unknown' }));
    expect(await output.getByRole('tab', { name: 'Stacked' }).count()).toBe(0);
  });
});

describe('the divergence of each latent dimension', () => {
  it('is a map over the training, the greatest on top, with active units marked', async () => {
    const output = await open('map', 'Latents');
    const last = divergences(15, 16);
    const order = [...last.keys()].sort((a, b) => last[b]! - last[a]!);
    const names = await output.locator('.y.axis').first().locator('.tick').allTextContents();
    const subscript = (number: number) => [...String(number)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('');
    expect(names).toEqual(order.map((j) => `${last[j]! > 0.3 ? '● ' : ''}z${subscript(j + 1)}`));
    const drawing = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    const cells = /<g data-curve="divergence by dimension">(.*?)<\/g>/.exec(drawing)![1]!;
    expect(cells.match(/<rect /g)).toHaveLength(15 * 16);
  });

  it('is darker where it is greater', async () => {
    const output = await open('shades', 'Latents');
    const canvas = output.locator('.panels canvas');
    const picture = await pixels(canvas);
    const brightness = (x: number, y: number) => picture.at(x, y).reduce((a, b) => a + b);
    // The first row, z of the greatest divergence, begins dark of nothing and ends in full colour; the last one is empty.
    const middle = Math.round(picture.width * 0.45);
    expect(brightness(middle, 32)).toBeLessThan(brightness(middle, 275) - 150);
  });

  it('is read cell by cell, by pointer and by keys', async () => {
    const output = await open('cells', 'Latents');
    const stage = output.locator('.panels');
    await stage.press('End');
    const reading = output.locator('.panel-name .reading').first();
    const last = divergences(15, 16);
    const whole = last.reduce((a, b) => a + b);
    expect(toNumber((await reading.textContent())!.split(' ')[0]!)).toBeCloseTo(whole, 2);
    await stage.press('ArrowDown');
    expect(await reading.textContent()).toMatch(/^z₁₄ .* nats \(.* %\), active$/);
    expect(toNumber((await reading.textContent())!.split(' ')[1]!)).toBeCloseTo(Math.max(...last), 2);
    expect(await output.locator('[role=status]').textContent()).toContain('divergence by dimension z₁₄');
    await stage.press('ArrowUp');
    await stage.press('Home');
    const first = divergences(1, 16);
    expect(toNumber((await reading.textContent())!.split(' ')[1]!)).toBeCloseTo(first[13]!, 3);
    const box = (await stage.boundingBox())!;
    await notebook.page.mouse.move(box.x + 300, box.y + 275);
    expect(await reading.textContent()).toMatch(/^z₁₆ .*, not active$/);
  });

  it('grows with the training, told by what is new alone', async () => {
    const plain = (steps: number) => plainLossCurves(fullHistory(steps, 8, { state: 'running' }), { id: 'grows' });
    const first = 5 * STEPS_PER_EPOCH;
    const output = await show(notebook.page, MIME.lossCurves, { ...encodeLossCurves(plain(first)), revision: 0 });
    await output.getByRole('tab', { name: 'Latents' }).click();
    const change = changeOf(plain(first), plain(first + STEPS_PER_EPOCH), 1)!;
    expect(change.figures?.map(({ name }) => name)).toContain('klPerDimension');
    await send(notebook.page, { type: 'viewChange', viewId: 'grows', mime: MIME.lossCurves, change });
    const drawing = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    const cells = /<g data-curve="divergence by dimension">(.*?)<\/g>/.exec(drawing)![1]!;
    expect(cells.match(/<rect /g)).toHaveLength(6 * 8);
  });

  it('is in the table, a column for each dimension', async () => {
    const output = await open('table', 'Latents', 4);
    const [head, ...rows] = await readTable(output);
    const column = head!.indexOf('klPerDimension 2');
    expect(rows).toHaveLength(15);
    expect(toNumber(rows[14]![column]!)).toBeCloseTo(divergences(15, 4)[1]!, 3);
  });
});

describe('the course of the optimizer', () => {
  it('has gradient norm, learning rate, weights and speed, each on its own axis', async () => {
    const output = await open('course', 'Optimizer');
    const names = ['gradient norm', 'learning rate', 'weights of terms', 'samples a second'];
    expect(await output.locator('.panel-name b').allTextContents()).toEqual(names);
    const tops = await output.locator('.y.axis').evaluateAll((axes) => axes.map((axis) => [...axis.querySelectorAll('.tick')].at(-1)!.textContent!)); // prettier-ignore
    const [, rate, weight, speed] = tops.map(toNumber);
    expect(rate).toBeLessThan(0.002);
    expect(weight).toBe(1);
    expect(speed).toBeGreaterThan(7000);
    await output.getByRole('button', { name: 'Log' }).click();
    expect(await output.locator('.y.axis[data-scale=log]').count()).toBe(2);
  });

  it('keeps the learning rate off the axis of the weights', async () => {
    const trained = fullHistory(100);
    trained.schedules.push({ name: 'learning rate', steps: [1, 100], values: [0.001, 0.0005] });
    const output = await show(notebook.page, MIME.lossCurves, lossCurves(trained, { id: 'rate' }));
    expect((await drawnCurves(notebook.page, output)).map(({ name }) => name)).not.toContain('schedule learning rate');
    expect(await output.locator('.key li').allTextContents()).toContain('β (right axis)');
  });
});

describe('the table of a long training', () => {
  it('goes to a step, to the nearest one where there is none, and says so', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossView(930, 'long'));
    await output.getByRole('button', { name: 'Table' }).click();
    const field = output.getByRole('textbox', { name: 'Go to step' });
    await field.fill('731');
    await field.press('Enter');
    const current = output.locator('tr[aria-current=true] td').first();
    expect(await current.textContent()).toBe('731');
    await field.fill('5000');
    await field.press('Enter');
    expect(await current.textContent()).toBe('930');
    expect(await output.locator('.pages [role=alert]').textContent()).toBe(
      'there is no step 5000; this is the nearest',
    );
    await field.fill('many');
    await field.press('Enter');
    expect(await output.locator('.pages [role=alert]').textContent()).toBe('“many” is no number');
  });
});

describe('a step that was not taken', () => {
  it('is marked where it was, with what was not finite and its batch', async () => {
    const trained = fullHistory(300, 8, { state: 'failed' });
    const broken = [{ quantity: 'kl', value: NaN, step: 301, epoch: 5, batch: 53 }];
    const output = await show(notebook.page, MIME.lossCurves, lossCurves({ ...trained, broken }, { id: 'broken' }));
    expect(await output.locator('text.broken').allTextContents()).toEqual(['kl NaN, batch 53', 'NaN, batch 53']);
  });
});

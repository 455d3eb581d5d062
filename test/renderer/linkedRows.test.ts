/** A scatter, reconstructions, anomalies and tables of the same data: what is marked in one is marked in the others. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LatentScatterView } from '../../kernel/views/types';
import { decode } from '../../kernel/views/encoding';
import { nextFrame, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { VALUE_MIME } from '../../kernel/views/types';
import { tableView } from './support/values';
import { anomaliesView, MIME, reconstructionView, scatterView } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
let scatter: Locator;
let pictures: Locator;
let cases: Locator;
beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab.close());

const DATA = '1500x784-1';
/** Few points, far apart, so that each is hit. */
const few = (view: LatentScatterView): LatentScatterView => ({ ...view, data: DATA, title: 'Points' });

beforeEach(async () => {
  await notebook?.close();
  notebook = await lab.notebook();
  const { page } = notebook;
  scatter = await show(page, MIME.latentScatter, few(scatterView()));
  pictures = await show(page, MIME.reconstructions, { ...reconstructionView(), data: DATA });
  cases = await show(page, MIME.anomalies, { ...(await anomaliesView()), data: DATA });
});
afterAll(() => notebook.close());

/** Goes to a point by the keyboard: `N` goes from point to point. */
async function goTo(point: number): Promise<void> {
  await scatter.getByRole('application').focus();
  for (let i = 0; i <= point; i++) await notebook.page.keyboard.press('n');
}

const frames = (figure: Locator) => figure.locator('svg rect[rx="2"]');
const ring = (figure: Locator) => figure.locator('.marks circle');
const placeOfRing = () =>
  ring(scatter).evaluate((circle) => [Number(circle.getAttribute('cx')), Number(circle.getAttribute('cy'))]);

describe('views of the same data', () => {
  it('mark the image of the point that the reader goes to', async () => {
    await goTo(2);
    await nextFrame(notebook.page);
    await expect.poll(() => pictures.locator('.status').innerText()).toMatch(/row 2 · /);
    await expect.poll(() => frames(pictures).count()).toBe(1);
  });

  it('ring the point of the image that is pointed at, where it lies, and let it go', async () => {
    const stage = pictures.locator('.stage');
    await stage.scrollIntoViewIfNeeded();
    await stage.hover({ position: { x: 230, y: 60 } });
    const sample = Number(/row (\d+)/.exec(await pictures.locator('.status').innerText())![1]);
    await expect.poll(() => ring(scatter).isVisible()).toBe(true);
    const at = await placeOfRing();
    await notebook.page.mouse.move(1, 1);
    await expect.poll(() => ring(scatter).isVisible()).toBe(false);
    // Where the scatter itself puts the point.
    await goTo(sample);
    const cross = await scatter.locator('.marks path[stroke-width="1.75"]').first().getAttribute('d');
    const [x, y] = /^M([\d.]+) ([\d.]+)/.exec(cross!)!.slice(1).map(Number);
    expect(Math.hypot(at[0]! - (x! - 3.5), at[1]! - y!)).toBeLessThan(0.01);
  });

  it('mark what a shape selects, and say how many of it they show', async () => {
    const view = scatterView();
    const points = decode(view.points);
    await scatter.getByRole('button', { name: 'Rectangle' }).click();
    const box = (await scatter.getByRole('application').boundingBox())!;
    const { mouse } = notebook.page;
    await mouse.move(box.x + 70, box.y + 20);
    await mouse.down();
    await mouse.move(box.x + 330, box.y + 400, { steps: 4 });
    await mouse.up();
    await expect.poll(() => scatter.getByRole('heading', { name: / points/ }).innerText()).toMatch(/^\d+ points/);
    await scatter.getByRole('button', { name: 'Table' }).click();
    await scatter.locator('tbody tr').first().waitFor();
    const chosen = await scatter
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => row.lastElementChild!.textContent === 'yes'));
    const first = chosen.slice(0, 10).filter(Boolean).length;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(10);
    expect(points).toHaveLength(3000);
    await expect.poll(() => pictures.locator('svg rect.linked').count()).toBe(first);
    await mouse.move(1, 1);
    await expect.poll(() => pictures.locator('.status').innerText()).toContain(`${first} of 10 samples`);
    const marked = await cases.locator('.cases .case.selected').count();
    expect(marked).toBeGreaterThan(0);
    expect(marked).toBeLessThan(12);
  });

  it('mark the row in tables, and the row marks the rest', async () => {
    for (const figure of [pictures, scatter]) await figure.getByRole('button', { name: 'Table' }).click();
    const rowOf = (figure: Locator, row: number) => figure.locator('tbody tr').nth(row);
    await rowOf(pictures, 4).hover();
    await expect.poll(() => rowOf(scatter, 4).getAttribute('class')).toBe('pointed');
    await expect.poll(() => ring(scatter).isVisible()).toBe(true);
    await expect.poll(() => frames(pictures).count()).toBe(1);
    await notebook.page.mouse.move(1, 1);
    await expect.poll(() => rowOf(scatter, 4).getAttribute('class')).toBe('');
  });

  it('are selected from tables: a click, with Shift all up to it, and by keys', async () => {
    const { page } = notebook;
    await scatter.getByRole('button', { name: 'Table' }).click();
    const rowOf = (row: number) => scatter.locator('tbody tr').nth(row);
    await rowOf(2).click();
    await expect.poll(() => pictures.locator('svg rect.linked').count()).toBe(1);
    await rowOf(5).click({ modifiers: ['Shift'] });
    await expect.poll(() => pictures.locator('svg rect.linked').count()).toBe(4);
    await expect.poll(() => scatter.locator('tbody tr.selected').count()).toBe(4);
    await expect.poll(() => scatter.locator('.selection h3').innerText()).toMatch(/^4 points/);
    const table = scatter.getByRole('group', { name: /^Data table/ });
    await table.focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => pictures.locator('svg rect.linked').count()).toBe(0);
    await expect.poll(() => scatter.locator('.selection').isVisible()).toBe(false);
    // The pointer rests on the table: rows that are scrolled below it are not pointed at.
    await rowOf(3).hover();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => rowOf(1).getAttribute('aria-current')).toBe('true');
    await expect.poll(() => ring(scatter).isVisible()).toBe(true);
    await expect.poll(() => pictures.locator('.status').innerText()).toMatch(/^row 1 · /);
    await page.keyboard.press('Enter');
    await expect.poll(() => rowOf(1).getAttribute('aria-selected')).toBe('true');
    await expect.poll(() => pictures.locator('svg rect.linked').count()).toBe(1);
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowDown');
    await expect.poll(() => scatter.locator('tbody tr[aria-current]').locator('td').first().innerText()).toBe('31');
    await page.keyboard.press('Enter');
    await page.mouse.move(1, 1);
    await expect.poll(() => scatter.locator('.selection h3').innerText()).toMatch(/^2 points/);
  });

  it('are rows of a table of records too, which the data were made of', async () => {
    const { page } = notebook;
    const records = { ...tableView(60, 'records'), data: DATA };
    const table = await show(page, VALUE_MIME.table, records);
    await table.locator('tbody tr').nth(7).hover();
    await expect.poll(() => ring(scatter).isVisible()).toBe(true);
    await expect.poll(() => pictures.locator('.status').innerText()).toMatch(/^row 7 · /);
    await goTo(3);
    await expect.poll(() => table.locator('tbody tr').nth(3).getAttribute('class')).toBe('pointed');
    await table.getByRole('group', { name: /^Data table/ }).focus();
    for (const key of ['End', 'Home', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await expect.poll(() => pictures.locator('svg rect.linked').count()).toBe(1);
    await expect.poll(() => scatter.locator('.selection h3').innerText()).toMatch(/^1 point/);
  });

  it('are reached by the keyboard from the cases', async () => {
    const first = cases.locator('.cases .case').first();
    const row = Number(/row ([\d,]+)/.exec((await first.getAttribute('title'))!)![1]!.replace(',', ''));
    await first.focus();
    await expect.poll(() => ring(scatter).isVisible()).toBe(true);
    await notebook.page.keyboard.press('ArrowRight');
    const second = cases.locator('.cases .case').nth(1);
    expect(await second.evaluate((one) => one.getRootNode() instanceof ShadowRoot && one.matches(':focus'))).toBe(true);
    await notebook.page.keyboard.press('Enter');
    expect(await second.getAttribute('aria-pressed')).toBe('true');
    expect(row).toBeGreaterThanOrEqual(0);
  });

  it('of other data hear nothing', async () => {
    const other = await show(notebook.page, MIME.reconstructions, {
      ...reconstructionView(10, 'other'),
      data: 'other',
    });
    await goTo(2);
    await nextFrame(notebook.page);
    await expect.poll(() => frames(other).count()).toBe(0);
    await expect.poll(() => frames(pictures).count()).toBe(1);
  });
});

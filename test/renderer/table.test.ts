import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tableOf } from '../../kernel/session/show/values/table';
import { VALUE_MIME } from '../../kernel/views/types';
import { violations } from './support/axe';
import { render, saved, show } from './support/figures';
import { Lab, NOTEBOOK_POLICY } from './support/page';
import type { NotebookPage } from './support/page';
import { THEME_NAMES } from './support/themes';
import { tableView } from './support/values';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const column = (output: Locator, nth: number) => output.locator(`tbody td:nth-child(${nth})`).allInnerTexts();
const sort = (output: Locator, name: string) => output.getByRole('button', { name, exact: true }).click();
const next = (output: Locator, name = 'Next rows') => output.getByRole('button', { name }).click();

describe('a table of records', () => {
  it('shows a page of rows, numbers at the right, and says how many there are', async () => {
    const output = await show(notebook.page, VALUE_MIME.table, tableView());
    expect(await column(output, 1)).toEqual(Array.from({ length: 25 }, (_, i) => String(i + 1)));
    expect((await column(output, 3)).slice(0, 3)).toEqual(['240.1235', '120.0617', '80.04115']);
    expect(await output.locator('.records').innerText()).toMatch(/page 1 of 8[^]*200 rows, 5 columns/);
    const alignment = (nth: number) =>
      output.locator(`tbody td:nth-child(${nth})`).first().evaluate((cell) => getComputedStyle(cell).textAlign); // prettier-ignore
    expect([await alignment(1), await alignment(2)]).toEqual(['right', 'left']);
  });

  it('is paged through to its end and back', async () => {
    const output = await show(notebook.page, VALUE_MIME.table, tableView(60));
    await next(output);
    expect((await column(output, 1))[0]).toBe('26');
    await next(output, 'Last rows');
    expect(await column(output, 1)).toHaveLength(10);
    expect(await output.getByRole('button', { name: 'Next rows' }).isDisabled()).toBe(true);
    await next(output, 'First rows');
    expect((await column(output, 1))[0]).toBe('1');
  });

  it('is sorted by a column, upwards, downwards and not at all, what is missing at the end', async () => {
    const { page } = notebook;
    const output = await show(page, VALUE_MIME.table, tableView());
    const losses = tableView().rows.map((row) => row[2]).filter((loss): loss is number => typeof loss === 'number'); // prettier-ignore
    const shown = async () => (await column(output, 3)).map(Number);
    await sort(output, 'loss');
    const up = losses.sort((a, b) => a - b).map((loss) => Number(loss.toPrecision(7)));
    expect(await shown()).toEqual(up.slice(0, 25));
    expect(await output.getByRole('columnheader', { name: /loss/ }).getAttribute('aria-sort')).toBe('ascending');
    // The keyboard stays where it was.
    await page.keyboard.press('Enter');
    expect(await shown()).toEqual(up.reverse().slice(0, 25));
    await next(output, 'Last rows');
    expect((await column(output, 3)).at(-1)).toBe('NaN');
    await page.getByRole('button', { name: 'loss' }).click();
    expect((await column(output, 1)).slice(0, 2)).toEqual(['1', '2']);
    expect(await output.getByRole('columnheader', { name: /loss/ }).getAttribute('aria-sort')).toBe('none');
    await sort(output, 'model');
    expect(new Set(await column(output, 2))).toEqual(new Set(['IWAE 2']));
  });

  it('keeps its order and its page when it is shown again', async () => {
    const { page } = notebook;
    const output = await show(page, VALUE_MIME.table, tableView(200, 'v'));
    await sort(output, 'loss');
    await next(output);
    const before = await column(output, 1);
    await render(page, 'v', VALUE_MIME.table, { ...tableView(200, 'v'), title: 'Again' });
    expect(await column(output, 1)).toEqual(before);
  });

  it('says how many rows are not in the output, and saves those that are, in full precision', async () => {
    const { page } = notebook;
    const output = await show(page, VALUE_MIME.table, tableView(6000));
    expect(await output.locator('.records').innerText()).toMatch(
      /6,000 rows, 5 columns; the first 5,000 are in the output/,
    );
    const csv = (await saved(page, output, 'CSV')).bytes.toString().split('\r\n');
    expect(csv).toHaveLength(5002);
    expect(csv.slice(0, 2)).toEqual(['epoch,model,loss,kl,converged', '1,VAE,240.123456789,,false']);
  });

  it('draws nothing of a text as markup, under a strict policy', async () => {
    const { page, errors, strangers, close } = await lab.notebook({ policy: NOTEBOOK_POLICY });
    const hostile = '<img src=x onerror="window.hacked=true">';
    const output = await show(page, VALUE_MIME.table, tableOf([{ [hostile]: hostile }, { [hostile]: 1n }]) as never);
    expect(await column(output, 1)).toEqual([hostile, '1']);
    expect([await page.evaluate(() => 'hacked' in window), errors, strangers]).toEqual([false, [], []]);
    await close();
  });
});

describe.each(THEME_NAMES)('in the theme %s', (theme) => {
  it('passes axe, sorted and not', async () => {
    const { page, close } = await lab.notebook({ theme });
    const output = await show(page, VALUE_MIME.table, tableView());
    expect(await violations(page)).toEqual([]);
    await sort(output, 'kl');
    expect(await violations(page)).toEqual([]);
    await close();
  });
});

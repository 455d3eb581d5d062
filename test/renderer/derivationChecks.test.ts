import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { messages, readTable, render, saved, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { checksView, exerciseView, MIME } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

describe('derivation checks', () => {
  it('draw each identity as a formula, with both sides and the verdict in words and a sign', async () => {
    const output = await show(notebook.page, MIME.derivationChecks, checksView());
    const rows = output.locator('.checks > li');
    expect(await rows.count()).toBe(3);
    expect(await rows.nth(0).innerText()).toMatch(/✓\s*holds[^]*−3\.219\s*=\s*−3\.219/);
    expect(await rows.nth(1).innerText()).toMatch(/−3\.410 ± 0\.012\s*≤\s*−3\.219[^]*allowed up to 0\.05/);
    expect(await rows.nth(2).innerText()).toMatch(/✗\s*does not hold[^]*1\.250\s*≠\s*1\.750/);
    // A sum with limits is taller than the letters beside it only where MathML is laid out.
    const heights = await output
      .locator('math')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    expect(heights[2]).toBeGreaterThan(1.5 * heights[0]!);
  });

  it('open the code and the seed of a row, and keep it open when the view is updated', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.derivationChecks, checksView('code'));
    const code = output.getByRole('button', { name: /^Code of/ });
    expect(await code.count()).toBe(2);
    await code.nth(1).click();
    expect(await code.nth(1).getAttribute('aria-expanded')).toBe('true');
    expect(await output.locator('.code').nth(1).innerText()).toMatch(/estimate\(bounds\(10_000, seed\)\)[^]*seed 7/);
    expect(await output.locator('.code').nth(0).isVisible()).toBe(false);
    await render(page, 'code', MIME.derivationChecks, { ...checksView('code'), title: 'Again' });
    expect(await output.locator('.code').nth(1).isVisible()).toBe(true);
  });

  it('show an exercise by its state, in words and a sign: open, missed, solved', async () => {
    const output = await show(notebook.page, MIME.derivationChecks, exerciseView('exercise'));
    const rows = output.locator('.checks > li');
    expect(await rows.nth(0).innerText()).toMatch(/○\s*not solved yet/);
    expect(await rows.nth(0).innerText()).not.toMatch(/NaN|difference/);
    expect(await rows.nth(1).innerText()).toMatch(/✗\s*not right yet[^]*2\s*≠\s*3/);
    expect(await rows.nth(2).innerText()).toMatch(/✓\s*solved[^]*3\s*=\s*3/);
    const [, ...table] = await readTable(output);
    expect(table.map((row) => row.at(-2))).toEqual(['not solved yet', 'not right yet', 'solved']);
  });

  it('are the numbers of the table', async () => {
    const view = checksView('table');
    const output = await show(notebook.page, MIME.derivationChecks, view);
    const [, ...table] = await readTable(output);
    expect(table.map((row) => row.at(-3))).toEqual(['holds', 'holds', 'does not hold']);
    expect(table.map((row) => row[0])).toEqual(view.rows.map(({ identityText }) => identityText));
  });

  it('are saved as a drawing with every formula as text', async () => {
    const view = checksView('saved');
    const output = await show(notebook.page, MIME.derivationChecks, view);
    const drawing = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    for (const { identityText } of view.rows) expect(drawing).toContain(identityText.replaceAll('&', '&amp;'));
  });

  it('let in no markup but formulas', async () => {
    const view = checksView('foreign');
    const hostile = { tag: 'script', attributes: { onload: 'x' }, children: ['window.hacked = true'] };
    const rows = view.rows.map((row) => ({ ...row, math: { tag: 'math', children: [hostile] } }));
    const output = await show(notebook.page, MIME.derivationChecks, { ...view, rows });
    expect(await output.locator('math script').count()).toBe(0);
    expect(await output.locator('math mrow[onload]').count()).toBe(0);
    expect(await output.locator('math mrow').count()).toBe(3);
  });

  it('jump to the cell of a row, by pointer and by keys; without a notebook its place is said', async () => {
    const { page, close } = await lab.notebook();
    const output = await show(page, MIME.derivationChecks, checksView());
    const jump = output.getByRole('button', { name: 'cell 3, line 5' });
    await jump.click();
    await jump.focus();
    await page.keyboard.press('Enter');
    const message = { type: 'revealCell', viewId: 'other', line: 5 };
    expect((await messages(page)).filter(({ type }) => type === 'revealCell')).toEqual([message, message]);
    await close();
    const still = await lab.notebook({ messaging: false });
    const saved = await show(still.page, MIME.derivationChecks, checksView());
    expect(await saved.getByRole('button', { name: 'cell 3' }).count()).toBe(0);
    expect(await saved.locator('.place').innerText()).toBe('cell 3, line 5');
    await still.close();
  });
});

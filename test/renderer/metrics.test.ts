import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readTable, saved, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { metricsView, MIME } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook({
    before: () => {
      const copied: string[] = [];
      Object.assign(window, { copied });
      const writeText = (text: string) => Promise.resolve(void copied.push(text));
      Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
    },
  });
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const models = (output: Locator) => output.locator('.metrics tbody th').allInnerTexts();
const copied = () => notebook.page.evaluate(() => (window as unknown as { copied: string[] }).copied.at(-1));

describe('a table of metrics', () => {
  it('has the best of each metric in bold, and a dash where nothing was measured', async () => {
    const output = await show(notebook.page, MIME.metrics, metricsView());
    const heads = await output.locator('.metrics thead th').allInnerTexts();
    expect(heads).toEqual(['model', 'squared error ↓', 'ELBO (nats) ↑', 'parameters']);
    expect(await output.locator('.metrics strong').allInnerTexts()).toEqual(['−236.04 ± 0.51', '24.10 ± 0.10']);
    expect(await output.locator('.metrics tbody tr').nth(2).locator('td').allInnerTexts()).toEqual([
      ...['24.10 ± 0.10', '–', '2,352'],
    ]);
  });

  it('is sorted by its heads: the best first, the worst first, as it was; what is missing last', async () => {
    const output = await show(notebook.page, MIME.metrics, metricsView());
    const sort = (name: string) => output.getByRole('button', { name }).click();
    await sort('squared error ↓');
    expect(await models(output)).toEqual(['PCA', 'VAE', 'β-VAE, β = 4']);
    await sort('squared error ↓');
    expect(await models(output)).toEqual(['β-VAE, β = 4', 'VAE', 'PCA']);
    await sort('squared error ↓');
    expect(await models(output)).toEqual(['VAE', 'β-VAE, β = 4', 'PCA']);
    await sort('ELBO (nats) ↑');
    expect(await models(output)).toEqual(['VAE', 'β-VAE, β = 4', 'PCA']);
    await notebook.page.keyboard.press('Enter');
    expect(await models(output)).toEqual(['β-VAE, β = 4', 'VAE', 'PCA']);
    expect(await output.locator('.metrics th[aria-sort="ascending"]').innerText()).toContain('ELBO');
  });

  it('is copied as CSV in full precision, and as LaTeX with its signs and its best in bold', async () => {
    const output = await show(notebook.page, MIME.metrics, metricsView());
    await output.getByRole('button', { name: 'Copy CSV' }).click();
    const csv = (await copied())!.split('\r\n');
    expect(csv[0]).toBe('model,squared error,"squared error, s.e.",ELBO (nats),"ELBO (nats), s.e.",parameters');
    expect(csv[1]).toBe('VAE,25.3124,0.1234,-236.04,0.51,410384');
    expect(csv[3]).toBe('PCA,24.1,0.098,,,2352');
    await output.getByRole('button', { name: 'Copy LaTeX' }).click();
    const latex = (await copied())!;
    expect(latex).toContain('\\begin{tabular}{lrrr}');
    expect(latex).toContain('Model & squared error $\\downarrow$ & ELBO (nats) $\\uparrow$ & parameters \\\\');
    expect(latex).toContain('$\\beta$-VAE, $\\beta$ = 4 & $29.88 \\pm 0.14$ & $-241.90 \\pm 0.48$ & $410{,}384$ \\\\');
    expect(latex).toContain('PCA & $\\mathbf{24.10 \\pm 0.10}$ & -- & $2{,}352$ \\\\');
  });

  it('has its numbers in the table and in the saved drawing', async () => {
    const output = await show(notebook.page, MIME.metrics, metricsView());
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    expect(svg).toContain('24.10 ± 0.10');
    expect(svg.match(/font-weight="700"/g)).toHaveLength(3 + 2);
    await output.locator('.metrics').evaluate((element) => element.remove());
    const [head, ...rows] = await readTable(output);
    expect(head).toHaveLength(6);
    expect(rows[2]![0]).toBe('PCA');
  });
});

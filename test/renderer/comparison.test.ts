import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drawnCurves, readTable, saved, show, shownRange, toNumber } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { comparisonView, history, MIME, STEPS_PER_EPOCH } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

describe('compared trainings', () => {
  it('stand in one figure: a line for each setting, and a band where it has several seeds', async () => {
    const output = await show(notebook.page, MIME.comparison, comparisonView('figure'));
    const curves = await drawnCurves(notebook.page, output);
    const each = ['spread train 1', 'spread validation 1', 'train 0', 'train 1', 'validation 0', 'validation 1'];
    expect(curves.map(({ name }) => name)).toEqual([...each, ...each, ...each]);
    expect(await output.locator('.key li').allTextContents()).toEqual(['β = 1', 'β = 4', 'validation']);
    expect(await output.locator('figcaption').textContent()).toMatch(/β = 4 [\d.]+ ± [\d.]+ over 3 runs.*Bands/);
  });

  it('are aligned by step, epoch or time', async () => {
    const output = await show(notebook.page, MIME.comparison, comparisonView('aligned'));
    const end = async (by: string) => {
      await output.getByRole('combobox', { name: 'By' }).selectOption(by);
      return (await shownRange(output))[1] / 1.02;
    };
    expect(await end('step')).toBeCloseTo(930, 0);
    expect(await end('epoch')).toBeCloseTo(930 / STEPS_PER_EPOCH, 1);
    // A step of this history takes 47 ms.
    expect(await end('time')).toBeCloseTo(930 * 0.047, 1);
  });

  it('show what they differ from the first, as far as it goes', async () => {
    const output = await show(notebook.page, MIME.comparison, comparisonView('differs'));
    await output.getByRole('button', { name: 'Difference' }).click();
    const names = (await drawnCurves(notebook.page, output)).map(({ name }) => name);
    expect([...new Set(names)]).toEqual(['spread train 1', 'spread validation 1', 'train 1', 'validation 1']);
    const ticks = (await output.locator('.y.axis').first().locator('.tick').allTextContents()).map(toNumber);
    expect(Math.min(...ticks)).toBeLessThanOrEqual(0);
    expect(await output.locator('figcaption').textContent()).toContain('Differences from β = 1');
  });

  it('have a table of where each ended, with deviations and differences', async () => {
    const output = await show(notebook.page, MIME.comparison, comparisonView('table'));
    const [head, ...rows] = await readTable(output);
    expect(head).toEqual(['term', 'data', 'β = 1', 'β = 1, deviation', 'β = 4', 'β = 4, deviation', 'β = 4 − β = 1']);
    const total = rows.find(([term, data]) => term === 'total' && data === 'training, last epoch')!;
    const last = history(930).series[0]!.values.slice(-STEPS_PER_EPOCH);
    expect(toNumber(total[2]!)).toBeCloseTo(last.reduce((sum, value) => sum + value, 0) / last.length, 1);
    expect(total[3]).toBe('');
    expect(toNumber(total[4]!) - toNumber(total[2]!)).toBeCloseTo(toNumber(total[6]!), 1);
  });

  it('are saved as a drawing that says what is what', async () => {
    const output = await show(notebook.page, MIME.comparison, comparisonView('saved'));
    const drawing = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    for (const word of ['β = 1', 'β = 4', 'total', 'reconstruction', 'optimizer step', 'nats per image'])
      expect(drawing).toContain(word);
  });
});

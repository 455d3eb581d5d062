/** Loss curves of a cell that ran again, with its last run behind them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { changeOf } from '../../kernel/views/lossCurvesChange';
import { lastRunOf } from '../../kernel/views/lastRun';
import { encodeLossCurves, plainLossCurves } from '../../kernel/views/lossCurves';
import { drawnCurves, readTable, saved, send, show, shownRange, toNumber } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { history, lossView, MIME, rerunView } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const button = { name: 'Last run', exact: true };

describe('the last run of a cell', () => {
  it('is a faint curve behind each term, named in the key, with what has changed since', async () => {
    const output = await show(notebook.page, MIME.lossCurves, rerunView());
    const names = (await drawnCurves(notebook.page, output)).map(({ name }) => name);
    const of = (term: string) => ['last run train', 'last run validation'].map((kind) => `${kind} ${term}`);
    expect(names.slice(0, 3)).toEqual([...of('total'), 'raw total']);
    expect(names.filter((name) => name.startsWith('last run'))).toEqual(['total', 'reconstruction', 'kl'].flatMap(of));
    expect(await output.locator('.key li').allTextContents()).toContain('last run');
    expect(await output.locator('figcaption').textContent()).toContain('objective.beta 4 → 1; epochs 15 → 10');
    // It was longer: its end is on the axis too.
    expect((await shownRange(output))[1]).toBeGreaterThan(930);
  });

  it('is hidden and shown by a button, which it has where there is one alone', async () => {
    const output = await show(notebook.page, MIME.lossCurves, rerunView(620, 'hidden'));
    await output.getByRole('button', button).click();
    const names = (await drawnCurves(notebook.page, output)).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('last run'))).toEqual([]);
    expect(await output.locator('.key li').allTextContents()).not.toContain('last run');
    expect((await shownRange(output))[1]).toBeLessThan(700);
    const alone = await show(notebook.page, MIME.lossCurves, lossView(620, 'alone'));
    expect(await alone.getByRole('button', button).isVisible()).toBe(false);
  });

  it('stays behind a training that goes on, which sends what is new alone', async () => {
    const lastRun = { ...lastRunOf(history(930))!, note: 'The last run of this cell had the same settings.' };
    const plain = (steps: number) => plainLossCurves(history(steps, { state: 'running' }), { id: 'on', lastRun });
    const output = await show(notebook.page, MIME.lossCurves, { ...encodeLossCurves(plain(100)), revision: 0 });
    const change = changeOf(plain(100), plain(110), 1);
    expect(JSON.stringify(change)).not.toContain('lastRun');
    await send(notebook.page, { type: 'viewChange', viewId: 'on', mime: MIME.lossCurves, change });
    const curves = new Map((await drawnCurves(notebook.page, output)).map(({ name, points }) => [name, points]));
    expect(curves.get('raw total')).toBe(110);
    // 930 steps in stretches of three.
    expect(curves.get('last run train total')).toBe(310);
  });

  it('begins where the new one does, also where that goes on with a model', async () => {
    const before = { steps: 930, epochs: 15 };
    const goesOn = history(62, { state: 'done', epochs: 1 });
    for (const { steps } of goesOn.series) steps.forEach((step, i) => (steps[i] = step + 930));
    goesOn.progress.before = before;
    goesOn.schedules = [];
    const lastRun = { ...lastRunOf(history(930))!, note: 'note' };
    const view = encodeLossCurves(plainLossCurves(goesOn, { id: 'goes on', lastRun }));
    const output = await show(notebook.page, MIME.lossCurves, view);
    const drawing = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    const startOf = (name: string) => {
      const path = new RegExp(`<path d="M([\\d.]+) [^"]*"[^>]*data-curve="${name}"`).exec(drawing)!;
      return Number(path[1]);
    };
    // The first stretch ends at the third step.
    expect(Math.abs(startOf('last run train total') - startOf('raw total'))).toBeLessThan(3);
  });

  it('is in the table, with the means of its stretches', async () => {
    const output = await show(notebook.page, MIME.lossCurves, rerunView(62, 'table'));
    const [head, ...rows] = await readTable(output);
    const column = head!.indexOf('total (last run)');
    const row = rows.find(([step]) => toNumber(step!) === 30)!;
    const values = history(930).series[0]!.values.slice(27, 30);
    expect(toNumber(row[column]!)).toBeCloseTo(values.reduce((a, b) => a + b) / 3 + 9, 0);
  });
});

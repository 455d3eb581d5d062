import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { comparisonChange, encodeComparison, plainComparison } from '../../kernel/views/comparison';
import { decode } from '../../kernel/views/encoding';
import type { EncodedArray } from '../../kernel/views/types';
import { drawnCurves, messages, readTable, saved, send, show, shownRange, toNumber } from './support/figures';
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

const floats = (array: EncodedArray) => [...decode(array)];

/** On the straight line between two points. */
function lineAt(x: number[], y: number[], at: number): number {
  const right = Math.max(1, x.findIndex((one) => one >= at)); // prettier-ignore
  const share = (at - x[right - 1]!) / (x[right]! - x[right - 1]!);
  return y[right - 1]! + share * (y[right]! - y[right - 1]!);
}

describe('compared trainings', () => {
  it('stand in one figure: a line for each setting, and a band where it has several seeds', async () => {
    const output = await show(notebook.page, MIME.comparison, comparisonView('figure'));
    const curves = await drawnCurves(notebook.page, output);
    const each = ['spread train 1', 'spread validation 1', 'train 0', 'train 1', 'validation 0', 'validation 1'];
    expect(curves.map(({ name }) => name)).toEqual([...each, ...each, ...each]);
    expect(await output.locator('.key li').allTextContents()).toEqual(['β = 1', 'β = 4', 'validation']);
    expect(await output.locator('figcaption').textContent()).toMatch(/β = 4: [\d.]+ ± [\d.]+ over 3 runs.*Bands/);
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

  it('are read at a place: the mean, the spread, and each run', async () => {
    const view = comparisonView('read');
    const output = await show(notebook.page, MIME.comparison, view);
    await output.getByRole('slider', { name: 'Smoothing' }).fill('0');
    const stage = output.locator('.panels');
    await stage.focus();
    await stage.press('End');
    const card = output.locator('.card');
    expect(await card.locator('b').textContent()).toBe('total · step 930');
    // At the end of the longest run the others have ended.
    expect((await card.locator('.row').allTextContents()).length).toBe(2);
    await stage.press('Home');
    await stage.press('Shift+ArrowRight');
    const place = toNumber((await card.locator('b').textContent())!.replace('total · step ', ''));
    const texts = await card.locator('.row').allTextContents();
    const [, mean] = /^β = 4(.*) ± /.exec(texts.find((text) => text.startsWith('β = 4'))!)!;
    const values = texts.find((text) => text.startsWith('runs'))!.slice(5).split(' · ').map(toNumber); // prettier-ignore
    // The runs as the view was given them: means of the stretches about the place, on straight lines between.
    const expected = view.runs.slice(1).map(({ series }) => {
      const total = series.find(({ name, split }) => name === 'total' && split === 'train')!;
      return lineAt(floats(total.steps), floats(total.means), place);
    });
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 0));
    expect(toNumber(mean!)).toBeCloseTo(values.reduce((a, b) => a + b) / 3, 0);
    expect(await output.locator('[role=status]').textContent()).toMatch(/^total, step .*β = 4 .* \(runs .*\)\.$/);
    await stage.press('ArrowDown');
    expect(await card.locator('b').textContent()).toContain('reconstruction · step');
    await stage.press('Escape');
    expect(await card.isVisible()).toBe(false);
  });

  it('are read under the pointer', async () => {
    const output = await show(notebook.page, MIME.comparison, comparisonView('pointed'));
    const box = (await output.locator('.panels canvas').boundingBox())!;
    await notebook.page.mouse.move(box.x + 200, box.y + 100);
    expect(await output.locator('.card b').textContent()).toMatch(/^total · step \d+$/);
    expect(await output.locator('.cursor-line').count()).toBe(3);
  });

  it('show each run of a setting where that is asked for', async () => {
    const output = await show(notebook.page, MIME.comparison, comparisonView('each'));
    await output.getByRole('button', { name: 'Each run' }).click();
    const names = (await drawnCurves(notebook.page, output)).map(({ name }) => name);
    expect(names.filter((name) => /^run \d train 1$/.test(name)).length).toBe(3 * 3);
  });

  it('are zoomed and moved by keys, up and down too', async () => {
    const output = await show(notebook.page, MIME.comparison, comparisonView('zoomed'));
    const stage = output.locator('.panels');
    await stage.focus();
    const heights = async () => (await output.locator('.y.axis').first().locator('.tick').allTextContents()).map(toNumber); // prettier-ignore
    const [low, high] = await shownRange(output);
    await stage.press('+');
    const [left, right] = await shownRange(output);
    expect(right - left).toBeCloseTo((high - low) / 2, 0);
    await stage.press('Alt+ArrowRight');
    expect((await shownRange(output))[0] - left).toBeCloseTo((right - left) / 10, 0);
    const before = await heights();
    await stage.press('Alt+Equal');
    const after = await heights();
    expect(after.at(-1)! - after[0]!).toBeLessThan((before.at(-1)! - before[0]!) * 0.7);
    await stage.press('0');
    expect(await heights()).toEqual(before);
    // The wheel alone scrolls the page.
    await stage.hover();
    await notebook.page.mouse.wheel(0, -1);
    expect(await output.getByRole('button', { name: 'Reset zoom' }).isVisible()).toBe(false);
    await notebook.page.keyboard.down('Alt');
    await notebook.page.mouse.wheel(0, -240);
    await notebook.page.keyboard.up('Alt');
    await expect.poll(heights).not.toEqual(before);
  });

  it('follow a training that goes on, by what is new alone', async () => {
    const input = (steps: number) => {
      const done = { name: 'first', runs: [history(930)] };
      const state = steps < 930 ? 'running' : 'done';
      return { id: 'live', groups: [done, { name: 'second', runs: [history(steps, { state })] }] };
    };
    const states = [310, 372, 930].map((steps) => plainComparison(input(steps)));
    const output = await show(notebook.page, MIME.comparison, { ...encodeComparison(states[0]!), revision: 0 });
    expect(await output.locator('.key li').allTextContents()).toContain('second (running)');
    for (const [i, state] of states.slice(1).entries()) {
      const change = comparisonChange(states[i]!, state, i + 1)!;
      expect(JSON.stringify(change).length).toBeLessThan(JSON.stringify(encodeComparison(state)).length / 2);
      await send(notebook.page, { type: 'viewChange', viewId: 'live', mime: MIME.comparison, change });
    }
    expect(await output.locator('.key li').allTextContents()).toContain('second');
    const live = await drawnCurves(notebook.page, output);
    const whole = await show(notebook.page, MIME.comparison, { ...encodeComparison(states[2]!), id: 'whole' });
    expect(live).toEqual(await drawnCurves(notebook.page, whole));
    // A state that was missed is asked for.
    const change = { ...comparisonChange(states[1]!, states[2]!, 9)! };
    await send(notebook.page, { type: 'viewChange', viewId: 'live', mime: MIME.comparison, change });
    const asked = (await messages(notebook.page)).filter(({ viewId }) => viewId === 'live');
    expect(asked.at(-1)).toMatchObject({ request: { kind: 'watch' } });
  });

  it('are saved as a drawing that says what is what', async () => {
    const output = await show(notebook.page, MIME.comparison, comparisonView('saved'));
    const drawing = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    for (const word of ['β = 1', 'β = 4', 'total', 'reconstruction', 'optimizer step', 'nats per image'])
      expect(drawing).toContain(word);
  });
});

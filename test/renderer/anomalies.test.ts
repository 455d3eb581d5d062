import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../kernel/views/encoding';
import { violations } from './support/axe';
import { readTable, render, saved, show, toNumber } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { anomaliesView, MIME } from './support/sampleViews';
import { THEME_NAMES } from './support/themes';

let lab: Lab;
let notebook: NotebookPage;
let view: Awaited<ReturnType<typeof anomaliesView>>;
beforeAll(async () => {
  [lab, view] = await Promise.all([Lab.open(), anomaliesView()]);
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const handle = (output: Locator) => output.getByRole('slider', { name: 'Threshold' });
const facts = (output: Locator) => output.locator('.facts').innerText();
const now = (output: Locator) => handle(output).getAttribute('aria-valuenow').then(Number);

/** What a threshold does, counted one by one. */
function brute(threshold: number) {
  const [scores, anomalous] = [Array.from(decode(view.scores)), Array.from(decode(view.anomalous!))];
  const flagged = scores.map((score) => score > threshold);
  const of = (which: number) => flagged.filter((_, i) => anomalous[i] === which);
  const text = (value: number) => (value === 0 || value === 100 ? `${value} %` : `${value.toFixed(1)} %`);
  const share = (flags: boolean[]) => text((100 * flags.filter(Boolean).length) / flags.length);
  const hits = of(1).filter(Boolean).length;
  const precision = text((100 * hits) / flagged.filter(Boolean).length);
  return { all: share(flagged), recall: share(of(1)), alarms: share(of(0)), precision };
}

async function expectFacts(output: Locator) {
  const text = await facts(output);
  const { all, recall, alarms, precision } = brute(await now(output));
  expect(text).toContain(`${all} of 1,500 samples above`);
  expect(text).toContain(
    `finds ${recall} of the anomalies · flags ${alarms} of the normal samples · precision ${precision}`,
  );
}

describe('the threshold', () => {
  it('begins where the kernel put it, and its consequences are counted', async () => {
    const output = await show(notebook.page, MIME.anomalies, view);
    expect(await now(output)).toBeCloseTo(view.threshold, 5);
    await expectFacts(output);
  });

  it('is moved by keys', async () => {
    const output = await show(notebook.page, MIME.anomalies, { ...view, id: 'keys' });
    const { page } = notebook;
    await handle(output).focus();
    const before = await now(output);
    await page.keyboard.press('ArrowRight');
    const one = (await now(output)) - before;
    expect(one).toBeGreaterThan(0);
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await now(output)).toBeCloseTo(before - 9 * one, 5);
    await expectFacts(output);
    await page.keyboard.press('Home');
    expect(await facts(output)).toContain('finds 100 % of the anomalies');
    await output.getByRole('button', { name: 'Reset' }).click();
    expect(await now(output)).toBeCloseTo(view.threshold, 5);
  });

  it('is dragged, and stays where it is when the output is drawn again', async () => {
    const output = await show(notebook.page, MIME.anomalies, { ...view, id: 'drag' });
    const { page } = notebook;
    const box = (await handle(output).boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + 6];
    const before = await now(output);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 120, y + 4);
    await page.mouse.up();
    const after = await now(output);
    expect(after).toBeGreaterThan(before + 5);
    await expectFacts(output);
    await page.mouse.move(x + 200, y + 4);
    expect(await now(output)).toBe(after);
    await render(page, 'drag', MIME.anomalies, { ...view, id: 'drag' });
    expect(await now(output)).toBe(after);
  });
});

describe('the curves', () => {
  it('go from corner to corner, say their areas, and mark the threshold', async () => {
    const output = await show(notebook.page, MIME.anomalies, { ...view, id: 'curves' });
    const texts = () => output.locator('.plot svg text').allTextContents();
    expect(await texts()).toContain(`area ${view.areaUnderRoc!.toFixed(3)}`);
    await output.getByRole('combobox', { name: 'Curve' }).selectOption('precision–recall');
    expect((await texts()).some((text) => text.startsWith('average precision 0.'))).toBe(true);
    expect(await texts()).toEqual(expect.arrayContaining(['recall', 'precision']));
    expect(await output.locator('.plot svg circle').count()).toBe(1);
  });

  it('are absent where anomalies are not known', async () => {
    const output = await show(notebook.page, MIME.anomalies, await anomaliesView('unknown', { known: false }));
    expect(await output.locator('.plot svg circle').count()).toBe(0);
    expect(await output.getByRole('combobox').count()).toBe(0);
    expect(await facts(output)).toMatch(/^threshold [\d.]+ · [\d.]+ % of 1,500 samples above$/);
  });
});

describe('the cases', () => {
  it('are the highest scores, and what the threshold takes wrongly', async () => {
    const output = await show(notebook.page, MIME.anomalies, { ...view, id: 'cases' });
    const listed = () => output.locator('.cases li .score').allInnerTexts();
    const scores = Array.from(decode(view.scores)).sort((a, b) => b - a);
    // All with as many decimals as the greatest.
    (await listed()).forEach((text, i) => expect(Math.abs(toNumber(text) - scores[i]!)).toBeLessThanOrEqual(0.0501));
    const cases = output.getByRole('combobox', { name: 'Cases' });
    await cases.selectOption('missed anomalies');
    const titles = await output
      .locator('.cases .case')
      .evaluateAll((items) => items.map((item) => item.getAttribute('title')));
    expect(titles.length).toBeGreaterThan(0);
    for (const title of titles) expect(title).toMatch(/Bag · anomaly · score .* · not flagged$/);
    await cases.selectOption('false alarms');
    expect(await output.locator('.cases .case').first().getAttribute('title')).toMatch(
      / · normal · score .* · flagged$/,
    );
    await handle(output).focus();
    await notebook.page.keyboard.press('End');
    expect(await output.locator('.none').innerText()).toBe('No false alarms at this threshold.');
  });

  it('are in the table with their scores', async () => {
    const output = await show(notebook.page, MIME.anomalies, { ...view, id: 'table' });
    const [head, ...rows] = await readTable(output);
    expect(head).toEqual(['row', 'label', 'is', 'squared error', 'flagged']);
    expect(rows).toHaveLength(view.cases.length);
    rows.forEach((row, i) => expect(row[4]).toBe(view.cases[i]!.score! > view.threshold ? 'yes' : 'no'));
  });

  it('are in the saved drawing, with the curves', async () => {
    const output = await show(notebook.page, MIME.anomalies, { ...view, id: 'saved' });
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    expect(svg.match(/<image /g)!).toHaveLength(2 * 12);
    expect(svg).toContain('false positive rate');
  });
});

it.each(THEME_NAMES)('anomalies pass axe in the theme %s', async (theme) => {
  const { page, close, errors } = await lab.notebook({ theme });
  const output = await show(page, MIME.anomalies, view);
  await output.getByRole('button', { name: 'Table' }).click();
  expect(await violations(page)).toEqual([]);
  expect(errors).toEqual([]);
  await close();
});

import { mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { decode } from '../../kernel/views/encoding';
import { columnOf, sweepData } from '../../kernel/views/sweep/data';
import { encodeSweep, plainSweep } from '../../kernel/views/sweep/sweep';
import { ink, messages, nextFrame, saved, send, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { violations } from './support/axe';
import { MIME } from './support/sampleViews';
import { BETAS, sweepBegun, sweepInput, sweepView, thousandRuns } from './support/sweepViews';
import { THEME_NAMES } from './support/themes';

const FOLDER = 'test/artifacts/renderer';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  lab = await Lab.open();
  notebook = await lab.notebook({ width: 1000 });
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const runsIn = (output: Locator) => output.locator('.runs tbody tr[data-run]').evaluateAll((rows) => rows.map((row) => row.querySelector('th')!.textContent!)); // prettier-ignore
const cells = (output: Locator, column: number) =>
  output
    .locator('.runs tbody tr[data-run]')
    .evaluateAll((rows, i) => rows.map((row) => row.children[i]!.textContent!), column);
const csvRows = async (output: Locator) =>
  (await saved(notebook.page, output, 'CSV')).bytes.toString().trim().split('\r\n').slice(1).map((line) => line.split(',')); // prettier-ignore

describe('a sweep', () => {
  it('is filtered by expressions; table, panels and the saved numbers follow', async () => {
    const view = sweepView('filtered');
    const output = await show(notebook.page, MIME.sweep, view);
    expect(await output.locator('.table-of-runs h3').textContent()).toBe('40 runs');
    const filter = output.getByRole('textbox', { name: 'Filter' });
    await filter.fill('beta > 2 and elbo > -240');
    const data = sweepData(view, decode);
    const [beta, elbo] = [columnOf(data, 'beta')!.values as number[], columnOf(data, 'elbo')!.values as number[]];
    const expected = beta.flatMap((value, i) =>
      value > 2 && elbo[i] !== null && elbo[i]! > -240 ? [String(i + 1)] : [],
    );
    expect(expected.length).toBeGreaterThan(2);
    // The language of filters is loaded with the first text.
    await output.locator('figcaption', { hasText: 'pass' }).waitFor();
    expect((await csvRows(output)).map(([run]) => run)).toEqual(expected);
    expect(await output.locator('figcaption').textContent()).toContain(`${expected.length} of 40 runs pass`);
    await filter.fill('bta > 2');
    expect(await output.getByRole('alert').filter({ hasText: 'bta' }).textContent()).toMatch(
      /There is no column “bta”.*character 1/,
    );
    // What was shown stays, and keys in the field are no shortcuts of the notebook.
    expect((await csvRows(output)).length).toBe(expected.length);
    await filter.press('a');
    expect(await notebook.page.evaluate(() => window.host.keys)).toEqual([]);
    await filter.press('Escape');
    expect((await csvRows(output)).length).toBe(40);
  });

  it('is sorted by its heads, the best first, what is missing last', async () => {
    const output = await show(notebook.page, MIME.sweep, sweepView('sorted'));
    await output.locator('.runs thead').getByRole('button', { name: 'elbo' }).click();
    const column = (await output.locator('.runs thead th').allTextContents()).findIndex((name) =>
      name.startsWith('elbo'),
    );
    const first = (await cells(output, column)).map((text) => Number(text.replace('−', '-')));
    expect(first).toEqual([...first].sort((a, b) => b - a));
    expect((await csvRows(output)).at(-1)![0]).toBe('14');
    await output.locator('.runs thead').getByRole('button', { name: 'elbo' }).click();
    expect(await output.locator('.runs th[aria-sort=ascending]').count()).toBe(1);
    expect((await csvRows(output)).at(-1)![0]).toBe('14');
  });

  it('marks one run in all panels, by pointer and by keys, and opens its notebook', async () => {
    const output = await show(notebook.page, MIME.sweep, sweepView('marked'));
    await output.locator('.runs tbody tr[data-run="16"] td').nth(2).click();
    const bar = output.locator('.run-bar');
    expect(await bar.textContent()).toContain('run 17 · beta 2, seed 2');
    expect(await output.locator('.chart .marks circle').count()).toBe(4);
    expect(await output.locator('.curves .marks path').count()).toBe(3);
    expect(await output.locator('.parallel svg path').count()).toBe(3);
    await bar.getByRole('button', { name: 'Open notebook' }).click();
    const opened = async () => (await messages(notebook.page)).filter(({ type }) => type === 'openNotebook').at(-1);
    expect(await opened()).toEqual({
      ...{ type: 'openNotebook', viewId: 'marked', path: 'beta.sweep/runs/0017/notebook.ipynb' },
      place: '/home/ada/beta.sweep/runs/0017/notebook.ipynb',
    });
    // By keys: to the next run and into its notebook.
    await output.locator('.runs').press('ArrowDown');
    expect(await bar.locator('b').textContent()).toBe('run 18 · beta 2, seed 3');
    await output.locator('.runs').press('Enter');
    expect((await opened())!.path).toBe('beta.sweep/runs/0018/notebook.ipynb');
    await output.locator('.runs').press('Escape');
    expect(await bar.getAttribute('data-marked')).toBe('false');
    // In a panel: the first click marks, the second opens.
    const chart = output.locator('.metric .panels');
    await chart.press('End');
    const name = await bar.locator('b').textContent();
    expect(name).toMatch(/^run \d+ · beta 32/);
    const ring = output.locator('.metric .marks circle').last();
    const box = (await ring.boundingBox())!;
    await chart.press('Escape');
    expect(await bar.getAttribute('data-marked')).toBe('false');
    await notebook.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    expect(await output.locator('.card').textContent()).toContain('elbo');
    await notebook.page.mouse.down();
    await notebook.page.mouse.up();
    // Runs of one β lie close to each other.
    expect(await bar.locator('b').textContent()).toMatch(/^run \d+ · beta 32/);
    await output.locator('.runs').press('Home');
    await output.getByRole('button', { name: 'Open the notebook of run 1', exact: true }).click();
    expect((await opened())!.path).toBe('beta.sweep/runs/0001/notebook.ipynb');
  });

  it('is brushed on its axes, which move by keys and by the pointer', async () => {
    const output = await show(notebook.page, MIME.sweep, sweepView('brushed'));
    const heads = () => output.locator('.axis-heads button').allTextContents();
    const before = await heads();
    expect(before[0]).toBe('beta');
    await output.locator('.axis-heads button').first().press('ArrowRight');
    expect(await heads()).toEqual([before[1], before[0], ...before.slice(2)]);
    await output.locator('.axis-heads').getByRole('button', { name: 'beta' }).press('ArrowLeft');
    // The lowest of eight values of β, evenly spaced by their logarithms, is below a tenth.
    await output.locator('.axis-heads').getByRole('button', { name: 'beta' }).press('ArrowUp');
    expect(await output.locator('.table-of-runs h3').textContent()).toBe('35 of 40 runs');
    expect(await output.locator('[role=status]').textContent()).toMatch(/^beta .* to 32: 35 of 40 runs$/);
    await output.getByRole('button', { name: /^beta .* ×$/ }).click();
    expect(await output.locator('.table-of-runs h3').textContent()).toBe('40 runs');
    const stage = (await output.locator('.parallel .stage').boundingBox())!;
    const [x, top, bottom] = [stage.x + 54, stage.y + 34, stage.y + 236 - 14];
    await notebook.page.mouse.move(x, top - 2);
    await notebook.page.mouse.down();
    await notebook.page.mouse.move(x, top + (bottom - top) * 0.5, { steps: 4 });
    await notebook.page.mouse.up();
    const kept = new Set((await csvRows(output)).map((row) => Number(row[2])));
    expect([...kept]).toEqual(BETAS.slice(4));
  });

  it('names the runs of its front, and turns round what is better', async () => {
    const view = sweepView('front');
    const output = await show(notebook.page, MIME.sweep, view);
    const data = sweepData(view, decode);
    const [x, y] = ['rate', 'distortion'].map((name) => columnOf(data, name)!.values as (number | null)[]);
    const there = x!.flatMap((value, i) => (value === null ? [] : [i]));
    const front = there.filter((i) => !there.some((j) => j !== i && x![j]! <= x![i]! && y![j]! <= y![i]!));
    const named = await output.locator('.front-runs button').evaluateAll((buttons) => buttons.map((one) => Number((one as HTMLElement).dataset.run))); // prettier-ignore
    expect([...named].sort((a, b) => a - b)).toEqual(front.sort((a, b) => x![a]! - x![b]!).slice(0, 8).sort((a, b) => a - b)); // prettier-ignore
    await output.getByRole('button', { name: 'lower rate is better' }).click();
    expect(await output.getByRole('button', { name: 'higher rate is better' }).isVisible()).toBe(true);
    await output.locator('.front-runs button').first().click();
    expect(await output.locator('.run-bar').getAttribute('data-marked')).toBe('true');
  });

  it('follows runs by what is new alone, and says when the kernel is gone', async () => {
    const view = { ...sweepView('live', true), revision: 0 };
    const output = await show(notebook.page, MIME.sweep, view);
    expect((await messages(notebook.page)).some(({ request }) => (request as { kind?: string } | undefined)?.kind === 'watch')).toBe(true); // prettier-ignore
    await output.getByRole('textbox', { name: 'Filter' }).fill('state = done');
    const count = Number((await output.locator('.table-of-runs h3').textContent())!.split(' ')[0]);
    const metrics = view.metrics.map(() => 1);
    const change = {
      ...{ revision: 1, summary: 'One more.', notes: [], running: true },
      runs: [{ run: 38, state: 2, notebook: true, metrics, curves: [], stepsPerEpoch: 120 }],
    };
    await send(notebook.page, { type: 'viewChange', viewId: 'live', mime: MIME.sweep, change });
    expect(await output.locator('.table-of-runs h3').textContent()).toBe(`${count + 1} of 40 runs`);
    // One that does not follow asks for the whole.
    const first = (await messages(notebook.page)).find(({ request }) => (request as { kind?: string } | undefined)?.kind === 'watch')!; // prettier-ignore
    const answer = { type: 'viewResponse', requestId: first['requestId'], result: { kind: 'watched' } };
    await send(notebook.page, answer);
    const asked = (await messages(notebook.page)).length;
    await send(notebook.page, {
      type: 'viewChange',
      viewId: 'live',
      mime: MIME.sweep,
      change: { ...change, revision: 5 },
    });
    expect((await messages(notebook.page)).slice(asked).map(({ request }) => request)).toContainEqual({
      kind: 'watch',
    });
    await send(notebook.page, { type: 'kernelGone' });
    expect(await output.locator('figcaption').textContent()).toContain('was running when this was saved');
  });

  it('tells the kernel when nobody looks any more', async () => {
    await show(notebook.page, MIME.sweep, sweepView('left', true));
    await notebook.page.evaluate(() => window.host.dispose('left'));
    const last = (await messages(notebook.page)).at(-1)!;
    expect([last['viewId'], last['request']]).toEqual(['left', { kind: 'unwatch' }]);
  });

  it('has nothing to choose from before a run has trained', async () => {
    const output = await show(notebook.page, MIME.sweep, sweepBegun());
    await expect.poll(() => output.getByText('No run has trained yet.').isVisible()).toBe(true);
    const chosen = await output.locator('select:visible').evaluateAll((all) => all.map((list) => (list as HTMLSelectElement).value)); // prettier-ignore
    expect(chosen).toEqual(['beta']);
    expect(await output.getByText('Each run').isVisible()).toBe(false);
    await output.screenshot({ path: `${FOLDER}/sweep-begun-light.png` });
  });

  it('says why there is no best run, and takes the reader’s word for which way is better', async () => {
    const reported = (id: string, metrics: (run: number) => Record<string, number>) =>
      encodeSweep(plainSweep({ ...sweepInput(id, (run) => ({ ...run, metrics: metrics(run.number) })), metrics: [] }));
    const nothing = await show(notebook.page, MIME.sweep, reported('nothing', () => ({ spread: NaN }))); // prettier-ignore
    expect(await nothing.locator('.metric .empty').textContent()).toBe('No value that was reported is finite.');
    expect(await nothing.locator('.best .says').textContent()).toBe('No value that was reported is finite.');
    const output = await show(
      notebook.page,
      MIME.sweep,
      reported('unknown', (run) => ({ spread: run })),
    );
    const says = output.locator('.best .says');
    expect(await says.textContent()).toBe('It is not known whether lower or higher spread is better: choose above.');
    expect(await output.getByRole('button', { name: 'Mark it' }).isVisible()).toBe(false);
    expect(await output.locator('.front-runs').textContent()).toContain('No front: It is not known whether');
    await output.getByRole('button', { name: '↓ or ↑?' }).click();
    expect(await says.textContent()).toContain('Run 1 · beta 0.25, seed 1: spread 1');
    await output.getByRole('button', { name: '↓ lowest' }).click();
    expect(await says.textContent()).toContain('Run 40');
  });

  it('opens with a thousand runs, and its table scrolls', async () => {
    const output = await show(notebook.page, MIME.sweep, thousandRuns());
    await nextFrame(notebook.page);
    expect((await runsIn(output)).length).toBeLessThan(40);
    await output.locator('.runs').evaluate((element) => (element.scrollTop = element.scrollHeight));
    await nextFrame(notebook.page);
    expect((await runsIn(output)).at(-1)).toBe('1000');
    await output.screenshot({ path: `${FOLDER}/sweep-thousand-light.png` });
  });

  it('is saved as a drawing of all its panels', async () => {
    const output = await show(notebook.page, MIME.sweep, sweepView('saved'));
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    for (const text of ['Sweep beta', 'Curves: validation total', 'elbo by beta', 'Pareto front', 'Run '])
      expect(svg).toContain(text);
    expect(svg.match(/<image /g)!.length).toBe(20);
    expect((await saved(notebook.page, output, 'PNG')).bytes.length).toBeGreaterThan(20_000);
  });
});

it.each(THEME_NAMES)('a sweep passes axe in the theme %s and leaves a picture', async (theme) => {
  const { page, errors, strangers, close } = await lab.notebook({ theme, width: 1000 });
  const output = await show(page, MIME.sweep, sweepView('themed', true));
  await output.locator('.runs').press('Home');
  await output.getByRole('textbox', { name: 'Filter' }).fill('beta >');
  await output.locator('.axis-heads button').first().press('ArrowUp');
  await output.getByText('Axes', { exact: true }).click();
  expect(await violations(page)).toEqual([]);
  await output.getByText('Axes', { exact: true }).click();
  await output.getByRole('textbox', { name: 'Filter' }).fill('');
  await output.screenshot({ path: `${FOLDER}/sweep-${theme}.png` });
  expect((await ink(output)).share).toBeGreaterThan(0.02);
  await page.setViewportSize({ width: 520, height: 900 });
  await nextFrame(page);
  expect(await violations(page)).toEqual([]);
  await output.screenshot({ path: `${FOLDER}/sweep-narrow-${theme}.png` });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(520);
  expect([errors, strangers]).toEqual([[], []]);
  await close();
});

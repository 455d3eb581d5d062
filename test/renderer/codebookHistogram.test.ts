import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { codebookHistogram } from '../../kernel/views/codebookHistogram';
import { decode } from '../../kernel/views/encoding';
import { patchesOf } from '../../kernel/session/show/codebook/patches';
import { ink, messages, readTable, render, saved, send, show, shownRange, toNumber } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { codebookView, MIME } from './support/sampleViews';
import { fullCodebookView } from './support/codebookViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const COUNTS = [5, 0, 20, 10, 0, 65];
const WINDOW = '100 held-out images';
const small = (id: string) => codebookHistogram({ id, title: 'Codebook', counts: COUNTS, window: WINDOW });

/** The bars as the saved drawing has them: their heights, by the numbers and places of the axis. */
async function bars(output: Locator): Promise<number[]> {
  const drawing = (await saved(notebook.page, output, 'SVG')).bytes.toString();
  const path = /<path d="([^"]*)"[^>]*data-curve="uses"/.exec(drawing)![1]!;
  const ticks = await output
    .locator('.y.axis')
    .first()
    .evaluate((axis) =>
      [...axis.querySelectorAll('.tick')].map((tick) => [tick.textContent!, tick.getAttribute('y')!]),
    );
  const [low, high] = [ticks[0]!, ticks.at(-1)!].map(([text, y]) => [toNumber(text!), Number(y) - 4] as const);
  // The drawing has a head of 48 pixels.
  const tops = [...path.matchAll(/M[\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y) - 48);
  return tops.map((y) => low![0] + ((y - low![1]) / (high![1] - low![1])) * (high![0] - low![0]));
}
const code = (output: Locator) => output.locator('.code').innerText();

describe('a codebook histogram', () => {
  it('sorts the codes by use, and by index on request', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, small('order'));
    const close = (found: number[], expected: number[]) => {
      expect(found).toHaveLength(expected.length);
      found.forEach((uses, i) => expect(uses).toBeCloseTo(expected[i]!, 0));
    };
    close(await bars(output), [65, 20, 10, 5, 0, 0]);
    await output.getByRole('button', { name: 'By index' }).click();
    close(await bars(output), COUNTS);
  });

  it('counts on a logarithmic axis on request', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, small('log'));
    await output.getByRole('button', { name: 'Log' }).click();
    expect(await output.locator('.y.axis[data-scale=log]').count()).toBe(1);
    expect((await ink(output.locator('.stage'))).share).toBeGreaterThan(0.05);
  });

  it('states perplexity, codes in use and the dead codes in words', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, small('words'));
    const shares = COUNTS.filter((count) => count > 0).map((count) => count / 100);
    const perplexity = Math.exp(-shares.reduce((sum, share) => sum + share * Math.log(share), 0));
    const stats = await output.locator('dl').innerText();
    expect(stats).toContain(`${Number(perplexity.toPrecision(4))} of 6 codes`);
    expect(stats).toMatch(/Used\s+4 of 6/);
    const caption = await output.locator('figcaption').innerText();
    expect(caption).toContain('2 dead codes, never used in 100 held-out images: 1, 4.');
  });

  it('says so when no code is dead, and when nothing was counted', async () => {
    const alive = codebookHistogram({ id: 'alive', counts: [1, 2], window: WINDOW });
    const output = await show(notebook.page, MIME.codebookHistogram, alive);
    expect(await output.locator('figcaption').innerText()).toContain('No dead codes: each was used');
    const empty = codebookHistogram({ id: 'empty', counts: [0, 0, 0], window: WINDOW });
    const other = await show(notebook.page, MIME.codebookHistogram, empty);
    expect(await other.locator('figcaption').innerText()).toContain('No code was used in 100 held-out images.');
  });

  it('reads codes one by one with the arrow keys, and keeps the place through an update', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.codebookHistogram, small('keys'));
    await output.getByRole('application').focus();
    await page.keyboard.press('ArrowRight');
    expect(await code(output)).toBe('code 5 · rank 1 of 6 · 65 uses (65.0 %)');
    await page.keyboard.press('End');
    expect(await code(output)).toBe('code 4 · rank 6 of 6 · never used');
    expect(await output.getByRole('status').innerText()).toBe('code 4 · rank 6 of 6 · never used');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await render(page, 'keys', MIME.codebookHistogram, small('keys'));
    expect(await code(output)).toBe('code 0 · rank 4 of 6 · 5 uses (5.0 %)');
  });

  it('reads the code under the pointer', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, small('pointer'));
    const stage = output.getByRole('application');
    const { width } = (await stage.boundingBox())!;
    await stage.hover({ position: { x: 74 + ((width - 86) * 1.7) / 6.4, y: 100 } });
    expect(await code(output)).toBe('code 2 · rank 2 of 6 · 20 uses (20.0 %)');
  });

  it('keeps the reader’s zoom through an update', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.codebookHistogram, small('zoom'));
    await output.getByRole('application').focus();
    await page.keyboard.press('+');
    const zoomed = await shownRange(output);
    expect(zoomed[1] - zoomed[0]).toBeCloseTo(3.2, 1);
    await render(page, 'zoom', MIME.codebookHistogram, small('zoom'));
    expect(await shownRange(output)).toEqual(zoomed);
    await page.keyboard.press('0');
    expect((await shownRange(output))[1]).toBeCloseTo(6.7, 1);
  });

  it('draws the highest of the codes in each pixel where a bar would be thinner', async () => {
    const view = codebookView(8192, 40, 'large');
    const output = await show(notebook.page, MIME.codebookHistogram, view);
    await output.getByRole('button', { name: 'By index' }).click();
    const found = await bars(output);
    const counts = [...decode(view.counts)];
    const stride = Math.ceil(8192 / found.length);
    const most = Array.from({ length: Math.ceil(8192 / stride) }, (_, i) => Math.max(...counts.slice(i * stride, (i + 1) * stride))); // prettier-ignore
    expect(found).toHaveLength(most.length);
    found.forEach((uses, i) => expect(Math.abs(uses - most[i]!)).toBeLessThan(2));
  });

  it('goes to a code by its number, typed on the figure or in the field, also out of a zoom', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.codebookHistogram, codebookView(512, 9, 'jump'));
    const stage = output.getByRole('application');
    for (let i = 0; i < 6; i++) await stage.press('+');
    await stage.press('4');
    await page.keyboard.type('17');
    await page.keyboard.press('Enter');
    expect(await code(output)).toMatch(/^code 417 · rank \d+ of 512/);
    const rank = Number(/rank (\d+)/.exec(await code(output))![1]);
    const [low, high] = await shownRange(output);
    expect(low).toBeLessThan(rank);
    expect(high).toBeGreaterThan(rank);
    await output.getByRole('textbox').fill('512');
    await output.getByRole('textbox').press('Enter');
    expect(await output.getByRole('alert').filter({ hasText: 'there' }).textContent()).toBe(
      'there are codes from 0 to 511',
    );
    expect(await code(output)).toContain('code 417');
  });
});

describe('a codebook of images', () => {
  it('shows the nearest patches of a code, as they are in the images', async () => {
    const { view, coded, errors } = fullCodebookView('patches');
    const output = await show(notebook.page, MIME.codebookHistogram, view);
    await output.getByRole('textbox').fill('7');
    await output.getByRole('textbox').press('Enter');
    const places = [...coded.codes.keys()].filter((place) => coded.codes[place] === 7);
    const nearest = places.sort((a, b) => errors[a]! - errors[b]! || a - b).slice(0, 8);
    const labels = await output
      .locator('.patch')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')!));
    expect(labels.map((label) => toNumber(/From row (\S+),/.exec(label)![1]!))).toEqual(
      nearest.map((place) => Math.floor(place / 49)),
    );
    // The region of the first one, a pixel inside of its outline, is that of the image.
    const [place] = nearest;
    const [image, at] = [Math.floor(place! / 49), place! % 49];
    const [top, left] = [Math.floor(at / 7) * 4, (at % 7) * 4];
    const pixel = await output
      .locator('.patch canvas')
      .first()
      .evaluate((canvas) => {
        const context = (canvas as HTMLCanvasElement).getContext('2d')!;
        return [...context.getImageData(3, 3, 1, 1).data.subarray(0, 3)];
      });
    // A margin of two pixels lies about the region.
    const level = Math.round(coded.values[image! * 784 + (top + 1) * 28 + left + 1]! * 255);
    expect(pixel).toEqual([level, level, level]);
  });

  it('asks the live kernel for the patches of a code that was saved without, once it is chosen', async () => {
    const { page } = notebook;
    const { view, coded, counts, places } = fullCodebookView('live', 64, true);
    const output = await show(page, MIME.codebookHistogram, view);
    const seldom = counts.findIndex((uses) => uses > 2 && uses <= 60);
    await output.getByRole('textbox').fill(String(seldom));
    await output.getByRole('textbox').press('Enter');
    const [asked] = (await messages(page)).filter(({ viewId }) => viewId === 'live');
    expect(asked).toMatchObject({ type: 'viewRequest', request: { kind: 'patches', code: seldom } });
    const own = places.map((all, one) => (one === seldom ? all : all.subarray(0, 0)));
    const result = { kind: 'patches', patches: patchesOf(coded, own) };
    await send(page, { type: 'viewResponse', requestId: asked!['requestId'], result });
    expect(await output.locator('.patch').count()).toBe(Math.min(8, counts[seldom]!));
  });

  it('has a map of the codes of images: its cells choose codes, and are marked by the code', async () => {
    const { view, coded } = fullCodebookView('maps');
    const output = await show(notebook.page, MIME.codebookHistogram, view);
    await output.getByRole('tab', { name: 'Images' }).click();
    const map = output.locator('.map').first();
    await map.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await map.press(key);
    const chosen = coded.codes[2 * 7 + 1]!;
    expect(await code(output)).toContain(`code ${chosen} `);
    expect(await output.getByRole('status').innerText()).toMatch(`row 0, cell 1, 2: code ${chosen}, `);
    const same = [...coded.codes.subarray(0, 49)].filter((one) => one === chosen).length;
    expect(await map.locator('.chosen rect').count()).toBe(same);
    await map.click({ position: { x: 185, y: 185 } });
    expect(await code(output)).toContain(`code ${coded.codes[48]!} `);
  });

  it('lies in the plane, a point a code, and says what is pointed at', async () => {
    const { view } = fullCodebookView('plane');
    const output = await show(notebook.page, MIME.codebookHistogram, view);
    await output.getByRole('tab', { name: 'Codes in the plane' }).click();
    const drawing = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    const points = /<g data-curve="codes">(.*?)<\/g>/.exec(drawing)![1]!;
    const centres = [...points.matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y) - 48]);
    expect(centres).toHaveLength(64);
    expect(await output.locator('.x.axis').first().textContent()).toContain('component 1 (78.0 % of the variance)');
    const box = (await output.locator('.panels').boundingBox())!;
    const last = centres.at(-1)!;
    await notebook.page.mouse.move(box.x + last[0]!, box.y + last[1]!);
    // The one that is used most is drawn above the others.
    expect(await code(output)).toContain('rank 1 of 64');
  });

  it('shows how use went over a training', async () => {
    const { view, counts } = fullCodebookView('course');
    const output = await show(notebook.page, MIME.codebookHistogram, view);
    await output.getByRole('tab', { name: 'Over training' }).click();
    await output.locator('.panels').press('Home');
    const most = counts.indexOf(Math.max(...counts));
    expect(await code(output)).toContain(`code ${most} · rank 1`);
    expect(await output.locator('.names b').allTextContents()).toContain(`uses of code ${most}: ${Math.max(...counts).toLocaleString('en-US')}`); // prettier-ignore
    const [head, ...rows] = await readTable(output);
    const column = head!.indexOf(`code ${most}`);
    expect(rows.map((row) => toNumber(row[column]!))).toEqual(Array.from({ length: 12 }, (_, i) => (most < 8 * (i + 1) ? counts[most]! : 0))); // prettier-ignore
  });

  it('is read without a kernel as it was saved: no part of it is lost', async () => {
    const { view } = fullCodebookView('saved view');
    const output = await show(notebook.page, MIME.codebookHistogram, JSON.parse(JSON.stringify(view)) as typeof view);
    expect(await output.getByRole('tab').count()).toBe(4);
    expect(JSON.stringify(view.patches).length).toBeLessThan(300_000);
  });
});

describe('the numbers of a codebook histogram', () => {
  it('are in the table and in the CSV file', async () => {
    const view = codebookView(128, 9, 'table');
    const counts = Array.from(decode(view.counts));
    const output = await show(notebook.page, MIME.codebookHistogram, view);
    const [head, ...rows] = await readTable(output);
    expect(head).toEqual(['code', 'rank', 'uses', 'share']);
    expect(rows).toHaveLength(128);
    rows.forEach(([index, , uses]) => expect(toNumber(uses!)).toBe(counts[Number(index)]));
    const csv = (await saved(notebook.page, output, 'CSV')).bytes.toString().trim().split('\r\n');
    expect(csv).toHaveLength(129);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const [index, rank, uses, share] = csv[1]!.split(',').map(Number);
    expect([rank, uses, share]).toEqual([1, counts[index!], counts[index!]! / total]);
  });

  it('are saved as a drawing and as a picture', async () => {
    const output = await show(notebook.page, MIME.codebookHistogram, small('saved'));
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    expect(svg).toContain('rank (most used first)');
    expect((await saved(notebook.page, output, 'PNG')).bytes.length).toBeGreaterThan(5000);
  });
});

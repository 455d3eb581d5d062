import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeLossCurves, lossCurves, plainLossCurves } from '../../kernel/views/lossCurves';
import { changeOf } from '../../kernel/views/lossCurvesChange';
import {
  drawnCurves,
  messages,
  nextFrame,
  pixels,
  readTable,
  render,
  saved,
  send,
  show,
  shownRange,
  toNumber,
} from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { history, lossView, MIME } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const running = (steps: number, id: string) => lossView(steps, id, { state: 'running' });
const plain = (steps: number, id: string) => plainLossCurves(history(steps, { state: 'running', epochs: 50 }), { id });
/** A training under way, as the kernel tells it whole. */
const stateOf = (steps: number, id: string, revision: number) => ({ ...encodeLossCurves(plain(steps, id)), revision });
/** What is new of it between two numbers of steps. */
const change = (from: number, to: number, viewId: string, revision: number) => ({
  ...{ type: 'viewChange', viewId, mime: MIME.lossCurves },
  change: changeOf(plain(from, viewId), plain(to, viewId), revision)!,
});
const frame = (view: { id: string }) => ({ type: 'viewFrame', viewId: view.id, mime: MIME.lossCurves, view });

describe('loss curves', () => {
  it('show every term with its measured curve under the smoothed one, validation and the schedule', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossView(930, 'all'));
    const curves = await drawnCurves(notebook.page, output);
    const [total, ...terms] = ['total', 'reconstruction', 'kl'].map((name) =>
      ['raw', 'train', 'validation'].map((kind) => `${kind} ${name}`),
    );
    expect(curves.map(({ name }) => name)).toEqual([...total!, 'schedule β', ...terms.flat()]);
    expect(curves[0]!.points).toBe(930);
  });

  it('keep the measured curve when the smoothing is turned off, and draw nothing above it', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossView(930, 'unsmoothed'));
    await output.getByRole('slider', { name: 'Smoothing' }).fill('0');
    const points = new Map((await drawnCurves(notebook.page, output)).map((curve) => [curve.name, curve.points]));
    expect(points.get('raw total')).toBe(930);
    expect(points.has('train total')).toBe(false);
  });

  it('put the losses on logarithmic axes', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossView(930, 'log'));
    await output.getByRole('button', { name: 'Log' }).click();
    const marks = output.locator('.y.axis').first().locator('.tick');
    const places = async () => marks.evaluateAll((all) => all.map((one) => Number(one.getAttribute('y'))));
    /** Pixels between neighbours, for each unit of their numbers. */
    const steps = async () => {
      const [ticks, at] = [(await marks.allTextContents()).map(toNumber), await places()];
      return ticks.slice(1).map((tick, i) => (at[i]! - at[i + 1]!) / (tick - ticks[i]!));
    };
    const even = (values: number[]) => Math.max(...values) / Math.min(...values);
    expect(even(await steps())).toBeGreaterThan(1.1);
    await output.getByRole('button', { name: 'Log' }).click();
    expect(even(await steps())).toBeCloseTo(1, 6);
  });

  it('leave terms that are not positive on a linear axis, and say which', async () => {
    const trained = history(200);
    for (const one of trained.series) if (one.name === 'kl') one.values = one.values.map((value) => value - 5);
    const output = await show(notebook.page, MIME.lossCurves, lossCurves(trained, { id: 'partly' }));
    await output.getByRole('button', { name: 'Log' }).click();
    expect(await output.locator('figcaption').textContent()).toContain('kl: linear axis, there are values ≤ 0.');
  });

  it('mark steps that are not finite, in the figure and in words', async () => {
    const trained = history(300);
    trained.series[2]!.values[150] = NaN;
    const output = await show(notebook.page, MIME.lossCurves, lossCurves(trained, { id: 'broken' }));
    expect(await output.locator('figcaption').textContent()).toContain('NaN in kl at step 151');
    expect(await output.locator('text.broken').allTextContents()).toEqual(['NaN']);
  });

  it('write the values at the cursor, and the last ones without it', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossView(930, 'cursor'));
    expect(await output.locator('.where').textContent()).toBe('β 1');
    await output.getByRole('application').focus();
    await notebook.page.keyboard.press('Home');
    expect(await output.locator('.where').textContent()).toBe('step 1 · epoch 1 · β 0.005');
    const total = history(930).series[0]!.values[0]!;
    const [number, ...says] = (await output.locator('.reading').first().textContent())!.split(' ');
    expect(toNumber(number!)).toBeCloseTo(total, 1);
    expect(says).toEqual(['smoothed']);
  });

  it('say of a smoothed number that it is one, and give the measured one beside it', async () => {
    const measured = history(930).series[0]!.values;
    // The definition, written out: weights 0.9ⁿ back from the last step.
    const weights = measured.map((_, i) => 0.9 ** (929 - i));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    const average = sum(measured.map((value, i) => value * weights[i]!)) / sum(weights);
    const output = await show(notebook.page, MIME.lossCurves, lossView(930, 'smoothed'));
    const header = output.locator('.panel-name').first();
    await output.getByRole('application').focus();
    await notebook.page.keyboard.press('End');
    expect(await header.textContent()).toContain(`${average.toPrecision(4)} smoothed · val. `);
    const title = `moving average of weight 0.9; measured at step 930: ${measured.at(-1)!.toPrecision(4)}`;
    expect(await header.getAttribute('title')).toContain(title);
    await expect.poll(() => output.locator('[aria-live]').textContent()).toContain(title);

    await output.getByRole('slider', { name: 'Smoothing' }).fill('0');
    await output.getByRole('application').focus();
    await notebook.page.keyboard.press('End');
    expect(await header.textContent()).toContain(`${measured.at(-1)!.toPrecision(4)} · val. `);
    expect(await header.getAttribute('title')).not.toContain('smoothed');
  });

  it('give one last value of a term: the mean of the last epoch, as the sentence has it', async () => {
    const view = lossView(930, 'last');
    const output = await show(notebook.page, MIME.lossCurves, view);
    const header = output.locator('.panel-name').first();
    const last = /to ([\d.]+) nats/.exec(view.summary)![1]!;
    const { values } = history(930).series[0]!;
    // Epochs of this history have 62 steps.
    const mean = values.slice(-62).reduce((sum, value) => sum + value, 0) / 62;
    expect(Number(last)).toBeCloseTo(mean, 0);
    expect(await header.textContent()).toContain(`${mean.toPrecision(4)} last epoch · val. `);
    expect(await header.getAttribute('title')).toContain('in the last epoch (mean)');
  });
});

describe('a running training', () => {
  it('shows how far it is, and moves with each frame without a new node and without a blank moment', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.lossCurves, running(100, 'live'));
    expect(await output.getByRole('progressbar').getAttribute('aria-valuetext')).toMatch(
      /^epoch 2\/15 · step 100\/930/,
    );
    await page.evaluate(() => {
      const { shadowRoot } = window.host.element('live').querySelector('.latentlab-figure')!;
      const canvas = shadowRoot!.querySelector<HTMLCanvasElement>('.stage canvas')!;
      const watched = { canvas, blank: 0, paints: 0 };
      Object.assign(window, { watched });
      const look = () => {
        watched.paints++;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        if (!data.some((value) => value > 0)) watched.blank++;
        if (canvas.isConnected) requestAnimationFrame(look);
      };
      look();
    });
    for (let step = 110; step <= 200; step += 10) await send(page, frame(running(step, 'live')));
    const { blank, same, paints } = await page.evaluate(() => {
      const { watched } = window as unknown as { watched: { canvas: Element; blank: number; paints: number } };
      return { blank: watched.blank, paints: watched.paints, same: watched.canvas.isConnected };
    });
    expect(same).toBe(true);
    expect(paints).toBeGreaterThan(10);
    expect(blank).toBe(0);
    expect(await output.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('200');
    expect((await drawnCurves(page, output))[0]!.points).toBe(200);
  });

  it('keeps the reader’s zoom and cursor through frames', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.lossCurves, running(200, 'zoomed'));
    const stage = output.getByRole('application');
    await stage.scrollIntoViewIfNeeded();
    const box = (await stage.boundingBox())!;
    await page.mouse.move(box.x + 150, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 200, { steps: 5 });
    await page.mouse.up();
    await page.mouse.move(box.x + 200, box.y + 150);
    await nextFrame(page);
    const x = await shownRange(output);
    expect(x[1]! - x[0]!).toBeLessThan(150);
    const where = await output.locator('.where').textContent();
    expect(where).not.toContain('step 200');
    await send(page, frame(running(240, 'zoomed')));
    await render(page, 'zoomed', MIME.lossCurves, running(260, 'zoomed'));
    await nextFrame(page);
    expect(await shownRange(output)).toEqual(x);
    expect(await output.locator('.where').textContent()).toBe(where);
    await output.getByRole('button', { name: 'Reset zoom' }).click();
    expect((await shownRange(output))[0]).toBeCloseTo(0, 6);
  });

  it('does not go back when frames and snapshots arrive out of order', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.lossCurves, running(200, 'order'));
    await render(page, 'order', MIME.lossCurves, lossView(930, 'order'));
    await send(page, frame(running(900, 'order')));
    expect(await output.locator('.progress').textContent()).toContain('15 epochs · 930 steps');
  });

  it('moves by what is new alone, several states in one go, and is then what the whole would be', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.lossCurves, stateOf(90, 'changes', 0));
    await page.evaluate(
      (all) => all.forEach((one) => window.host.send(one)),
      [change(90, 100, 'changes', 1), change(100, 120, 'changes', 2), change(120, 2600, 'changes', 3)],
    );
    await nextFrame(page);
    // Numbers follow ten times a second.
    await expect.poll(() => output.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('2600');
    const changed = await drawnCurves(page, output);
    // The sentence follows at the pace of reading.
    await expect.poll(() => output.locator('figcaption').textContent()).toContain('2,600 points thinned to');
    const pictured = await output.locator('.stage').screenshot();
    const whole = await show(page, MIME.lossCurves, stateOf(2600, 'whole', 3));
    expect(await drawnCurves(page, whole)).toEqual(changed);
    expect((await whole.locator('.stage').screenshot()).equals(pictured)).toBe(true);
    const asked = (await messages(page)).filter(({ viewId }) => viewId === 'changes');
    expect(asked).toHaveLength(1); // whether it still trains, when it appeared
  });

  it('asks for the whole when it missed a state, once, and goes on from there', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.lossCurves, stateOf(90, 'missed', 0));
    const asked = async () => (await messages(page)).filter(({ viewId }) => viewId === 'missed');
    const answer = async () => {
      const { requestId } = (await asked()).at(-1)!;
      await send(page, { type: 'viewResponse', requestId, result: { kind: 'watched' } });
    };
    await answer();
    await send(page, change(100, 110, 'missed', 2));
    await send(page, change(110, 120, 'missed', 3));
    expect((await asked()).map(({ request }) => request)).toEqual([{ kind: 'watch' }, { kind: 'watch' }]);
    expect(await output.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('90');
    await send(page, frame(stateOf(120, 'missed', 3)));
    await answer();
    await send(page, change(120, 130, 'missed', 4));
    // Numbers follow ten times a second.
    await expect.poll(() => output.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('130');
    // What was sent before the whole came is no news.
    await send(page, change(110, 120, 'missed', 3));
    expect(await output.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('130');
    expect(await asked()).toHaveLength(2);
  });

  it('takes a snapshot of the document that is newer than what it has, and none that is older', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.lossCurves, stateOf(90, 'snapshots', 0));
    const step = () => output.getByRole('progressbar').getAttribute('aria-valuenow');
    await render(page, 'snapshots', MIME.lossCurves, stateOf(200, 'snapshots', 5));
    expect(await step()).toBe('200');
    await send(page, change(200, 210, 'snapshots', 6));
    await expect.poll(step).toBe('210');
    await render(page, 'snapshots', MIME.lossCurves, stateOf(200, 'snapshots', 5));
    expect(await step()).toBe('210');
    await render(page, 'snapshots', MIME.lossCurves, lossView(930, 'snapshots'));
    await send(page, change(210, 220, 'snapshots', 7));
    expect(await output.locator('.progress').textContent()).toContain('15 epochs · 930 steps');
  });

  it('says when what is new does not fit, and nothing of it is drawn', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.lossCurves, stateOf(90, 'unfit', 0));
    const wrong = change(200, 210, 'unfit', 1);
    await send(page, wrong);
    expect(await output.getByRole('alert').textContent()).toContain('elements are to be kept of 90');
    expect(await output.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('90');
  });

  it('is cancelled by the button, with the message of the protocol', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.lossCurves, running(300, 'cancelled'));
    await output.getByRole('button', { name: 'Cancel' }).click();
    const message = (await messages(page)).at(-1)!;
    expect(message).toEqual({
      type: 'viewRequest',
      requestId: expect.any(String) as string,
      viewId: 'cancelled',
      request: { kind: 'cancel' },
    });
    const button = output.getByRole('button', { name: 'Cancelling …' });
    expect(await button.isDisabled()).toBe(true);
    await send(page, { type: 'viewResponse', requestId: message.requestId, result: { kind: 'cancelled' } });
    await send(page, frame(lossView(310, 'cancelled', { state: 'cancelled' })));
    expect(await output.locator('.progress').textContent()).toContain('cancelled · epoch 5/15 · step 310/930');
    expect(await button.isVisible()).toBe(false);
  });

  it('says why it was not cancelled', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.lossCurves, running(300, 'refused'));
    await output.getByRole('button', { name: 'Cancel' }).click();
    const { requestId } = (await messages(page)).at(-1)!;
    await send(page, { type: 'viewResponse', requestId, error: 'This training is over.' });
    expect(await output.getByRole('alert').textContent()).toBe(
      'The training was not cancelled: This training is over.',
    );
    expect(await output.getByRole('button', { name: 'Cancel' }).isEnabled()).toBe(true);
  });

  it('that its kernel left has stopped: no cancel, its last step, and an axis that ends there', async () => {
    const silent = await lab.notebook({ messaging: false });
    const output = await show(silent.page, MIME.lossCurves, running(300, 'silent'));
    expect(await output.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    expect(await output.locator('.progress').textContent()).toMatch(
      /^stopped when its kernel ended · epoch 5\/15 · step 300\/930/,
    );
    expect(await output.locator('figcaption').textContent()).toContain('stopped in epoch 5 of 15 at step 300 of 930');
    await silent.close();

    const gone = await show(notebook.page, MIME.lossCurves, running(300, 'gone'));
    await send(notebook.page, { type: 'kernelGone' });
    expect(await gone.locator('.progress').textContent()).toContain('stopped when its kernel ended · epoch 5/15');
    expect((await shownRange(gone))[1]).toBeCloseTo(306, 6);
    // A frame proves that there is a kernel after all.
    await send(notebook.page, frame(running(310, 'gone')));
    expect(await gone.getByRole('button', { name: 'Cancel' }).isVisible()).toBe(true);
  });

  it('asks the kernel whether it still trains what a document was saved with', async () => {
    const { page } = notebook;
    const watching = async (id: string) => {
      const output = await show(page, MIME.lossCurves, running(300, id));
      const asked = (await messages(page)).filter((message) => message.viewId === id);
      expect(asked.map(({ request }) => request)).toEqual([{ kind: 'watch' }]);
      return { output, requestId: asked[0]!.requestId };
    };
    const ended = await watching('of an ended kernel');
    const error = 'The kernel of this view has ended.';
    await send(page, { type: 'viewResponse', requestId: ended.requestId, error });
    expect(await ended.output.locator('.progress').textContent()).toContain('stopped when its kernel ended');
    const living = await watching('of a living kernel');
    await send(page, { type: 'viewResponse', requestId: living.requestId, result: { kind: 'watched' } });
    expect(await living.output.locator('.progress').textContent()).toContain('epoch 5/15 · step 300/930');
  });

  it('that was stopped before its first step says so, and draws no empty grid', async () => {
    const output = await show(notebook.page, MIME.lossCurves, running(0, 'nothing'));
    await send(notebook.page, { type: 'kernelGone' });
    expect(await output.locator('figcaption').textContent()).toContain('no step was taken');
    expect(await output.locator('.where').textContent()).toBe('no step was taken');
    expect(await output.locator('.stage').isVisible()).toBe(false);
  });

  it('that goes on counts steps and epochs of the model, on an axis that begins where it does', async () => {
    const trained = history(310);
    for (const { steps } of [...trained.series, ...trained.schedules]) steps.forEach((_, i) => (steps[i]! += 1000));
    trained.progress.before = { steps: 1000, epochs: 4 };
    const output = await show(notebook.page, MIME.lossCurves, lossCurves(trained, { id: 'goes on' }));
    const x = await shownRange(output);
    expect(x[0]).toBeCloseTo(1000, 6);
    expect(x[1]).toBeCloseTo(1310 + 0.02 * 310, 6);
    await output.getByRole('application').focus();
    await notebook.page.keyboard.press('End');
    expect(await output.locator('.where').textContent()).toMatch(/^step 1,310 · epoch 9/);
    expect(await output.locator('.progress').textContent()).toContain('epochs 5 to 9 · 310 steps');
  });

  it('is one calm line of progress: filled as far as the training is', async () => {
    const output = await show(notebook.page, MIME.lossCurves, running(465, 'bar'));
    await send(notebook.page, frame(running(465, 'bar')));
    const bar = await output.locator('.bar').boundingBox();
    const fill = await output
      .locator('.fill')
      .evaluate(
        (element) =>
          (100 * element.getBoundingClientRect().width) / element.parentElement!.getBoundingClientRect().width,
      );
    expect(fill).toBeCloseTo(50, 5);
    expect(bar!.height).toBeLessThanOrEqual(6);
  });
});

describe('the numbers of the loss curves', () => {
  it('are in the table and in the CSV file as they were measured', async () => {
    const measured = history(130);
    const output = await show(notebook.page, MIME.lossCurves, lossCurves(measured, { id: 'table' }));
    const [head, ...rows] = await readTable(output);
    expect(head).toEqual([
      'step',
      ...['total', 'reconstruction', 'kl'].flatMap((name) => [name, `${name} (validation)`]),
      'β',
    ]);
    expect(rows).toHaveLength(130);
    const [total] = measured.series;
    rows.forEach((row, i) => expect(toNumber(row[1]!) / total!.values[i]!).toBeCloseTo(1, 3));
    const validation = measured.series.find(({ split }) => split === 'validation')!;
    expect(toNumber(rows[61]![2]!) / validation.values[0]!).toBeCloseTo(1, 3);
    expect(rows[0]![2]).toBe('');

    const csv = await saved(notebook.page, output, 'CSV');
    expect(csv.name).toBe('loss-curves-of-vae-2-latents.csv');
    const lines = csv.bytes.toString().trim().split('\r\n');
    expect(lines[0]).toBe(head!.join(','));
    lines.slice(1).forEach((line, i) => {
      const cells = line.split(',').map(Number);
      expect(cells[0]).toBe(i + 1);
      expect(cells[1]).toBe(Math.fround(total!.values[i]!));
    });
  });

  it('are saved as a drawing and as a picture of it, on white', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossView(930, 'saved'));
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    expect(svg).toMatch(/^<svg[\s\S]*<\/svg>$/);
    for (const word of ['Loss curves of VAE, 2 latents', 'optimizer step', 'nats per image', 'reconstruction']) {
      expect(svg).toContain(word);
    }
    const readings = await output.locator('.reading').allTextContents();
    expect(readings[0]).toContain('last epoch');
    // A narrow panel has room for the number alone.
    for (const shown of readings) expect(svg).toContain(`>${shown.split(' ')[0]!} `);
    const png = await saved(notebook.page, output, 'PNG');
    expect(png.mime).toBe('data:image/png');
    expect(png.bytes.subarray(0, 4)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47]));
    expect(png.bytes.length).toBeGreaterThan(20_000);
  });

  it('are drawn in every width from 600 to 1100 without a scroll bar', async () => {
    for (const width of [600, 700, 900, 1100]) {
      const { page, close } = await lab.notebook({ width });
      const output = await show(page, MIME.lossCurves, lossView(930, 'wide'));
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      const picture = await pixels(output);
      expect(picture.width).toBeLessThanOrEqual(width);
      await close();
    }
  });
});

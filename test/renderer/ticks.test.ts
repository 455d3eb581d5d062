/** The labels of every axis of every view, read off the screen: the oracle is where they stand. */
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codebookHistogram } from '../../kernel/views/codebookHistogram';
import { latentScatter } from '../../kernel/views/latentScatter';
import { lossCurves } from '../../kernel/views/lossCurves';
import { nextFrame, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { history, MIME, seeded, VECTOR_SHAPE } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

interface Label {
  axis: string;
  text: string;
  /** Pixels along the axis: rightwards, or upwards. */
  at: number;
  /** Whether all of it lies inside the figure and apart from the label before it. */
  fits: boolean;
}

/** Labels of plotly's axes, and of those of the panels and the latent plane. */
async function labelsOf(output: Locator): Promise<Label[]> {
  await nextFrame(notebook.page);
  return output.evaluate((element) => {
    const root = element.querySelector('.latentlab-figure')!.shadowRoot!;
    const frame = element.getBoundingClientRect();
    const named: [string, Element][] = [...element.querySelectorAll('.js-plotly-plot g[class$="tick"] text')].map(
      (text) => [text.parentElement!.getAttribute('class')!, text],
    );
    for (const kind of ['x', 'y', 'right'])
      for (const [i, axis] of [...root.querySelectorAll(`.${kind}.axis`)].entries())
        for (const text of axis.querySelectorAll('.tick')) named.push([`${kind}${i === 0 ? '' : i + 1}tick`, text]);
    const last = new Map<string, DOMRect>();
    return (
      named
        .map(([axis, text]) => ({ axis, text: text.textContent ?? '', box: text.getBoundingClientRect() }))
        // Plotly leaves out what would run over the edge.
        .filter(({ box }) => box.width > 0)
        .sort((a, b) => a.box.left - b.box.left || b.box.top - a.box.top)
        .map(({ axis, text, box }) => {
          const across = axis.startsWith('x');
          const before = last.get(axis);
          last.set(axis, box);
          const inside = box.left >= frame.left && box.right <= frame.right && box.bottom <= frame.bottom;
          return {
            axis,
            text,
            at: across ? box.left + box.width / 2 : -(box.top + box.height / 2),
            box,
            inside,
            before,
          };
        })
        .map(({ axis, text, at, box, inside, before }) => {
          const apart = !before || before.right <= box.left || box.right <= before.left || box.bottom <= before.top || before.bottom <= box.top; // prettier-ignore
          return { axis, text, at, fits: inside && apart };
        })
    );
  });
}

const read = (text: string) => Number(text.replaceAll(',', '').replaceAll('−', '-'));

/** How far a label stands from where a straight axis through the outermost two has its number, in pixels. */
function strays(labels: Label[], scale: (value: number) => number): string[] {
  const [first, last] = [labels[0]!, labels.at(-1)!];
  const [low, high] = [scale(read(first.text)), scale(read(last.text))];
  return labels.flatMap(({ text, at, fits }) => {
    const place = first.at + ((scale(read(text)) - low) / (high - low)) * (last.at - first.at);
    return Math.abs(place - at) < 1.5 && fits ? [] : [`${text} at ${at}, expected ${place}${fits ? '' : ', cut'}`];
  });
}

/** Every axis has labels, none twice, each where its number belongs. @returns the labels by axis */
async function expectTruth(output: Locator, logarithmic: (axis: string) => boolean = () => false) {
  const labels = await labelsOf(output);
  const byAxis = new Map<string, Label[]>();
  for (const label of labels) byAxis.set(label.axis, [...(byAxis.get(label.axis) ?? []), label]);
  for (const [axis, ones] of byAxis) {
    ones.sort((a, b) => a.at - b.at);
    const texts = ones.map(({ text }) => text);
    expect(new Set(texts).size, `${axis}: ${texts.join(' ')}`).toBe(texts.length);
    expect(ones.length, `${axis}: ${texts.join(' ')}`).toBeGreaterThan(1);
    expect(strays(ones, logarithmic(axis) ? Math.log : (value) => value), axis).toEqual([]);
  }
  expect([...byAxis.keys()]).toEqual(expect.arrayContaining(['xtick', 'ytick']));
  return new Map([...byAxis].map(([axis, ones]) => [axis, ones.map(({ text }) => text)]));
}

/** A training with values of another size: `value · scale + offset`. */
function lossesOf(id: string, steps: number, { scale = 1, offset = 0, beta = 1 } = {}) {
  const trained = history(steps);
  for (const one of trained.series) one.values = one.values.map((value) => value * scale + offset);
  for (const one of trained.schedules) one.values = one.values.map((value) => value * beta);
  return lossCurves(trained, { id });
}

const isValue = (axis: string) => axis.startsWith('y');

describe('the axes of the loss curves', () => {
  it.each([1, 2, 3, 4, 5, 7, 12])('count the steps of a training of %d in whole numbers', async (steps) => {
    const output = await show(notebook.page, MIME.lossCurves, lossesOf(`steps ${steps}`, steps));
    const axes = await expectTruth(output);
    const counted = axes.get('xtick')!.map(read);
    expect(counted.every(Number.isInteger)).toBe(true);
    if (steps <= 5) expect(counted).toEqual(Array.from({ length: steps + 1 }, (_, i) => i));
  });

  it.each([
    ['ordinary', {}],
    ['tiny', { scale: 1e-7, beta: 1e-4 }],
    ['huge', { scale: 3e9, beta: 5000 }],
    ['that hardly change', { scale: 1e-3, offset: 54_321 }],
    ['below zero', { scale: -40, offset: -123_456 }],
  ])('are right for values %s, on linear and on logarithmic axes', async (name, sizes) => {
    const output = await show(notebook.page, MIME.lossCurves, lossesOf(name, 930, sizes));
    await expectTruth(output);
    const log = output.getByRole('button', { name: 'Log' });
    if (await log.isDisabled()) return;
    await log.click();
    await expectTruth(output, isValue);
    await output.getByRole('button', { name: 'Full range' }).click();
    await expectTruth(output, isValue);
  });

  it('stay right where the reader zooms in, to three steps and back', async () => {
    const output = await show(notebook.page, MIME.lossCurves, lossesOf('zoomed', 930));
    await output.getByRole('application').focus();
    for (let i = 0; i < 8; i++) {
      await notebook.page.keyboard.press('+');
      await expectTruth(output);
    }
    await notebook.page.keyboard.press('0');
    await expectTruth(output);
  });
});

describe('the axes of the codebook histogram', () => {
  it.each([
    [2, 3],
    [3, 1],
    [5, 2],
    [512, 5],
    [512, 1_234_567],
    [8192, 90],
  ])('name whole codes and counts: %d codes, used %d times', async (codes, uses) => {
    const random = seeded(codes);
    const counts = Array.from({ length: codes }, (_, i) => (i === 0 ? uses : Math.floor(uses * random())));
    const view = codebookHistogram({ id: `${codes} ${uses}`, title: 'Codebook', counts, window: '10 images' });
    const output = await show(notebook.page, MIME.codebookHistogram, view);
    for (const order of ['rank', 'index']) {
      const axes = await expectTruth(output);
      const named = axes.get('xtick')!.map(read);
      expect(named.every((code) => Number.isInteger(code) && code >= 0 && code <= codes)).toBe(true);
      expect(named.includes(0)).toBe(order === 'index');
      expect(axes.get('ytick')!.map(read).every(Number.isInteger)).toBe(true);
      await output.getByRole('button', { name: 'By index' }).click();
    }
    if (uses < 2) return;
    await output.getByRole('button', { name: 'Log' }).click();
    const axes = await expectTruth(output, (axis) => axis === 'ytick');
    expect(axes.get('ytick')!.map(read).every(Number.isInteger)).toBe(true);
  });
});

describe('the axes of the latent plane', () => {
  it.each([
    [3, 0],
    [0.004, 0],
    [0.02, 7.5],
    [2e6, 0],
    [1e-9, 0],
  ])('are right for points within %d around %d, and zoomed', async (size, centre) => {
    const random = seeded(9);
    const points = Array.from({ length: 200 }, () => centre + size * (2 * random() - 1));
    const view = latentScatter({
      id: `${size} ${centre}`,
      points,
      dimensions: 2,
      sampleShape: VECTOR_SHAPE,
      decodes: false,
    });
    const output = await show(notebook.page, MIME.latentScatter, view);
    await expectTruth(output);
    await output.getByRole('application').focus();
    for (let i = 0; i < 12; i++) await notebook.page.keyboard.press('+');
    await expectTruth(output);
  });
});

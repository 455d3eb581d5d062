import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { decode } from '../../kernel/views/encoding';
import { spectrogram } from '../../kernel/views/pictures/spectrogram';
import { reconstructions } from '../../kernel/views/reconstructions';
import { PIXELS } from './support/fashion';
import { readTable, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { framesView, MIME, reconstructionView, SOUND_RATE, soundView, stepsView } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const stage = (output: Locator) => output.getByRole('application', { name: /^Samples/ });
const texts = (output: Locator) => stage(output).locator('svg text').allTextContents();
const reading = (output: Locator) => output.locator('.status').innerText();

/** Pixels of a canvas in the enlarged sample, one for each of the sample. */
const enlargedPixels = (output: Locator, kind: string, columns: number) =>
  output.locator(`.picture.${kind} canvas`).evaluate((canvas: HTMLCanvasElement, n) => {
    const zoom = canvas.width / n;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const rows = canvas.height / zoom;
    return Array.from({ length: n * rows }, (_, i) => {
      const [x, y] = [(i % n) * zoom + zoom / 2, Math.floor(i / n) * zoom + zoom / 2];
      return data[4 * (Math.floor(y) * canvas.width + Math.floor(x))]!;
    });
  }, columns);

describe('one sample, enlarged', () => {
  const open = async (id: string) => {
    const view = reconstructionView(10, id);
    const output = await show(notebook.page, MIME.reconstructions, view);
    await output.getByRole('button', { name: 'Enlarge' }).click();
    return { view, output };
  };

  it('shows input and output pixel for pixel, and closes again', async () => {
    const { view, output } = await open('large');
    expect(await enlargedPixels(output, 'input', 28)).toEqual([...decode(view.inputs!).subarray(0, PIXELS)]);
    const samples = decode(view.methods[0]!.samples).subarray(0, PIXELS);
    expect(await enlargedPixels(output, 'output', 28)).toEqual([...samples]);
    await output.getByRole('combobox', { name: 'Output of' }).selectOption('PCA, 2 components');
    const others = decode(view.methods[1]!.samples).subarray(0, PIXELS);
    expect(await enlargedPixels(output, 'output', 28)).toEqual([...others]);
    await output.getByRole('button', { name: 'Close' }).click();
    expect(await output.locator('.enlarged').isVisible()).toBe(false);
    expect(await output.getByRole('button', { name: 'Enlarge' }).getAttribute('aria-pressed')).toBe('false');
  });

  it('reads the values of a pixel by pointer and by keys', async () => {
    const { view, output } = await open('pixel');
    const [inputs, outputs] = [decode(view.inputs!), decode(view.methods[0]!.samples)];
    await output.locator('.pictures').focus();
    for (let i = 0; i < 14; i++) await notebook.page.keyboard.press('ArrowRight');
    for (let i = 0; i < 15; i++) await notebook.page.keyboard.press('ArrowDown');
    const at = 15 * 28 + 13;
    const reading = () => output.locator('.pixel').innerText();
    expect(await reading()).toContain(`pixel 13, 15: input ${(inputs[at]! / 255).toFixed(3)}`);
    expect(await reading()).toContain(`output ${(outputs[at]! / 255).toFixed(3)}`);
    expect(await reading()).toContain('(rounded to 1/255)');
    const zoom = await output
      .locator('.picture.input canvas')
      .evaluate((canvas: HTMLCanvasElement) => canvas.width / 28);
    await output.locator('.picture.input canvas').hover({ position: { x: 3.5 * zoom, y: 2.5 * zoom } });
    expect(await reading()).toContain('pixel 3, 2:');
  });

  it('blinks: input and output in turn at one place, by themselves and by the space bar', async () => {
    const { page, close } = await lab.notebook();
    await page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
    const view = reconstructionView(10, 'blink');
    const output = await show(page, MIME.reconstructions, view);
    await output.getByRole('button', { name: 'Enlarge' }).click();
    await output.locator('.pictures').focus();
    await page.keyboard.press('b');
    const shown = () => output.locator('.picture:visible figcaption').allInnerTexts();
    expect((await shown())[0]).toBe('Input');
    await page.keyboard.press('Space');
    expect((await shown())[0]).toContain('VAE, 2 latents');
    await page.keyboard.press('Space');
    expect((await shown())[0]).toBe('Input');
    await page.evaluate(() => document.body.classList.remove('vscode-reduce-motion'));
    await page.keyboard.press('b');
    await page.keyboard.press('b');
    await output.locator('.picture.output').waitFor({ state: 'visible' });
    await output.locator('.picture.input').waitFor({ state: 'visible' });
    await close();
  });

  it('zooms, goes to other samples by keys, and gives the focus back when it closes', async () => {
    const { output } = await open('zoom');
    const { page } = notebook;
    const width = () => output.locator('.picture.input canvas').evaluate((canvas: HTMLCanvasElement) => canvas.width);
    const before = await width();
    await output.locator('.pictures').focus();
    await page.keyboard.press('+');
    expect((await width()) - before).toBe(28);
    await page.keyboard.press('PageDown');
    expect(await output.locator('.heading').innerText()).toBe('row 1 · Pullover');
    await page.keyboard.press('Escape');
    expect(await stage(output).evaluate((element) => element.matches(':focus'))).toBe(true);
  });

  it('shows the mean squared difference of patches', async () => {
    const side = 4;
    const sampleShape = { kind: 'image', height: side, width: side, channels: 1 } as const;
    const output16 = Array.from({ length: 16 }, (_, i) => (i === 0 || i === 15 ? 1 : 0));
    const samples = output16.map((value, i) => (i === 15 ? 0.5 : value));
    const view = reconstructions({
      ...{ id: 'patches', sampleShape, inputs: new Float32Array(16) },
      methods: [{ name: 'AE', samples }],
    });
    const output = await show(notebook.page, MIME.reconstructions, view);
    await output.getByRole('button', { name: 'Enlarge' }).click();
    await output.getByRole('combobox', { name: 'Difference by' }).selectOption('2 × 2 patches');
    const levels = await enlargedPixels(output, 'difference', side);
    const patch = (y: number, x: number) => [0, 1, 4, 5].map((at) => levels[y * 8 + x * 2 + at]!);
    // Errors of 1/4 and 1/16: dark, less dark; and none, which is the paper's white.
    for (const [y, x] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) expect(new Set(patch(y, x)).size).toBe(1); // prettier-ignore
    expect(patch(0, 0)[0]).toBeLessThan(patch(1, 1)[0]! - 20);
    expect([patch(0, 1)[0], patch(1, 0)[0]]).toEqual([255, 255]);
    expect(patch(1, 1)[0]).toBeLessThan(250);
  });
});

describe('film strips', () => {
  it('have their frames beside each other, input, output and difference below each other', async () => {
    const view = framesView();
    const output = await show(notebook.page, MIME.reconstructions, view);
    await output.getByRole('button', { name: 'Enlarge' }).click();
    const found = await enlargedPixels(output, 'input', 12 * 16);
    const bytes = decode(view.inputs!);
    for (const [frame, y, x] of [
      [0, 6, 3],
      [7, 5, 15],
      [11, 8, 0],
    ] as const) {
      // prettier-ignore
      expect(found[y * 12 * 16 + frame * 16 + x]).toBe(bytes[(frame * 16 + y) * 16 + x]);
    }
    expect(await reading(output)).toContain('rows 0 to 3 of 6');
    const written = await texts(output);
    expect(written.filter((text) => text === 'Input')).toHaveLength(4);
    expect(written.find((text) => /^row 1 · right · squared error \d+\.\d\d$/.test(text))).toBeDefined();
  });
});

describe('sequences of features', () => {
  it('are a band for each feature, input and output in each', async () => {
    const output = await show(notebook.page, MIME.reconstructions, stepsView(3));
    expect(await stage(output).locator('svg path').count()).toBe(3 * 2 * 2);
    expect((await texts(output)).filter((text) => text === 'heart rate')).toHaveLength(3);
    const [, ...rows] = await readTable(output);
    expect(rows[3]!.slice(0, 2)).toEqual(['0', 'oxygen, step 1']);
  });
});

describe('sound', () => {
  it('has spectrograms whose lines are where its frequencies are', async () => {
    const length = 1024;
    const sine = (hertz: number) =>
      Float32Array.from({ length }, (_, t) => 0.5 * Math.sin((2 * Math.PI * hertz * t) / SOUND_RATE));
    for (const hertz of [500, 1000, 3000]) {
      const { decibels, rows, columns, highest } = spectrogram(sine(hertz), SOUND_RATE);
      const loudest = Array.from({ length: rows }, (_, row) => decibels[row * columns]!);
      const peak = loudest.indexOf(Math.max(...loudest));
      expect((highest * (rows - 1 - peak)) / (rows - 1)).toBeCloseTo(hertz, 6);
      // Half of full scale is 6.02 dB below it.
      expect(loudest[peak]).toBeCloseTo(20 * Math.log10(0.5), 3);
    }
  });

  it('is played by its buttons, in the numbers of the view', async () => {
    const { page, close, errors } = await lab.notebook({
      before: () => {
        const played: number[][] = [];
        Object.assign(window, { played });
        const start = AudioBufferSourceNode.prototype.start;
        AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode) {
          played.push([this.buffer!.sampleRate, ...this.buffer!.getChannelData(0).subarray(0, 2048)]);
          start.call(this);
        };
      },
    });
    const view = soundView();
    const output = await show(page, MIME.reconstructions, view);
    await output.getByRole('button', { name: 'Play input' }).click();
    await output.getByRole('button', { name: 'Play VAE, 16 latents' }).click();
    await page.waitForFunction(() => (window as unknown as { played: number[][] }).played.length === 2);
    const played = await page.evaluate(() => (window as unknown as { played: number[][] }).played);
    expect(played.map(([rate]) => rate)).toEqual([SOUND_RATE, SOUND_RATE]);
    [view.inputs!, view.methods[0]!.samples].forEach((samples, i) => {
      const expected = decode(samples).subarray(0, 2048);
      played[i]!.slice(1).forEach((value, t) => expect(value).toBeCloseTo(expected[t]!, 6));
    });
    expect(errors).toEqual([]);
    await close();
  });

  it('of a rate that browsers do not play says so', async () => {
    const view = { ...soundView(1, 'slow'), layout: { kind: 'sound', rate: 100 } as const };
    const output = await show(notebook.page, MIME.reconstructions, view);
    await output.getByRole('button', { name: 'Play input' }).click();
    expect(await output.getByRole('alert').innerText()).toContain('100 samples a second');
  });
});

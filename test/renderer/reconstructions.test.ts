import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { decode } from '../../kernel/views/encoding';
import { reconstructions } from '../../kernel/views/reconstructions';
import { PIXELS } from './support/fashion';
import { ink, pixels, readTable, render, saved, show, toNumber } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { FEATURES, galleryView, MIME, reconstructionView, standardisedView, vectorView } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const stage = (output: Locator) => output.getByRole('application');
/** With as many decimals as four digits of the greatest leave. */
const alike = (errors: readonly number[]) => {
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(Math.max(...errors))));
  return errors.map((error) => error.toFixed(decimals));
};
const texts = (output: Locator) => stage(output).locator('svg text').allTextContents();
const reading = (output: Locator) => output.locator('.status').innerText();

describe('reconstructions of images', () => {
  it('have a row of inputs, and for each method a row of outputs, of differences and of errors', async () => {
    const view = reconstructionView();
    const output = await show(notebook.page, MIME.reconstructions, view);
    const written = await texts(output);
    expect(written.filter((text) => text === 'difference')).toHaveLength(2);
    expect(written.filter((text) => text === 'squared error')).toHaveLength(2);
    for (const { errors } of view.methods) {
      for (const error of alike(errors.map(Number))) expect(written).toContain(error);
    }
    expect(written.join(' ')).toContain('MSE 25.31 on 2,000 held out');
    expect((await ink(stage(output))).share).toBeGreaterThan(0.2);
  });

  it('show each pixel as it is, without smoothing', async () => {
    const view = reconstructionView();
    const output = await show(notebook.page, MIME.reconstructions, view);
    // The first tile on the canvas holds the first input.
    const levels = await output.locator('.stage canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
      const corner = data.findIndex((value, i) => i % 4 === 3 && value === 255) >> 2;
      const found = new Set<number>();
      for (let y = 0; y < 56; y++) {
        for (let x = 0; x < 56; x++) found.add(data[(corner + y * width + x) * 4]!);
      }
      return [...found];
    });
    const input = decode(view.inputs!).subarray(0, PIXELS);
    const known = new Set(input);
    expect(levels.length).toBeGreaterThan(20);
    expect(levels.filter((level) => !known.has(level))).toEqual([]);
  });

  it.each([
    [2, [0.2, 0.9], [51, 51, 51]],
    [5, [0, 1, 0.2, 0, 0.5], [0, 255, 51]],
  ])('draw images of %i channels by the first ones', async (channels, levels, colour) => {
    const values = Array.from({ length: 16 }, () => levels).flat();
    const sampleShape = { kind: 'image', height: 4, width: 4, channels } as const;
    const view = reconstructions({ id: 'r', sampleShape, inputs: values, methods: [{ name: 'm', samples: values }] });
    const output = await show(notebook.page, MIME.reconstructions, view);
    const drawn = await output.locator('.stage canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const corner = data.findIndex((value, i) => i % 4 === 3 && value === 255) - 3;
      return [...data.subarray(corner, corner + 3)];
    });
    expect(drawn).toEqual(colour);
  });

  it('put all differences on one symmetric scale that ends at a round number, and say what lies beyond', async () => {
    const view = reconstructionView();
    const output = await show(notebook.page, MIME.reconstructions, view);
    const inputs = decode(view.inputs!);
    const sizes = view.methods
      .flatMap(({ samples }) => Array.from(decode(samples), (value, i) => Math.abs(value - inputs[i]!) / 255))
      .sort((a, b) => a - b);
    const most = sizes[Math.floor(0.995 * (sizes.length - 1))]!;
    const written = await texts(output);
    const end = Number(written.find((text) => text.startsWith('+'))!.slice(1));
    expect(end).toBeGreaterThanOrEqual(most);
    expect(end).toBeLessThan(1.6 * most);
    expect(String(end).replace(/[0.]/g, '').length).toBeLessThanOrEqual(2);
    expect(written).toEqual(expect.arrayContaining(['0', `−${end}`]));
    const beyond = sizes.filter((size) => size > end + 1e-9).length / sizes.length;
    const caption = await output.locator('figcaption').last().innerText();
    if (beyond > 0) expect(caption).toContain(`Differences beyond ±${end} have the colour of ±${end}`);
    expect(caption).toContain('Values of pixels are rounded to 1/255');
  });

  it('drop the differences on request', async () => {
    const output = await show(notebook.page, MIME.reconstructions, reconstructionView());
    const { height } = (await stage(output).boundingBox())!;
    await output.getByRole('button', { name: 'Differences' }).click();
    expect((await stage(output).boundingBox())!.height).toBeLessThan(height - 80);
    expect(await texts(output)).not.toContain('difference');
  });

  it('of samples that lack values are drawn, with the errors of what is there', async () => {
    const inputs = [NaN, 1, 2, 0.5, NaN, 0.2];
    const samples = [5, 1, 0, 0.5, 7, 0.1];
    const named = (features: string[], id: string, made = samples) =>
      reconstructions({ id, sampleShape: { kind: 'vector', features }, inputs, methods: [{ name: 'VAE', samples: made }] }); // prettier-ignore
    const output = await show(notebook.page, MIME.reconstructions, named(['a', 'b', 'c'], 'gaps'));
    const written = await texts(output);
    for (const error of ['4.000', '0.010']) expect(written).toContain(error);
    // One feature: a line has no length.
    const single = await show(notebook.page, MIME.reconstructions, named(['a'], 'single'));
    const paths = await single
      .locator('.stage svg path')
      .evaluateAll((all) => all.map((one) => one.getAttribute('d')!));
    expect(paths.filter((path) => path !== '').length).toBeGreaterThanOrEqual(6 + 4);
    for (const path of paths) if (path !== '') expect(path).toMatch(/^(M[\d. -]+L[\d. -]+)+$/);
    // A model that gives no numbers has no error, and the worst.
    const broken = await show(notebook.page, MIME.reconstructions, named(['a', 'b', 'c'], 'broken', [5, 1, 0, NaN, 7, 0.1])); // prettier-ignore
    expect(await texts(broken)).toContain('NaN');
  });

  it('are sorted by the error of either method, the largest first', async () => {
    const view = reconstructionView(10, 'sorted');
    const output = await show(notebook.page, MIME.reconstructions, view);
    const order = async (method: number) => {
      const written = (await texts(output)).map(Number);
      const errors = alike(view.methods[method]!.errors.map(Number)).map(Number);
      return written.filter((value) => errors.includes(value));
    };
    const falling = (method: number) =>
      alike(view.methods[method]!.errors.map(Number))
        .map(Number)
        .sort((a, b) => b - a);
    expect(await order(0)).not.toEqual(falling(0));
    await output.getByRole('button', { name: 'Sort by error' }).click();
    expect(await order(0)).toEqual(falling(0));
    await output.getByRole('combobox', { name: 'of' }).selectOption('PCA, 2 components');
    expect(await order(1)).toEqual(falling(1));
  });

  it('come in pages where they do not fit beside each other', async () => {
    const output = await show(notebook.page, MIME.reconstructions, reconstructionView(40, 'many'));
    expect(await reading(output)).toContain('of 40');
    const before = await texts(output);
    await output.getByRole('button', { name: 'Next samples' }).click();
    expect(await texts(output)).not.toEqual(before);
    await output.getByRole('button', { name: 'Previous samples' }).click();
    expect(await texts(output)).toEqual(before);
  });

  it('are read one by one with the arrow keys, and the selection outlives an update', async () => {
    const { page } = notebook;
    const view = reconstructionView(40, 'keys');
    const output = await show(page, MIME.reconstructions, view);
    await stage(output).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const expected = `row 1 · Pullover · VAE, 2 latents: squared error`;
    expect(await reading(output)).toContain(expected);
    expect(await output.getByRole('status').innerText()).toContain(expected);
    await render(page, 'keys', MIME.reconstructions, view);
    expect(await reading(output)).toContain(expected);
    await page.keyboard.press('End');
    expect(await reading(output)).toContain('row 39');
    await page.keyboard.press('Escape');
    expect(await reading(output)).not.toContain('row 39');
  });

  it('without differences at all still have a scale', async () => {
    const pixelsOfOne = new Float32Array(PIXELS).fill(0.5);
    const view = reconstructions({
      ...{ id: 'exact', sampleShape: reconstructionView().sampleShape, inputs: pixelsOfOne },
      methods: [{ name: 'identity', samples: pixelsOfOne }],
    });
    const output = await show(notebook.page, MIME.reconstructions, view);
    expect(await texts(output)).toContain('+0');
  });
});

describe('reconstructions of vectors', () => {
  it('are profiles: input and output in one, the difference below', async () => {
    const output = await show(notebook.page, MIME.reconstructions, vectorView(3));
    expect(await stage(output).locator('svg path').count()).toBe(3 * 2 * 3);
    expect(await texts(output)).toEqual(expect.arrayContaining(['input', 'outputs', 'difference']));
  });

  it('have a row for each feature in the table, with the difference of each method', async () => {
    const view = vectorView(3);
    const output = await show(notebook.page, MIME.reconstructions, view);
    const [head, ...rows] = await readTable(output);
    const methods = ['AE, 3 latents', 'PCA, 3 components'];
    expect(head).toEqual(['row', 'feature', 'input', ...methods.flatMap((name) => [name, `${name} − input`])]);
    expect(rows.map((row) => row.slice(0, 2))).toEqual(
      [0, 1, 2].flatMap((sample) => FEATURES.map((feature) => [String(sample), feature])),
    );
    const [inputs, outputs] = [decode(view.inputs!), decode(view.methods[0]!.samples)];
    rows.forEach((row, i) => {
      expect(toNumber(row[2]!)).toBeCloseTo(inputs[i]!, 3);
      expect(toNumber(row[4]!)).toBeCloseTo(outputs[i]! - inputs[i]!, 3);
    });
  });

  it('that were standardised stand in the units of the data, and as the model sees them', async () => {
    const view = standardisedView(2);
    const output = await show(notebook.page, MIME.reconstructions, view);
    const [head, ...rows] = await readTable(output);
    expect(head!.slice(0, 6)).toEqual(['row', 'feature', 'unit', 'input', 'VAE, 2 latents', 'VAE, 2 latents − input']);
    expect(head!.slice(6)).toEqual(['input, standardised', 'VAE, 2 latents, standardised']);
    expect(rows[1]!.slice(0, 3)).toEqual(['0', 'blood pressure', 'mmHg']);
    expect(rows[3]!.slice(0, 3)).toEqual(['0', 'smoker', '']);
    const z = decode(view.inputs!)[1]!;
    expect(toNumber(rows[1]![3]!) / (128 + 16 * z)).toBeCloseTo(1, 3);
    expect(toNumber(rows[1]![6]!)).toBeCloseTo(z, 3);
  });

  it('enlarge to the table of one sample, which is sorted by its heads', async () => {
    const output = await show(notebook.page, MIME.reconstructions, standardisedView(2));
    await stage(output).focus();
    await notebook.page.keyboard.press('ArrowRight');
    await notebook.page.keyboard.press('ArrowRight');
    await notebook.page.keyboard.press('Enter');
    const large = output.getByRole('region', { name: 'Enlarged sample' });
    expect(await large.getByRole('row').count()).toBe(5);
    await large.getByRole('button', { name: 'feature' }).click();
    expect(await large.locator('tbody td:first-child').allInnerTexts()).toEqual([
      'age',
      'blood pressure',
      'glucose',
      'smoker',
    ]);
    expect(await large.locator('.heading').innerText()).toBe('row 1');
  });
});

describe('samples without inputs', () => {
  it('fill a gallery, with nothing to compare them by', async () => {
    const output = await show(notebook.page, MIME.reconstructions, galleryView());
    expect((await ink(stage(output))).share).toBeGreaterThan(0.5);
    expect(await output.getByRole('button', { name: 'Sort by error' }).count()).toBe(0);
    expect(await output.getByRole('button', { name: 'Differences' }).count()).toBe(0);
  });
});

describe('the numbers of reconstructions', () => {
  it('are in the table and in the CSV file', async () => {
    const view = reconstructionView();
    const output = await show(notebook.page, MIME.reconstructions, view);
    const [head, ...rows] = await readTable(output);
    expect(head).toEqual([
      ...['row', 'label'],
      ...['squared error, VAE, 2 latents', 'squared error, PCA, 2 components'],
    ]);
    rows.forEach((row, i) => {
      expect(row[0]).toBe(String(i));
      expect(row[1]).toBe(view.labels[i]);
      expect(toNumber(row[2]!) / view.methods[0]!.errors[i]!).toBeCloseTo(1, 3);
    });
    const csv = (await saved(notebook.page, output, 'CSV')).bytes.toString().split('\r\n');
    expect(csv[0]).toBe('row,label,"squared error, VAE, 2 latents","squared error, PCA, 2 components"');
    expect(csv[1]).toMatch(/^0,/);
    expect(csv[1]!.split(',').slice(2).map(Number)).toEqual(view.methods.map(({ errors }) => errors[0]));
  });

  it('are saved as a drawing with every tile in it, and as a picture', async () => {
    const output = await show(notebook.page, MIME.reconstructions, reconstructionView(10, 'saved'));
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    expect(svg.match(/<image /g)!.length).toBe(10 * 5);
    expect(svg).not.toMatch(/(href|src)="http/);
    expect((await saved(notebook.page, output, 'PNG')).bytes.length).toBeGreaterThan(20_000);
  });

  it('fit into every width', async () => {
    for (const width of [600, 1100]) {
      await notebook.page.setViewportSize({ width, height: 900 });
      const output = await show(notebook.page, MIME.reconstructions, reconstructionView());
      expect((await pixels(output)).width).toBeLessThanOrEqual(width);
      expect(await notebook.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    }
    await notebook.page.setViewportSize({ width: 900, height: 900 });
  });
});

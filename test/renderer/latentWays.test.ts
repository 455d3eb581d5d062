/** Ways through a latent space, dimensions held at a place, and other axes than the dimensions. */
import { mkdirSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../../kernel/views/encoding';
import { encodeSamples } from '../../kernel/views/samples';
import { PIXELS, SHAPE } from './support/fashion';
import { ink, messages, saved, send, show } from './support/figures';
import { Lab } from './support/page';
import type { NotebookPage } from './support/page';
import { fitted, MIME, scatterView } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  mkdirSync('test/artifacts/renderer', { recursive: true });
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterEach(() => notebook.page.evaluate(() => window.host.dispose(undefined)));
afterAll(() => lab.close());

const plane = (output: Locator) => output.getByRole('application');
const strip = (output: Locator) => output.getByRole('region', { name: 'Interpolation' });
const said = (output: Locator) => output.getByRole('status').innerText();
type Asked = { requestId: string; request: Record<string, unknown> };
const asked = async (kind: string) =>
  ((await messages(notebook.page)) as unknown as Asked[]).filter(({ request }) => request?.['kind'] === kind);
/** What asks is loaded with the first way. */
const wayAsked = (before = 0) => expect.poll(async () => (await asked('way')).length).toBeGreaterThan(before);
const reply = (requestId: string, result: unknown) => send(notebook.page, { type: 'viewResponse', requestId, result });

/** The kernel's word: images of grey levels that grow along the way. */
async function answerWay({ requestId, request }: Asked) {
  const { from, to, steps } = request as { from: number[]; to: number[]; steps: number };
  const points = Array.from({ length: steps }, (_, i) =>
    from.map((one, j) => one + ((to[j]! - one) * i) / (steps - 1)),
  );
  const levels = Float32Array.from({ length: steps * PIXELS }, (_, i) => Math.floor(i / PIXELS) / (steps - 1));
  await reply(requestId, {
    kind: 'way',
    points,
    samples: { shape: SHAPE, values: encodeSamples(levels, SHAPE, 'way') },
  });
}
const levels = (output: Locator) =>
  strip(output).locator('canvas').evaluateAll((all) =>
    all.map((canvas) => (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, 1, 1).data[0]!),
  ); // prettier-ignore

describe('a way between two places', () => {
  it('is asked for with Shift and a click, drawn on the plane and as a strip, and asked again when it is to be another', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'way' }));
    await plane(output).click({ position: { x: 60, y: 20 } });
    await plane(output).click({ position: { x: 550, y: 400 }, modifiers: ['Shift'] });
    await wayAsked();
    const [first] = await asked('way');
    expect(first!.request).toMatchObject({ way: 'slerp', steps: 9 });
    const { from, to } = first!.request as { from: number[]; to: number[] };
    expect([from[0]! < to[0]!, from[1]! > to[1]!]).toEqual([true, true]);
    await answerWay(first!);
    expect(await levels(output)).toEqual([0, 32, 64, 96, 128, 159, 191, 223, 255]);
    const written = (value: number) => value.toFixed(2).replace('-', '−');
    expect(await strip(output).getByRole('heading').innerText()).toBe(
      `From (${from.map(written).join(', ')}) to (${to.map(written).join(', ')})`,
    );
    const line = await plane(output).locator('.way-line').getAttribute('d');
    expect(line!.match(/a2\.5/g)!.length).toBe(2 * 9);
    await output.screenshot({ path: 'test/artifacts/renderer/latent-way.png' });
    await strip(output).getByRole('combobox', { name: 'way' }).selectOption('straight (lerp)');
    await strip(output).getByRole('combobox', { name: 'steps' }).selectOption('5');
    const [, second, ...rest] = await asked('way');
    expect(rest).toEqual([]);
    expect(second!.request).toMatchObject({ way: 'lerp', steps: 9 });
    await answerWay(second!);
    const third = (await asked('way')).at(-1)!;
    expect(third.request).toMatchObject({ way: 'lerp', steps: 5, from, to });
    await answerWay(third);
    expect(await levels(output)).toHaveLength(5);
    const svg = (await saved(notebook.page, output, 'SVG')).bytes.toString();
    expect(svg.match(/<image /g)).toHaveLength(5);
    await strip(output).getByRole('button', { name: 'Close' }).click();
    expect(await strip(output).count()).toBe(0);
    expect(await plane(output).locator('.way-line').getAttribute('d')).toBe('');
  });

  it('is begun and ended by the keyboard, from point to point', async () => {
    const output = await show(notebook.page, MIME.latentScatter, scatterView({ id: 'keys' }));
    await plane(output).focus();
    for (const key of ['n', 'i']) await notebook.page.keyboard.press(key);
    expect(await said(output)).toBe('The path starts here; go to its end and press I.');
    const before = (await asked('way')).length;
    for (const key of ['n', 'n', 'i']) await notebook.page.keyboard.press(key);
    await wayAsked(before);
    const { request, requestId } = (await asked('way')).at(-1)!;
    const { images, pca } = fitted();
    const z = [...pca.encode(images, 2)];
    expect(request).toMatchObject({ from: z.slice(0, 2), to: z.slice(4, 6) });
    await answerWay({ request, requestId });
    expect(await said(output)).toMatch(/^From row 0 · .+ to row 2 · .+\. 9 steps\.$/);
  });

  it('goes through the saved grid without a kernel, and says so', async () => {
    const silent = await lab.notebook({ messaging: false });
    const output = await show(silent.page, MIME.latentScatter, scatterView({ id: 'saved' }));
    await plane(output).click({ position: { x: 200, y: 100 } });
    await plane(output).click({ position: { x: 400, y: 300 }, modifiers: ['Shift'] });
    await expect.poll(() => strip(output).locator('canvas').count()).toBe(9);
    expect(await strip(output).locator('p').innerText()).toContain(
      'The nearest cells of the saved grid along the straight path. No live kernel',
    );
    const bare = await show(silent.page, MIME.latentScatter, scatterView({ id: 'bare', grid: false }));
    await plane(bare).click({ position: { x: 200, y: 100 } });
    await plane(bare).click({ position: { x: 400, y: 300 }, modifiers: ['Shift'] });
    expect(await strip(bare).locator('canvas').count()).toBe(0);
    expect(await strip(bare).locator('p').innerText()).toContain('run the cell again to decode the path');
    await silent.close();
  });
});

describe('dimensions that are not shown', () => {
  it('are held at a chosen point, and let go again', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.latentScatter, scatterView({ id: 'held', d: 16 }));
    const lastZ = async () => (await asked('decode')).at(-1)!.request['z'] as number[];
    await plane(output).focus();
    await page.keyboard.press('n');
    await reply((await asked('point')).at(-1)!.requestId, { kind: 'point' });
    await output.getByRole('button', { name: 'Hold the others here' }).click();
    await plane(output).click({ position: { x: 62, y: 12 } });
    const { images, pca } = fitted();
    const own = [...pca.encode(images, 16).slice(0, 16)];
    const held = await lastZ();
    expect(held.slice(2)).toEqual(own.slice(2));
    expect(held.slice(0, 2)).not.toEqual(own.slice(0, 2));
    const values = encodeSamples(new Float32Array(PIXELS), SHAPE, 'sample');
    await reply((await asked('decode')).at(-1)!.requestId, { kind: 'decoded', sample: { shape: SHAPE, values } });
    expect(await output.locator('.decoded .lines').innerText()).toContain('others as at row 0');
    await output.getByRole('button', { name: 'Let the others go' }).click();
    // The same place, with the others at 0 again.
    expect(await lastZ()).toEqual([
      expect.closeTo(held[0]!, 9),
      expect.closeTo(held[1]!, 9),
      ...new Array<number>(14).fill(0),
    ]);
  });
});

/** Components of a test's own: turned by 30° in the plane of the third and fourth dimension. */
function components(n: number, scores: Float32Array) {
  const directions = new Float32Array(2 * 16);
  [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)].forEach((one, i) => (directions[2 + i] = one));
  [-Math.sin(Math.PI / 6), Math.cos(Math.PI / 6)].forEach((one, i) => (directions[16 + 2 + i] = one));
  return {
    pca: {
      mean: encode('float32', new Float32Array(16).fill(1)),
      directions: encode('float32', directions, [2, 16]),
      scores: encode('float32', scores, [n, 2]),
      shares: encode('float32', Float32Array.of(0.6, 0.03)),
    },
  };
}

describe('the axes', () => {
  const names = (output: Locator) => plane(output).locator('svg text[font-style=italic]').allTextContents();

  it('are principal components when the kernel has them, with their share; a click goes the way back', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.latentScatter, scatterView({ id: 'pca', d: 16 }));
    await output.getByRole('combobox', { name: 'axes' }).selectOption('PCA');
    const { requestId, request } = (await asked('project')).at(-1)!;
    expect(request).toEqual({ kind: 'project', by: 'pca' });
    expect(await names(output)).toEqual(['z₁', 'z₂']);
    // Two points at the corners of the plane, the others between.
    const scores = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i * i));
    await reply(requestId, { kind: 'projected', projections: components(1500, scores) });
    expect(await names(output)).toEqual(['PC 1 (60 %)', 'PC 2 (3.0 %)']);
    await plane(output).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    const spoken = await said(output);
    const [, x, y] = /^PC 1 (.+), PC 2 (.+), norm/.exec(spoken.replaceAll('−', '-'))!.map(Number);
    const values = encodeSamples(new Float32Array(PIXELS), SHAPE, 'sample');
    await reply((await asked('decode')).at(-1)!.requestId, { kind: 'decoded', sample: { shape: SHAPE, values } });
    const newest = (await asked('decode')).at(-1)!.request['z'] as number[];
    // z = mean + x · first + y · second
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    expect(newest[2]).toBeCloseTo(1 + x! * c - y! * s, 1);
    expect(newest[3]).toBeCloseTo(1 + x! * s + y! * c, 1);
    expect(newest.filter((_, i) => i !== 2 && i !== 3)).toEqual(new Array(14).fill(1));
    await output.screenshot({ path: 'test/artifacts/renderer/latent-pca.png' });
  });

  it('are UMAP’s after some time, which is shown and can be cancelled; a place there means its nearest point', async () => {
    const { page } = notebook;
    const output = await show(page, MIME.latentScatter, scatterView({ id: 'umap', d: 16 }));
    const axes = output.getByRole('combobox', { name: 'axes' });
    await axes.selectOption('UMAP');
    await send(page, { type: 'viewChange', viewId: 'umap', mime: MIME.latentScatter, change: { projected: 0.42 } });
    expect(await output.locator('.projecting').innerText()).toContain('42 %');
    await output.getByRole('button', { name: 'Cancel' }).click();
    expect(await asked('stopProjecting')).toHaveLength(1);
    expect(await output.locator('.projecting').isVisible()).toBe(false);
    expect(await axes.inputValue()).toBe('latent');
    await axes.selectOption('UMAP');
    const places = Float32Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? i / 2 : ((i >> 1) * 7) % 1500));
    await reply((await asked('project')).at(-1)!.requestId, {
      kind: 'projected',
      projections: { umap: { places: encode('float32', places, [1500, 2]) } },
    });
    expect(await names(output)).toEqual(['UMAP 1', 'UMAP 2']);
    expect(await output.locator('figcaption').innerText()).toContain('distances and areas between groups mean little');
    expect((await ink(plane(output))).share).toBeGreaterThan(0.05);
    const before = await asked('decode');
    await plane(output).click({ position: { x: 300, y: 200 } });
    expect(await asked('decode')).toEqual(before);
    expect((await asked('point')).at(-1)!.request['point']).toEqual(expect.any(Number));
    await plane(output).focus();
    await page.keyboard.press('ArrowRight');
    expect(await said(output)).toContain('not a latent point; go to a point');
  });

  it('that were saved come back without a kernel; the others say that they need one', async () => {
    const silent = await lab.notebook({ messaging: false });
    const scores = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i * i));
    const view = {
      ...scatterView({ id: 'kept', d: 16 }),
      projections: components(1500, scores),
      space: 'pca' as const,
    };
    const output = await show(silent.page, MIME.latentScatter, view);
    expect(await names(output)).toEqual(['PC 1 (60 %)', 'PC 2 (3.0 %)']);
    const options = output.getByRole('combobox', { name: 'axes' }).locator('option');
    expect(await options.evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).disabled))).toEqual([
      false,
      false,
      true,
    ]);
    await output.getByRole('combobox', { name: 'axes' }).selectOption('latent');
    expect(await names(output)).toEqual(['z₁', 'z₂']);
    await silent.close();
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { scatterView as crowd } from '../../kernel/bench/views/data';
import type { LatentScatterView } from '../../kernel/views/types';
import { ink, show } from './support/figures';
import { Lab } from './support/page';
import { MIME, scatterView } from './support/sampleViews';

let lab: Lab;
let without: Lab;
beforeAll(async () => {
  [lab, without] = await Promise.all([Lab.open(), Lab.open(['--disable-3d-apis'])]);
});
afterAll(() => Promise.all([lab.close(), without.close()]));

it('a browser without WebGL draws the same points with the 2D canvas, and the figure says so', async () => {
  const [first, second] = await Promise.all([lab.notebook(), without.notebook()]);
  const accelerated = await show(first.page, MIME.latentScatter, scatterView());
  const plain = await show(second.page, MIME.latentScatter, scatterView());
  const [one, other] = await Promise.all([ink(accelerated.locator('.stage')), ink(plain.locator('.stage'))]);
  expect(other.share).toBeCloseTo(one.share, 1);
  expect(other.colours).toBeGreaterThan(10);
  expect(await plain.locator('figcaption').innerText()).toContain(
    'Points are drawn without WebGL: this page gets no WebGL.',
  );
  expect(await accelerated.locator('figcaption').innerText()).not.toContain('WebGL');
  await Promise.all([first.close(), second.close()]);
});

it('a crowd has its density there too', async () => {
  const { page, close } = await without.notebook();
  const output = await show(page, MIME.latentScatter, crowd(100_000) as LatentScatterView, 'crowd');
  const caption = await output.locator('figcaption').innerText();
  expect(caption).toContain('Points are drawn without WebGL');
  expect(caption).toContain('Where points are dense');
  expect((await ink(output.locator('.stage'))).share).toBeGreaterThan(0.1);
  await close();
});

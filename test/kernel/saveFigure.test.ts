/** Figures for a paper, saved from a cell. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decode as decodePng } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelUnderTest } from './kernelUnderTest';

const SETUP = `
import { compare, check, Dataset, latentScatter, lossCurves, reconstructions, saveFigure, VAE, VQVAE, codebookHistogram } from 'latentlab';
const rows = Array.from({ length: 90 }, (_, i) => [i % 3, Math.sin(i), Math.cos(2 * i), i % 5]);
const data = Dataset.from(rows, { labels: rows.map((_, i) => ['ant', 'bee', 'cat'][i % 3]) });
const vae = new VAE({ input: data.shape, latent: 2, hidden: [8], likelihood: 'gaussian', seed: 1 });
const history = await vae.fit(data, { epochs: 3, batchSize: 16, validation: data });
const vq = new VQVAE({ input: data.shape, hidden: [8], positions: 2, codebookSize: 8, codeDimension: 4, seed: 1 });
await vq.fit(data, { epochs: 1, batchSize: 16 });
const figures = {
  scatter: await latentScatter(vae, data),
  curves: lossCurves(history),
  reconstructions: await reconstructions(vae, data.take(8)),
  codebook: await codebookHistogram(vq, data),
  comparison: compare([history, history]),
  checks: await check('1 + 1 = 2', 1 + 1, 2),
};`;

const POINTS_PER_MM = 72 / 25.4;
const NAMES = ['scatter', 'curves', 'reconstructions', 'codebook', 'comparison', 'checks'];

let kernel: KernelUnderTest;
beforeAll(async () => {
  kernel = await KernelUnderTest.start();
  expect((await kernel.run(SETUP)).error).toBeUndefined();
});
afterAll(() => kernel.stop());

async function saved(code: string, file: string): Promise<Buffer> {
  const { error } = await kernel.run(code);
  if (error) throw new Error(error.message);
  return readFileSync(path.join(kernel.folder, file));
}

describe('saveFigure', () => {
  it.each(NAMES)('writes %s as a PDF of the width that is asked for, its glyphs inside', async (name) => {
    for (const widthMm of [85, 174]) {
      const file = `figures/${name}-${widthMm}.pdf`;
      const bytes = await saved(`await saveFigure(figures.${name}, '${file}', { widthMm: ${widthMm} })`, file);
      const text = bytes.toString('latin1');
      const [, , width] = /\/MediaBox \[([^\]]*)\]/.exec(text)![1]!.trim().split(/\s+/).map(Number);
      expect(width).toBeCloseTo(widthMm * POINTS_PER_MM, 0);
      expect(text).toMatch(/\/FontFile\d/);
      expect(text).toMatch(/\/BaseFont \/\w+\+DejaVuSans/);
    }
  });

  it('writes SVG in millimetres with its text as paths', async () => {
    const text = (await saved(`await saveFigure(figures.curves, 'a.svg', { widthMm: 114 })`, 'a.svg')).toString();
    expect(text).toMatch(/<svg[^>]* width="114mm" height="[\d.]+mm" viewBox="0 0 /);
    expect(text).not.toContain('<text');
    expect(text).toContain('<path');
  });

  it('writes PNG of 600 dots an inch, in greys where that is wanted', async () => {
    const png = decodePng(await saved(`await saveFigure(figures.scatter, 'a.png', { widthMm: 85, colours: 'grey' })`, 'a.png')); // prettier-ignore
    expect(png.width / 600).toBeCloseTo(85 / 25.4, 1);
    const colour = decodePng(await saved(`await saveFigure(figures.scatter, 'b.png', { widthMm: 85 })`, 'b.png'));
    expect(hasHue(colour)).toBe(true);
    expect(hasHue(png)).toBe(false);
    for (const { data } of [png, colour]) expect([...data.slice(0, 3)]).toEqual([255, 255, 255]);
  });

  it('says what is wrong', async () => {
    const message = async (code: string) => (await kernel.run(code)).error?.message;
    expect(await message("await saveFigure(figures.curves, 'a.gif')")).toMatch(
      /a\.gif ends in none of \.pdf, \.svg, \.png/,
    );
    expect(await message("await saveFigure(vae, 'a.pdf')")).toMatch(/takes as "view" a view .*; found a VAE/);
    expect(await message("await saveFigure(figures.curves, 'a.pdf', { widthMm: 4 })")).toMatch(/millimetres from 40 to 400; found the number 4/); // prettier-ignore
    expect(await message("await saveFigure(figures.curves, 'a.pdf', { colours: 'sepia' })")).toMatch(
      /"colour" or "grey"/,
    );
  });
});

function hasHue({ data, channels }: { data: ArrayLike<number>; channels: number }): boolean {
  for (let i = 0; i < data.length; i += channels) {
    if (Math.abs(data[i]! - data[i + 1]!) > 2 || Math.abs(data[i + 1]! - data[i + 2]!) > 2) return true;
  }
  return false;
}

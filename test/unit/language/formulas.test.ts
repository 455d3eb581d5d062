import { loadImage } from '@napi-rs/canvas';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { draw } from '../../../extension/language/service/drawFormula';
import { Formulas } from '../../../extension/language/service/formulas';

const kernel = path.resolve(__dirname, '../../../kernel');

/** What the library's docstrings hold between `$`. */
function formulasOfDocstrings(): string[] {
  const found = new Set<string>();
  for (const name of readdirSync(kernel, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )) {
    const text = readFileSync(path.join(kernel, name), 'utf8');
    for (const [comment] of text.matchAll(/\/\*\*[^]*?\*\//g)) {
      const formulas = new Formulas(() => (tex) => {
        found.add(tex);
        return undefined;
      });
      formulas.drawn(comment.replaceAll(/^\s*(\/\*\*|\*\/|\*)/gm, ''));
    }
  }
  return [...found];
}

describe('formulas as pictures', () => {
  it('are drawn for every docstring of the library', async () => {
    const formulas = formulasOfDocstrings();
    expect(formulas.length).toBeGreaterThan(20);
    for (const tex of formulas) {
      const picture = draw(tex, true, 'dark');
      expect(picture, tex).toBeDefined();
      expect((await loadImage(Buffer.from(picture!))).width, tex).toBeGreaterThan(3);
    }
  });

  it.each([
    ['a < b \\& c', true],
    ['\\log p(x) \\ge \\mathbb E_{q(z|x)}[\\log p(x|z)] - \\mathrm{KL}', false],
    ['\\bm{x} \\sim \\mathcal N(0, I)', false],
    ['\\text{a “word”}', true],
  ])('are one picture, as wide as they are long: %s', async (tex, display) => {
    const picture = draw(tex, display, 'light')!;
    expect(picture.match(/<svg/g)).toHaveLength(1);
    const { width, height } = await loadImage(Buffer.from(picture));
    expect(width).toBeGreaterThan(2 * height);
  });

  it('are their source where they cannot be drawn', () => {
    expect(draw('\\nothing{', true, 'dark')).toBeUndefined();
    expect(new Formulas(() => draw).drawn('so: $\\frac{1$.')).toBe('so: `\\frac{1`.');
  });
});

/** Marks as the text of an SVG file. */
import type { Colours, Mark } from './marks';
import { rounded, shapeOf } from './shapes';

const FONT = "'LatentLab Figure', 'DejaVu Sans', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

export interface SvgSize {
  width: number;
  height: number;
  /** What it shows, for those who hear it. */
  title: string;
}

export function svgText(marks: readonly Mark[], { width, height, title }: SvgSize, colours: Colours): string {
  const head =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${rounded(width)}" height="${rounded(height)}" ` +
    `viewBox="0 0 ${rounded(width)} ${rounded(height)}" font-family="${FONT}" role="img">`;
  const ground = `<rect width="100%" height="100%" fill="${colours('background')}"/>`;
  return `${head}<title>${escaped(title)}</title>${ground}${marks.map((mark) => markText(mark, colours)).join('')}</svg>`;
}

function markText(mark: Mark, colours: Colours): string {
  if (mark.kind === 'group') return `<g>${mark.marks.map((inner) => markText(inner, colours)).join('')}</g>`;
  const { name, attributes, text } = shapeOf(mark, colours);
  return element(name, attributes, text);
}

function element(name: string, attributes: Record<string, string | number | undefined>, text?: string): string {
  const all = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === 'number' ? rounded(value) : escaped(value)}"`],
  );
  return text === undefined ? `<${name}${all.join('')}/>` : `<${name}${all.join('')}>${escaped(text)}</${name}>`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

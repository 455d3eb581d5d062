/** Marks as the text of an SVG file. */
import { bendsOf, type Colours, type ColourRole, type Mark, type PathMark } from './marks';

const FONT = "'LatentLab Figure', 'DejaVu Sans', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

export interface SvgSize {
  width: number;
  height: number;
  /** What it shows, for those who hear it. */
  title: string;
}

export function svgText(marks: readonly Mark[], { width, height, title }: SvgSize, colours: Colours): string {
  const head =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" ` +
    `viewBox="0 0 ${round(width)} ${round(height)}" font-family="${FONT}" role="img">`;
  const ground = `<rect width="100%" height="100%" fill="${colours('background')}"/>`;
  return `${head}<title>${escaped(title)}</title>${ground}${marks.map((mark) => markText(mark, colours)).join('')}</svg>`;
}

function markText(mark: Mark, colours: Colours): string {
  switch (mark.kind) {
    case 'group':
      return `<g>${mark.marks.map((inner) => markText(inner, colours)).join('')}</g>`;
    case 'rect': {
      const { x, y, width, height, radius } = mark;
      return element('rect', { x, y, width, height, rx: radius, ...paint(mark, colours) });
    }
    case 'ellipse': {
      const { x: cx, y: cy, rx, ry } = mark;
      return element('ellipse', { cx, cy, rx, ry, ...paint(mark, colours) });
    }
    case 'path':
      return element('path', { d: pathData(mark), ...paint(mark, colours), 'stroke-linejoin': 'round' });
    case 'text': {
      const { x, y, text, size, fill, anchor, isBold, hasHalo, turn } = mark;
      const halo = hasHalo && {
        stroke: colours('background'),
        ...{ 'stroke-width': 3.5, 'paint-order': 'stroke', 'stroke-linejoin': 'round' },
      };
      const place = { x, y, ...(turn && { transform: `rotate(${turn} ${round(x)} ${round(y)})` }) };
      const style = { 'font-size': size, 'font-weight': isBold ? 600 : undefined, 'text-anchor': anchor };
      return element('text', { ...place, ...style, ...halo, fill: colours(fill) }, text);
    }
  }
}

export function pathData(mark: PathMark): string {
  const [first, ...others] = mark.points;
  if (!first) return '';
  const at = ([x, y]: readonly [number, number]) => `${round(x)} ${round(y)}`;
  const rest = mark.isSmooth
    ? bendsOf(mark).map(({ from, to, end }) => `C${at(from)} ${at(to)} ${at(end)}`)
    : others.map((point) => `L${at(point)}`);
  return `M${at(first)}${rest.join('')}${mark.isClosed ? 'Z' : ''}`;
}

interface Paint {
  fill?: ColourRole;
  stroke?: ColourRole;
  strokeWidth?: number;
  dash?: readonly number[];
  opacity?: number;
}

function paint({ fill = 'none', stroke, strokeWidth = 1, dash, opacity }: Paint, colours: Colours) {
  return {
    fill: fill === 'none' ? 'none' : colours(fill),
    'fill-opacity': opacity,
    ...(stroke && { stroke: colours(stroke), 'stroke-width': strokeWidth, 'stroke-dasharray': dash?.join(' ') }),
  };
}

function element(name: string, attributes: Record<string, string | number | undefined>, text?: string): string {
  const all = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === 'number' ? round(value) : escaped(value)}"`],
  );
  return text === undefined ? `<${name}${all.join('')}/>` : `<${name}${all.join('')}>${escaped(text)}</${name}>`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const round = (value: number) => Number(value.toFixed(2));

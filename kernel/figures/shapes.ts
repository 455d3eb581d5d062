/** Marks as elements of SVG, for whoever writes them as text or makes them in a page. */
import { bendsOf, type Colours, type GroupMark, type Mark, type Painted, type PathMark } from './marks';

export interface Shape {
  name: 'rect' | 'circle' | 'ellipse' | 'line' | 'path' | 'text';
  /** Those that are undefined are left out. */
  attributes: Record<string, string | number | undefined>;
  text?: string;
}

/** The element of a mark, in the colours of a theme. */
export function shapeOf(mark: Exclude<Mark, GroupMark>, colours: Colours): Shape {
  switch (mark.kind) {
    case 'rect': {
      const { x, y, width, height, radius } = mark;
      return { name: 'rect', attributes: { x, y, width, height, rx: radius, ...paint(mark, colours) } };
    }
    case 'ellipse': {
      const { x: cx, y: cy, rx, ry } = mark;
      if (rx === ry) return { name: 'circle', attributes: { cx, cy, r: rx, ...paint(mark, colours) } };
      return { name: 'ellipse', attributes: { cx, cy, rx, ry, ...paint(mark, colours) } };
    }
    case 'path': {
      if (mark.points.length !== 2)
        return { name: 'path', attributes: { d: pathData(mark), ...paint(mark, colours), 'stroke-linejoin': 'round' } };
      const [[x1, y1], [x2, y2]] = mark.points as [readonly [number, number], readonly [number, number]];
      return { name: 'line', attributes: { x1, y1, x2, y2, ...paint(mark, colours) } };
    }
    case 'text': {
      const { x, y, text, size, fill, anchor, isBold, isItalic, hasHalo, turn } = mark;
      const halo = hasHalo && {
        stroke: colours('background'),
        ...{ 'stroke-width': 3.5, 'paint-order': 'stroke', 'stroke-linejoin': 'round' },
      };
      const place = { x, y, transform: turn ? `rotate(${turn} ${rounded(x)} ${rounded(y)})` : undefined };
      const face = { 'font-weight': isBold ? 600 : undefined, 'font-style': isItalic ? 'italic' : undefined };
      const style = { 'font-size': size, ...face, 'text-anchor': anchor };
      return { name: 'text', attributes: { ...place, ...style, ...halo, fill: colours(fill) }, text };
    }
  }
}

function pathData(mark: PathMark): string {
  const [first, ...others] = mark.points;
  if (!first) return '';
  const at = ([x, y]: readonly [number, number]) => `${rounded(x)} ${rounded(y)}`;
  const rest = mark.isSmooth
    ? bendsOf(mark).map(({ from, to, end }) => `C${at(from)} ${at(to)} ${at(end)}`)
    : others.map((point) => `L${at(point)}`);
  return `M${at(first)}${rest.join('')}${mark.isClosed ? 'Z' : ''}`;
}

function paint({ fill = 'none', stroke, strokeWidth = 1, dash, opacity, isCrisp }: Painted, colours: Colours) {
  const line = stroke && {
    stroke: colours(stroke),
    ...{ 'stroke-width': strokeWidth, 'stroke-dasharray': dash?.join(' ') },
  };
  const own = { fill: fill === 'none' ? 'none' : colours(fill), 'fill-opacity': opacity };
  return { ...own, ...line, 'shape-rendering': isCrisp ? 'crispEdges' : undefined };
}

/** To a hundredth of a pixel. */
export const rounded = (value: number) => Number(value.toFixed(2));

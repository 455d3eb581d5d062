/** Marks as elements of the page, in the colours of its theme. */
import { TINT, mixed } from '../../kernel/figures/colours';
import { pathData } from '../../kernel/figures/svgText';
import type { Colours, ColourRole, Mark } from '../../kernel/figures/marks';
import { svg } from '../dom';
import { categoryColour } from '../palette';
import type { Theme } from '../theme';

/** How much of a category a tint has on a dark page. */
const TINT_ON_DARK = 0.28;

export function coloursOf(theme: Theme): Colours {
  return (role) => {
    if (role.startsWith('#')) return role;
    const [kind, index] = role.split(' ') as [string, string | undefined];
    if (index === undefined) return role === 'none' ? 'none' : theme[role as keyof Theme & ColourRole];
    const colour = categoryColour(theme.categories, Number(index));
    return kind === 'category' ? colour : mixed(colour, theme.background, theme.dark ? TINT_ON_DARK : TINT);
  };
}

/** A group becomes an element with its id in `data-mark`. */
export function markElement(mark: Mark, colours: Colours): SVGElement {
  switch (mark.kind) {
    case 'group':
      return svg(
        'g',
        { 'data-mark': mark.id, class: mark.name, 'data-scale': mark.scale },
        ...mark.marks.map((inner) => markElement(inner, colours)),
      );
    case 'rect': {
      const { x, y, width, height, radius } = mark;
      return svg('rect', { x, y, width, height, rx: radius, ...paint(mark, colours) });
    }
    case 'ellipse': {
      const { x: cx, y: cy, rx, ry } = mark;
      return svg('ellipse', { cx, cy, rx, ry, ...paint(mark, colours) });
    }
    case 'path':
      if (mark.points.length === 2) {
        const [[x1, y1], [x2, y2]] = mark.points as [readonly [number, number], readonly [number, number]];
        return svg('line', { x1, y1, x2, y2, ...paint(mark, colours) });
      }
      return svg('path', { d: pathData(mark), ...paint(mark, colours), 'stroke-linejoin': 'round' });
    case 'text': {
      const { x, y, text, size, fill, anchor, isBold, hasHalo, turn } = mark;
      const halo = { stroke: colours('background'), 'stroke-width': 3.5, 'paint-order': 'stroke' };
      const place = { x, y, transform: turn ? `rotate(${turn} ${x} ${y})` : undefined };
      const style = { 'font-size': size, 'font-weight': isBold ? 600 : undefined, 'text-anchor': anchor };
      return svg('text', { class: mark.name, ...place, ...style, ...(hasHalo && halo), fill: colours(fill) }, text);
    }
  }
}

interface Paint {
  fill?: ColourRole;
  stroke?: ColourRole;
  strokeWidth?: number;
  dash?: readonly number[];
  opacity?: number;
  isCrisp?: boolean;
}

function paint({ fill = 'none', stroke, strokeWidth = 1, dash, opacity, isCrisp }: Paint, colours: Colours) {
  const line = stroke && {
    stroke: colours(stroke),
    ...{ 'stroke-width': strokeWidth, 'stroke-dasharray': dash?.join(' ') },
  };
  return { fill: colours(fill), ...line, 'fill-opacity': opacity, 'shape-rendering': isCrisp && 'crispEdges' };
}

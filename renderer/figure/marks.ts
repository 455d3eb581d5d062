/** Marks as elements of the page, in the colours of its theme. */
import { isColour, TINT, mixed } from '../../kernel/figures/colours';
import { shapeOf } from '../../kernel/figures/shapes';
import type { Colours, ColourRole, Mark } from '../../kernel/figures/marks';
import { svg } from '../dom';
import { categoryColour } from '../palette';
import type { Theme } from '../theme';

/** How much of a category a tint has on a dark page. */
const TINT_ON_DARK = 0.28;

export function coloursOf(theme: Theme): Colours {
  return (role) => {
    if (isColour(role)) return role;
    const [kind, index] = role.split(' ') as [string, string | undefined];
    if (index === undefined) return role === 'none' ? 'none' : theme[role as keyof Theme & ColourRole];
    const colour = categoryColour(theme.categories, Number(index));
    return kind === 'category' ? colour : mixed(colour, theme.background, theme.dark ? TINT_ON_DARK : TINT);
  };
}

/** A group becomes an element with its id in `data-mark`. */
export function markElement(mark: Mark, colours: Colours): SVGElement {
  if (mark.kind === 'group') {
    const about = { 'data-mark': mark.id, class: mark.name, 'data-scale': mark.scale };
    return svg('g', about, ...mark.marks.map((inner) => markElement(inner, colours)));
  }
  const { name, attributes, text = '' } = shapeOf(mark, colours);
  return svg(name, { class: mark.kind === 'text' ? mark.name : undefined, ...attributes }, text);
}

/** The mark of a group of points: its colour, and its shape where there are more groups than colours. */
import { CATEGORIES_ON_LIGHT, categoryShape, CORNERS } from '../../views/categories';
import type { Mark } from '../marks';

/**
 * @param x of its centre, as `y`
 * @param colours those of the theme
 */
export function groupMark(
  index: number,
  x: number,
  y: number,
  radius: number,
  colours: number = CATEGORIES_ON_LIGHT.length,
): Mark {
  const shape = categoryShape(index, colours);
  const fill = `category ${index}` as const;
  if (shape === 'circle') return { kind: 'ellipse', x, y, rx: radius, ry: radius, fill };
  const points = CORNERS[shape].map(([dx, dy]) => [x + dx * radius, y + dy * radius] as const);
  return { kind: 'path', points, isClosed: true, fill };
}

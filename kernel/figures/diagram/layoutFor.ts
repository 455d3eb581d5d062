import type { DiagramLayout } from '../../views/types';

/** How much smaller a diagram may be drawn before it is better laid out the other way. */
const LEAST = 0.78;

/** The layout that is read best in a width: to the right where its words stay large enough. */
export function layoutFor(layouts: readonly DiagramLayout[], width: number): DiagramLayout {
  const right = layouts.find(({ way }) => way === 'right') ?? layouts[0]!;
  const down = layouts.find(({ way }) => way === 'down') ?? right;
  const scale = (layout: DiagramLayout) => Math.min(1, width / layout.width);
  return scale(right) >= LEAST || scale(right) >= scale(down) ? right : down;
}

/** The keys with which panels of curves are zoomed and moved; every view with panels has them. */
import type { Panels } from './panels';

/** What each key does, for the label of the panels. */
export const ZOOM_KEYS =
  'plus and minus zoom along the axis, with Alt up and down; with Alt the arrow keys move what is shown; 0 shows everything';

/** Share of what is shown that a key moves it by. */
const SHIFT = 0.1;

/** What the keyboard is at: a place on the axis, or null, and a panel. */
export interface Focus {
  at: number | null;
  panel: number;
}

/** @returns whether the key was one of these */
export function zoomByKey(event: KeyboardEvent, panels: Panels, focus: Focus): boolean {
  const action = actionOf(event, panels, focus);
  if (action === undefined || event.ctrlKey || event.metaKey) return false;
  event.preventDefault();
  event.stopPropagation();
  action();
  return true;
}

function actionOf(
  { key, code, altKey }: KeyboardEvent,
  panels: Panels,
  { at, panel }: Focus,
): (() => void) | undefined {
  // With Alt some keyboards write another sign: the place of the key tells.
  const is = (sign: string, ...codes: string[]) => key === sign || (altKey && codes.includes(code));
  if (is('+', 'NumpadAdd') || is('=', 'Equal', 'BracketRight'))
    return () => (altKey ? panels.zoomUp(panel, 0.5) : panels.zoomAround(at, 0.5));
  if (is('-', 'Minus', 'NumpadSubtract', 'Slash'))
    return () => (altKey ? panels.zoomUp(panel, 2) : panels.zoomAround(at, 2));
  if (key === '0' && !altKey) return () => panels.setZoom({});
  if (!altKey) return undefined;
  const moves: Record<string, () => void> = {
    ArrowLeft: () => panels.shift('x', panel, -SHIFT),
    ArrowRight: () => panels.shift('x', panel, SHIFT),
    ArrowDown: () => panels.shift('y', panel, -SHIFT),
    ArrowUp: () => panels.shift('y', panel, SHIFT),
  };
  return moves[key];
}

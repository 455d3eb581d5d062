/** The figure for a file: title, key and panel names are part of the drawing. */
import { svg } from '../../dom';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { measureIn } from '../../figure/text';
import { categoryColour } from '../../palette';
import { panelDrawing } from '../../panels/drawing';
import type { Panel } from '../../panels/panel';
import { PRINT_THEME } from '../../theme';

const MARGIN = 12;
const TITLE = 20; // its foot
const ROW = 18;

/** Height of title and key, and the entries of the key with their places. */
export function headOf(names: readonly string[], width: number) {
  const measure = measureIn(PRINT_THEME.fontFamily);
  let [left, row] = [MARGIN, 0];
  const entries = names.map((name) => {
    const size = 24 + measure(name, { size: 11 }) + 16;
    if (left > MARGIN && left + size > width) [left, row] = [MARGIN, row + 1];
    const entry = { name, left, top: TITLE + ROW * (row + 1) };
    left += size;
    return entry;
  });
  return { entries, height: TITLE + ROW * (row + 1) + 14 };
}

/** @param panels below the head */
export function printComparison(
  title: string,
  head: ReturnType<typeof headOf>,
  terms: readonly string[],
  panels: readonly Panel[],
  width: number,
  height: number,
): SvgImage {
  const theme = PRINT_THEME;
  const text = (content: string, x: number, y: number, size: number, weight = 400) =>
    svg('text', { x, y, 'font-size': size, 'font-weight': weight, fill: theme.foreground }, content);
  const key = head.entries.flatMap(({ name, left, top }, i) => {
    const stroke = categoryColour(theme.categories, i);
    const across = { x1: left, x2: left + 18, y1: top - 4, y2: top - 4 };
    return [svg('line', { ...across, stroke, 'stroke-width': 3 }), text(name, left + 24, top, 11)];
  });
  const names = panels.map(({ box }, i) => text(terms[i] ?? '', box.left - 3, box.top - 9, 12, 600));
  const layers = [text(title, MARGIN, TITLE, 14, 600), ...key, ...panelDrawing(panels, theme), ...names];
  return standalone(layers, width + MARGIN, height + head.height, theme);
}

/** The figure for a file: title, key and panel names are part of the drawing. */
import { svg } from '../../dom';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { measureIn } from '../../figure/text';
import { quantity } from '../../numbers';
import { panelDrawing } from '../../panels/drawing';
import { PRINT_THEME } from '../../theme';
import type { Arrangement } from './arrangement';
import { SWATCH, swatchMarks } from './key';
import type { KeyEntry } from './key';
import type { Drawing, Page } from './pages/page';

const MARGIN = 12;
const TITLE = 20; // its foot
const KEY_ROW = 18;

export function printCurves(
  title: string,
  page: Page,
  drawing: Drawing,
  arrangement: Arrangement,
  width: number,
): SvgImage {
  const theme = PRINT_THEME;
  const { choices } = drawing;
  const measure = measureIn(theme.fontFamily);
  const entries = page
    .key(drawing, theme)
    .map((entry) =>
      entry.text.endsWith('smoothed')
        ? { ...entry, text: `${entry.text} (weight ${quantity(choices.smoothing)})` }
        : entry,
    );
  const key = keyMarks(entries, width, (text) => measure(text, { size: 11 }));
  const head = TITLE + key.rows * KEY_ROW + 12;
  const boxes = arrangement.boxes.map((box) => ({ ...box, top: box.top + head }));
  const panels = page.panels(drawing, theme, { ...arrangement, boxes });
  const names = page.texts(drawing, { step: null, row: null }, theme).map(({ name, reading }, i) => {
    const { left, top } = boxes[i]!;
    const reads = svg('tspan', { 'font-weight': 400, dx: 8 }, reading);
    const look = { 'font-size': 12, 'font-weight': 600, fill: theme.foreground };
    return svg('text', { x: left - 3, y: top - 9, ...look }, name, reads);
  });
  const heading = { x: MARGIN, y: TITLE, 'font-size': 14, 'font-weight': 600, fill: theme.foreground };
  const layers = [svg('text', heading, title), ...key.marks, ...panelDrawing(panels, theme), ...names];
  return standalone(layers, width + MARGIN, arrangement.height + head, theme);
}

function keyMarks(entries: readonly KeyEntry[], width: number, widthOf: (text: string) => number) {
  let [left, row] = [MARGIN, 0];
  const marks = entries.flatMap((entry) => {
    const size = SWATCH + 6 + widthOf(entry.text);
    if (left > MARGIN && left + size > width) [left, row] = [MARGIN, row + 1];
    const y = TITLE + KEY_ROW * (row + 1);
    const marks = swatchMarks(entry, PRINT_THEME.background);
    const place = { transform: `translate(${left} ${y - 9})` };
    const text = { x: marks.length > 0 ? left + SWATCH + 6 : left, y, 'font-size': 11, fill: PRINT_THEME.muted };
    left += size + 18;
    return [svg('g', place, ...marks), svg('text', text, entry.text)];
  });
  return { marks, rows: row + 1 };
}

/** What stands in the key above the panels, and how it is drawn. */
import type { ColourRole, Mark } from '../marks';

export interface KeyEntry {
  text: string;
  /** `#rrggbb` or `rgba(…)`. */
  colour: string;
  width: number;
  dash?: string;
  marker?: boolean;
  /** Colours of a scale, from its least to its greatest value, instead of a line. */
  scale?: readonly string[];
  /** Whether an area is meant, not a line. */
  area?: boolean;
}

/** Width of what stands before the text of an entry; its foot is at 10 pixels. */
export const SWATCH = 22;

export function swatchMarks({ colour, width, dash, marker, scale, area }: KeyEntry, left = 0, top = 0): Mark[] {
  const box = (x: number, wide: number, fill: string): Mark => {
    return { kind: 'rect', x: left + x, y: top, width: wide, height: 10, fill: fill as ColourRole };
  };
  if (scale) return scale.map((fill, i) => box((i * SWATCH) / scale.length, SWATCH / scale.length + 0.5, fill));
  if (width === 0) return [];
  if (area) return [box(0, SWATCH, colour)];
  const stroke = { stroke: colour as ColourRole, strokeWidth: width };
  const y = top + 5;
  const line: Mark = {
    ...{ kind: 'path', points: [[left, y], [left + SWATCH, y]], ...stroke }, // prettier-ignore
    ...(dash !== undefined && { dash: dash.split(' ').map(Number) }),
  };
  const ring: Mark = { kind: 'ellipse', x: left + SWATCH / 2, y, rx: 2.5, ry: 2.5, ...stroke, fill: 'background' };
  return marker ? [line, ring] : [line];
}

const [ROW, BETWEEN] = [18, 18];

/** @param top of the first row; @param widthOf pixels of a text of 11 pixels */
export function keyMarks(
  entries: readonly KeyEntry[],
  { left: margin, top, width }: { left: number; top: number; width: number },
  widthOf: (text: string) => number,
): { marks: Mark[]; height: number } {
  let [left, row] = [margin, 0];
  const marks = entries.flatMap((entry): Mark[] => {
    const swatch = entry.scale || entry.width > 0 ? SWATCH + 6 : 0;
    const size = swatch + widthOf(entry.text);
    if (left > margin && left + size > width) [left, row] = [margin, row + 1];
    const foot = top + ROW * row + 10;
    const text: Mark = { kind: 'text', x: left + swatch, y: foot, text: entry.text, size: 11, fill: 'muted' };
    const drawn = [...swatchMarks(entry, left, foot - 9), text];
    left += size + BETWEEN;
    return drawn;
  });
  return { marks, height: entries.length > 0 ? ROW * (row + 1) : 0 };
}

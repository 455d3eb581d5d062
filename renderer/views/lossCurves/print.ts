/** The figure for a file: title, key and panel names are part of the drawing. */
import { literal } from '../../chart/axes';
import type { ChartSpec, Size, Zoom } from '../../chart/chart';
import { quantity } from '../../numbers';
import { PRINT_THEME } from '../../theme';
import type { Arrangement } from './arrangement';
import { readingText } from './cursor';
import type { Reading } from './cursor';
import type { LossData } from './curves';
import { keyEntries } from './key';
import { lossCurvesSpec } from './spec';
import type { Choices } from './spec';

const HEAD = 50; // title and key
const MARGIN = 12;

export function printSpec(
  title: string,
  data: LossData,
  choices: Choices,
  zoom: Readonly<Zoom>,
  arrangement: Arrangement,
  width: number,
  reading: Reading,
): { spec: ChartSpec; size: Size } {
  const theme = PRINT_THEME;
  const size = { width: width + MARGIN, height: arrangement.height + HEAD };
  const boxes = arrangement.boxes.map((box) => ({ ...box, top: box.top + HEAD }));
  const spec = lossCurvesSpec(data, choices, zoom, theme, { ...arrangement, boxes }, size);
  const note = (text: string, left: number, top: number, attributes: object = {}) => ({
    text,
    showarrow: false,
    xref: 'paper',
    yref: 'paper',
    xanchor: 'left',
    yanchor: 'top',
    x: left / size.width,
    y: 1 - top / size.height,
    font: { size: 12, color: theme.foreground },
    ...attributes,
  });
  const names = data.terms.map((term, i) => {
    const box = boxes[i]!;
    return note(`<b>${literal(term.name)}</b>  ${literal(readingText(term, reading))}`, box.left - 3, box.top - 22);
  });
  const key = keyEntries(data, choices, theme).map(({ text, colour, dash, marker }) => {
    const sign = marker ? '─○─' : dash === undefined ? '━━' : '╌╌';
    const weight = text.endsWith('smoothed') ? ` (weight ${quantity(choices.smoothing)})` : '';
    return `<span style="color:${colour}">${sign}</span> ${literal(text)}${weight}`;
  });
  spec.layout.annotations = [
    note(`<b>${literal(title)}</b>`, MARGIN, 6, { font: { size: 14, color: theme.foreground } }),
    note(key.join('    '), MARGIN, 28, { font: { size: 11, color: theme.muted } }),
    ...names,
  ];
  spec.layout.paper_bgcolor = theme.background;
  return { spec, size };
}

/** The figure for a file: title and perplexity are part of the drawing. */
import { svg } from '../../dom';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { panelDrawing } from '../../panels/drawing';
import { PRINT_THEME } from '../../theme';
import type { Theme } from '../../theme';
import type { Drawing, Part } from './parts/part';
import { perplexityText } from './usage';

const HEAD = 48;

export function printCodebook(title: string, part: Part, drawingIn: (theme: Theme) => Drawing): SvgImage {
  const theme = PRINT_THEME;
  const drawing = drawingIn(theme);
  const panels = part.panels(drawing, HEAD);
  const text = (content: string, x: number, y: number, size: number, weight: number, fill = theme.foreground) =>
    svg('text', { x, y, 'font-size': size, 'font-weight': weight, fill }, content);
  const names = part.names(drawing).map(({ box, text: name }) => text(name, box.left - 3, box.top + HEAD - 9, 12, 600));
  const foot = Math.max(...panels.map(({ box }) => box.top + box.height)) + 46;
  const facts = `perplexity ${perplexityText(drawing.data.usage)}`;
  const layers = [
    text(title, 12, 20, 14, 600),
    text(facts, 12, 38, 11, 400, theme.muted),
    ...[...panelDrawing(panels, theme), ...names],
  ];
  return standalone(layers, drawing.width + 12, foot, theme);
}

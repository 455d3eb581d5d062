import { printColours } from '../../../figures/colours';
import { diagramMarks } from '../../../figures/diagram/diagramMarks';
import { layoutFor } from '../../../figures/diagram/layoutFor';
import { svgText } from '../../../figures/svgText';
import type { DiagramLayout, DiagramView } from '../../types';
import { drawPng } from '../canvas';
import { pageWidth } from '../page';
import { paintMarks } from './paintMarks';

/** Wider ones are drawn smaller. */
const WIDTH = 1100;

/** Boxes and arrows: to the right where they are readable so, else downwards. */
export function diagramPng(view: DiagramView): Buffer {
  const room = pageWidth(WIDTH);
  const layout = layoutFor(view.layouts, room);
  const scale = Math.min(1, room / layout.width);
  // On a page the figure is as wide as the page: a narrow one stands in its middle.
  const width = room < WIDTH ? Math.max(room, layout.width * scale) : layout.width * scale;
  return drawPng(Math.ceil(width), Math.ceil(layout.height * scale), (context) => {
    context.translate((width - layout.width * scale) / 2, 0);
    context.scale(scale, scale);
    paintMarks(context, diagramMarks(view, layout), printColours);
  });
}

/** The same as an SVG file, in the colours of print. */
export function diagramSvg(view: DiagramView, way?: DiagramLayout['way']): string {
  const layout = view.layouts.find((one) => one.way === way) ?? layoutFor(view.layouts, WIDTH);
  return svgText(diagramMarks(view, layout), { ...layout, title: view.summary }, printColours);
}

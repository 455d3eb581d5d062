import { printColours } from '../../../figures/colours';
import { figureData } from '../../../figures/own/data';
import { headMarks, keyOf, laidOut } from '../../../figures/own/layout';
import { axisMarks, brokenMarks } from '../../../figures/panel/axisMarks';
import { paintPanels } from '../../../figures/panel/paint';
import { decode } from '../../encoding';
import type { FigureView } from '../../types';
import { drawPng } from '../canvas';
import { pageWidth } from '../page';
import { paintMarks } from './paintMarks';

const WIDTH = 760;

/** Curves, points, bars or a surface on axes, with a key above; as the live view draws them. */
export function figurePng(view: FigureView): Buffer {
  const width = pageWidth(WIDTH);
  const data = figureData(view, decode);
  const head = headMarks(view.title, keyOf(data), width);
  const choices = { logX: view.x.log === true, logY: view.y.log === true, hidden: new Set<string>() };
  const request = { choices, colours: printColours, isDark: false, zoom: {} };
  const { panel, height, scale } = laidOut(data, request, width, head.height);
  return drawPng(width, Math.ceil(height), (context) => {
    paintMarks(context, head.marks, printColours);
    paintMarks(context, axisMarks([panel]), printColours);
    paintPanels(context, [panel]);
    context.setLineDash([]);
    paintMarks(context, [...brokenMarks([panel]), ...scale], printColours);
  });
}

import { isBest, metricHead, metricNotes } from '../metricRanks';
import type { MetricsView } from '../types';
import { line } from './axes';
import { drawPng, drawText, measureWith, textWidth } from './canvas';
import { drawNotes, noteLines, notesHeight } from './figures/notes';
import { INK, QUIET, RULE } from './palette';

const [LEFT, TOP, ROW, GAP] = [14, 58, 24, 28];
const HEAD = { size: 11.5, weight: 'bold' } as const;

/** A row for each model, a column for each metric, the best of each in bold. */
export function metricsPng(view: MetricsView): Buffer {
  const text = (model: number, metric: number) => view.cells[model]?.[metric]?.text ?? '–';
  const style = (model: number, metric: number) =>
    ({ size: 12, weight: isBest(view, model, metric) ? 'bold' : 'normal' }) as const;
  const { names, widths } = measureWith((context) => ({
    names: Math.max(
      textWidth(context, 'model', HEAD),
      60,
      ...view.models.map((name) => textWidth(context, name, { size: 12 })),
    ),
    widths: view.metrics.map((metric, m) =>
      Math.max(
        textWidth(context, metricHead(metric), HEAD),
        ...view.models.map((_, i) => textWidth(context, text(i, m), style(i, m))),
      ),
    ),
  }));
  const width = Math.max(360, LEFT + names + widths.reduce((sum, one) => sum + one + GAP, 0) + 16);
  const foot = TOP + view.models.length * ROW + 8;
  const notes = noteLines(metricNotes(view), width);
  return drawPng(width, foot + notesHeight(notes) + 6, (context) => {
    drawText(context, view.title, LEFT, 22, { size: 14, weight: 'bold', maxWidth: width - 28 });
    const ends = widths.map((_, m) => LEFT + names + widths.slice(0, m + 1).reduce((sum, one) => sum + one + GAP, 0));
    drawText(context, 'model', LEFT, TOP - 10, HEAD);
    view.metrics.forEach((metric, m) =>
      drawText(context, metricHead(metric), ends[m]!, TOP - 10, { ...HEAD, align: 'right' }),
    );
    line(context, LEFT, TOP - 3, width - 14, TOP - 3, QUIET, 1);
    view.models.forEach((name, i) => {
      const y = TOP + i * ROW + 15;
      if (i > 0) line(context, LEFT, TOP + i * ROW - 1, width - 14, TOP + i * ROW - 1, RULE, 0.8);
      drawText(context, name, LEFT, y, { size: 12, colour: INK });
      view.metrics.forEach((_, m) => drawText(context, text(i, m), ends[m]!, y, { ...style(i, m), align: 'right' }));
    });
    drawNotes(context, notes, foot);
  });
}

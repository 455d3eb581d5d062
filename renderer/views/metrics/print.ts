/** The table as a separate drawing. */
import { isBest, metricHead } from '../../../kernel/views/metricRanks';
import type { MetricsView } from '../../../kernel/views/types';
import { svg } from '../../dom';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { measureIn } from '../../figure/text';
import { PRINT_THEME } from '../../theme';

const [LEFT, TOP, ROW, GAP] = [12, 60, 24, 28];

export function printMetrics(view: MetricsView, order: readonly number[]): SvgImage {
  const measure = measureIn(PRINT_THEME.fontFamily);
  const cell = (model: number, m: number) => view.cells[model]?.[m]?.text ?? '–';
  const names = Math.max(60, ...view.models.map((name) => measure(name, { size: 12 })));
  const widths = view.metrics.map((metric, m) =>
    Math.max(
      measure(metricHead(metric), { size: 12, strong: true }),
      ...order.map((model) => measure(cell(model, m), { size: 12, strong: true })),
    ),
  );
  const ends = widths.map((_, m) => LEFT + names + widths.slice(0, m + 1).reduce((sum, one) => sum + one + GAP, 0));
  const width = Math.max(320, (ends.at(-1) ?? LEFT + names) + 16);
  const rule = (y: number, stroke: string) => svg('line', { x1: LEFT, x2: width - 12, y1: y, y2: y, stroke });
  const head = view.metrics.map((metric, m) => text(metricHead(metric), ends[m]!, TOP - 10, true, 'end'));
  const rows = order.flatMap((model, i) => {
    const y = TOP + i * ROW + 15;
    const values = view.metrics.map((_, m) => text(cell(model, m), ends[m]!, y, isBest(view, model, m), 'end'));
    const line = i > 0 ? [rule(TOP + i * ROW - 1, PRINT_THEME.grid)] : [];
    return [...line, text(view.models[model]!, LEFT, y, false, 'start'), ...values];
  });
  const title = svg(
    'text',
    { x: LEFT, y: 22, 'font-size': 14, 'font-weight': 600, fill: PRINT_THEME.foreground },
    view.title,
  );
  const layers = [title, ...head, rule(TOP - 3, PRINT_THEME.line), ...rows];
  return standalone(layers, width, TOP + view.models.length * ROW + 10, PRINT_THEME);
}

function text(content: string, x: number, y: number, bold: boolean, anchor: 'start' | 'end'): SVGElement {
  const style = { 'font-size': 12, 'font-weight': bold ? 700 : 400, 'text-anchor': anchor };
  return svg('text', { x, y, fill: PRINT_THEME.foreground, ...style }, content);
}

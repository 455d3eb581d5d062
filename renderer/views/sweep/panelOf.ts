/** A chart of a sweep as a panel that is painted and zoomed, and its words as SVG. */
import type { Chart } from '../../../kernel/views/sweep/charts/chart';
import type { Box } from '../../chart/axes';
import { withAlpha } from '../../colours';
import { svg } from '../../dom';
import type { Measure } from '../../figure/text';
import { scaleOf } from '../../panels/panel';
import type { Line, Panel, Range } from '../../panels/panel';
import type { Theme } from '../../theme';

/** Pixels of a run's point, and half of the cap of an error bar. */
const POINT = 7;
const CAP = 4;
const LABEL = 11;
/** Pixels between two words. */
const APART = 6;

export interface Ranges {
  x?: Range | undefined;
  y?: Range | undefined;
}

export function panelOf(chart: Chart, box: Box, zoom: Ranges, theme: Theme): Panel {
  const x = zoom.x ?? chart.x.range;
  const y = zoom.y ?? chart.y.range;
  const { points } = chart;
  const cap = (CAP / box.width) * (x[1] - x[0]);
  const bars = chart.bars.flatMap(({ x: at, low, high, colour }, i): Line[] => {
    const own = { colour, width: 1.4 };
    const end = (value: number) => ({ ...own, name: `cap ${i}`, x: [at - cap, at + cap], y: [value, value] });
    return [{ ...own, name: `bar ${i}`, x: [at, at], y: [low, high] }, end(low), end(high)];
  });
  return {
    box,
    x: { range: x, ticks: chart.x.ticks(x, Math.max(2, Math.floor(box.width / 66))), title: chart.x.title },
    hasLabels: true,
    y: { range: y, ticks: chart.y.ticks(y, Math.max(2, Math.floor(box.height / 36))), title: chart.y.title },
    bands: chart.bands.map((band) => ({ ...band, colour: withAlpha(band.colour, theme.dark ? 0.26 : 0.18) })),
    lines: [...chart.lines, ...bars],
    points: {
      name: 'runs',
      x: points.map((point) => point.x),
      y: points.map((point) => point.y),
      order: points.map((_, i) => i),
      colour: (i) => points[i]!.colour,
      size: points.length > 300 ? POINT - 2 : POINT,
    },
    broken: [],
  };
}

/** Words beside points, those for which there is room, on the ground so that lines do not cross them. */
export function labelMarks(chart: Chart, panel: Panel, theme: Theme, measure: Measure): SVGElement[] {
  const { box } = panel;
  const scale = scaleOf(panel);
  const taken: Box[] = [];
  return chart.labels.flatMap(({ x, y, text }) => {
    const width = measure(text, { size: LABEL });
    const [across, up] = [scale.x(x), scale.y(y)];
    if (across < box.left || across > box.left + box.width || up < box.top || up > box.top + box.height) return [];
    const left = Math.min(across + 6, box.left + box.width - width);
    const place = { left, top: Math.max(box.top, up - 16), width, height: 13 };
    if (taken.some((one) => overlaps(one, place))) return [];
    taken.push(place);
    const halo = { stroke: theme.background, 'stroke-width': 3, 'paint-order': 'stroke', 'stroke-linejoin': 'round' };
    return [svg('text', { x: left, y: place.top + 10, 'font-size': LABEL, fill: theme.foreground, ...halo }, text)];
  });
}

const overlaps = (a: Box, b: Box) =>
  a.left < b.left + b.width + APART &&
  b.left < a.left + a.width + APART &&
  a.top < b.top + b.height &&
  b.top < a.top + a.height;

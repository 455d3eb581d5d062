/** The panels of a sweep for a file. */
import { curveChart } from '../../../kernel/views/sweep/charts/curveChart';
import { frontChart } from '../../../kernel/views/sweep/charts/frontChart';
import { metricChart } from '../../../kernel/views/sweep/charts/metricChart';
import type { Chart } from '../../../kernel/views/sweep/charts/chart';
import { valueText } from '../../../kernel/views/sweep/settings';
import type { RunPicture } from '../../../kernel/views/types';
import { splitSamples } from '../../data';
import { svg } from '../../dom';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { measureIn, shorten } from '../../figure/text';
import { panelDrawing } from '../../panels/drawing';
import { spanOf } from '../../../kernel/figures/span';
import { imageCanvas, profilePath } from '../../samples';
import type { Theme } from '../../theme';
import { labelMarks, panelOf } from './panelOf';
import { boxOf, CHART_HEIGHT } from './parts/chartPanel';
import { axisMarks, layoutOf, pathOf } from './parts/parallelDrawing';
import type { SweepStore } from './store';

export interface PrintedSweep {
  title: string;
  /** The names of the table's columns. */
  names: readonly string[];
  rows: readonly { run: number; cells: readonly string[] }[];
  picture: { picture: RunPicture; says: string } | undefined;
}

const MARGIN = 12;
const PARALLEL = 230;
const HEAD = 30;
const BETWEEN = 28;
/** Rows of the table, and their height. */
const ROWS = 14;
const ROW = 18;
const CELL = 44;

export function printSweep(
  store: SweepStore,
  { title, names, rows, picture }: PrintedSweep,
  width: number,
  theme: Theme,
): SvgImage {
  const text = textIn(theme);
  const layers: SVGElement[] = [text(title, MARGIN, 20, { size: 14, strong: true })];
  let top = 30;
  const put = (height: number, ...marks: SVGElement[]) => {
    layers.push(svg('g', { transform: `translate(0 ${top})` }, ...marks));
    top += height;
  };
  put(26, ...keyMarks(store, theme));
  const axes = store.parallelAxes;
  const layout = layoutOf(axes, width, PARALLEL);
  const alpha = store.shown.length > 60 ? 0.55 : 0.9;
  const lines = store.shown.map((run) =>
    svg('path', {
      d: pathOf(layout, axes, run),
      fill: 'none',
      stroke: store.colours.of(run),
      'stroke-width': 1.2,
      'stroke-opacity': alpha,
    }),
  );
  const heads = axes.map(({ column: { name } }, i) => {
    const anchor = i === 0 ? 'start' : i === axes.length - 1 ? 'end' : 'middle';
    return text(name, layout.lefts[i]! + (i === 0 ? -40 : i === axes.length - 1 ? 40 : 0), 18, {
      size: 11,
      strong: true,
      anchor,
    });
  });
  put(PARALLEL + 18, ...lines, ...axisMarks(layout, axes, theme, store.brushes), ...heads);
  const columns = width >= 560 ? 2 : 1;
  const part = columns === 2 ? Math.floor((width - BETWEEN) / 2) : width;
  const charts = chartsOf(store);
  for (let i = 0; i < charts.length; i += columns) {
    const marks = charts.slice(i, i + columns).map(({ chart, name }, column) => {
      const panel = panelOf(chart, { ...boxOf(part), top: HEAD }, {}, theme);
      const drawn =
        chart.empty === undefined
          ? [...panelDrawing([panel], theme), ...labelMarks(chart, panel, theme, measureIn(theme.fontFamily))]
          : [text(chart.empty, MARGIN, HEAD + 20, { size: 11 })];
      return svg(
        'g',
        { transform: `translate(${column * (part + BETWEEN)} 0)` },
        text(name, MARGIN, 16, { size: 12, strong: true }),
        ...drawn,
      );
    });
    put(CHART_HEIGHT + HEAD, ...marks);
  }
  if (picture) {
    const { marks, height } = pictureMarks(picture, width, theme);
    put(height, ...marks);
  }
  const shown = rows.slice(0, ROWS);
  put((shown.length + 1) * ROW + 20, ...tableMarks(store, names, shown, width, theme));
  if (rows.length > shown.length)
    put(18, text(`and ${rows.length - shown.length} more runs`, MARGIN, 6, { size: 11, quiet: true }));
  return standalone(layers, width + MARGIN, top, theme);
}

interface Style {
  size: number;
  strong?: boolean;
  quiet?: boolean;
  anchor?: string;
}

const textIn =
  (theme: Theme) =>
  (content: string, x: number, y: number, { size, strong = false, quiet = false, anchor = 'start' }: Style) =>
    svg(
      'text',
      {
        x,
        y,
        'font-size': size,
        'font-weight': strong ? 600 : 400,
        'text-anchor': anchor,
        fill: quiet ? theme.muted : theme.foreground,
      },
      content,
    );

function keyMarks({ colours }: SweepStore, theme: Theme): SVGElement[] {
  const text = textIn(theme);
  const measure = measureIn(theme.fontFamily);
  const { column, entries, scale, ofValue } = colours;
  let left = MARGIN + measure(column.name, { size: 11, strong: true }) + 14;
  const marks: SVGElement[] = [text(column.name, MARGIN, 12, { size: 11, strong: true })];
  for (const { value, colour } of entries) {
    marks.push(
      svg('rect', { x: left, y: 3, width: 10, height: 10, fill: colour }),
      text(valueText(value), left + 14, 12, { size: 11, quiet: true }),
    );
    left += 30 + measure(valueText(value), { size: 11 });
  }
  if (entries.length > 0) return marks;
  const value = (share: number) => {
    const place = scale.low + share * (scale.high - scale.low);
    return scale.kind === 'log' ? 10 ** place : place;
  };
  const low = valueText(Number(value(0).toPrecision(4)));
  marks.push(text(low, left, 12, { size: 11, quiet: true }));
  left += measure(low, { size: 11 }) + 8;
  for (let i = 0; i < 60; i++)
    marks.push(svg('rect', { x: left + 2 * i, y: 3, width: 2.4, height: 10, fill: ofValue(value(i / 59)) }));
  marks.push(text(valueText(Number(value(1).toPrecision(4))), left + 128, 12, { size: 11, quiet: true }));
  return marks;
}

function chartsOf(store: SweepStore): { chart: Chart; name: string }[] {
  const { data, looks, colours, shown } = store;
  const charts: { chart: Chart; name: string }[] = [];
  const curve = data.curves[looks.curve];
  if (curve) {
    const chart = curveChart(data, shown, {
      curve,
      by: looks.by,
      each: looks.each,
      settings: store.settingColumns,
      colours,
    });
    charts.push({ chart, name: `Curves: ${curve.split} ${curve.name}` });
  }
  const [x, y] = [store.column(looks.parameter), store.column(looks.metric)];
  if (x && y) charts.push({ chart: metricChart(shown, x, y, colours), name: `${y.name} by ${x.name}` });
  const [first, second] = (looks.front ?? []).map((name) => store.column(name));
  if (first && second) {
    const { wayX, wayY } = looks;
    charts.push({
      chart: frontChart(data, shown, { x: first, y: second, wayX, wayY, colours }).chart,
      name: 'Pareto front',
    });
  }
  return charts;
}

function pictureMarks({ picture: { view }, says }: { picture: RunPicture; says: string }, width: number, theme: Theme) {
  const text = textIn(theme);
  const measure = measureIn(theme.fontFamily);
  const { sampleShape: shape, inputs, methods } = view;
  const rows = [...(inputs ? [{ name: 'input', samples: inputs }] : []), ...methods];
  const high = shape.kind === 'image' ? (CELL * shape.height) / shape.width : 0.75 * CELL;
  const most = Math.max(1, Math.floor((width - 110) / (CELL + 4)));
  const marks = [
    text(
      shorten(says, width - MARGIN, (words) => measure(words, { size: 12, strong: true })),
      MARGIN,
      14,
      { size: 12, strong: true },
    ),
  ];
  rows.forEach(({ name, samples }, row) => {
    const y = 24 + row * (high + 4);
    marks.push(
      text(
        shorten(name, 88, (words) => measure(words, { size: 11 })),
        96,
        y + high / 2 + 4,
        { size: 11, quiet: true, anchor: 'end' },
      ),
    );
    splitSamples(samples, shape)
      .slice(0, most)
      .forEach((values, i) => {
        const place = { x: 104 + i * (CELL + 4), y, width: CELL, height: high };
        if (shape.kind === 'image') {
          const href = imageCanvas(values, shape).toDataURL();
          marks.push(
            svg('image', { ...place, href, style: 'image-rendering: pixelated', preserveAspectRatio: 'none' }) as never,
          );
        } else {
          marks.push(
            svg('path', {
              d: profilePath(values, spanOf(values), place),
              fill: 'none',
              stroke: theme.foreground,
            }) as never,
          );
        }
      });
  });
  return { marks, height: 24 + rows.length * (high + 4) + 14 };
}

/** Rows with as many columns as there is room for. */
function tableMarks(
  store: SweepStore,
  names: readonly string[],
  rows: PrintedSweep['rows'],
  width: number,
  theme: Theme,
): SVGElement[] {
  const text = textIn(theme);
  const measure = measureIn(theme.fontFamily);
  let left = MARGIN + 14;
  const ends = names.map((name, column) => {
    const widest = Math.max(
      ...[name, ...rows.map(({ cells }) => cells[column]!)].map((words) => measure(words, { size: 11 })),
    );
    left += widest + 16;
    return left - 16;
  });
  const kept = ends.filter((end) => end <= width).length;
  const rule = svg('line', { x1: MARGIN, x2: width, y1: 18, y2: 18, stroke: theme.line });
  const heads = names
    .slice(0, kept)
    .map((name, i) => text(name, ends[i]!, 13, { size: 11, quiet: true, anchor: 'end' }));
  const body = rows.flatMap(({ run, cells }, row) => {
    const y = 18 + (row + 1) * ROW - 4;
    const swatch = svg('rect', { x: MARGIN, y: y - 8, width: 9, height: 9, fill: store.colours.of(run) });
    return [swatch, ...cells.slice(0, kept).map((cell, i) => text(cell, ends[i]!, y, { size: 11, anchor: 'end' }))];
  });
  return [rule, ...heads, ...body];
}

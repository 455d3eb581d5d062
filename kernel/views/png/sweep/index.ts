/** A sweep as a picture: what its live view shows at first. */
import { decode } from '../../encoding';
import { colouring } from '../../sweep/charts/colouring';
import type { Colouring } from '../../sweep/charts/colouring';
import { usualChoices } from '../../sweep/charts/choices';
import type { SweepChoices } from '../../sweep/charts/choices';
import { curveChart } from '../../sweep/charts/curveChart';
import { frontChart } from '../../sweep/charts/frontChart';
import { metricChart } from '../../sweep/charts/metricChart';
import { parallelAxis } from '../../sweep/charts/parallel';
import { columnOf, numbersOf, sweepData } from '../../sweep/data';
import type { SweepData } from '../../sweep/data';
import { ranked } from '../../sweep/ranking';
import { cellText, tableColumns } from '../../sweep/rows';
import { valueText, varying } from '../../sweep/settings';
import { SPREAD_NOTE } from '../../sweep/statistics';
import type { SweepView } from '../../types';
import { count, counted } from '../../wording';
import { line } from '../axes';
import { drawPng, drawText, textWidth } from '../canvas';
import type { Context } from '../canvas';
import { drawNotes, noteLines, notesHeight } from '../figures/notes';
import { pageWidth } from '../page';
import { INK, QUIET, RULE } from '../palette';
import { drawChart } from './charts';
import { drawParallel } from './parallel';
import { drawPicture, pictureHeight } from './picture';

const WIDTH = 860;
const LEFT = 14;
const PARALLEL = { top: 92, height: 190 };
const CHART = { height: 190, left: 66, between: 76, below: 64 };
/** Rows of the table, and what stands above it. */
const ROWS = 10;
const TABLE_HEAD = 22;
const ROW = 19;

export function sweepPng(view: SweepView): Buffer {
  const data = sweepData(view, decode);
  const choices = usualChoices(view, data);
  const colours = colouring(columnOf(data, choices.colour)!, 'light');
  const width = pageWidth(WIDTH);
  const columns = width < 600 ? 1 : 2;
  const charts = chartsOf(data, choices, colours);
  const rows = Math.ceil(charts.length / columns);
  const chartsTop = PARALLEL.top + PARALLEL.height + 62;
  const pictureTop = chartsTop + rows * (CHART.height + CHART.below) - 10;
  const picture = bestPicture(view, data, choices);
  const across = (width - CHART.left - 16 - (columns - 1) * CHART.between) / columns;
  const isBeside = columns === 2 && charts.length % 2 === 1;
  const beside = {
    left: CHART.left + across + CHART.between - 44,
    top: chartsTop + (rows - 1) * (CHART.height + CHART.below) - 26,
  };
  const place = isBeside ? { ...beside, width: across + 44 } : { left: LEFT, top: pictureTop, width: width - 2 * LEFT };
  const below = picture && !isBeside ? pictureHeight(picture.picture, place.width) + 12 : 0;
  const tableTop = pictureTop + below;
  const order = bestFirst(data, choices);
  const best = order.slice(0, ROWS);
  const tableBottom = tableTop + TABLE_HEAD + 34 + best.length * ROW;
  const notes = noteLines([view.summary, ...view.notes, SPREAD_NOTE], width);
  return drawPng(width, tableBottom + 10 + notesHeight(notes), (context) => {
    drawText(context, view.title, LEFT, 22, { size: 14, weight: 'bold', maxWidth: width - 28 });
    drawLegend(context, colours);
    const box = { left: 46, top: PARALLEL.top, width: width - 46 - 60, height: PARALLEL.height };
    drawParallel(
      context,
      box,
      choices.axes.map((name) => parallelAxis(columnOf(data, name)!)),
      all(data),
      colours.of,
    );
    charts.forEach(({ chart, title }, i) => {
      const left = CHART.left + (i % columns) * (across + CHART.between);
      const top = chartsTop + Math.floor(i / columns) * (CHART.height + CHART.below);
      drawChart(context, { left, top, width: across, height: CHART.height }, chart, title);
    });
    if (picture) drawPicture(context, place, picture.picture, picture.title);
    const table = { left: LEFT, top: tableTop + TABLE_HEAD, width: width - 2 * LEFT };
    const head = tableTitle(data, order, choices);
    drawText(context, head, LEFT, tableTop + 12, { size: 12, weight: 'bold', maxWidth: table.width });
    drawTable(context, table, data, best, colours);
    drawNotes(context, notes, tableBottom + 10);
  });
}

const all = ({ count }: SweepData) => Array.from({ length: count }, (_, i) => i);

function chartsOf(data: SweepData, choices: SweepChoices, colours: Colouring) {
  const runs = all(data);
  const charts = [];
  const curve = data.curves[choices.curve];
  if (curve) {
    const chart = curveChart(data, runs, { curve, by: 'step', each: false, settings: varying(data), colours });
    charts.push({ chart, title: `${curve.split} ${curve.name}: medians and quartiles` });
  }
  const metric = columnOf(data, choices.metric);
  const parameter = columnOf(data, choices.parameter);
  if (metric && parameter)
    charts.push({ chart: metricChart(runs, parameter, metric, colours), title: `${metric.name} by ${parameter.name}` });
  const [x, y] = (choices.front ?? []).map((name) => columnOf(data, name));
  if (x && y) {
    const { chart } = frontChart(data, runs, { x, y, wayX: x.better, wayY: y.better, colours });
    charts.push({ chart, title: x.better && y.better ? 'Pareto front' : `${y.name} by ${x.name}` });
  }
  return charts;
}

function bestFirst(data: SweepData, { metric, better }: SweepChoices): number[] {
  const column = columnOf(data, metric);
  return column && better ? ranked(numbersOf(column), better, all(data)) : all(data);
}

/** Which runs the table has: the picture’s reader cannot scroll to the others. */
function tableTitle({ count: all }: SweepData, order: readonly number[], { metric, better }: SweepChoices): string {
  const runs = counted(all, 'run');
  if (metric === undefined || better === null) return all > ROWS ? `The first ${ROWS} of ${runs}` : runs;
  const by = `${better === 'lower' ? 'lowest' : 'highest'} ${metric} first`;
  const without = all > order.length ? `; ${count(all - order.length)} without a value left out` : '';
  return order.length > ROWS ? `The ${ROWS} best of ${runs}, ${by}` : `${runs}, ${by}${without}`;
}

function bestPicture(view: SweepView, data: SweepData, choices: SweepChoices) {
  const { metric, better } = choices;
  const [best] = better ? bestFirst(data, choices) : [];
  const picture = view.pictures.find(({ run }) => run === best);
  if (best === undefined || !picture) return undefined;
  const title = `Run ${data.numbers[best]!}, ${better === 'lower' ? 'lowest' : 'highest'} ${metric}, from ${picture.source}`;
  return { picture: picture.view, title };
}

function drawLegend(context: Context, { column, entries, scale, ofValue }: Colouring): void {
  const top = 46;
  drawText(context, column.name, LEFT, top, { size: 11, weight: 'bold', colour: INK });
  let left = LEFT + textWidth(context, column.name, { size: 11, weight: 'bold' }) + 12;
  for (const { value, colour } of entries) {
    context.fillStyle = colour;
    context.fillRect(left, top - 8, 9, 9);
    drawText(context, valueText(value), left + 13, top, { size: 11, colour: QUIET });
    left += 28 + textWidth(context, valueText(value), { size: 11 });
  }
  if (entries.length > 0) return;
  const value = (share: number) => {
    const place = scale.low + share * (scale.high - scale.low);
    return scale.kind === 'log' ? 10 ** place : place;
  };
  drawText(context, valueText(value(0)), left, top, { size: 11, colour: QUIET });
  left += textWidth(context, valueText(value(0)), { size: 11 }) + 8;
  for (let i = 0; i < 120; i++) {
    context.fillStyle = ofValue(value(i / 119));
    context.fillRect(left + i, top - 8, 1.5, 9);
  }
  drawText(context, valueText(value(1)), left + 128, top, { size: 11, colour: QUIET });
}

/** The best runs, with as many columns as there is room for. */
function drawTable(
  context: Context,
  box: { left: number; top: number; width: number },
  data: SweepData,
  runs: readonly number[],
  colours: Colouring,
): void {
  let left = box.left + 14;
  const shown = tableColumns(data).flatMap((column) => {
    const texts = runs.map((run) => cellText(column, column.values[run] ?? null));
    const width = Math.max(...[column.name, ...texts].map((text) => textWidth(context, text, { size: 10.5 })), 24);
    const end = left + width;
    left = end + 16;
    return end > box.left + box.width ? [] : [{ column, texts, end }];
  });
  const foot = box.top + 20;
  for (const { column, end } of shown)
    drawText(context, column.name, end, box.top + 14, { size: 10.5, colour: QUIET, align: 'right' });
  line(context, box.left, foot, box.left + box.width, foot, RULE);
  runs.forEach((run, i) => {
    const y = foot + (i + 1) * ROW - 4;
    context.fillStyle = colours.of(run);
    context.fillRect(box.left, y - 8, 8, 8);
    for (const { texts, end } of shown) drawText(context, texts[i]!, end, y, { size: 10.5, align: 'right' });
  });
}

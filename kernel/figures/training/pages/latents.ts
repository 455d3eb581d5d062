/** What the model reports of itself at the ends of epochs: above all the divergence of each latent dimension. */
import { linearTicks } from '../../../views/ticks';
import {
  ACTIVE,
  curveFigures,
  divergenceMap,
  FIGURE_UNITS,
  figureName,
  figureRange,
  shadeOf,
  stagesOf,
} from '../../../views/training/epochFigures';
import type { DivergenceMap } from '../../../views/training/epochFigures';
import { latentName } from '../../../views/wording';
import { fromHex, hex, mix } from '../../colourSpace';
import { count, percent, quantity, measured as reading } from '../../../views/wording';
import { categoryColour } from '../../look';
import type { Axis, Cells, Line, Panel, Range } from '../../panel/panel';
import type { Look } from '../../look';
import type { Arrangement } from '../../panel/arrangement';
import { indexAt } from '../curves';
import type { Figures, LossData } from '../curves';
import type { KeyEntry } from '../key';
import { drawnAt } from '../reading';
import { longest, stepAxis } from './page';
import type { Cursor, Drawing, Page, PanelText } from './page';

export const latents: Page = {
  id: 'latents',
  title: (data) =>
    mapOf(data) ? 'Latents' : data.figures.some(({ name }) => /odebook/.test(name)) ? 'Codebook' : 'Model',
  layout: 'first',
  count: (data) => (mapOf(data) ? 1 : 0) + curvesOf(data).length,
  hasRightAxis: () => false,
  longestLabel,
  panels,
  texts,
  key,
  rows: (data) => mapOf(data)?.order.length ?? 0,
};

const mapOf = ({ figures }: LossData) => divergenceMap(figures);
const curvesOf = ({ figures }: LossData) => curveFigures(figures);

function axesOf({ data, zoom }: Drawing, heights: readonly number[]): Axis[] {
  const map = mapOf(data);
  const first = map ? [rowAxis(map, heights[0]!, zoom.y0)] : [];
  const curves = curvesOf(data).map((figures, i): Axis => {
    const at = i + first.length;
    const range = zoom[`y${at}`] ?? figureRange(figures);
    const whole = Array.prototype.every.call(figures.values, Number.isInteger);
    const ticks = linearTicks(...range, Math.max(2, Math.floor((heights[at] ?? 90) / 30)), { whole });
    return { range, ticks, title: FIGURE_UNITS[figures.name] };
  });
  return [...first, ...curves];
}

/** The mark of what is active is twice as wide as a letter. */
function longestLabel(drawing: Drawing, boxes: Arrangement['boxes']): number {
  const heights = boxes.map(({ height }) => height);
  return longest(axesOf(drawing, heights)) + (mapOf(drawing.data) ? 1 : 0);
}

/** Names of dimensions, those that are active marked; as many as there is room for. */
function rowAxis({ order, active }: DivergenceMap, height: number, zoomed: Range | undefined): Axis {
  const k = order.length;
  const range: Range = zoomed ?? [0.5, k + 0.5];
  const stride = Math.max(1, Math.ceil((14 * (range[1] - range[0])) / height));
  const ticks = order.flatMap((dimension, row) => {
    const value = k - row;
    if (row % stride !== 0 || value < range[0] || value > range[1]) return [];
    return [{ value, text: `${active[dimension] ? '● ' : ''}${latentName(dimension + 1)}` }];
  });
  return { range, ticks, title: 'latent dimension, by divergence' };
}

const SHADES = 64;

/** From the background to the colour of the term. */
function shadesOf(look: Look): string[] {
  const [from, to] = [fromHex(look.background), fromHex(categoryColour(look.categories, 2))];
  const far = fromHex(look.foreground);
  return Array.from({ length: SHADES }, (_, i) => {
    const share = i / (SHADES - 1);
    return hex(share < 0.75 ? mix(from, to, share / 0.75) : mix(to, far, (share - 0.75) * 1.6));
  });
}

function cellsOf({ kl, order, greatest }: DivergenceMap<Figures>, { progress }: LossData, look: Look): Cells {
  const shades = shadesOf(look);
  const begins = Math.min(progress.before?.steps ?? 0, kl.steps[0]!);
  return {
    name: 'divergence by dimension',
    edges: Float32Array.of(begins, ...kl.steps),
    rows: order.length,
    colour: (column, row) => {
      const value = kl.values[column * kl.dimensions + order[row]!]!;
      if (!Number.isFinite(value)) return look.error;
      return shades[Math.round(shadeOf(value, greatest) * (SHADES - 1))]!;
    },
  };
}

function panels(drawing: Drawing, look: Look, { boxes, hasStepAxis }: Arrangement): Panel[] {
  const { data } = drawing;
  const map = mapOf(data);
  const axes = axesOf(
    drawing,
    boxes.map(({ height }) => height),
  );
  const base = (i: number) => ({
    ...{ box: boxes[i]!, x: stepAxis(drawing, boxes[i]!), hasLabels: hasStepAxis[i] ?? true, y: axes[i]! },
    ...{ bands: [], broken: [] },
  });
  const first: Panel[] = map ? [{ ...base(0), lines: [], cells: cellsOf(map, data, look) }] : [];
  const others = curvesOf(data).map((figures, i): Panel => {
    const at = i + first.length;
    return { ...base(at), lines: linesOf(figures, at, look) };
  });
  return [...first, ...others];
}

function linesOf(figures: Figures, panel: number, look: Look): Line[] {
  const colour = categoryColour(look.categories, panel);
  const markers = figures.steps.length > 60 ? undefined : look.background;
  return stagesOf(figures).map(({ steps, values }, stage) => ({
    name: figures.dimensions > 1 ? `${figures.name} ${stage + 1}` : figures.name,
    ...{ x: steps, y: values, colour, width: 1.5, markers, ...(stage > 0 && { dash: [7 - (stage % 3) * 2, 3] }) },
  }));
}

function texts({ data }: Drawing, cursor: Cursor, look: Look): PanelText[] {
  const map = mapOf(data);
  const step = cursor.step ?? Infinity;
  const first: PanelText[] = [];
  if (map) {
    const text = mapText(map, step, cursor.row);
    const colour = categoryColour(look.categories, 2);
    first.push({ name: 'divergence by dimension', colour, reading: text, title: text, dots: [] });
  }
  const others = curvesOf(data).map((figures, i): PanelText => {
    const colour = categoryColour(look.categories, i + first.length);
    const stages = stagesOf(figures);
    const text = stages.map((curve) => quantity(Number(drawnAt(curve, step).value.toPrecision(4)))).join(' · ');
    const title = `${text} at the end of an epoch, over at most 1,000 samples`;
    return {
      name: figureName(figures.name),
      colour,
      reading: text,
      title,
      dots: stages.map((curve) => ({ curve, colour })),
    };
  });
  return [...first, ...others];
}

/** `6.03 nats, 2 of 8 active`; of one dimension `z₃ 2.31 nats (38 %), active`. */
function mapText({ kl, order, active }: DivergenceMap<Figures>, step: number, row: number | null): string {
  // A cell stands for what came before its end.
  const column = Math.min(kl.steps.length - 1, indexAt(kl, step - 1) + 1);
  const values = Array.from(kl.values.subarray(column * kl.dimensions, (column + 1) * kl.dimensions));
  const whole = values.reduce((sum, value) => sum + value, 0);
  const units = active.filter(Boolean).length;
  if (row === null) return `${reading(whole)} nats, ${count(units)} of ${count(order.length)} active`;
  const dimension = order[row]!;
  const share = whole > 0 ? ` (${percent(values[dimension]! / whole)})` : '';
  const state = active[dimension] ? 'active' : 'not active';
  return `${latentName(dimension + 1)} ${reading(values[dimension]!)} nats${share}, ${state}`;
}

function key({ data }: Drawing, look: Look): KeyEntry[] {
  const map = mapOf(data);
  if (!map) return [];
  const shades = shadesOf(look);
  const scale = Array.from({ length: 8 }, (_, i) => shades[Math.round((i / 7) * (SHADES - 1))]!);
  return [
    { text: `0 to ${quantity(Number(map.greatest.toPrecision(3)))} nats`, colour: '', width: 10, scale },
    { text: `● active: its mean varies by more than ${ACTIVE}`, colour: '', width: 0 },
  ];
}

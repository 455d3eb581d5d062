/** What the model reports of itself at the ends of epochs: above all the divergence of each latent dimension. */
import { linearTicks } from '../../../../kernel/views/ticks';
import { latentName } from '../../../../kernel/views/wording';
import { fromHex, hex, mix } from '../../../colours';
import { count, percent, quantity, reading } from '../../../numbers';
import { categoryColour } from '../../../palette';
import type { Axis, Cells, Line, Panel, Range } from '../../../panels/panel';
import type { Theme } from '../../../theme';
import type { Arrangement } from '../arrangement';
import { indexAt } from '../curves';
import type { Figures, LossData } from '../curves';
import type { KeyEntry } from '../key';
import { drawnAt } from '../reading';
import { longest, stepAxis } from './page';
import type { Cursor, Drawing, Page, PanelText } from './page';

/** A dimension whose mean varies by more is active: Burda, Grosse and Salakhutdinov 2015, section 5.2. */
const ACTIVE = 0.01;

export const latents: Page = {
  id: 'latents',
  title: (data) =>
    mapOf(data) ? 'Latents' : data.figures.some(({ name }) => /odebook/.test(name)) ? 'Codebook' : 'Model',
  layout: 'first',
  count: (data) => (mapOf(data) ? 1 : 0) + curvesOf(data).length,
  hasRightAxis: () => false,
  longestLabel: (drawing, boxes) =>
    longest(
      axesOf(
        drawing,
        boxes.map(({ height }) => height),
      ),
    ),
  panels,
  texts,
  key,
  rows: (data) => mapOf(data)?.order.length ?? 0,
};

/** Divergences by dimension, the greatest at the end first. */
interface DivergenceMap {
  kl: Figures;
  /** Dimensions (from 0) from the top row down. */
  order: number[];
  /** Whether each dimension was active when it was looked at last. */
  active: boolean[];
  greatest: number;
}

function mapOf({ figures }: LossData): DivergenceMap | undefined {
  const kl = figures.find(({ name }) => name === 'klPerDimension');
  if (!kl || kl.steps.length === 0) return undefined;
  const last = lastRow(kl);
  const order = [...last.keys()].sort((a, b) => last[b]! - last[a]! || a - b);
  const variances = figures.find(
    ({ name, dimensions }) => name === 'variancePerDimension' && dimensions === last.length,
  );
  const ends = variances ? lastRow(variances) : [];
  let greatest = 0;
  for (const value of kl.values) if (value > greatest) greatest = value;
  return { kl, order, active: last.map((_, i) => ends[i]! > ACTIVE), greatest };
}

function lastRow({ values, dimensions }: Figures): number[] {
  return Array.from(values.subarray(values.length - dimensions));
}

/** The other figures, each with its curves: one, or one a stage. */
function curvesOf({ figures }: LossData): Figures[] {
  return figures.filter(({ name, steps }) => !/PerDimension$|^codeCounts$/.test(name) && steps.length > 0);
}

/** `activeUnits` as `active units`. */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const UNITS: Record<string, string> = { mutualInformation: 'nats', priorMismatch: 'nats' };

function axesOf({ data, zoom }: Drawing, heights: readonly number[]): Axis[] {
  const map = mapOf(data);
  const first = map ? [rowAxis(map, heights[0]!, zoom.y0)] : [];
  const curves = curvesOf(data).map((figures, i): Axis => {
    const at = i + first.length;
    const range = zoom[`y${at}`] ?? rangeOf(figures);
    const whole = Array.prototype.every.call(figures.values, Number.isInteger);
    const ticks = linearTicks(...range, Math.max(2, Math.floor((heights[at] ?? 90) / 30)), { whole });
    return { range, ticks, title: UNITS[figures.name] };
  });
  return [...first, ...curves];
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

function rangeOf({ values }: Figures): Range {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (value > high) high = value;
    if (value < low) low = value;
  }
  const span = high - low || 1;
  return [low - (low < 0 ? 0.05 * span : 0), high + 0.1 * span];
}

const SHADES = 64;

/** From the background to the colour of the term: small divergences should differ most, so shares are square roots. */
function shadesOf(theme: Theme): string[] {
  const [from, to] = [fromHex(theme.background), fromHex(categoryColour(theme.categories, 2))];
  const far = fromHex(theme.foreground);
  return Array.from({ length: SHADES }, (_, i) => {
    const share = i / (SHADES - 1);
    return hex(share < 0.75 ? mix(from, to, share / 0.75) : mix(to, far, (share - 0.75) * 1.6));
  });
}

function cellsOf({ kl, order, greatest }: DivergenceMap, { progress }: LossData, theme: Theme): Cells {
  const shades = shadesOf(theme);
  const begins = Math.min(progress.before?.steps ?? 0, kl.steps[0]!);
  return {
    name: 'divergence by dimension',
    edges: Float32Array.of(begins, ...kl.steps),
    rows: order.length,
    colour: (column, row) => {
      const value = kl.values[column * kl.dimensions + order[row]!]!;
      if (!Number.isFinite(value)) return theme.error;
      const share = greatest > 0 ? Math.sqrt(Math.max(0, value) / greatest) : 0;
      return shades[Math.round(share * (SHADES - 1))]!;
    },
  };
}

function panels(drawing: Drawing, theme: Theme, { boxes, hasStepAxis }: Arrangement): Panel[] {
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
  const first: Panel[] = map ? [{ ...base(0), lines: [], cells: cellsOf(map, data, theme) }] : [];
  const others = curvesOf(data).map((figures, i): Panel => {
    const at = i + first.length;
    return { ...base(at), lines: linesOf(figures, at, theme) };
  });
  return [...first, ...others];
}

function stagesOf({ steps, values, dimensions }: Figures) {
  return Array.from({ length: dimensions }, (_, stage) => ({
    steps,
    values: Float32Array.from(steps, (_step, i) => values[i * dimensions + stage]!),
  }));
}

function linesOf(figures: Figures, panel: number, theme: Theme): Line[] {
  const colour = categoryColour(theme.categories, panel);
  const markers = figures.steps.length > 60 ? undefined : theme.background;
  return stagesOf(figures).map(({ steps, values }, stage) => ({
    name: figures.dimensions > 1 ? `${figures.name} ${stage + 1}` : figures.name,
    ...{ x: steps, y: values, colour, width: 1.5, markers, ...(stage > 0 && { dash: [7 - (stage % 3) * 2, 3] }) },
  }));
}

function texts({ data }: Drawing, cursor: Cursor, theme: Theme): PanelText[] {
  const map = mapOf(data);
  const step = cursor.step ?? Infinity;
  const first: PanelText[] = [];
  if (map) {
    const text = mapText(map, step, cursor.row);
    const colour = categoryColour(theme.categories, 2);
    first.push({ name: 'divergence by dimension', colour, reading: text, title: text, dots: [] });
  }
  const others = curvesOf(data).map((figures, i): PanelText => {
    const colour = categoryColour(theme.categories, i + first.length);
    const stages = stagesOf(figures);
    const text = stages.map((curve) => quantity(Number(drawnAt(curve, step).value.toPrecision(4)))).join(' · ');
    const title = `${text} at the end of an epoch, over at most 1,000 samples`;
    return {
      name: words(figures.name),
      colour,
      reading: text,
      title,
      dots: stages.map((curve) => ({ curve, colour })),
    };
  });
  return [...first, ...others];
}

/** `6.03 nats, 2 of 8 active`; of one dimension `z₃ 2.31 nats (38 %), active`. */
function mapText({ kl, order, active }: DivergenceMap, step: number, row: number | null): string {
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

function key({ data }: Drawing, theme: Theme): KeyEntry[] {
  const map = mapOf(data);
  if (!map) return [];
  const shades = shadesOf(theme);
  const scale = Array.from({ length: 8 }, (_, i) => shades[Math.round((i / 7) * (SHADES - 1))]!);
  return [
    { text: `0 to ${quantity(Number(map.greatest.toPrecision(3)))} nats`, colour: '', width: 10, scale },
    { text: `● active: its mean varies by more than ${ACTIVE}`, colour: '', width: 0 },
  ];
}

/** The total as the stack of its terms, each times its weight. */
import { smooth } from '../../../../kernel/views/smoothing';
import type { SmoothedCurve } from '../../../../kernel/views/smoothing';
import { linearTicks } from '../../../../kernel/views/ticks';
import { withAlpha } from '../../../colours';
import { percent, quantity, reading } from '../../../numbers';
import { categoryColour } from '../../../palette';
import type { Band, Panel, Range } from '../../../panels/panel';
import type { Theme } from '../../../theme';
import type { Arrangement } from '../arrangement';
import { indexAt } from '../curves';
import type { LossData, Term } from '../curves';
import type { KeyEntry } from '../key';
import { drawnAt } from '../reading';
import { longest, stepAxis } from './page';
import type { Cursor, Drawing, Page, PanelText } from './page';

/** A term of the total, from where those below it end. */
interface Layer {
  name: string;
  /** `β · kl` */
  label: string;
  colour: number;
  steps: ArrayLike<number>;
  /** Weighted. */
  values: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

export const stack: Page = {
  id: 'stack',
  title: () => 'Stacked',
  layout: 'first',
  count: (data) => (stacked(data).length > 1 ? 1 : 0),
  hasRightAxis: () => false,
  longestLabel: (drawing, [box]) => longest([valueAxis(drawing, layersOf(drawing), box!.height)]),
  panels,
  texts,
  key,
  rows: () => 0,
};

/** The terms that the total is made of; none where it is not known how. */
function stacked({ terms, weights }: LossData): Term[] {
  if (weights === undefined) return [];
  return terms.filter(({ name, train }) => name !== 'total' && train && train.steps.length > 0 && weights[name] !== 0);
}

/** Terms above zero stand on each other, those below it hang from it. */
function layersOf({ data, choices }: Drawing): Layer[] {
  const terms = stacked(data);
  const first = terms[0]?.train;
  const steps = first?.stretches?.steps ?? first?.steps ?? [];
  const [up, down] = [new Float64Array(steps.length), new Float64Array(steps.length)];
  return terms.map((term): Layer => {
    const { train, name } = term;
    const measured = train!.stretches?.means ?? train!.values;
    const weight = weightAt(data, name);
    const weighted = Float64Array.from(measured, (value, i) => value * weight(steps[i]!));
    const values = smooth(weighted, choices.smoothing, train!.stretches?.sizes);
    const [low, high] = [new Float64Array(values.length), new Float64Array(values.length)];
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const side = value < 0 ? down : up;
      const ends = [side[i]!, side[i]! + value];
      [low[i], high[i]] = [Math.min(...ends), Math.max(...ends)];
      if (Number.isFinite(value)) side[i] = ends[1]!;
    }
    const label = labelOf(data, name);
    return { name, label, colour: data.terms.indexOf(term), steps, values, low, high };
  });
}

function weightAt({ weights, schedules }: LossData, name: string): (step: number) => number {
  const weight = weights?.[name] ?? 1;
  if (typeof weight === 'number') return () => weight;
  const schedule = schedules.find((one) => one.name === weight);
  return (step) => schedule?.values[Math.max(0, indexAt(schedule, step))] ?? 1;
}

/** `β · kl`, `0.25 · commitment`, `reconstruction` */
function labelOf({ weights }: LossData, name: string): string {
  const weight = weights?.[name] ?? 1;
  if (weight === 1) return name;
  return `${typeof weight === 'number' ? quantity(weight) : weight} · ${name}`;
}

function totalOf({ data, smoothed }: Drawing): SmoothedCurve | undefined {
  const total = data.terms.find(({ name }) => name === 'total');
  return total && smoothed.get(total);
}

function valueAxis(drawing: Drawing, layers: readonly Layer[], height: number) {
  const range = drawing.zoom.y0 ?? rangeOf(layers, drawing.choices.full);
  return { range, ticks: linearTicks(...range, Math.max(2, Math.floor(height / 36))), title: drawing.data.unit };
}

/** From 0; the first twentieth of a training may be left out. */
function rangeOf(layers: readonly Layer[], full: boolean): Range {
  let [low, high] = [0, 0];
  for (const layer of layers) {
    for (let i = full ? 0 : Math.floor(layer.high.length / 20); i < layer.high.length; i++) {
      if (layer.high[i]! > high) high = layer.high[i]!;
      if (layer.low[i]! < low) low = layer.low[i]!;
    }
  }
  const span = high - low || 1;
  return [low - (low < 0 ? 0.05 * span : 0), high + 0.05 * span];
}

function panels(drawing: Drawing, theme: Theme, { boxes }: Arrangement): Panel[] {
  const box = boxes[0]!;
  const layers = layersOf(drawing);
  const total = totalOf(drawing);
  const bands = layers.map(({ name, colour, steps, low, high }): Band => ({
    ...{ name: `stacked ${name}`, x: steps, low, high },
    colour: withAlpha(categoryColour(theme.categories, colour), theme.dark ? 0.75 : 0.65),
  }));
  const line = total && { name: 'train total', x: total.steps, y: total.values, colour: theme.foreground, width: 1.5 };
  return [
    {
      ...{ box, x: stepAxis(drawing, box), hasLabels: true, y: valueAxis(drawing, layers, box.height), bands },
      ...{ lines: line ? [line] : [], broken: [] },
    },
  ];
}

function texts(drawing: Drawing, { step }: Cursor, theme: Theme): PanelText[] {
  const total = totalOf(drawing);
  const at = step ?? drawing.data.lastStep;
  const whole = total && indexAt(total, at) >= 0 ? drawnAt(total, at).value : NaN;
  const parts = layersOf(drawing).map((layer) => {
    const value = layer.values[Math.max(0, indexAt(layer, at))] ?? NaN;
    const share = whole > 0 && value >= 0 ? ` (${percent(value / whole)})` : '';
    return `${layer.label} ${reading(value)}${share}`;
  });
  const text = `${reading(whole)} = ${parts.join(' + ')}`;
  const dots = [{ curve: total, colour: theme.foreground }];
  return [{ name: 'total', colour: theme.foreground, reading: text, title: text, dots }];
}

function key(drawing: Drawing, theme: Theme): KeyEntry[] {
  const areas = layersOf(drawing).map(({ label, colour }): KeyEntry => {
    const fill = withAlpha(categoryColour(theme.categories, colour), theme.dark ? 0.75 : 0.65);
    return { text: label, colour: fill, width: 10, area: true };
  });
  return [{ text: 'total, smoothed', colour: theme.foreground, width: 1.5 }, ...areas];
}

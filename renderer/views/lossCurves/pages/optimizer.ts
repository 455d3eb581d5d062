/** How the training goes on, beside what it minimises: gradient norm, learning rate, weights, samples a second. */
import { smoothedCurve } from '../../../../kernel/views/smoothing';
import type { SmoothedCurve } from '../../../../kernel/views/smoothing';
import { linearTicks, logTicks } from '../../../../kernel/views/ticks';
import { withAlpha } from '../../../colours';
import { reading } from '../../../numbers';
import { categoryColour } from '../../../palette';
import type { Axis, Line, Panel, Range } from '../../../panels/panel';
import type { Theme } from '../../../theme';
import type { Arrangement } from '../arrangement';
import type { LossData, NamedCurve } from '../curves';
import type { KeyEntry } from '../key';
import { drawnAt } from '../reading';
import { isRate, longest, stepAxis, weightSchedules } from './page';
import type { Cursor, Drawing, Page, PanelText } from './page';

interface Shown {
  title: string;
  curves: NamedCurve[];
  /** Whether it is noise about a course, and so is smoothed. */
  isNoisy: boolean;
  /** Whether its axis begins at 0. */
  fromZero: boolean;
}

export const optimizer: Page = {
  id: 'optimizer',
  title: () => 'Optimizer',
  layout: 'grid',
  // The weights alone are on the first page already.
  count: (data) => (data.measures.length > 0 || data.schedules.some(isRate) ? shownOf(data).length : 0),
  hasRightAxis: () => false,
  longestLabel: (drawing, boxes) =>
    longest(shownOf(drawing.data).map((shown, i) => valueAxis(drawing, shown, i, boxes[i]!.height))),
  panels,
  texts,
  key: (drawing, theme) => keyOf(drawing, theme),
  rows: () => 0,
};

function shownOf(data: LossData): Shown[] {
  const measure = (name: string) => data.measures.filter((one) => one.name === name);
  // Where groups of weights have their own rates, they stand beside that of the others.
  const scheduled = data.schedules.filter(isRate);
  const rates = [...measure('learning rate'), ...scheduled.filter(({ name }) => name !== 'learning rate')];
  const all: Shown[] = [
    { title: 'gradient norm', curves: measure('gradient norm'), isNoisy: true, fromZero: true },
    { title: 'learning rate', curves: rates.length > 0 ? rates : scheduled, isNoisy: false, fromZero: true },
    { title: 'weights of terms', curves: weightSchedules(data), isNoisy: false, fromZero: true },
    { title: 'samples a second', curves: measure('samples per second'), isNoisy: true, fromZero: true },
  ];
  return all.filter(({ curves }) => curves.some(({ steps }) => steps.length > 0));
}

/** Its stretches are all of one length, which their steps tell. */
function averaged(curve: NamedCurve, weight: number): SmoothedCurve {
  const { steps, values } = curve;
  const size = steps.length > 1 ? steps[1]! - steps[0]! : 1;
  return smoothedCurve({ steps, values }, weight ** Math.max(1, size));
}

function valueAxis({ zoom, choices }: Drawing, { curves, fromZero, isNoisy }: Shown, i: number, height: number): Axis {
  const values = curves.flatMap((curve) => Array.from(curve.values)).filter(Number.isFinite);
  const log = choices.log && isNoisy && values.every((value) => value > 0);
  const range = zoom[`y${i}`] ?? (log ? logRange(values) : linearRange(values, fromZero));
  const count = Math.max(2, Math.floor(height / 30));
  const ticks = log ? logTicks(10 ** range[0], 10 ** range[1], count) : linearTicks(...range, count);
  return { range, log, ticks };
}

function linearRange(values: readonly number[], fromZero: boolean): Range {
  const low = values.reduce((a, b) => Math.min(a, b), fromZero ? 0 : Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), low);
  return high > low ? [low, high + 0.08 * (high - low)] : [low, low + 1];
}

function logRange(values: readonly number[]): Range {
  const logs = values.map(Math.log10);
  const [low, high] = [logs.reduce((a, b) => Math.min(a, b)), logs.reduce((a, b) => Math.max(a, b))];
  const span = high - low || 1;
  return [low - 0.05 * span, high + 0.05 * span];
}

function panels(drawing: Drawing, theme: Theme, { boxes }: Arrangement): Panel[] {
  return shownOf(drawing.data).map((shown, i): Panel => {
    const box = boxes[i]!;
    return {
      ...{ box, x: stepAxis(drawing, box), hasLabels: true, y: valueAxis(drawing, shown, i, box.height), bands: [] },
      lines: shown.curves.flatMap((curve, k) => linesOf(curve, k, shown, i, drawing, theme)),
      broken: drawing.data.broken
        .filter(({ quantity }) => quantity === 'gradient' && shown.title === 'gradient norm')
        .map(({ step, value, batch }) => ({ from: step, to: step, text: `${value}, batch ${batch}` })),
    };
  });
}

const DASHES = [undefined, [7, 5], [2, 3], [7, 4, 2, 4], [11, 5]] as const;

function linesOf(
  curve: NamedCurve,
  k: number,
  shown: Shown,
  panel: number,
  { choices }: Drawing,
  theme: Theme,
): Line[] {
  const colour = categoryColour(theme.categories, panel);
  const { name, steps, values } = curve;
  const dash = DASHES[k % DASHES.length];
  if (!shown.isNoisy || choices.smoothing === 0) return [{ name, x: steps, y: values, colour, width: 1.5, dash }];
  const raw = {
    name: `raw ${name}`,
    x: steps,
    y: values,
    colour: withAlpha(colour, theme.dark ? 0.42 : 0.3),
    width: 1,
  };
  const average = averaged(curve, choices.smoothing);
  return [raw, { name, x: average.steps, y: average.values, colour, width: 2 }];
}

function texts({ data, choices }: Drawing, { step }: Cursor, theme: Theme): PanelText[] {
  return shownOf(data).map(({ title, curves, isNoisy }, i) => {
    const colour = categoryColour(theme.categories, i);
    const drawn = curves.map((curve) => (isNoisy ? averaged(curve, choices.smoothing) : curve));
    const written = drawn.map((curve, k) => {
      const text = reading(drawnAt(curve, step ?? Infinity).value);
      return curves.length > 1 || title === 'weights of terms' ? `${curves[k]!.name} ${text}` : text;
    });
    const smoothed = isNoisy && choices.smoothing > 0 ? ' smoothed' : '';
    const text = `${written.join(' · ')}${smoothed}`;
    return { name: title, colour, reading: text, title: text, dots: drawn.map((curve) => ({ curve, colour })) };
  });
}

/** The panels' names say what is what; only several lines in one need a key. */
function keyOf({ data }: Drawing, theme: Theme): KeyEntry[] {
  return shownOf(data).flatMap(({ curves }, i) =>
    curves.length < 2
      ? []
      : curves.map(({ name }, k) => {
          const dash = DASHES[k % DASHES.length]?.join(' ');
          const colour = categoryColour(theme.categories, i);
          return { text: name, colour, width: 1.5, ...(dash !== undefined && { dash }) };
        }),
  );
}

/** How the training continues, beside what it minimises: gradient norm, learning rate, weights, samples a second. */
import { linearTicks, logTicks } from '../../../views/ticks';
import { averaged, steeringOf, steeringRange } from '../../../views/training/steering';
import type { Steering } from '../../../views/training/steering';
import { withAlpha } from '../../colourSpace';
import { measured as reading } from '../../../views/wording';
import { categoryColour } from '../../look';
import type { Axis, Line, Panel, Range } from '../../panel/panel';
import type { Look } from '../../look';
import type { Arrangement } from '../../panel/arrangement';
import type { LossData, NamedCurve } from '../curves';
import type { KeyEntry } from '../key';
import { drawnAt } from '../reading';
import { brokenText, longest, stepAxis } from './page';
import type { Cursor, Drawing, Page, PanelText } from './page';

type Shown = Steering<NamedCurve>;

export const optimizer: Page = {
  id: 'optimizer',
  title: () => 'Optimizer',
  layout: 'grid',
  count: (data) => shownOf(data).length,
  hasRightAxis: () => false,
  longestLabel: (drawing, boxes) =>
    longest(shownOf(drawing.data).map((shown, i) => valueAxis(drawing, shown, i, boxes[i]!.height))),
  panels,
  texts,
  key: (drawing, look) => keyOf(drawing, look),
  rows: () => 0,
};

const shownOf = ({ measures, schedules }: LossData): Shown[] => steeringOf(measures, schedules);

function valueAxis({ zoom, choices }: Drawing, { curves, fromZero, isNoisy }: Shown, i: number, height: number): Axis {
  const values = curves.flatMap((curve) => Array.from(curve.values)).filter(Number.isFinite);
  const log = choices.log && isNoisy && values.every((value) => value > 0);
  const range = zoom[`y${i}`] ?? (log ? logRange(values) : steeringRange(values, fromZero));
  const count = Math.max(2, Math.floor(height / 30));
  const ticks = log ? logTicks(10 ** range[0], 10 ** range[1], count) : linearTicks(...range, count);
  return { range, log, ticks };
}

function logRange(values: readonly number[]): Range {
  const logs = values.map(Math.log10);
  const [low, high] = [logs.reduce((a, b) => Math.min(a, b)), logs.reduce((a, b) => Math.max(a, b))];
  const span = high - low || 1;
  return [low - 0.05 * span, high + 0.05 * span];
}

function panels(drawing: Drawing, look: Look, { boxes }: Arrangement): Panel[] {
  return shownOf(drawing.data).map((shown, i): Panel => {
    const box = boxes[i]!;
    return {
      ...{ box, x: stepAxis(drawing, box), hasLabels: true, y: valueAxis(drawing, shown, i, box.height), bands: [] },
      lines: shown.curves.flatMap((curve, k) => linesOf(curve, k, shown, i, drawing, look)),
      broken: drawing.data.broken
        .filter(({ quantity }) => quantity === 'gradient' && shown.title === 'gradient norm')
        .map(({ step, value, batch }) => ({ from: step, to: step, text: brokenText({ value, batch }) })),
    };
  });
}

const DASHES = [undefined, [7, 5], [2, 3], [7, 4, 2, 4], [11, 5]] as const;

function linesOf(curve: NamedCurve, k: number, shown: Shown, panel: number, { choices }: Drawing, look: Look): Line[] {
  const colour = categoryColour(look.categories, panel);
  const { name, steps, values } = curve;
  const dash = DASHES[k % DASHES.length];
  if (!shown.isNoisy || choices.smoothing === 0) return [{ name, x: steps, y: values, colour, width: 1.5, dash }];
  const raw = {
    name: `raw ${name}`,
    x: steps,
    y: values,
    colour: withAlpha(colour, look.dark ? 0.42 : 0.3),
    width: 1,
  };
  const average = averaged(curve, choices.smoothing);
  return [raw, { name, x: average.steps, y: average.values, colour, width: 2 }];
}

function texts({ data, choices }: Drawing, { step }: Cursor, look: Look): PanelText[] {
  return shownOf(data).map(({ title, curves, isNoisy }, i) => {
    const colour = categoryColour(look.categories, i);
    const drawn = curves.map((curve) => (isNoisy ? averaged(curve, choices.smoothing) : curve));
    const values = drawn.map((curve) => reading(drawnAt(curve, step ?? Infinity).value));
    const written = values.map((text, k) => {
      return curves.length > 1 || title === 'weights of terms' ? `${curves[k]!.name} ${text}` : text;
    });
    const smoothed = isNoisy && choices.smoothing > 0 ? ' smoothed' : '';
    const text = `${written.join(' · ')}${smoothed}`;
    // The key says which is which, in their order.
    const short = values.join(' · ');
    return { name: title, colour, reading: text, short, title: text, dots: drawn.map((curve) => ({ curve, colour })) };
  });
}

/** The panels' names say what is what; only several lines in one need a key. */
function keyOf({ data }: Drawing, look: Look): KeyEntry[] {
  return shownOf(data).flatMap(({ curves }, i) =>
    curves.length < 2
      ? []
      : curves.map(({ name }, k) => {
          const dash = DASHES[k % DASHES.length]?.join(' ');
          const colour = categoryColour(look.categories, i);
          return { text: name, colour, width: 1.5, ...(dash !== undefined && { dash }) };
        }),
  );
}

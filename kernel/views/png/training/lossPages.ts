/** What the live figure has behind its other tabs: stacked terms, latents, optimizer; each where it holds something. */
import { scaleLinear } from 'd3-scale';
import { decode } from '../../encoding';
import { WEIGHT } from '../../smoothing';
import type { Stretches } from '../../smoothing';
import { linearTicks } from '../../ticks';
import type { EncodedArray, LossCurvesView } from '../../types';
import {
  curveFigures,
  divergenceMap,
  FIGURE_UNITS,
  figureName,
  figureRange,
  stagesOf,
} from '../../training/epochFigures';
import { layersOf, stackedTerms, stackRange } from '../../training/stacked';
import type { Stackable } from '../../training/stacked';
import { averaged, steeringOf, steeringRange } from '../../training/steering';
import { bottom, clipped, drawBottomAxis, drawLeftAxis, right, spread } from '../axes';
import type { Box, Scale } from '../axes';
import { drawText } from '../canvas';
import type { Context } from '../canvas';
import { drawDivergences } from './divergences';
import { pageWidth } from '../page';
import { categoryColour, INK } from '../palette';
import { STEP_AXIS, stepScale, stepTicks } from './steps';
import type { Steps } from './steps';
import { strokeCurve } from './strokes';

const WIDTH = 860;
const [LEFT, RIGHT, TOP, BELOW, GAP] = [62, 12, 40, 48, 26];
/** Between panels one below the other: the axis of the upper one, and the name of the lower one. */
const STACKED_GAP = BELOW + 16;
const LARGE = 200;
const SMALL = 104;
/** Width that the names of stacked terms have beside them. */
const NAMES = 150;

/** A panel below its own heading. */
interface Drawn {
  title: string;
  colour: string;
  draw(context: Context, box: Box): void;
}

interface Section {
  title: string;
  /** The first panel is as high as all others, which stand beside it. */
  isFirstLarge: boolean;
  /** Width that is kept free beside its panels. */
  beside: number;
  panels: Drawn[];
}

export interface LossPages {
  height: number;
  draw(context: Context, top: number): void;
}

export function lossPages(view: LossCurvesView, steps: Steps): LossPages {
  const sections = [stackedSection(view, steps), latentsSection(view, steps), optimizerSection(view, steps)];
  const shown = sections.filter((section) => section !== undefined);
  const laidOut = shown.map((section) => ({ section, ...layout(section) }));
  return {
    height: laidOut.reduce((sum, { height }) => sum + height, 0),
    draw: (context, top) => {
      let at = top;
      for (const { section, boxes, height } of laidOut) {
        drawText(context, section.title, 14, at + 12, { size: 12.5, weight: 'bold' });
        section.panels.forEach(({ title, colour, draw }, i) => {
          const box = { ...boxes[i]!, top: boxes[i]!.top + at };
          drawText(context, title, box.left, box.top - 7, { size: 11, weight: 'bold', colour, maxWidth: box.width });
          draw(context, box);
        });
        at += height;
      }
    },
  };
}

/** Where panels lie in a section that begins at 0. */
function layout({ panels, isFirstLarge, beside }: Section): { boxes: Box[]; height: number } {
  const width = pageWidth(WIDTH) - beside;
  const columns = width < 600 || panels.length === 1 ? 1 : 2;
  const column = width / columns;
  const box = (i: number, top: number, height: number): Box => {
    return { left: i * column + LEFT, top, width: column - LEFT - RIGHT, height };
  };
  if (isFirstLarge && columns === 2) {
    const others = panels.length - 1;
    const inner = Math.max(LARGE, others * SMALL + (others - 1) * STACKED_GAP);
    const each = (inner - (others - 1) * STACKED_GAP) / others;
    const boxes = [box(0, TOP, inner), ...Array.from({ length: others }, (_, i) => box(1, TOP + i * (each + STACKED_GAP), each))]; // prettier-ignore
    return { boxes, height: TOP + inner + BELOW };
  }
  let top = TOP;
  const boxes: Box[] = [];
  for (let i = 0; i < panels.length; i += columns) {
    const height = isFirstLarge && i === 0 ? LARGE : SMALL;
    for (let k = i; k < Math.min(panels.length, i + columns); k++) boxes.push(box(k - i, top, height));
    top += height + BELOW + (i + columns < panels.length ? GAP - 8 : 0);
  }
  return { boxes, height: top };
}

const curveOf = ({ steps, values }: { steps: EncodedArray; values: EncodedArray }) => ({
  steps: decode(steps),
  values: decode(values),
});

/** The axes of a panel; what is drawn in it is given their scales. */
function axes(
  steps: Steps,
  [low, high]: [number, number],
  unit: string | undefined,
  paint: (context: Context, x: Scale, y: Scale, box: Box) => void,
) {
  return (context: Context, box: Box) => {
    const x = stepScale(steps, box);
    const y = scaleLinear([low, high], [bottom(box), box.top]);
    const ticks = linearTicks(low, high, Math.max(2, Math.round(box.height / 36)));
    drawLeftAxis(context, box, y, { lines: true, ticks, ...(unit !== undefined && { label: unit }) });
    drawBottomAxis(context, box, x, { label: STEP_AXIS, ticks: stepTicks(x, box) });
    paint(context, x, y, box);
  };
}

function stackedSection(view: LossCurvesView, steps: Steps): Section | undefined {
  const decoded = (stretches: { steps: EncodedArray; means: EncodedArray; sizes: EncodedArray }): Stretches => ({
    ...{ steps: decode(stretches.steps), means: decode(stretches.means), sizes: decode(stretches.sizes) },
  });
  const names = [...new Set(view.series.map(({ name }) => name))];
  const terms = names.map((name) => {
    const train = view.series.find((one) => one.name === name && one.split === 'train');
    const stretches = train?.stretches && decoded(train.stretches);
    return { name, train: train && { ...curveOf(train), stretches } };
  });
  const schedules = view.schedules.map((one) => ({ name: one.name, ...curveOf(one) }));
  const data: Stackable = { terms, weights: view.weights, schedules };
  if (stackedTerms(data).length < 2) return undefined;
  const layers = layersOf(data, WEIGHT);
  const draw = axes(steps, stackRange(layers, false), view.unit, (context, x, y, box) => {
    clipped(context, box, () => {
      for (const layer of layers) fillBetween(context, layer, x, y, categoryColour(layer.colour));
      const total = terms.find(({ name }) => name === 'total')?.train;
      if (total) strokeCurve(context, sumOf(layers), x, y, { colour: INK, width: 1.4 });
    });
    const labels = layers.map(({ label, low, high, colour }) => {
      const middle = ((low.at(-1) ?? 0) + (high.at(-1) ?? 0)) / 2;
      return { y: y(middle), text: label, colour: categoryColour(colour) };
    });
    for (const label of spread(labels, 14, box.top + 4, bottom(box) - 4)) {
      const style = { size: 11, colour: label.colour, baseline: 'middle', maxWidth: NAMES - 10 } as const;
      drawText(context, label.text, right(box) + 8, label.y, style);
    }
  });
  const title = 'terms times their weights, and their sum';
  return { title: 'Stacked', isFirstLarge: true, beside: NAMES, panels: [{ title, colour: INK, draw }] };
}

interface Between {
  steps: ArrayLike<number>;
  low: Float64Array;
  high: Float64Array;
}

/** What stands highest, less what hangs lowest: the total. */
function sumOf(layers: readonly (Between & { values: Float64Array })[]) {
  const [first] = layers;
  const values = Float64Array.from(first!.values, (_, i) => layers.reduce((sum, one) => sum + (one.values[i] ?? 0), 0));
  return { steps: first!.steps, values };
}

function fillBetween(context: Context, { steps, low, high }: Between, x: Scale, y: Scale, colour: string) {
  context.save();
  context.globalAlpha = 0.65;
  context.fillStyle = colour;
  context.beginPath();
  const at = Array.from(steps, (step) => x(step));
  const isDrawn = (i: number) => Number.isFinite(low[i]) && Number.isFinite(high[i]);
  for (let start = 0; start < at.length; start++) {
    if (!isDrawn(start)) continue;
    let end = start;
    while (end + 1 < at.length && isDrawn(end + 1)) end++;
    for (let i = start; i <= end; i++) context[i === start ? 'moveTo' : 'lineTo'](at[i]!, y(high[i]!));
    for (let i = end; i >= start; i--) context.lineTo(at[i]!, y(low[i]!));
    context.closePath();
    start = end;
  }
  context.fill();
  context.restore();
}

function latentsSection(view: LossCurvesView, steps: Steps): Section | undefined {
  const figures = (view.figures ?? []).map((one) => ({
    ...{ name: one.name, dimensions: one.dimensions, ...curveOf(one) },
  }));
  const map = divergenceMap(figures);
  const first: Drawn[] = map
    ? [
        {
          title: 'divergence by dimension, nats',
          colour: categoryColour(2),
          draw: (context, box) => drawDivergences(context, box, map, steps, view.progress.before?.steps ?? 0),
        },
      ]
    : [];
  const others = curveFigures(figures).map((one, i): Drawn => {
    const colour = categoryColour(i + first.length);
    const draw = axes(steps, figureRange(one), FIGURE_UNITS[one.name], (context, x, y, box) =>
      clipped(context, { ...box, top: box.top - 2 }, () =>
        stagesOf(one).forEach((stage, k) => {
          const dash = k > 0 ? [7 - (k % 3) * 2, 3] : [];
          strokeCurve(context, stage, x, y, { colour, width: 1.5, dash });
        }),
      ),
    );
    return { title: figureName(one.name), colour, draw };
  });
  const panels = [...first, ...others];
  if (panels.length === 0) return undefined;
  const isCodebook = !map && figures.some(({ name }) => /odebook/.test(name));
  const title = map ? 'Latents' : isCodebook ? 'Codebook' : 'Model';
  return { title, isFirstLarge: map !== undefined, beside: 0, panels };
}

const DASHES = [[], [7, 5], [2, 3], [7, 4, 2, 4], [11, 5]];

function optimizerSection(view: LossCurvesView, steps: Steps): Section | undefined {
  const named = (one: { name: string; steps: EncodedArray; values: EncodedArray }) => ({
    ...{ name: one.name, ...curveOf(one) },
  });
  const shown = steeringOf((view.measures ?? []).map(named), view.schedules.map(named));
  if (shown.length === 0) return undefined;
  const panels = shown.map(({ title, curves, isNoisy, fromZero }, i): Drawn => {
    const colour = categoryColour(i);
    const values = curves.flatMap((curve) => Array.from(curve.values)).filter(Number.isFinite);
    const draw = axes(steps, steeringRange(values, fromZero), undefined, (context, x, y, box) =>
      clipped(context, { ...box, top: box.top - 2, height: box.height + 4 }, () =>
        curves.forEach((curve, k) => {
          if (isNoisy) strokeCurve(context, curve, x, y, { colour, width: 0.7, alpha: 0.3 });
          const drawn = isNoisy ? averaged(curve, WEIGHT) : curve;
          strokeCurve(context, drawn, x, y, { colour, width: 1.6, dash: DASHES[k % DASHES.length]! });
        }),
      ),
    );
    const names = curves.length > 1 || title === 'weights of terms' ? `: ${curves.map(({ name }) => name).join(', ')}` : ''; // prettier-ignore
    return { title: `${title}${names}`, colour, draw };
  });
  return { title: 'Optimizer', isFirstLarge: false, beside: 0, panels };
}

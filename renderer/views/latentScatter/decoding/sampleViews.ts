/** Samples as small pictures: one alone, or an input beside what the model makes of it and the difference of the two. */
import { sampleSize } from '../../../../kernel/figures/scatter/sample';
import { differenceScale } from '../../../../kernel/views/pictures/differences';
import type { SampleShape } from '../../../../kernel/views/types';
import { decode } from '../../../data';
import type { TypedArray } from '../../../data';
import { h, svg } from '../../../dom';
import { quantity } from '../../../numbers';
import { categoryColour, divergingTable } from '../../../palette';
import { spanOf } from '../../../../kernel/figures/span';
import { differenceCanvas, imageCanvas, profilePath } from '../../../samples';
import type { Theme } from '../../../theme';
import type { PointSamples } from './answers';

type ImageShape = Extract<SampleShape, { kind: 'image' }>;

/** Features that are bars; more are a line. */
const MOST_BARS = 24;

/** @param side of the square that the picture fits into, in CSS pixels */
export function sampleView(
  values: ArrayLike<number>,
  shape: SampleShape,
  side: number,
  label: string,
  theme: Theme,
): Element {
  if (shape.kind === 'image') return labelled(sized(imageCanvas(values, shape), shape, side), label);
  const colour = categoryColour(theme.categories, 0);
  const { width, height } = sampleSize(shape, side);
  return profiles([{ values, colour }], width, height, label, theme);
}

/** Input, reconstruction and signed difference, each with its name below. */
export function comparisonViews(samples: PointSamples, side: number, theme: Theme): HTMLElement {
  const { shape } = samples.input;
  const [input, output] = [decode(samples.input.values), decode(samples.reconstruction.values)];
  const views =
    shape.kind === 'image' ? imageViews(input, output, shape, side, theme) : vectorViews(input, output, side, theme);
  return h(
    'div',
    { class: `compared ${shape.kind}` },
    ...views.map(({ view, name }) => h('figure', {}, view, h('figcaption', {}, name))),
  );
}

interface Named {
  view: Element;
  name: string;
}

function imageViews(input: TypedArray, output: TypedArray, shape: ImageShape, side: number, theme: Theme): Named[] {
  const { limit } = differenceScale([input], [[output]], shape);
  const difference = differenceCanvas(input, output, shape, limit, divergingTable(theme.dark));
  const range = `± ${short(limit)}`;
  return [
    { view: labelled(sized(imageCanvas(input, shape), shape, side), 'Input'), name: 'input' },
    { view: labelled(sized(imageCanvas(output, shape), shape, side), 'Reconstruction'), name: 'reconstruction' },
    {
      view: labelled(
        sized(difference, shape, side),
        `Difference, from −${short(limit)} (blue) to ${short(limit)} (orange)`,
      ),
      name: range,
    },
  ];
}

function vectorViews(input: TypedArray, output: TypedArray, side: number, theme: Theme): Named[] {
  const difference = Float32Array.from(output, (value, i) => value - input[i]!);
  const limit = Math.max(...Array.from(difference, Math.abs).filter(Number.isFinite), 0);
  const [first, second] = [theme.muted, categoryColour(theme.categories, 0)];
  const width = 2 * side + 6;
  const both = [
    { values: input, colour: first },
    { values: output, colour: second },
  ];
  const bars = differenceBars(difference, limit, width, side * 0.5, theme);
  return [
    {
      view: profiles(both, width, side * 0.8, 'Input (grey) and reconstruction', theme),
      name: 'input (grey), reconstruction',
    },
    { view: bars, name: `difference ± ${short(limit)}` },
  ];
}

function profiles(
  lines: { values: ArrayLike<number>; colour: string }[],
  width: number,
  height: number,
  label: string,
  theme: Theme,
): SVGElement {
  const range = spanOf(...lines.map(({ values }) => values));
  const box = { x: 4, y: 6, width: width - 8, height: height - 12 };
  const paths = lines.map(({ values, colour }) =>
    svg('path', { d: profilePath(values, range, box), fill: 'none', stroke: colour, 'stroke-width': 1.5 }),
  );
  return framed(paths, width, height, label, theme);
}

/** Bars up for what is too much, down for what is too little. */
function differenceBars(values: Float32Array, limit: number, width: number, height: number, theme: Theme): SVGElement {
  const middle = height / 2;
  const step = (width - 8) / values.length;
  const gap = values.length <= MOST_BARS ? Math.min(2, step / 4) : 0;
  const bars = Array.from(values, (value, i) => {
    const size = limit === 0 || !Number.isFinite(value) ? 0 : (Math.abs(value) / limit) * (middle - 3);
    const fill = theme.categories[value < 0 ? 0 : 1]!;
    return svg('rect', {
      x: 4 + i * step + gap / 2,
      y: value < 0 ? middle : middle - size,
      width: Math.max(0.5, step - gap),
      height: size,
      fill,
    });
  });
  const zero = svg('line', { x1: 4, x2: width - 4, y1: middle, y2: middle, stroke: theme.line });
  return framed([...bars, zero], width, height, `Difference, at most ${short(limit)}`, theme);
}

function framed(content: SVGElement[], width: number, height: number, label: string, theme: Theme): SVGElement {
  const frame = svg('rect', { x: 0.5, y: 0.5, width: width - 1, height: height - 1, fill: 'none', stroke: theme.grid });
  return svg('svg', { role: 'img', 'aria-label': label, width, height }, frame, ...content);
}

function sized(canvas: HTMLCanvasElement, shape: ImageShape, side: number): HTMLCanvasElement {
  const { width, height } = sampleSize(shape, side);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  return canvas;
}

function labelled(canvas: HTMLCanvasElement, label: string): HTMLCanvasElement {
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  return canvas;
}

/** Two digits: the end of a scale. */
const short = (value: number) => quantity(Number(value.toPrecision(2)));

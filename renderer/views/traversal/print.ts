/** A traversal as a separate drawing: a row of samples for each dimension. */
import { svg } from '../../dom';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { coordinate, quantity } from '../../numbers';
import { categoryColour } from '../../palette';
import { imageCanvas, profilePath } from '../../samples';
import { PRINT_THEME } from '../../theme';
import { heightOf } from './drawing';
import type { Traversal } from './model';

const [LEFT, HEAD, ROOM, GAP] = [150, 40, 720, 3];

export function printTraversal(title: string, data: Traversal, strips: Pick<Traversal, 'shape' | 'rows'>): SvgImage {
  const { view, range } = data;
  const width = Math.max(16, Math.min(84, Math.floor(ROOM / view.steps) - GAP));
  const height = heightOf(strips.shape, width);
  const layers: Node[] = [text(title, 12, 22, { 'font-size': 14, 'font-weight': 600 })];
  view.dimensions.forEach((dimension, r) => {
    const top = HEAD + r * (height + 8);
    const { name, value, low, high } = dimension;
    const ends = `${coordinate(low)} … ${coordinate(high)}`;
    layers.push(text(name, 12, top + height / 2, { 'font-size': 13, 'font-weight': 600 }));
    layers.push(
      text(ends, LEFT - 10, top + height / 2, { 'font-size': 10, 'text-anchor': 'end', fill: PRINT_THEME.muted }),
    );
    if (value !== undefined) {
      const amount = quantity(Number(value.toPrecision(3)));
      layers.push(text(amount, 12, top + height / 2 + 13, { 'font-size': 10, fill: PRINT_THEME.muted }));
    }
    strips.rows[r]?.forEach((sample, i) => {
      layers.push(...cell(sample, strips.shape, range, { x: LEFT + i * (width + GAP), y: top, width, height }));
    });
  });
  const total = {
    width: LEFT + view.steps * (width + GAP) + 12,
    height: HEAD + view.dimensions.length * (height + 8) + 6,
  };
  return standalone(layers, total.width, total.height, PRINT_THEME);
}

function cell(
  sample: ArrayLike<number>,
  shape: Traversal['shape'],
  range: [number, number],
  box: { x: number; y: number; width: number; height: number },
): SVGElement[] {
  if (shape.kind === 'image') {
    const href = imageCanvas(sample, shape).toDataURL('image/png');
    const image = svg('image', { ...box, href, preserveAspectRatio: 'none' });
    image.style.imageRendering = 'pixelated';
    return [image];
  }
  const inner = { x: box.x + 3, y: box.y + 3, width: box.width - 6, height: box.height - 6 };
  const stroke = categoryColour(PRINT_THEME.categories, 0);
  return [
    svg('rect', { ...box, fill: 'none', stroke: PRINT_THEME.grid }),
    svg('path', { d: profilePath(sample, range, inner), fill: 'none', stroke, 'stroke-width': 1.5 }),
  ];
}

function text(content: string, x: number, y: number, attributes: Record<string, string | number>): SVGElement {
  return svg('text', { x, y, fill: PRINT_THEME.foreground, ...attributes }, content);
}

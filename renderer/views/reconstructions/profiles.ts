/** Samples that are no images, as lines: over their features, or for each feature over the steps. */
import { roundUp } from '../../../kernel/views/pictures/differences';
import { MOST_BANDS, overSteps } from '../../../kernel/views/pictures/layouts';
import { svg } from '../../dom';
import { quantity } from '../../numbers';
import { categoryColour } from '../../palette';
import { spanOf } from '../../../kernel/figures/span';
import { profilePath } from '../../samples';
import type { Theme } from '../../theme';
import type { Reconstructions } from './model';
import type { Scene, Tile } from './scene';

/** Height of a name, in pixels. */
const NAME = 11;

/** Input and output as lines over the features, differences as a line around zero. */
export function profiles(scene: Scene, data: Reconstructions, theme: Theme): SVGElement[] {
  if (data.shape.kind !== 'vector' || data.layout?.kind === 'sound') return [];
  if (data.layout?.kind === 'steps') return scene.tiles.flatMap((tile) => bands(tile, data, theme));
  const range = roundRange(spanOf(...(data.inputs ?? []), ...data.methods.flatMap(({ samples }) => samples)));
  return scene.tiles.flatMap((tile) => [
    frameOf(tile, theme),
    ...(tile.kind === 'difference' ? difference(tile, data, theme) : profile(tile, data, range, theme)),
    ...(tile.sample === scene.tiles[0]?.sample && tile.kind !== 'difference' ? endsOf(tile, range, theme) : []),
  ]);
}

/** The range between round numbers; it holds a few of them. */
export function roundRange([low, high]: [number, number]): [number, number] {
  const step = roundUp((high - low) / 4) || 1;
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step].map((end) => Number(end.toPrecision(6))) as [
    number,
    number,
  ];
}

function profile(tile: Tile, data: Reconstructions, range: [number, number], theme: Theme): SVGElement[] {
  const input = data.inputs?.[tile.sample];
  const output = data.methods[tile.method]?.samples[tile.sample] ?? new Float32Array();
  const colour = categoryColour(theme.categories, tile.method + 1);
  const under = input === undefined ? [] : [lineOf(input, range, tile, theme.muted, 1)];
  return [...under, lineOf(output, range, tile, colour, 1.5)];
}

function difference(tile: Tile, data: Reconstructions, theme: Theme): SVGElement[] {
  const input = data.inputs?.[tile.sample];
  const output = data.methods[tile.method]?.samples[tile.sample];
  if (input === undefined || output === undefined) return [];
  const limit = data.scale.limit || 1;
  const off = Array.from(output, (value, i) => value - input[i]!);
  const middle = tile.y + tile.height / 2;
  const zero = svg('line', { x1: tile.x, x2: tile.x + tile.width, y1: middle, y2: middle, stroke: theme.line });
  return [zero, lineOf(off, [-limit, limit], tile, categoryColour(theme.categories, tile.method + 1), 1.25)];
}

/** A band for each feature of a sequence, each with its own scale and its name. */
function bands(tile: Tile, data: Reconstructions, theme: Theme): SVGElement[] {
  if (data.layout?.kind !== 'steps') return [];
  const { features } = data.layout;
  const shown = features.slice(0, MOST_BANDS);
  const height = tile.height / shown.length;
  const lines = shown.flatMap((name, feature) => {
    const of = (values: ArrayLike<number> | undefined) => values && overSteps(values, feature, features.length);
    const input = of(data.inputs?.[tile.sample]);
    const output = of(data.methods[tile.method]?.samples[tile.sample]) ?? [];
    // The name stands above its lines.
    const top = tile.y + feature * height;
    const band = { ...tile, y: top + NAME, height: height - NAME };
    const range = spanOf(...(input ? [input] : []), output);
    const colour = categoryColour(theme.categories, tile.method + 1);
    return [
      ...(input ? [lineOf(input, range, band, theme.muted, 1)] : []),
      lineOf(output, range, band, colour, 1.5),
      small(name, tile.x + 5, top + NAME, theme),
    ];
  });
  return [frameOf(tile, theme), ...lines];
}

function frameOf({ x, y, width, height }: Tile, theme: Theme): SVGElement {
  const size = { width: width - 1, height: height - 1 };
  return svg('rect', { x: x + 0.5, y: y + 0.5, ...size, fill: 'none', stroke: theme.grid });
}

function endsOf({ x, y, height }: Tile, [low, high]: [number, number], theme: Theme): SVGElement[] {
  return [small(quantity(high), x + 4, y + 11, theme), small(quantity(low), x + 4, y + height - 4, theme)];
}

function small(content: string, x: number, y: number, theme: Theme): SVGElement {
  const halo = { 'paint-order': 'stroke', stroke: theme.background, 'stroke-width': 3 };
  return svg('text', { x, y, fill: theme.muted, 'font-size': 9, ...halo }, content);
}

function lineOf(
  values: ArrayLike<number>,
  range: [number, number],
  { x, y, width, height }: Pick<Tile, 'x' | 'y' | 'width' | 'height'>,
  stroke: string,
  strokeWidth: number,
): SVGElement {
  const inner = { x: x + 3, y: y + 3, width: width - 6, height: height - 6 };
  return svg('path', { d: profilePath(values, range, inner), fill: 'none', stroke, 'stroke-width': strokeWidth });
}

/** A scene onto the stage, or into a drawing of its own. */
import type { SampleShape } from '../../../kernel/views/types';
import { svg } from '../../dom';
import { standalone } from '../../figure/stage';
import type { Stage } from '../../figure/stage';
import type { SvgImage } from '../../figure/save';
import { quantity } from '../../numbers';
import { categoryColour, divergingHex, divergingTable } from '../../palette';
import { differenceCanvas, extent, imageCanvas, profilePath } from '../../samples';
import { PRINT_THEME } from '../../theme';
import type { Theme } from '../../theme';
import type { Reconstructions } from './model';
import type { Column, Label, Scene, Tile } from './scene';

/** Canvases of the tiles on screen, kept from one drawing to the next. */
export type TileCache = Map<string, HTMLCanvasElement>;

export function paintScene(stage: Stage, scene: Scene, data: Reconstructions, theme: Theme, cache: TileCache): void {
  stage.resize(scene.width, scene.height);
  const paper = stage.paper();
  const { shape } = data;
  if (shape.kind === 'image') {
    for (const tile of scene.tiles) {
      paper.drawImage(cachedTile(tile, data, shape, theme, cache), tile.x, tile.y, tile.width, tile.height);
    }
  }
  stage.under.replaceChildren(...profiles(scene, data, theme));
  stage.over.replaceChildren(...marks(scene, data, theme));
}

/** The scene in print colours, with its title. */
export function printScene(title: string, scene: Scene, data: Reconstructions): SvgImage {
  const theme = PRINT_THEME;
  const head = 34;
  const { shape } = data;
  const cache: TileCache = new Map();
  const images =
    shape.kind !== 'image'
      ? []
      : scene.tiles.map((tile) => {
          const { x, y, width, height } = tile;
          const href = cachedTile(tile, data, shape, theme, cache).toDataURL('image/png');
          const image = svg('image', { x, y, width, height, href, preserveAspectRatio: 'none' });
          image.style.imageRendering = 'pixelated';
          return image;
        });
  const content = [...profiles(scene, data, theme), ...images, ...marks(scene, data, theme)];
  const heading: Label = { text: title, x: 12, y: 20, anchor: 'start', tone: 'strong', size: 14 };
  const body = svg('g', { transform: `translate(12 ${head})` }, ...content);
  return standalone([text(heading, theme), body], scene.width + 24, scene.height + head + 8, theme);
}

export function selectionFrame({ x, y, width, height }: Column, theme: Theme): SVGRectElement {
  return svg('rect', {
    ...{ x: x - 1.5, y: y - 1.5, width: width + 3, height: height + 3, rx: 2 },
    ...{ fill: 'none', stroke: theme.focus, 'stroke-width': 2 },
  });
}

type ImageShape = Extract<SampleShape, { kind: 'image' }>;

function cachedTile(tile: Tile, data: Reconstructions, shape: ImageShape, theme: Theme, cache: TileCache) {
  const key = `${tile.kind} ${tile.method} ${tile.sample} ${tile.kind === 'difference' && theme.dark}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const canvas = imageTile(tile, data, shape, theme);
  cache.set(key, canvas);
  return canvas;
}

function imageTile(tile: Tile, data: Reconstructions, shape: ImageShape, theme: Theme): HTMLCanvasElement {
  const input = data.inputs?.[tile.sample] ?? new Uint8Array();
  if (tile.kind === 'input') return imageCanvas(input, shape);
  const output = data.methods[tile.method]?.samples[tile.sample] ?? new Uint8Array();
  if (tile.kind === 'output') return imageCanvas(output, shape);
  return differenceCanvas(input, output, shape, data.largestDifference, divergingTable(theme.dark));
}

/** Vector samples: input and output as lines over the features, differences as a line around zero. */
function profiles(scene: Scene, data: Reconstructions, theme: Theme): SVGElement[] {
  if (data.shape.kind !== 'vector') return [];
  const range = extent(...(data.inputs ?? []), ...data.methods.flatMap(({ samples }) => samples));
  const limit = data.largestDifference || 1;
  return scene.tiles.flatMap((tile) => {
    const { x, y, width, height } = tile;
    const input = data.inputs?.[tile.sample];
    const output = data.methods[tile.method]?.samples[tile.sample] ?? new Float32Array();
    const colour = categoryColour(theme.categories, tile.method + 1);
    const inner = { x: x + 3, y: y + 3, width: width - 6, height: height - 6 };
    const frame = svg('rect', {
      x: x + 0.5,
      y: y + 0.5,
      width: width - 1,
      height: height - 1,
      fill: 'none',
      stroke: theme.grid,
    });
    const line = (values: ArrayLike<number>, on: [number, number], stroke: string, strokeWidth: number) =>
      svg('path', { d: profilePath(values, on, inner), fill: 'none', stroke, 'stroke-width': strokeWidth });
    if (tile.kind === 'difference' && input !== undefined) {
      const difference = Array.from(output, (value, i) => value - input[i]!);
      const middle = y + height / 2;
      const zero = svg('line', { x1: x, x2: x + width, y1: middle, y2: middle, stroke: theme.line });
      return [frame, zero, line(difference, [-limit, limit], colour, 1.25)];
    }
    const lines = input === undefined ? [] : [line(input, range, theme.muted, 1)];
    return [frame, ...lines, line(output, range, colour, 1.5)];
  });
}

function marks(scene: Scene, data: Reconstructions, theme: Theme): SVGElement[] {
  return [...scene.labels.map((label) => text(label, theme)), ...differenceScale(scene, data, theme)];
}

function text({ text: content, x, y, anchor, tone, size }: Label, theme: Theme): SVGTextElement {
  const weight = tone === 'strong' ? 600 : undefined;
  const fill = tone === 'muted' ? theme.muted : theme.foreground;
  return svg('text', { x, y, fill, 'text-anchor': anchor, 'font-size': size, 'font-weight': weight }, content);
}

const SMALL = { anchor: 'start', tone: 'muted', size: 10 } as const;
const BAR_STEPS = 48;

/** The scale of the differences: a colour bar for images; for profiles which line is which, and the height in words. */
function differenceScale({ bar }: Scene, data: Reconstructions, theme: Theme): SVGElement[] {
  if (bar === undefined) return [];
  return data.shape.kind === 'image'
    ? colourBar(bar, data.largestDifference / 255, theme)
    : profileKey(bar, data.largestDifference, theme);
}

type Bar = NonNullable<Scene['bar']>;

function colourBar({ x, y, width, height }: Bar, limit: number, theme: Theme): SVGElement[] {
  const cells = Array.from({ length: BAR_STEPS }, (_, i) => {
    const fill = divergingHex(1 - (2 * (i + 0.5)) / BAR_STEPS, theme.dark);
    const top = y + (i * height) / BAR_STEPS;
    return svg('rect', { x, y: top, width, height: height / BAR_STEPS + 0.5, fill });
  });
  const frame = svg('rect', { x, y, width, height, fill: 'none', stroke: theme.line });
  const write = (content: string, dx: number, at: number) => text({ text: content, x: x + dx, y: at, ...SMALL }, theme);
  return [
    ...cells,
    frame,
    write(`+${quantity(limit)}`, width + 5, y + 9),
    write('0', width + 5, y + height / 2 + 3.5),
    write(`−${quantity(limit)}`, width + 5, y + height),
    write('output', 0, y + height + 14),
    write('− input', 0, y + height + 26),
  ];
}

function profileKey({ x, y }: Bar, limit: number, theme: Theme): SVGElement[] {
  const write = (content: string, dx: number, at: number) => text({ text: content, x: x + dx, y: at, ...SMALL }, theme);
  const line = (at: number, stroke: string, width: number) =>
    svg('line', { x1: x - 6, x2: x + 8, y1: at, y2: at, stroke, 'stroke-width': width });
  return [
    line(y + 8, theme.muted, 1),
    write('input', 14, y + 12),
    line(y + 22, categoryColour(theme.categories, 1), 1.5),
    write('output', 14, y + 26),
    write('difference', -6, y + 48),
    write(`±${quantity(limit)}`, -6, y + 60),
  ];
}

/** A scene onto the stage, or into a drawing of its own. */
import { svg } from '../../dom';
import { standalone } from '../../figure/stage';
import type { Stage } from '../../figure/stage';
import type { SvgImage } from '../../figure/save';
import { quantity } from '../../numbers';
import { categoryColour, divergingHex } from '../../palette';
import { DEPTH } from '../../../kernel/views/pictures/spectrogram';
import { PRINT_THEME } from '../../theme';
import type { Theme } from '../../theme';
import type { Reconstructions } from './model';
import { profiles } from './profiles';
import type { Column, Label, Scene } from './scene';
import { frameLines, hasPixels, tileCanvas } from './tiles';
import type { TileCache } from './tiles';

export function paintScene(stage: Stage, scene: Scene, data: Reconstructions, theme: Theme, cache: TileCache): void {
  stage.resize(scene.width, scene.height);
  const paper = stage.paper();
  if (hasPixels(data)) {
    for (const tile of scene.tiles) {
      paper.drawImage(tileCanvas(tile, data, theme, cache), tile.x, tile.y, tile.width, tile.height);
    }
  }
  stage.under.replaceChildren(...profiles(scene, data, theme));
  stage.over.replaceChildren(...marks(scene, data, theme));
}

/** The scene in print colours, with its title. */
export function printScene(title: string, scene: Scene, data: Reconstructions): SvgImage {
  const theme = PRINT_THEME;
  const head = 34;
  const cache: TileCache = new Map();
  const images = !hasPixels(data)
    ? []
    : scene.tiles.map((tile) => {
        const { x, y, width, height } = tile;
        const href = tileCanvas(tile, data, theme, cache).toDataURL('image/png');
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

/** What is selected in another view has a bar above it. */
export function linkedFrame({ x, y, width }: Column, theme: Theme): SVGRectElement {
  return svg('rect', { class: 'linked', x, y: y - 5, width, height: 3, fill: theme.accent });
}

function marks(scene: Scene, data: Reconstructions, theme: Theme): SVGElement[] {
  const labels = scene.labels.map((label) => text(label, theme));
  return [...frameLines(scene, data, theme), ...labels, ...differenceScaleMarks(scene, data, theme)];
}

function text({ text: content, x, y, anchor, tone, size }: Label, theme: Theme): SVGTextElement {
  const weight = tone === 'strong' ? 600 : undefined;
  const fill = tone === 'muted' ? theme.muted : theme.foreground;
  return svg('text', { x, y, fill, 'text-anchor': anchor, 'font-size': size, 'font-weight': weight }, content);
}

const SMALL = { anchor: 'start', tone: 'muted', size: 10 } as const;
const BAR_STEPS = 48;

/** The scale of the differences: a colour bar for images; for profiles which line is which, and the height in words. */
function differenceScaleMarks({ bar }: Scene, data: Reconstructions, theme: Theme): SVGElement[] {
  if (bar === undefined) return [];
  if (data.layout?.kind === 'sound') return colourBar(bar, DEPTH / 2, theme, ' dB');
  return data.shape.kind === 'image' ? colourBar(bar, data.scale.limit, theme) : profileKey(bar, data, theme);
}

type Bar = NonNullable<Scene['bar']>;

function colourBar({ x, y, width, height }: Bar, limit: number, theme: Theme, unit = ''): SVGElement[] {
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
    write(`+${quantity(limit)}${unit}`, width + 5, y + 9),
    write('0', width + 5, y + height / 2 + 3.5),
    write(`−${quantity(limit)}${unit}`, width + 5, y + height),
    write('output', 0, y + height + 14),
    write('− input', 0, y + height + 26),
  ];
}

/** Which line is which, and how high the differences are drawn; a sequence has none. */
function profileKey({ x, y }: Bar, { methods, scale, layout }: Reconstructions, theme: Theme): SVGElement[] {
  const write = (content: string, dx: number, at: number) => text({ text: content, x: x + dx, y: at, ...SMALL }, theme);
  const line = (at: number, stroke: string, width: number) =>
    svg('line', { x1: x - 6, x2: x + 8, y1: at, y2: at, stroke, 'stroke-width': width });
  // The rows say which colour is whose: here they stand as one bundle.
  const apart = Math.min(4, 12 / methods.length);
  const middle = y + 22;
  const below = y + 26;
  return [
    line(y + 8, theme.muted, 1),
    write('input', 14, y + 12),
    ...methods.flatMap((_, m) => {
      const at = middle + apart * (m - (methods.length - 1) / 2);
      return line(at, categoryColour(theme.categories, m + 1), 1.5);
    }),
    write(methods.length > 1 ? 'outputs' : 'output', 14, y + 26),
    ...(layout?.kind === 'steps'
      ? []
      : [write('difference', -6, below + 22), write(`±${quantity(scale.limit)}`, -6, below + 34)]),
  ];
}

/** A scene onto the stage, or into a drawing of its own. */
import type { ColourRole, Mark } from '../../../kernel/figures/marks';
import { colourScaleMarks, lineKeyMarks } from '../../../kernel/figures/reconstructions/scale';
import { svg } from '../../dom';
import { coloursOf, markElement } from '../../figure/marks';
import { standalone } from '../../figure/stage';
import type { Stage } from '../../figure/stage';
import type { SvgImage } from '../../figure/save';
import { divergingHex } from '../../palette';
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
  const scale = scaleOf(scene, data, theme.dark).map((mark) => markElement(mark, coloursOf(theme)));
  return [...frameLines(scene, data, theme), ...labels, ...scale];
}

function text({ text: content, x, y, anchor, tone, size }: Label, theme: Theme): SVGTextElement {
  const weight = tone === 'strong' ? 600 : undefined;
  const fill = tone === 'muted' ? theme.muted : theme.foreground;
  return svg('text', { x, y, fill, 'text-anchor': anchor, 'font-size': size, 'font-weight': weight }, content);
}

/** The scale of the differences: a colour bar for images; for profiles which line is which, and the height in words. */
function scaleOf({ bar }: Scene, data: Reconstructions, dark: boolean): Mark[] {
  if (bar === undefined) return [];
  const { shape, layout, scale, methods } = data;
  const colourOf = (share: number) => divergingHex(share, dark) as ColourRole;
  if (layout?.kind === 'sound') return colourScaleMarks(bar, { limit: DEPTH / 2, unit: ' dB', colourOf });
  if (shape.kind === 'image') return colourScaleMarks(bar, { limit: scale.limit, colourOf });
  return lineKeyMarks(bar, methods.length, layout?.kind === 'steps' ? undefined : scale.limit);
}

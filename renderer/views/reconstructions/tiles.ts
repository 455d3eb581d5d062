/** What a tile shows as pixels: an image, a film strip, a spectrogram, or how two of them differ. */
import { DEPTH, spectrogram } from '../../../kernel/views/pictures/spectrogram';
import { svg } from '../../dom';
import { divergingTable, loudnessTable } from '../../palette';
import { differenceCanvas, imageCanvas, levelCanvas, shareCanvas } from '../../samples';
import type { Theme } from '../../theme';
import type { Reconstructions } from './model';
import type { Scene, Tile } from './scene';

/** Canvases of the tiles on screen, kept from one drawing to the next. */
export type TileCache = Map<string, HTMLCanvasElement>;

/** Whether samples are drawn pixel by pixel, and not as lines. */
export function hasPixels({ shape, layout }: Pick<Reconstructions, 'shape' | 'layout'>): boolean {
  return shape.kind === 'image' || layout?.kind === 'sound';
}

export type TileKey = Pick<Tile, 'kind' | 'method' | 'sample'>;

/** A canvas with a pixel for each of the sample. */
export function tileCanvas(tile: TileKey, data: Reconstructions, theme: Theme, cache: TileCache): HTMLCanvasElement {
  const key = `${tile.kind} ${tile.method} ${tile.sample} ${tile.kind === 'difference' && theme.dark}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const canvas = drawn(tile, data, theme);
  cache.set(key, canvas);
  return canvas;
}

function drawn(tile: TileKey, data: Reconstructions, theme: Theme): HTMLCanvasElement {
  const { shape, layout, inputs, methods, scale } = data;
  const input = inputs?.[tile.sample] ?? new Uint8Array();
  const output = methods[tile.method]?.samples[tile.sample] ?? new Uint8Array();
  if (layout?.kind === 'sound') return soundCanvas(tile, [input, output], layout.rate, theme);
  if (shape.kind !== 'image') throw new Error('samples drawn as lines have no pixels');
  if (tile.kind === 'difference')
    return differenceCanvas(input, output, shape, scale.limit, divergingTable(theme.dark));
  return imageCanvas(tile.kind === 'input' ? input : output, shape);
}

function soundCanvas(
  { kind }: TileKey,
  [input, output]: [ArrayLike<number>, ArrayLike<number>],
  rate: number,
  theme: Theme,
): HTMLCanvasElement {
  const one = spectrogram(kind === 'input' ? input : output, rate);
  const size = { width: one.columns, height: one.rows };
  const level = (decibels: number) => Math.max(-DEPTH, decibels);
  if (kind !== 'difference') {
    return levelCanvas(
      one.decibels.map((decibels) => 1 + level(decibels) / DEPTH),
      size,
      loudnessTable(),
    );
  }
  const other = spectrogram(input, rate);
  const shares = one.decibels.map((decibels, i) => (level(decibels) - level(other.decibels[i]!)) / (DEPTH / 2));
  return shareCanvas(shares, size, divergingTable(theme.dark));
}

/** What divides the frames of a film strip. */
export function frameLines(scene: Scene, { layout }: Reconstructions, theme: Theme): SVGElement[] {
  if (layout?.kind !== 'frames') return [];
  return scene.tiles.map(({ x, y, width, height }) => {
    const steps = Array.from({ length: layout.count - 1 }, (_, i) => x + ((i + 1) * width) / layout.count);
    const d = steps.map((at) => `M${at.toFixed(1)} ${y}v${height}`).join('');
    return svg('path', { d, stroke: theme.background, 'stroke-width': 1.5, fill: 'none' });
  });
}

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Canvas from '@napi-rs/canvas';
import { figureFile, figureFileWithin, type Pixels } from '../pictures/figureFile';
import { withSafeArcs } from './arcs';
import { isGrey, pageFile } from './page';
import { CATEGORIES, INK } from './palette';

export type Context = Canvas.SKRSContext2D;

/** Pixels drawn for one pixel of a figure's physical size: sharp on dense screens and in print. */
export const DENSITY = 2;
/** Bytes that a picture takes at most, if its last resort does it. */
export const PICTURE_ROOM = 130_000;
/** What a picture may take that is drawn now; drawing does not wait, so that no other sees it. */
let room = PICTURE_ROOM;

/** Draws pictures that take at most so many bytes, if their last resort does it. */
export function drawnWithin<T>(bytes: number, draw: () => T): T {
  room = Math.min(bytes, PICTURE_ROOM);
  try {
    return draw();
  } finally {
    room = PICTURE_ROOM;
  }
}

/** How it is drawn where it would be larger: in fewer colours, then in fewer pixels. */
const WAYS = [
  { density: DENSITY, colours: 256 },
  { density: DENSITY, colours: 96 },
  { density: 1.5, colours: 96 },
  { density: 1.5, colours: 64 },
  { density: 1, colours: 64 },
  { density: 1, colours: 32 },
] as const;
/** Figures of more CSS pixels are drawn in the lower density at once: in {@link DENSITY} they would not have the room. */
const LARGE = 1_200_000;
/** Colours that mean something. */
export const MEANING = CATEGORIES.map((colour) => parseInt(colour.slice(1), 16));
/** The resolution of one pixel for each CSS pixel. */
export const DOTS_PER_METRE = 96 / 0.0254;

const FAMILY = 'LatentLab Figure';
const require = createRequire(import.meta.url);
let loaded: typeof Canvas | undefined;

/** The canvas library and the fonts, loaded with the first picture: live frames need neither. */
export function canvasLibrary(): typeof Canvas {
  if (loaded) return loaded;
  const canvas = require('@napi-rs/canvas') as typeof Canvas;
  const fonts = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  for (const file of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
    canvas.GlobalFonts.registerFromPath(join(fonts, file), FAMILY);
  }
  return (loaded = canvas);
}

/**
 * Draws a figure on white and returns it as a PNG that says its physical size; for a page of paper, as that page's file.
 * @param width  in CSS pixels (1/96 inch), as `height`
 */
export function drawPng(width: number, height: number, paint: (context: Context) => void): Buffer {
  const file = pageFile(canvasLibrary, width, height, paint);
  if (file) return file;
  let drawn: { density: number; pixels: Pixels } | undefined;
  for (const way of WAYS) {
    const { density, colours } = way;
    if (density === DENSITY && width * height > LARGE) continue;
    if (drawn?.density !== density) drawn = { density, pixels: drawnAt(density, width, height, paint) };
    const dotsPerMetre = Math.round(DOTS_PER_METRE * density);
    const options = { colours, keep: MEANING, dotsPerMetre, room };
    const png = way === WAYS.at(-1) ? figureFile(drawn.pixels, options) : figureFileWithin(drawn.pixels, options);
    if (png) return png;
  }
  throw new Error('no way to draw a picture');
}

function drawnAt(density: number, width: number, height: number, paint: (context: Context) => void): Pixels {
  const canvas = canvasLibrary().createCanvas(Math.ceil(width * density), Math.ceil(height * density));
  const context = canvas.getContext('2d');
  context.scale(density, density);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width + 1, height + 1);
  paint(withSafeArcs(context));
  // As they are on the canvas, whose ground is opaque: `getImageData` takes five times as long to convert them.
  const { buffer, byteOffset, length } = canvas.data();
  return { rgba: new Uint8ClampedArray(buffer, byteOffset, length), width: canvas.width, height: canvas.height };
}

/** Lets `plan` measure text before a figure's size is known. */
export function measureWith<T>(plan: (context: Context) => T): T {
  return plan(canvasLibrary().createCanvas(1, 1).getContext('2d'));
}

/** An image of packed pixels as something that `drawImage` takes. */
export function rasterImage(width: number, height: number, rgba: Uint8ClampedArray<ArrayBuffer>): Canvas.Canvas {
  const { createCanvas, ImageData } = canvasLibrary();
  const canvas = createCanvas(width, height);
  const pixels = isGrey() ? greyPixels(rgba) : rgba;
  canvas.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}

function greyPixels(rgba: Uint8ClampedArray<ArrayBuffer>): Uint8ClampedArray<ArrayBuffer> {
  const grey = rgba.slice();
  for (let i = 0; i < grey.length; i += 4) {
    const level = Math.round(0.299 * grey[i]! + 0.587 * grey[i + 1]! + 0.114 * grey[i + 2]!);
    grey[i] = grey[i + 1] = grey[i + 2] = level;
  }
  return grey;
}

export interface TextStyle {
  size?: number;
  colour?: string;
  weight?: 'normal' | 'bold';
  align?: 'left' | 'center' | 'right';
  baseline?: 'alphabetic' | 'middle' | 'top' | 'bottom';
  /** A white edge that keeps the text readable over marks. */
  halo?: boolean;
  /** Clockwise, in radians. */
  rotate?: number;
  /** Text that does not fit is cut with an ellipsis. */
  maxWidth?: number;
}

export function fontOf({ size = 11, weight = 'normal' }: TextStyle): string {
  return `${weight} ${size}px "${FAMILY}"`;
}

export function drawText(context: Context, text: string, x: number, y: number, style: TextStyle = {}): void {
  context.save();
  context.font = fontOf(style);
  context.textAlign = style.align ?? 'left';
  context.textBaseline = style.baseline ?? 'alphabetic';
  context.translate(x, y);
  if (style.rotate) context.rotate(style.rotate);
  const fitted = style.maxWidth === undefined ? text : fitText(context, text, style.maxWidth);
  if (style.halo) {
    context.strokeStyle = 'rgba(255, 255, 255, 0.85)';
    context.lineWidth = 3.5;
    context.lineJoin = 'round';
    context.strokeText(fitted, 0, 0);
  }
  context.fillStyle = style.colour ?? INK;
  context.fillText(fitted, 0, 0);
  context.restore();
}

/** Width of a text in CSS pixels. */
export function textWidth(context: Context, text: string, style: TextStyle = {}): number {
  context.save();
  context.font = fontOf(style);
  const { width } = context.measureText(text);
  context.restore();
  return width;
}

/** Breaks a text at spaces into lines no wider than `width`. */
export function wrapText(context: Context, text: string, width: number, style: TextStyle = {}): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(context, longer, style) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function fitText(context: Context, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}

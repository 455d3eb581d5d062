/** What a figure is drawn for: a screen, or a page of paper of some width. */
import type * as Canvas from '@napi-rs/canvas';
import { withSafeArcs } from './arcs';
import { CATEGORIES } from './palette';

type Library = typeof Canvas;
type Context = Canvas.SKRSContext2D;

export interface Page {
  format: 'pdf' | 'svg' | 'png';
  /** Width on paper in millimetres; the height follows. */
  widthMm: number;
  /** `grey`: categories differ in lightness, and nothing has a hue. */
  colours: 'colour' | 'grey';
}

/** CSS pixels of a millimetre, points of one, and dots of one in a PNG (600 dots an inch). */
const PIXELS = 96 / 25.4;
const POINTS = 72 / 25.4;
const DOTS = 600 / 25.4;
/** Labels of 11 pixels come to about 7 points on paper, the least that journals ask for. */
const DENSER = 1.15;

/** The page that is drawn on; drawing does not wait, so that no other figure sees it. */
let page: Page | undefined;

/** Draws a figure for a page: what `draw` returns is then the page's file. */
export function drawnFor(wanted: Page, draw: () => Buffer): Buffer {
  page = wanted;
  try {
    return draw();
  } finally {
    page = undefined;
  }
}

/** Pixels that a figure is laid out in which has `usual` ones on a screen. */
export function pageWidth(usual: number): number {
  return page ? Math.min(usual, Math.round(page.widthMm * PIXELS * DENSER)) : usual;
}

/** Whether pixels lose their hues. */
export function isGrey(): boolean {
  return page?.colours === 'grey';
}

/**
 * The figure as the page's file; undefined if it is drawn for a screen.
 *
 * @param width in CSS pixels, as `height`
 */
export function pageFile(
  library: () => Library,
  width: number,
  height: number,
  paint: (context: Context) => void,
): Buffer | undefined {
  if (!page) return undefined;
  const { format, widthMm, colours } = page;
  const perPixel = { pdf: POINTS, svg: PIXELS, png: DOTS }[format] * (widthMm / width);
  const [wide, high] = [width * perPixel, height * perPixel];
  const draw = (context: Context) => {
    context.scale(perPixel, perPixel);
    const safe = withSafeArcs(context);
    const paper = colours === 'grey' ? greyed(safe) : safe;
    paper.fillStyle = '#fff';
    paper.fillRect(0, 0, width + 1, height + 1);
    paint(paper);
  };
  const { createCanvas, PDFDocument, SvgExportFlag } = library();
  switch (format) {
    case 'pdf': {
      const document = new PDFDocument();
      draw(document.beginPage(wide, high) as unknown as Context);
      document.endPage();
      return document.close();
    }
    case 'svg': {
      const canvas = createCanvas(wide, high, SvgExportFlag.ConvertTextToPaths);
      draw(canvas.getContext('2d'));
      return inMillimetres(canvas.getContent(), { wide, high, widthMm });
    }
    case 'png': {
      const canvas = createCanvas(Math.ceil(wide), Math.ceil(high));
      draw(canvas.getContext('2d'));
      return canvas.toBuffer('image/png');
    }
  }
}

function inMillimetres(svg: Buffer, { wide, high, widthMm }: { wide: number; high: number; widthMm: number }): Buffer {
  const heightMm = Number(((widthMm * high) / wide).toFixed(3));
  const size = `width="${widthMm}mm" height="${heightMm}mm" viewBox="0 0 ${wide} ${high}"`;
  return Buffer.from(svg.toString().replace(/(<svg\b[^>]*?) width="[^"]*" height="[^"]*"/, `$1 ${size}`));
}

/** A context whose colours become greys as they are set. */
function greyed(context: Context): Context {
  return new Proxy(context, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
    set(target, name, value) {
      const isColour = (name === 'fillStyle' || name === 'strokeStyle') && typeof value === 'string';
      return Reflect.set(target, name, isColour ? greyOf(target, name, value) : value, target);
    },
  });
}

/** The darkest and the lightest category, as shares of white. */
const [DARKEST, LIGHTEST] = [0.05, 0.72];

function greyOf(context: Context, name: 'fillStyle' | 'strokeStyle', colour: string): string {
  // The canvas reads any colour, and gives it back as #rrggbb or rgba(…).
  const before = context[name];
  context[name] = colour;
  const read = context[name];
  context[name] = before;
  const [red, green, blue, alpha] = channelsOf(typeof read === 'string' ? read : '#000000');
  const category = CATEGORIES.findIndex((one) => String(channelsOf(one).slice(0, 3)) === String([red, green, blue]));
  if (category >= 0) {
    // Neighbours in the order of the categories are far apart: 0, 5, 1, 6, …
    const half = Math.ceil(CATEGORIES.length / 2);
    const rank = category % 2 === 0 ? category / 2 : half + (category - 1) / 2;
    return level(DARKEST + ((LIGHTEST - DARKEST) * rank) / (CATEGORIES.length - 1), alpha);
  }
  return level((0.299 * red + 0.587 * green + 0.114 * blue) / 255, alpha);
}

function channelsOf(colour: string): [number, number, number, number] {
  const whole = colour.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
  const hex = /^#(..)(..)(..)$/.exec(whole);
  if (hex) return [parseInt(hex[1]!, 16), parseInt(hex[2]!, 16), parseInt(hex[3]!, 16), 1];
  const [red = 0, green = 0, blue = 0, alpha = 1] = [...colour.matchAll(/[\d.]+/g)].map(Number);
  return [red, green, blue, alpha];
}

function level(share: number, alpha: number): string {
  const grey = Math.round(255 * Math.max(0, Math.min(1, share)));
  return alpha === 1 ? `rgb(${grey}, ${grey}, ${grey})` : `rgba(${grey}, ${grey}, ${grey}, ${alpha})`;
}

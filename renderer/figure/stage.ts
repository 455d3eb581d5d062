/** A drawing of three layers: vector lines below, pixels, vector marks above. */
import { h, setAttributes, svg } from '../dom';
import type { Theme } from '../theme';
import type { SvgImage } from './save';

export class Stage {
  readonly under = svg('svg', { 'aria-hidden': 'true' });
  readonly canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly over = svg('svg', { 'aria-hidden': 'true' });
  readonly element = h('div', { class: 'stage' }, this.under, this.canvas, this.over);
  width = 0;
  height = 0;

  /**
   * Sets the size in CSS pixels. The canvas has the screen's own pixels, and loses its content only when they change.
   *
   * @returns whether anything changed
   */
  resize(width: number, height: number): boolean {
    if (width === this.width && height === this.height && this.canvas.width === Math.round(width * this.density))
      return false;
    this.width = width;
    this.height = height;
    this.element.style.height = `${height}px`;
    for (const layer of [this.under, this.over])
      setAttributes(layer, { width, height, viewBox: `0 0 ${width} ${height}` });
    const [pixelWidth, pixelHeight] = [Math.round(width * this.density), Math.round(height * this.density)];
    if (this.canvas.width !== pixelWidth) this.canvas.width = pixelWidth;
    if (this.canvas.height !== pixelHeight) this.canvas.height = pixelHeight;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    return true;
  }

  /** Screen pixels per CSS pixel. */
  get density(): number {
    return window.devicePixelRatio || 1;
  }

  /**
   * The canvas with CSS pixels as its unit, cleared, or as it was drawn last.
   * @throws Error when the browser provides no 2D canvas
   */
  paper(isCleared = true): CanvasRenderingContext2D {
    const context = this.canvas.getContext('2d');
    if (context === null) throw new Error('the browser provides no 2D canvas');
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (isCleared) context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(this.density, 0, 0, this.density, 0, 0);
    context.imageSmoothingEnabled = false;
    return context;
  }
}

/** Layers as one drawing of its own, on the theme's background. */
export function standalone(layers: Node[], width: number, height: number, theme: Theme): SvgImage {
  const drawing = svg(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      'font-family': theme.fontFamily,
    },
    svg('rect', { width, height, fill: theme.background }),
    ...layers,
  );
  return { markup: new XMLSerializer().serializeToString(drawing), width, height };
}

/** A picture of whole squares for pixels, with its name below, that says which pixel is pointed at. */
import { h, setText } from '../../dom';
import { Hover } from '../../hover';
import type { Theme } from '../../theme';

export class Picture {
  private readonly canvas = h('canvas', { role: 'img' });
  private readonly name = h('figcaption');
  readonly element: HTMLElement;
  private zoom = 1;

  /** @param onPoint hears column and row of the pixel under the pointer */
  constructor(kind: string, onPoint: (at: [number, number] | null) => void) {
    this.element = h('figure', { class: `picture ${kind}` }, h('div', { class: 'frame' }, this.canvas), this.name);
    new Hover(this.canvas, (at) => {
      if (at === null) return onPoint(null);
      const [x, y] = [Math.floor(at[0] / this.zoom), Math.floor(at[1] / this.zoom)];
      onPoint([Math.max(0, x), Math.max(0, y)]);
    });
  }

  /** @param at the pixel that is framed */
  draw(source: HTMLCanvasElement, zoom: number, name: string, at: [number, number] | null, theme: Theme): void {
    this.zoom = zoom;
    const [width, height] = [source.width * zoom, source.height * zoom];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.canvas.setAttribute('aria-label', name);
    setText(this.name, name);
    const paper = this.canvas.getContext('2d');
    if (paper === null) throw new Error('the browser provides no 2D canvas');
    paper.imageSmoothingEnabled = false;
    paper.drawImage(source, 0, 0, width, height);
    if (at === null) return;
    const [x, y] = [at[0] * zoom, at[1] * zoom];
    paper.lineWidth = 2;
    // Seen on any picture: one line in the colour of the paper, one in that of the focus.
    for (const [colour, out] of [
      [theme.background, 2],
      [theme.focus, 0.5],
    ] as const) {
      paper.strokeStyle = colour;
      paper.strokeRect(x - out, y - out, zoom + 2 * out, zoom + 2 * out);
    }
  }
}

/** The decoded sample beside the plane, with what it is and where it comes from. */
import type { SampleShape } from '../../../../kernel/views/types';
import { h, setAttributes, setText, svg } from '../../../dom';
import { extent, imageCanvas, profilePath } from '../../../samples';
import { categoryColour } from '../../../palette';
import type { Theme } from '../../../theme';

export interface DecodedSample {
  values: ArrayLike<number>;
  shape: SampleShape;
  /** `z = (0.52, −1.31)` and more, one line each. */
  lines: string[];
  /** Where the sample comes from; null when the live kernel made it just now. */
  source: string | null;
}

/** Side of the largest picture. */
const SIDE = 150;
const PROFILE_HEIGHT = 90;

export class DecodedPanel {
  private readonly canvas = h('canvas', { role: 'img', 'aria-label': 'Decoded sample', hidden: true });
  private readonly profile = svg('svg', {
    role: 'img',
    'aria-label': 'Decoded sample',
    width: SIDE,
    height: PROFILE_HEIGHT,
  });
  private readonly lines = h('div', { class: 'lines' });
  private readonly source = h('p', { class: 'source' });
  readonly element = h(
    'div',
    { class: 'decoded' },
    h('div', { class: 'frame' }, this.canvas, this.profile),
    this.lines,
    this.source,
  );
  private shown: DecodedSample | undefined;

  constructor() {
    setAttributes(this.profile, { hidden: true });
  }

  show(sample: DecodedSample, theme: Theme): void {
    this.shown = sample;
    if (sample.shape.kind === 'image') this.drawImage(sample, sample.shape);
    else this.drawProfile(sample.values, theme);
    this.write(sample.lines, sample.source);
  }

  /** No sample: a sentence instead. */
  explain(lines: string[], reason: string): void {
    this.shown = undefined;
    this.canvas.hidden = true;
    setAttributes(this.profile, { hidden: true });
    this.write(lines, reason);
  }

  redraw(theme: Theme): void {
    if (this.shown !== undefined) this.show(this.shown, theme);
  }

  private drawImage({ values, lines }: DecodedSample, shape: Extract<SampleShape, { kind: 'image' }>): void {
    const { width, height } = shape;
    const zoom = Math.max(1, Math.floor(SIDE / Math.max(width, height)));
    const scale = Math.max(width, height) > SIDE ? SIDE / Math.max(width, height) : zoom;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.canvas.style.width = `${width * scale}px`;
    this.canvas.style.height = `${height * scale}px`;
    const paper = this.canvas.getContext('2d');
    if (paper === null) throw new Error('the browser gives no 2D canvas');
    paper.drawImage(imageCanvas(values, shape), 0, 0);
    this.canvas.hidden = false;
    this.canvas.setAttribute('aria-label', `Decoded sample, ${lines.join(', ')}`);
    setAttributes(this.profile, { hidden: true });
  }

  private drawProfile(values: ArrayLike<number>, theme: Theme): void {
    const box = { x: 4, y: 6, width: SIDE - 8, height: PROFILE_HEIGHT - 12 };
    const path = svg('path', { d: profilePath(values, extent(values), box), fill: 'none' });
    setAttributes(path, { stroke: categoryColour(theme.categories, 0), 'stroke-width': 1.5 });
    const frame = svg('rect', {
      x: 0.5,
      y: 0.5,
      width: SIDE - 1,
      height: PROFILE_HEIGHT - 1,
      fill: 'none',
      stroke: theme.grid,
    });
    this.profile.replaceChildren(frame, path);
    setAttributes(this.profile, { hidden: false });
    this.canvas.hidden = true;
  }

  private write(lines: string[], source: string | null): void {
    if (this.lines.childElementCount !== lines.length) this.lines.replaceChildren(...lines.map(() => h('div')));
    lines.forEach((line, i) => setText(this.lines.children[i]!, line));
    setText(this.source, source ?? '');
  }
}

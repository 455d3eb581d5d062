/** The sample beside the plane, with what it is and where it comes from: a place decoded, or a point beside its original. */
import { SIDE } from '../../../../kernel/figures/scatter/room';
import type { SampleShape } from '../../../../kernel/views/types';
import { h, setText } from '../../../dom';
import type { Theme } from '../../../theme';
import type { PointSamples } from './answers';
import { comparisonViews, sampleView } from './sampleViews';

export interface DecodedSample {
  values: ArrayLike<number>;
  shape: SampleShape;
}

interface Shown {
  /** Draws it in the colours of a theme; undefined: a sentence stands alone. */
  draw: ((theme: Theme) => Element) | undefined;
}

/** The side of each of several pictures. */
const COMPARED_SIDE = 118;

export class DecodedPanel {
  private readonly frame = h('div', { class: 'frame' });
  private readonly lines = h('div', { class: 'lines' });
  private readonly source = h('p', { class: 'source' });
  readonly element = h('div', { class: 'decoded' }, this.frame, this.lines, this.source);
  /** That of the square which a sample alone fits into. */
  private side: number = SIDE.usual;
  private shown: Shown = { draw: undefined };

  /**
   * @param lines  `z = (0.52, −1.31)` and more, one line each
   * @param source where the sample comes from; null when the live kernel made it just now
   */
  show({ values, shape }: DecodedSample, lines: string[], source: string | null, theme: Theme): void {
    const label = `Decoded sample, ${lines.join(', ')}`;
    this.draw({ draw: (colours) => sampleView(values, shape, this.side, label, colours) }, theme);
    this.write(lines, source);
  }

  /** A point's input beside what the model makes of it. */
  compare(samples: PointSamples, lines: string[], theme: Theme): void {
    this.draw({ draw: (colours) => comparisonViews(samples, COMPARED_SIDE, colours) }, theme);
    this.write(lines, null);
  }

  /** No sample: a sentence instead. */
  explain(lines: string[], reason: string): void {
    this.shown = { draw: undefined };
    this.frame.replaceChildren();
    this.write(lines, reason);
  }

  resize(side: number, theme: Theme): void {
    if (side === this.side) return;
    this.side = side;
    this.redraw(theme);
  }

  redraw(theme: Theme): void {
    this.draw(this.shown, theme);
  }

  private draw(shown: Shown, theme: Theme): void {
    this.shown = shown;
    const drawn = shown.draw?.(theme);
    const before = this.frame.firstElementChild;
    if (drawn instanceof HTMLCanvasElement && before instanceof HTMLCanvasElement) copyPicture(drawn, before);
    else this.frame.replaceChildren(...(drawn ? [drawn] : []));
  }

  private write(lines: string[], source: string | null): void {
    if (this.lines.childElementCount !== lines.length) this.lines.replaceChildren(...lines.map(() => h('div')));
    lines.forEach((line, i) => setText(this.lines.children[i]!, line));
    setText(this.source, source ?? '');
  }
}

/** The picture stays the same node, as a reader's pointer and a screen reader are on it. */
function copyPicture(from: HTMLCanvasElement, to: HTMLCanvasElement): void {
  for (const { name, value } of from.attributes) to.setAttribute(name, value);
  to.getContext('2d')!.drawImage(from, 0, 0);
}

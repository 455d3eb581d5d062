/** A way through the latent space as a strip of what the decoder makes along it. */
import type { SampleShape } from '../../../../kernel/views/types';
import { h, setText } from '../../../dom';
import { button, Select } from '../../../figure/controls';
import type { Theme } from '../../../theme';
import { sampleView } from '../decoding/sampleViews';

export interface Strip {
  /** Decoded samples from one end to the other. */
  samples: ArrayLike<number>[];
  shape: SampleShape;
  /** The latent points that they are of. */
  points: number[][];
}

export interface StripEvents {
  onChange(way: 'lerp' | 'slerp', steps: number): void;
  onClose(): void;
}

export const WAYS = ['lerp', 'slerp'] as const;
export type Way = (typeof WAYS)[number];
export const STEPS = [5, 7, 9, 11, 15, 21];
const WAY_NAMES = ['straight (lerp)', 'along the sphere (slerp)'];

const SMALLEST = 28;
const LARGEST = 96;
const GAP = 4;

export class StripPanel {
  private readonly heading = h('h3', {});
  private readonly ways: Select;
  private readonly steps: Select;
  private readonly row = h('ol', { class: 'row' });
  private readonly note = h('p', {});
  readonly element: HTMLElement;
  private way: Way = 'slerp';
  private count = 9;
  private strip: Strip | null = null;
  private width = 600;

  constructor(events: StripEvents) {
    const change = () => events.onChange(this.way, this.count);
    this.ways = new Select('way', (index) => {
      this.way = WAYS[index]!;
      change();
    });
    this.steps = new Select('steps', (index) => {
      this.count = STEPS[index]!;
      change();
    });
    const close = button('Close', { title: 'Take the way away' }, () => events.onClose());
    const controls = h(
      'div',
      { class: 'controls', role: 'group', 'aria-label': 'Way' },
      this.ways.element,
      this.steps.element,
      close,
    );
    this.element = h(
      'section',
      { class: 'way', 'aria-label': 'Interpolation', hidden: true },
      h('div', { class: 'head' }, this.heading, controls),
      this.row,
      this.note,
    );
  }

  /** @param way what was asked for */
  setWay(way: Way, steps: number): void {
    this.way = way;
    this.count = steps;
    this.ways.show(WAY_NAMES, WAYS.indexOf(way));
    this.steps.show(STEPS.map(String), STEPS.indexOf(steps));
  }

  /** @param note where the samples come from, or why there are none */
  show(title: string, strip: Strip | null, note: string, theme: Theme): void {
    this.element.hidden = false;
    setText(this.heading, title);
    setText(this.note, note);
    this.note.hidden = note === '';
    this.strip = strip;
    this.redraw(theme);
  }

  hide(): void {
    this.element.hidden = true;
    this.strip = null;
  }

  resize(width: number, theme: Theme): void {
    this.width = width;
    this.redraw(theme);
  }

  redraw(theme: Theme): void {
    const { strip } = this;
    if (strip === null) return this.row.replaceChildren();
    const n = strip.samples.length;
    const side = sideOf(this.width, n);
    this.row.replaceChildren(
      ...strip.samples.map((values, i) => {
        const share = i / Math.max(1, n - 1);
        const label = `${i + 1} of ${n}, at ${Number((100 * share).toPrecision(3))} % of the way`;
        return h('li', {}, sampleView(values, strip.shape, side, label, theme));
      }),
    );
  }
}

/** As large as a row of so many may be. */
export function sideOf(width: number, n: number): number {
  return Math.max(SMALLEST, Math.min(LARGEST, Math.floor((width - GAP * (n - 1)) / n)));
}

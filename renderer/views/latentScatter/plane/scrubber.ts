/** A slider over the epochs: where the points were, up to where they are now. */
import { prefersReducedMotion } from '../../../accessibility';
import { h, setText } from '../../../dom';
import { button, Select } from '../../../figure/controls';
import { count, counted } from '../../../numbers';
import type { Frames } from './frames';

export interface ScrubberEvents {
  /** @param frame null: the points as they are in the view */
  onFrame(frame: number | null, isAligned: boolean): void;
}

/** Milliseconds that a frame is shown while they play. */
const FRAME_MS = 220;
const WAYS = ['turned alike', 'as they were'];

export class Scrubber {
  private readonly range = h('input', { type: 'range', min: 0, max: 1, step: 1, 'aria-label': 'Epoch' });
  private readonly output = h('output');
  private readonly play: HTMLButtonElement;
  private readonly ways: Select;
  readonly element: HTMLElement;
  private frames: Frames | null = null;
  private of = 0;
  private now = 0;
  private isAligned = true;
  private timer: number | undefined;

  constructor(private readonly events: ScrubberEvents) {
    this.play = button('Play', { title: 'Show one epoch after the other' }, () =>
      this.timer ? this.stop() : this.start(),
    );
    this.ways = new Select('frames', (index) => {
      this.isAligned = index === 0;
      this.tell();
    });
    this.range.addEventListener('input', () => {
      this.stop();
      this.tell();
    });
    // The notebook around the figure takes arrow keys for its own.
    this.range.addEventListener('keydown', (event) => event.stopPropagation());
    this.element = h('div', { class: 'epochs', hidden: true }, this.play, this.range, this.output, this.ways.element);
  }

  /**
   * @param of  points of all
   * @param now epoch of the view
   */
  show(frames: Frames | null, of: number, now: number): void {
    this.stop();
    this.frames = frames;
    this.element.hidden = frames === null || frames.count === 0;
    if (frames === null) return;
    this.of = of;
    this.now = now;
    this.isAligned = frames.canAlign;
    this.ways.element.hidden = !frames.canAlign;
    this.ways.show(WAYS, this.isAligned ? 0 : 1);
    this.range.max = String(frames.count);
    this.range.valueAsNumber = frames.count;
    this.write();
  }

  dispose(): void {
    this.stop();
  }

  private start(): void {
    const { frames } = this;
    if (frames === null) return;
    if (this.range.valueAsNumber >= frames.count) this.range.valueAsNumber = 0;
    else this.range.valueAsNumber++;
    this.tell();
    this.play.textContent = 'Stop';
    // Who wants little motion goes by their own steps.
    if (prefersReducedMotion()) return this.stop();
    this.timer = window.setInterval(() => {
      this.range.valueAsNumber++;
      this.tell();
      if (this.range.valueAsNumber >= frames.count) this.stop();
    }, FRAME_MS);
  }

  private stop(): void {
    window.clearInterval(this.timer);
    this.timer = undefined;
    this.play.textContent = 'Play';
  }

  private tell(): void {
    const { frames } = this;
    if (frames === null) return;
    const at = this.range.valueAsNumber;
    this.write();
    this.events.onFrame(at >= frames.count ? null : at, this.isAligned);
  }

  private write(): void {
    const { frames } = this;
    const at = this.range.valueAsNumber;
    const isNow = frames === null || at >= frames.count;
    const epoch = isNow ? this.now : frames.epochs[at]!;
    const sample = frames && !isNow ? ` · ${count(frames.points)} of ${counted(this.of, 'point')}` : '';
    const text = `epoch ${count(epoch)}${isNow ? ' (this view)' : ''}${sample}`;
    setText(this.output, text);
    this.range.setAttribute('aria-valuetext', text);
  }
}

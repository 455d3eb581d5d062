/** The card beside the pointer: what point lies there, and from the live kernel its original beside the reconstruction. */
import type { Channel } from '../../../channel';
import { h, setText } from '../../../dom';
import { reading } from '../../../numbers';
import type { Theme } from '../../../theme';
import { askPoint } from './answers';
import type { PointSamples } from './answers';
import { Newest } from '../../../newest';
import { comparisonViews } from './sampleViews';

/** Points whose answers are kept: a pointer comes back to where it was. */
const KEPT = 100;
const SIDE = 56;

export class HoverCard {
  private readonly text = h('div');
  private readonly pictures = h('div', { class: 'pictures', hidden: true });
  readonly element = h('div', { class: 'hover', hidden: true }, this.text, this.pictures);
  private readonly answers = new Map<number, PointSamples>();
  private readonly newest: Newest<number, PointSamples>;
  private shown: { point: number; text: string; theme: Theme } | undefined;

  constructor(
    private readonly channel: Channel,
    private readonly decodes: () => boolean,
  ) {
    this.newest = new Newest<number, PointSamples>({
      ask: (point) => askPoint(channel, point),
      onAnswer: (point, answer) => {
        if (this.answers.size >= KEPT) this.answers.delete(this.answers.keys().next().value!);
        this.answers.set(point, answer);
        this.draw();
      },
      // The text alone stays.
      onReason: () => undefined,
    });
  }

  show(point: number, text: string, theme: Theme): void {
    const isNew = this.shown?.point !== point;
    this.shown = { point, text, theme };
    if (isNew && this.channel.live && this.decodes() && !this.answers.has(point)) this.newest.ask(point);
    this.draw();
  }

  hide(): void {
    this.shown = undefined;
    this.newest.drop();
    this.element.hidden = true;
  }

  /** The points are others, or the model has learned since. */
  forget(): void {
    this.answers.clear();
    this.hide();
  }

  close(): void {
    this.newest.close();
  }

  private draw(): void {
    if (this.shown === undefined) return;
    const { point, text, theme } = this.shown;
    const answer = this.answers.get(point);
    this.element.hidden = false;
    setText(this.text, answer === undefined ? text : `${text} · squared error ${reading(answer.error)}`);
    this.pictures.hidden = answer === undefined;
    this.pictures.replaceChildren(...(answer === undefined ? [] : [comparisonViews(answer, SIDE, theme)]));
  }
}

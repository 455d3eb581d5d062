/** How far a training is, with a button to stop it. */
import { progressText } from '../../../kernel/views/progress';
import type { TrainingProgress } from '../../../kernel/views/types';
import type { Channel } from '../../channel';
import { h, setText } from '../../dom';
import { button } from '../../figure/controls';
import { messageOf } from '../../errors';

export class ProgressBar {
  private readonly fill = h('div', { class: 'fill' });
  private readonly bar = h('div', { class: 'bar', role: 'progressbar', 'aria-label': 'Training', 'aria-valuemin': 0 });
  private readonly text = h('span', { class: 'progress-text' });
  private readonly cancel: HTMLButtonElement;
  readonly element: HTMLElement;
  private progress: TrainingProgress | undefined;
  private share = NaN;
  private cancelling = false;
  /** How far the training was when it was last spoken of. */
  private spoken: string | undefined;

  /**
   * @param onProblem hears why a training could not be cancelled
   * @param speak for screen readers: each quarter of the training, and how it ends
   */
  constructor(
    private readonly channel: Channel,
    private readonly onProblem: (message: string) => void,
    private readonly speak: (text: string) => void,
  ) {
    this.cancel = button('Cancel', { title: 'Stop after the current step; the model keeps its state' }, () =>
      this.requestCancel(),
    );
    this.bar.append(this.fill);
    this.element = h('div', { class: 'progress' }, this.bar, this.text, this.cancel);
  }

  show(progress: TrainingProgress): void {
    this.progress = progress;
    if (progress.state !== 'running') this.cancelling = false;
    this.render();
    this.announce(progress);
  }

  /** What stands there at first is read with the figure. */
  private announce(progress: TrainingProgress): void {
    const { state, step, totalSteps } = progress;
    const isEarly = state === 'running' && 4 * step < totalSteps;
    const place = state === 'running' ? `${Math.floor((4 * step) / Math.max(1, totalSteps))}` : state;
    if (place === this.spoken) return;
    if (this.spoken !== undefined && !isEarly) this.speak(`Training: ${progressText(progress)}`);
    this.spoken = place;
  }

  private render(): void {
    const { progress } = this;
    if (progress === undefined) return;
    const running = progress.state === 'running';
    this.bar.hidden = progress.state === 'done';
    this.bar.setAttribute('aria-valuemax', String(progress.totalSteps));
    this.bar.setAttribute('aria-valuenow', String(progress.step));
    this.bar.setAttribute('aria-valuetext', progressText(progress));
    // Another scale is another picture of the same box: a width would cost the page a layout at each step.
    const share = Math.round((500 * progress.step) / Math.max(1, progress.totalSteps)) / 500;
    if (share !== this.share) this.fill.style.transform = `scaleX(${(this.share = share)})`;
    this.element.dataset.state = progress.state;
    setText(this.text, progressText(progress));
    this.cancel.hidden = !running;
    this.cancel.disabled = this.cancelling;
    setText(this.cancel, this.cancelling ? 'Cancelling …' : 'Cancel');
  }

  private requestCancel(): void {
    this.cancelling = true;
    this.render();
    this.channel.ask({ kind: 'cancel' }).catch((error: unknown) => {
      this.cancelling = false;
      this.render();
      this.onProblem(`The training was not cancelled: ${messageOf(error)}`);
    });
  }
}

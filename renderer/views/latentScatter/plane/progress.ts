/** How far the kernel has come with a projection, and a button that ends it. */
import { h } from '../../../dom';
import { button } from '../../../figure/controls';

export class ProjectionProgress {
  private readonly bar = h('progress', { max: 1, 'aria-label': 'The kernel is projecting the points' });
  private readonly text = h('span', {});
  readonly element: HTMLElement;

  constructor(onStop: () => void) {
    const stop = button('Cancel', { title: 'Keep the axes as they are' }, onStop);
    this.element = h('div', { class: 'projecting', hidden: true }, this.bar, this.text, stop);
  }

  /** @param share null: nothing is under way */
  show(share: number | null): void {
    this.element.hidden = share === null;
    if (share === null) return;
    this.bar.value = share;
    this.text.textContent = `The kernel is projecting the points: ${Math.floor(share * 100)} %`;
  }
}

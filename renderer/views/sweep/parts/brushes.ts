/** What is brushed, in words, each with a button that lets go of it. */
import { h } from '../../../dom';
import { button } from '../../../figure/controls';
import type { SweepStore } from '../store';
import { brushText } from './axisHandles';

export class Brushes {
  /** Stands in the head of the panel: it must not move what is being brushed. */
  readonly element = h('div', { class: 'brushes', role: 'group', 'aria-label': 'Brushed axes', tabindex: -1 });
  private shown = '';

  constructor(
    private readonly store: SweepStore,
    private readonly refresh: () => void,
  ) {}

  render(): void {
    const { store, element } = this;
    const found = [...store.brushes].flatMap(([name, brush]) => {
      const axis = store.parallelAxes.find(({ column }) => column.name === name);
      return axis ? [{ name, text: `${name} ${brushText(axis, brush)}` }] : [];
    });
    const key = JSON.stringify(found);
    if (key === this.shown) return;
    this.shown = key;
    element.replaceChildren(
      ...found.map(({ name, text }) =>
        button(`${text} ×`, { title: `Let go of ${text}` }, () => {
          store.brushes.delete(name);
          this.refresh();
          element.focus();
        }),
      ),
    );
  }
}

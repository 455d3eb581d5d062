/** The run that is marked: its setting and its metrics, and a button that opens its notebook. */
import { cellText } from '../../../kernel/views/sweep/rows';
import { h, setText } from '../../dom';
import { button } from '../../figure/controls';
import type { OpenControl } from './openControl';
import type { SweepStore } from './store';

/** Metrics that the bar shows. */
const METRICS = 4;

export class RunBar {
  readonly element: HTMLElement;
  private readonly swatch = h('i', { class: 'swatch' });
  private readonly name = h('b');
  private readonly text = h('span');
  private readonly open: HTMLButtonElement;
  private readonly letGo: HTMLButtonElement;

  constructor(
    private readonly store: SweepStore,
    private readonly control: OpenControl,
    release: () => void,
  ) {
    this.open = button('Open notebook', {}, () => store.selected !== null && control.open(store.selected));
    this.letGo = button('Let go', { title: 'Mark no run (Escape)' }, release);
    this.element = h('div', { class: 'run-bar' }, this.swatch, this.name, this.text, this.open, this.letGo);
  }

  render(): void {
    const { store } = this;
    const run = store.selected;
    this.element.dataset.marked = String(run !== null);
    // It stays where it is: what one points at must not move when it is marked.
    for (const part of [this.swatch, this.open, this.letGo]) part.style.visibility = run === null ? 'hidden' : '';
    if (run === null) {
      setText(this.name, '');
      setText(this.text, 'Click a run in any panel to mark it in all.');
      return;
    }
    this.swatch.style.setProperty('--colour', store.colours.of(run));
    setText(this.name, store.nameOf(run));
    const first = [store.column(store.looks.metric), ...store.metrics].filter((column) => column !== undefined);
    const metrics = [...new Set(first)]
      .slice(0, METRICS)
      .map((column) => `${column.name} ${cellText(column, column.values[run] ?? null)}`);
    const reason = store.data.reasons.get(run);
    setText(this.text, [store.data.states[run]!, ...metrics, ...(reason === undefined ? [] : [reason])].join(' · '));
    const problem = this.control.problem(run);
    this.open.disabled = problem !== null;
    this.open.title = problem ?? 'Open its executed notebook (Enter)';
  }
}

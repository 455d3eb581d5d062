/** What is selected: how many points, their classes, and what can be done with them. */
import { h, setText, svg } from '../../../dom';
import { button } from '../../../figure/controls';
import { count, counted, percent } from '../../../numbers';
import { categoryColour } from '../../../palette';
import type { Theme } from '../../../theme';
import { markShape } from '../colour/legend';
import type { ClassShare } from './mix';

export interface SelectionEvents {
  onKeep(name: string | undefined): void;
  onTrain(): void;
  onClear(): void;
}

export interface Selected {
  points: number;
  of: number;
  mix: ClassShare[];
}

/** Classes that are listed; the others are counted. */
const MOST_CLASSES = 6;
const KEEP_TITLE = 'Make the selection a variable of the notebook';
const TRAIN_TITLE = 'Write and run a cell below that trains a VAE on the selected rows';

export class SelectionPanel {
  private readonly heading = h('h3', {});
  private readonly rows = h('p', { class: 'rows' });
  private readonly mix = h('ul', { class: 'mix', 'aria-label': 'Classes of the selection' });
  private readonly name = h('input', { type: 'text', 'aria-label': 'Name of the variable', spellcheck: 'false' });
  private readonly keep: HTMLButtonElement;
  private readonly train: HTMLButtonElement;
  private readonly status = h('p', { class: 'status' });
  readonly element: HTMLElement;
  /** Whether the reader wrote the name. */
  private isNamed = false;

  constructor(events: SelectionEvents) {
    const keep = () => events.onKeep(this.isNamed ? this.name.value.trim() : undefined);
    this.keep = button('Keep', { title: KEEP_TITLE, label: 'Keep as variable' }, keep);
    this.train = button('Train VAE on selection', { title: TRAIN_TITLE }, () => events.onTrain());
    const clear = button('Clear', { title: 'Select nothing (Escape)' }, () => events.onClear());
    this.name.addEventListener('input', () => (this.isNamed = this.name.value.trim() !== ''));
    // The notebook around the figure takes keys for its own.
    this.name.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Enter') keep();
    });
    this.element = h(
      'section',
      { class: 'selection', 'aria-label': 'Selection', hidden: true },
      h('div', { class: 'head' }, this.heading, clear),
      this.rows,
      this.mix,
      h('div', { class: 'keep' }, this.name, this.keep, this.train),
      this.status,
    );
  }

  /** @param selected null: nothing is selected */
  show(selected: Selected | null, theme: Theme): void {
    this.element.hidden = selected === null;
    if (selected === null) return;
    const { points, of, mix } = selected;
    setText(this.heading, `${counted(points, 'point')} · ${percent(of === 0 ? 0 : points / of)}`);
    const largest = mix[0]?.count ?? 1;
    const listed = mix.slice(0, MOST_CLASSES).map((share) => mixRow(share, largest, points, theme));
    const more = mix.slice(MOST_CLASSES);
    const rest = more.reduce((sum, one) => sum + one.count, 0);
    if (more.length > 0) listed.push(h('li', { class: 'more' }, `${count(more.length)} more: ${count(rest)}`));
    this.mix.hidden = listed.length === 0;
    this.mix.replaceChildren(...listed);
  }

  /** @param rows of the data that the selection has, where the view does not hold all; null: not known */
  setRows(rows: { count: number; of: number } | null): void {
    this.rows.hidden = rows === null;
    if (rows !== null) setText(this.rows, `${counted(rows.count, 'row')} of all ${count(rows.of)} lie inside`);
  }

  propose(name: string): void {
    if (!this.isNamed) this.name.value = name;
  }

  /** @param reason why it cannot be kept; null: it can */
  setKeepable(reason: string | null): void {
    for (const [control, title] of [
      [this.keep, KEEP_TITLE],
      [this.train, TRAIN_TITLE],
    ] as const) {
      control.disabled = reason !== null;
      control.title = reason ?? title;
    }
    this.name.disabled = reason !== null;
  }

  setStatus(text: string, isProblem = false): void {
    this.status.classList.toggle('wrong', isProblem);
    setText(this.status, text);
  }

  /** It has the name of a variable now; the next one gets another. */
  kept(): void {
    this.isNamed = false;
  }
}

function mixRow({ index, name, count: points }: ClassShare, largest: number, all: number, theme: Theme): HTMLElement {
  const mark = svg('svg', { width: 12, height: 12, 'aria-hidden': 'true' }, markShape(index, theme, 6, 6, 4));
  const bar = h('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.width = `${(100 * points) / largest}%`;
  bar.style.background = categoryColour(theme.categories, index);
  const title = `${name}: ${counted(points, 'point')}, ${percent(points / all)}`;
  return h(
    'li',
    { title },
    mark,
    h('span', { class: 'name' }, name),
    h('span', { class: 'count' }, count(points)),
    bar,
  );
}

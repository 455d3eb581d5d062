import { relationText, tally } from '../../../kernel/views/claims';
import type { CheckPlace, DerivationCheck, DerivationChecksView } from '../../../kernel/views/types';
import { adoptStyles, h } from '../../dom';
import { button } from '../../figure/controls';
import { categoryColour } from '../../palette';
import type { Drawn, ViewContext } from '../../view';
import styles from './derivationChecks.css';
import { mathElement } from './math';
import { checksTable, describeCheck, differenceText, placeText, shareOfTolerance, sign, verdict } from './model';
import { printChecks } from './print';

export class DerivationChecks implements Drawn<DerivationChecksView> {
  private readonly list = h('ol', { class: 'checks' });
  /** By what they show. */
  private rows = new Map<string, HTMLElement>();
  /** Rows whose code is open, by identity, so that an update leaves them so. */
  private readonly opened = new Set<string>();

  constructor(
    private readonly context: ViewContext,
    private shown: DerivationChecksView,
  ) {
    const { figure } = context;
    adoptStyles(figure.root, styles);
    figure.body.append(h('div', { class: 'frame' }, this.list));
    figure.setDrawing(() => printChecks(this.shown));
    const colour = () => this.list.style.setProperty('--ll-holds', categoryColour(figure.theme.categories, 2));
    colour();
    figure.onTheme(colour);
    this.update(shown);
  }

  update(view: DerivationChecksView): void {
    this.shown = view;
    const { figure } = this.context;
    // A single one has its verdict above it.
    const caption = view.rows.length === 1 ? '' : tally(view.rows);
    figure.setText({ title: view.title, summary: view.summary, caption, notes: [] });
    figure.setTable(checksTable(view.rows));
    const rows = view.rows.map((check, i) => {
      const key = `${i} ${JSON.stringify(check)}`;
      return [key, this.rows.get(key) ?? this.row(check, i)] as const;
    });
    this.rows = new Map(rows);
    // A row that is as it was stays where it is, with its focus and scroll.
    if (rows.some(([, row], i) => this.list.children[i] !== row) || this.list.childElementCount !== rows.length) {
      this.list.replaceChildren(...this.rows.values());
    }
  }

  dispose(): void {
    this.list.replaceChildren();
  }

  private row(check: DerivationCheck, index: number): HTMLElement {
    const math = mathElement(check.math);
    math.setAttribute('display', 'block');
    const { left, right, relation, holds } = check;
    const icon = h('span', { class: 'icon', 'aria-hidden': 'true' }, sign(check));
    const sides = h(
      'div',
      { class: 'sides' },
      h('span', { class: 'number' }, left.text),
      h('span', { class: 'relation' }, relationText(relation, holds)),
      h('span', { class: 'number' }, right.text),
    );
    const formula = h('div', { class: 'formula', tabindex: 0, role: 'group', 'aria-label': check.identityText }, math);
    const verdictLine = h('div', { class: 'verdict' }, icon, h('span', {}, verdict(check)));
    const open = check.exercise === 'unsolved';
    const item = h('li', { class: open ? 'open' : holds ? 'holds' : 'fails' }, verdictLine, formula);
    if (!open) item.append(sides, difference(check));
    const details = this.details(check, index);
    if (details) item.append(...details);
    if (check.place) item.append(this.placeOf(check.place));
    return item;
  }

  /** Where the check stands: a button that shows it, or words where nobody shows cells. */
  private placeOf(place: CheckPlace): HTMLElement {
    const { channel } = this.context;
    if (!channel.reveals) return h('span', { class: 'place' }, placeText(place));
    const { line, viewId, document } = place;
    const jump = button(placeText(place), { title: 'Show the cell of this check' }, () =>
      channel.reveal(viewId, line, document),
    );
    jump.classList.add('place');
    return jump;
  }

  /** The sources of both sides with the seed, and the button that opens them; undefined for bare numbers. */
  private details(check: DerivationCheck, index: number): [HTMLElement, HTMLElement] | undefined {
    const { left, right, seed, identity } = check;
    if (left.code === '' && right.code === '') return undefined;
    const id = `code-${index}`;
    const code = h('div', { class: 'code', id, hidden: !this.opened.has(identity) });
    for (const [name, source] of [
      ['left', left.code],
      ['right', right.code],
    ] as const) {
      if (source === '') continue;
      const scroll = { class: 'source', tabindex: 0, role: 'group', 'aria-label': `Source of the ${name} side` };
      code.append(h('div', { class: 'side' }, name), h('pre', scroll, source));
    }
    code.append(h('div', { class: 'seed' }, `seed ${seed}`));
    const open = button('Code', { title: 'Show what was evaluated', label: `Code of ${check.identityText}` }, () => {
      code.hidden = !code.hidden;
      open.setAttribute('aria-expanded', String(!code.hidden));
      if (code.hidden) this.opened.delete(identity);
      else this.opened.add(identity);
      this.context.figure.announce(code.hidden ? 'Code hidden' : describeCheck(check));
    });
    open.classList.add('open');
    open.setAttribute('aria-expanded', String(!code.hidden));
    open.setAttribute('aria-controls', id);
    return [open, code];
  }
}

/** The difference in words, and as a bar that is full where the tolerance ends. */
function difference(check: DerivationCheck): HTMLElement {
  const share = Math.min(1, shareOfTolerance(check));
  const bar = h('span', { class: 'bar', 'aria-hidden': 'true' }, h('span', { class: 'fill' }));
  bar.style.setProperty('--share', String(share));
  return h('div', { class: 'difference' }, bar, h('span', {}, `difference ${differenceText(check)}`));
}

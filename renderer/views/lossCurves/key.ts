/** The key above the panels: what each kind of line is; and where the cursor stands. */
import { SWATCH, swatchMarks } from '../../../kernel/figures/training/key';
import type { KeyEntry } from '../../../kernel/figures/training/key';
import type { Colours } from '../../../kernel/figures/marks';
import { h, setText, svg } from '../../dom';
import { markElement } from '../../figure/marks';

export class Key {
  /** Where the cursor stands: beside how far the training has come. */
  readonly where = h('span', { class: 'where' });
  readonly element = h('ul', { class: 'key' });
  private shown = '';

  render(entries: KeyEntry[], where: string): void {
    const state = JSON.stringify(entries);
    if (state !== this.shown) {
      this.shown = state;
      this.element.replaceChildren(
        ...entries.map((entry) => h('li', {}, ...(entry.scale || entry.width > 0 ? [swatch(entry)] : []), entry.text)),
      );
    }
    setText(this.where, where);
  }
}

/** Entries name their own colours. */
const COLOURS: Colours = (role) => (role === 'background' ? 'var(--ll-background)' : role);

function swatch(entry: KeyEntry): SVGSVGElement {
  const marks = swatchMarks(entry).map((mark) => markElement(mark, COLOURS));
  return svg('svg', { width: SWATCH, height: 10, 'aria-hidden': 'true' }, ...marks);
}

/** The scale that points are coloured on, with what lies beyond it or has none. */
import { BAR, barMarks, scaleNote } from '../../../../kernel/figures/scatter/scale';
import { colourText } from '../../../../kernel/views/scatter/colouring';
import type { Scale } from '../../../../kernel/views/scatter/colouring';
import { h, svg } from '../../../dom';
import { coloursOf, markElement } from '../../../figure/marks';
import { quantity } from '../../../numbers';
import type { Theme } from '../../../theme';

export class ScaleLegend {
  private readonly name = h('div', { class: 'name' });
  private readonly bar = svg('svg', { role: 'img', width: BAR.width, height: BAR.foot });
  private readonly note = h('p');
  readonly element = h('div', { class: 'scale', hidden: true }, this.name, this.bar, this.note);

  /** @param scale null: points are on none */
  render(scale: Scale | null, theme: Theme): void {
    this.element.hidden = scale === null;
    if (scale === null) return;
    const [low, high] = scale.range;
    const text = colourText(scale.name);
    this.name.textContent = text;
    this.bar.setAttribute('aria-label', `${text} from ${quantity(low)} to ${quantity(high)}`);
    const colours = coloursOf(theme);
    this.bar.replaceChildren(...barMarks(scale, 0, 0, theme.dark).map((mark) => markElement(mark, colours)));
    const note = scaleNote(scale);
    this.note.hidden = note === '';
    this.note.textContent = note;
  }
}

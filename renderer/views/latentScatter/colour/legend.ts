/** The classes with their colours and marks: a click hides a class or shows it again, pointing at one dims the others. */
import { groupMark } from '../../../../kernel/figures/scatter/groupMark';
import { isLong, LEGEND, type Group } from '../../../../kernel/figures/scatter/legend';
import { h, svg } from '../../../dom';
import { coloursOf, markElement } from '../../../figure/marks';
import { counted } from '../../../numbers';
import type { Theme } from '../../../theme';

export interface LegendEvents {
  onToggle(index: number): void;
  /** null: no class is pointed at. */
  onEmphasis(index: number | null): void;
}

export class Legend {
  readonly element = h('ul', { class: 'legend', 'aria-label': 'Classes' });
  private buttons: HTMLButtonElement[] = [];
  private shown = '';

  constructor(private readonly events: LegendEvents) {
    this.element.style.setProperty('--column', `${LEGEND.column}px`);
    this.element.style.setProperty('--most', `${LEGEND.height}px`);
    this.element.style.setProperty('--entry', `${LEGEND.row}px`);
  }

  render(classes: Group[], hidden: ReadonlySet<number>, theme: Theme): void {
    const key = JSON.stringify(classes);
    if (key !== this.shown) {
      this.shown = key;
      this.element.classList.toggle('long', isLong(classes));
      this.element.hidden = classes.length === 0;
      this.buttons = classes.map((one, i) => this.entry(one, i));
      this.element.replaceChildren(
        ...this.buttons.map((button, i) => h('li', { hidden: classes[i]!.count === 0 }, button)),
      );
    }
    this.buttons.forEach((button, i) => {
      button.setAttribute('aria-pressed', String(!hidden.has(i)));
      button.querySelector('svg')?.replaceChildren(markShape(i, theme, 6, 6, 4));
    });
  }

  private entry({ name, count: points }: Group, index: number): HTMLButtonElement {
    const mark = svg('svg', { width: 12, height: 12, 'aria-hidden': 'true' });
    const title = `${name}: ${counted(points, 'point')}; click to hide or show`;
    const button = h('button', { type: 'button', title }, mark, h('span', {}, name));
    button.addEventListener('click', () => this.events.onToggle(index));
    for (const type of ['pointerenter', 'focus']) {
      button.addEventListener(type, () => this.events.onEmphasis(index));
    }
    for (const type of ['pointerleave', 'blur']) button.addEventListener(type, () => this.events.onEmphasis(null));
    return button;
  }
}

/** The mark of a class as SVG, around a centre. */
export function markShape(index: number, theme: Theme, x: number, y: number, radius: number): SVGElement {
  return markElement(groupMark(index, x, y, radius, theme.categories.length), coloursOf(theme));
}

/** A card beside the pointer with what a panel tells of the run there. */
import { h, setHidden, setText } from '../../dom';

const GAP = 14;

export class HoverCard {
  private readonly name = h('b');
  private readonly text = h('div');
  readonly element = h('div', { class: 'card', 'aria-hidden': 'true', hidden: true }, this.name, this.text);

  /** @param at in pixels of the window */
  show(name: string, text: string, at: readonly [x: number, y: number]): void {
    setText(this.name, name);
    setText(this.text, text);
    setHidden(this.element, false);
    const body = this.element.parentElement!.getBoundingClientRect();
    const { width, height } = this.element.getBoundingClientRect();
    const right = at[0] - body.left + GAP;
    const left = right + width <= body.width ? right : Math.max(0, at[0] - body.left - GAP - width);
    const top = Math.max(0, at[1] - body.top - height - 8);
    this.element.style.transform = `translate(${left.toFixed(0)}px, ${top.toFixed(0)}px)`;
  }

  hide(): void {
    setHidden(this.element, true);
  }
}

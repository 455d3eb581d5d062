/** A card beside the pointer with what a panel tells of the run there. */
import { BesidePlace } from '../../besidePlace';
import { h, setHidden, setText } from '../../dom';

const GAP = 14;

export class HoverCard {
  private readonly name = h('b');
  private readonly text = h('div');
  readonly element = h('div', { class: 'card', 'aria-hidden': 'true', hidden: true }, this.name, this.text);
  private place: BesidePlace | undefined;

  /** @param at in pixels of the window */
  show(name: string, text: string, at: readonly [x: number, y: number]): void {
    const room = this.element.parentElement!;
    const { left, top } = room.getBoundingClientRect();
    setText(this.name, name);
    setText(this.text, text);
    setHidden(this.element, false);
    this.place ??= new BesidePlace(this.element, room);
    this.place.put((card, { width }) => {
      const right = at[0] - left + GAP;
      const isRight = right + card.width <= width;
      return [isRight ? right : Math.max(0, right - 2 * GAP - card.width), Math.max(0, at[1] - top - card.height - 8)];
    });
  }

  hide(): void {
    setHidden(this.element, true);
  }
}

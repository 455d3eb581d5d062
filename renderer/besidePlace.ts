/** A card beside a place, as the pointer's. */

export interface Size {
  width: number;
  height: number;
}

/** Pixels from the top left corner of what the card lies over. */
type Corner = readonly [left: number, top: number];

/**
 * Moves a card as soon as the browser has laid it out, in the same frame. Asking for the size of what has just been
 * written would make the browser lay out the page once more, at each move of the pointer.
 */
export class BesidePlace {
  private readonly sizes = new Map<Element, Size>();
  private where: ((card: Size, room: Size) => Corner) | undefined;

  /** @param room what the card lies over */
  constructor(
    private readonly card: HTMLElement,
    private readonly room: HTMLElement,
  ) {
    const observer = new ResizeObserver((entries) => {
      for (const { target, borderBoxSize } of entries) {
        const [box] = borderBoxSize;
        if (box) this.sizes.set(target, { width: box.inlineSize, height: box.blockSize });
      }
      this.move();
    });
    for (const element of [card, room]) observer.observe(element, { box: 'border-box' });
  }

  /** @param where its top left corner lies, given its size and that of its room */
  put(where: (card: Size, room: Size) => Corner): void {
    this.where = where;
    this.move();
  }

  private move(): void {
    const [card, room] = [this.sizes.get(this.card), this.sizes.get(this.room)];
    if (this.where === undefined || card === undefined || room === undefined) return;
    const [left, top] = this.where(card, room);
    this.card.style.transform = `translate(${left.toFixed(0)}px, ${top.toFixed(0)}px)`;
  }
}

/** Where the pointer rests on an element. */

/** Pixels from the element's top left corner. */
export type Place = [number, number];

/**
 * Tells where the pointer is, and null if it left. While a button is pressed it means something else than pointing
 * (a zoom, a pan, a place to decode): then what it pointed at is not told until the button is up again.
 */
export class Hover {
  private pointer: { clientX: number; clientY: number } | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly tell: (at: Place | null) => void,
  ) {
    element.addEventListener('pointermove', (event) => this.see(event.buttons === 0 ? event : null));
    element.addEventListener('pointerleave', () => this.see(null));
    element.addEventListener('pointerdown', () => {
      this.see(null);
      // What drags may cover the page or capture the pointer: the window hears of the end in any case.
      const end = new AbortController();
      const after = (event: PointerEvent) => {
        end.abort();
        this.see(event.type === 'pointerup' && event.buttons === 0 && this.isOver(event) ? event : null);
      };
      for (const type of ['pointerup', 'pointercancel'] as const)
        window.addEventListener(type, after, { signal: end.signal });
    });
  }

  /** Tells it again: something else may lie under the resting pointer now. */
  again(): void {
    if (this.pointer !== null) this.tell(this.place(this.pointer));
  }

  /** The keyboard points now, until the pointer moves. */
  forget(): void {
    this.pointer = null;
  }

  private see(event: PointerEvent | null): void {
    this.pointer = event && { clientX: event.clientX, clientY: event.clientY };
    this.tell(event && this.place(event));
  }

  private place({ clientX, clientY }: { clientX: number; clientY: number }): Place {
    const { left, top } = this.element.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  private isOver({ clientX, clientY }: PointerEvent): boolean {
    const { left, right, top, bottom } = this.element.getBoundingClientRect();
    return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  }
}

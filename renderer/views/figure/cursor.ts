/** What reads a place: a line or a ring, dots on curves, and a card. */
import { BesidePlace } from '../../besidePlace';
import { h, setText } from '../../dom';
import type { Panel } from '../../panels/panel';
import type { Reading } from './spots';

const GAP = 12;

export class Cursor {
  private readonly marks = h('div');
  private readonly heading = h('b');
  private readonly rows = h('div');
  private readonly card = h('div', { class: 'card', hidden: true }, this.heading, this.rows);
  readonly element = h('div', { class: 'overlay', 'aria-hidden': 'true' }, this.marks, this.card);
  private readonly place = new BesidePlace(this.card, this.element);

  render(reading: Reading | undefined, { box }: Panel): void {
    const isInside = reading && reading.at[0] >= box.left - 1 && reading.at[0] <= box.left + box.width + 1;
    this.card.hidden = !isInside;
    this.marks.replaceChildren();
    if (!reading || !isInside) return;
    if (reading.hasLine) {
      const line = h('div', { class: 'cursor-line' });
      move(line, reading.at[0], box.top);
      line.style.height = `${box.height}px`;
      this.marks.append(line);
    }
    for (const { at, colour } of reading.dots) {
      if (at[1] < box.top - 1 || at[1] > box.top + box.height + 1) continue;
      const dot = h('div', { class: reading.hasLine ? 'dot' : 'ring' });
      move(dot, ...at);
      if (reading.hasLine) dot.style.backgroundColor = colour;
      this.marks.append(dot);
    }
    this.heading.hidden = reading.heading === '';
    setText(this.heading, reading.heading);
    this.rows.replaceChildren(...reading.rows.map(rowOf));
    const [left, top] = reading.at;
    // Beside the place, on the side that has room.
    this.place.put(({ width, height }, room) => [
      left + GAP + width <= room.width ? left + GAP : Math.max(0, left - GAP - width),
      Math.min(Math.max(box.top + 6, top + 6), Math.max(box.top, box.top + box.height - height)),
    ]);
  }
}

function rowOf({ name, value, colour }: Reading['rows'][number]): HTMLElement {
  const row = h('div', { class: 'row' });
  if (colour !== undefined) {
    const swatch = h('i', { class: 'swatch' });
    swatch.style.setProperty('--colour', colour);
    row.append(swatch);
  }
  row.append(h('span', {}, name), h('span', {}, value));
  return row;
}

function move(element: HTMLElement, left: number, top: number): void {
  element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
}

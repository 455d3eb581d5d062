/** What goes on beside a scatter: its model is trained on, and rows of its data are selected or pointed at in other views. */
import { placesOf } from '../../../kernel/views/scatter/masks';
import { h } from '../../dom';
import { LinkedView } from '../../linkedRows';
import { counted } from '../../numbers';
import { indexOf } from './model';
import type { LatentData } from './model';

export interface FollowingContext {
  data(): LatentData;
  announce(text: string): void;
  /** Other points are selected, elsewhere; null: none. */
  onSelected(mask: Uint8Array | null): void;
  /** A point is pointed at, elsewhere; −1: none that the view holds. */
  onPointed(point: number): void;
}

export class Following {
  /** Says that the view is older than the model. */
  readonly element = h('p', { class: 'older', role: 'note', hidden: true });
  private readonly link = new LinkedView({
    onSelected: (rows) => this.hear(rows),
    onPointed: (row) => this.context.onPointed(row === null ? -1 : this.placeOf(row)),
  });
  /** Places of rows in the view, where it holds a sample; made when it is first asked for. */
  private places: { of: LatentData; byRow: Map<number, number> } | undefined;

  constructor(private readonly context: FollowingContext) {}

  /** @param name what data the view is of */
  follow(name: string | undefined): void {
    this.element.hidden = true;
    this.element.textContent = '';
    // Points are others now: what is selected elsewhere is heard again.
    this.link.dispose();
    this.link.follow(name);
  }

  /** @param steps that the model has been trained since the view was made */
  older(steps: number): void {
    this.element.hidden = steps <= 0;
    if (steps <= 0) return;
    const text = `Older than the model: it has been trained ${counted(steps, 'step')} since. Run the cell again to see where it puts the points now.`;
    if (this.element.textContent === '') this.context.announce(text);
    this.element.textContent = text;
  }

  /** Other views of the same data show the rows that are selected here. */
  select(mask: Uint8Array | null): void {
    const data = this.context.data();
    const rows = (taken: Uint8Array) => new Set(Array.from(placesOf(taken), (point) => indexOf(data, point)));
    this.link.select(mask && (() => rows(mask)));
  }

  /** Other views of the same data mark the row that is pointed at here. @param point −1: none is */
  point(point: number): void {
    this.link.point(point < 0 ? null : indexOf(this.context.data(), point));
  }

  dispose(): void {
    this.link.dispose();
  }

  /** Where a row of the data lies among the points; −1 where the view does not hold it. */
  private placeOf(row: number): number {
    const data = this.context.data();
    if (data.indices === null) return row < data.n ? row : -1;
    if (this.places?.of !== data) {
      const byRow = new Map(Array.from(data.indices, (one, place) => [one, place]));
      this.places = { of: data, byRow };
    }
    return this.places.byRow.get(row) ?? -1;
  }

  private hear(rows: ReadonlySet<number> | null): void {
    const data = this.context.data();
    const isIn = (point: number) => (rows!.has(indexOf(data, point)) ? 1 : 0);
    this.context.onSelected(rows && Uint8Array.from({ length: data.n }, (_, point) => isIn(point)));
  }
}

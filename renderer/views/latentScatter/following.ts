/** What goes on beside a scatter: its model is trained on, and rows of its data are selected in other views. */
import { placesOf } from '../../../kernel/views/scatter/selecting';
import { h } from '../../dom';
import { linkedRows } from '../../linkedRows';
import { counted } from '../../numbers';
import { indexOf } from './model';
import type { LatentData } from './model';

export interface FollowingContext {
  data(): LatentData;
  announce(text: string): void;
  /** Other points are selected, elsewhere; null: none. */
  onSelected(mask: Uint8Array | null): void;
}

export class Following {
  /** Says that the view is older than the model. */
  readonly element = h('p', { class: 'older', role: 'note', hidden: true });
  private name: string | undefined;
  private unlink: () => void = () => undefined;

  constructor(private readonly context: FollowingContext) {}

  /** @param name what data the view is of */
  follow(name: string | undefined): void {
    this.element.hidden = true;
    this.element.textContent = '';
    this.unlink();
    this.name = name;
    if (name !== undefined) this.unlink = linkedRows.subscribe(name, this.hear);
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
    if (this.name === undefined) return;
    const data = this.context.data();
    const rows = (taken: Uint8Array) => new Set(Array.from(placesOf(taken), (point) => indexOf(data, point)));
    linkedRows.select(this.name, mask && (() => rows(mask)), this.hear);
  }

  dispose(): void {
    this.unlink();
  }

  private readonly hear = (rows: ReadonlySet<number> | null): void => {
    const data = this.context.data();
    const isIn = (point: number) => (rows!.has(indexOf(data, point)) ? 1 : 0);
    this.context.onSelected(rows && Uint8Array.from({ length: data.n }, (_, point) => isIn(point)));
  };
}

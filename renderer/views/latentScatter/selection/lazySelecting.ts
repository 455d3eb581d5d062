/** What can be selected, loaded when a reader takes a tool for it, or when other views have something selected. */
import { h } from '../../../dom';
import { Lazy } from '../../../lazy';
import type { ShapeMode } from '../plane/gestures';
import type { Selecting, SelectingContext } from './selecting';

export class LazySelecting {
  /** Where the panel is to stand. */
  readonly slot = h('div', { class: 'selecting', hidden: true });
  private readonly selecting: Lazy<Selecting>;

  constructor(context: SelectingContext) {
    this.selecting = new Lazy(async () => {
      const { Selecting, standIn } = await import('../later');
      const made = new Selecting(context);
      standIn(this.slot, made.panel.element);
      return made;
    });
  }

  /** [n], 1 for points that are selected; null: none are. */
  get mask(): Uint8Array | null {
    return this.selecting.there?.mask ?? null;
  }

  /** A reader is about to select something. */
  prepare(): void {
    this.selecting.use(() => undefined);
  }

  draw(corners: [number, number][], mode: ShapeMode): void {
    this.selecting.use((made) => made.draw(corners, mode));
  }

  /** Points that were selected in another view. */
  set(mask: Uint8Array | null): void {
    if (mask !== null || this.selecting.there) this.selecting.use((made) => made.set(mask));
  }

  clear(): void {
    this.selecting.there?.clear();
  }

  forget(): void {
    this.selecting.there?.forget();
  }

  show(): void {
    this.selecting.there?.show();
  }

  words(): string {
    return this.selecting.there?.words() ?? 'Nothing is selected.';
  }
}

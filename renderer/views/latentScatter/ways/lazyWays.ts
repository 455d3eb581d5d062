/** The way between two points, loaded when a reader has marked both. */
import { h } from '../../../dom';
import { Lazy } from '../../../lazy';
import type { Target } from '../wording';
import type { Strip } from './strip';
import type { Ways, WaysContext } from './ways';

export class LazyWays {
  /** Where the strip is to stand. */
  readonly slot = h('div', { class: 'ways', hidden: true });
  private readonly ways: Lazy<Ways>;
  private width = 0;
  private isGone = false;

  constructor(private readonly context: WaysContext) {
    this.ways = new Lazy(async () => {
      const { standIn, Ways } = await import('../later');
      const made = new Ways(context);
      standIn(this.slot, made.panel.element);
      made.panel.resize(this.width, context.theme());
      return made;
    });
  }

  get strip(): Strip | null {
    return this.ways.there?.strip ?? null;
  }

  get title(): string {
    return this.ways.there?.title ?? '';
  }

  between(from: Target, to: Target): void {
    this.ways.use((made) => {
      if (!this.isGone) made.between(from, to);
    });
  }

  /** The model may have learned since. */
  again(): void {
    this.ways.there?.again();
  }

  resize(width: number): void {
    this.width = width;
    this.ways.there?.panel.resize(width, this.context.theme());
  }

  redraw(): void {
    this.ways.there?.panel.redraw(this.context.theme());
  }

  dispose(): void {
    this.isGone = true;
    this.ways.there?.dispose();
  }
}

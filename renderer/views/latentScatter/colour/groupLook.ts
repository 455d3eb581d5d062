/** Which groups of points are hidden, and which stands out; for the class as the reader left it. */
import { CLASS } from '../../../../kernel/views/scatter/colouring';
import type { ViewSettings } from '../../../settings';
import { isHidden } from '../plane/points';
import type { Paint } from './paint';

export class GroupLook {
  readonly hidden = new Set<number>();
  /** The group that stands out while it is pointed at. */
  emphasis: number | null = null;

  constructor(
    private readonly settings: ViewSettings,
    private painted: Paint,
  ) {
    this.recall();
  }

  get paint(): Paint {
    return this.painted;
  }

  /** Points are coloured by something else: other groups are hidden then. */
  set paint(paint: Paint) {
    const isOther = paint.name !== this.painted.name;
    this.painted = paint;
    if (isOther) this.recall();
  }

  toggle(index: number): void {
    if (!this.hidden.delete(index)) this.hidden.add(index);
    if (this.painted.name === CLASS) this.settings.set('hidden', [...this.hidden]);
  }

  isHidden(point: number): boolean {
    return isHidden(this, point);
  }

  /** Points that are not shown, and what they are called to the kernel: labels; null if it does not know them. */
  get hiddenPoints(): { isHidden: ((point: number) => boolean) | null; labels: number[] | null } {
    const { painted, hidden } = this;
    if (painted.kind !== 'groups' || hidden.size === 0) return { isHidden: null, labels: [] };
    const labels = painted.name === CLASS ? [...hidden].map((index) => painted.labels[index]!) : null;
    return { isHidden: (point) => this.isHidden(point), labels };
  }

  private recall(): void {
    this.hidden.clear();
    this.emphasis = null;
    if (this.painted.name !== CLASS) return;
    for (const index of this.settings.numbers('hidden') ?? []) this.hidden.add(index);
  }
}

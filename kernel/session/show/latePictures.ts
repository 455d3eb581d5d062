/** Pictures of trainings that have ended, drawn after their cell's own code: that need not wait for them. */
import type { Execution } from '../run/execution';

/** An interrupt draws what is left and should not be felt. */
const WAITING = 3;

export class LatePictures {
  private readonly waiting = new Set<() => void>();

  /** Draws when the cell's code has run; before, the first of many. */
  add(execution: Pick<Execution, 'afterCode'>, draw: () => void): void {
    const once = () => {
      if (this.waiting.delete(once)) draw();
    };
    this.waiting.add(once);
    const [first] = this.waiting;
    if (this.waiting.size > WAITING) first?.();
    execution.afterCode(once);
  }
}

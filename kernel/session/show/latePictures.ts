/** Pictures of trainings that have ended, drawn once their cell has too: it takes a while and nobody waits for them. */
import type { Execution } from '../run/execution';

/** An interrupt draws what is left and should not be felt. */
const WAITING = 3;

export class LatePictures {
  private readonly waiting = new Set<() => void>();

  /** Draws at the end of the run; before it, the first of many. */
  add(execution: Pick<Execution, 'atEnd'>, draw: () => void): void {
    const once = () => {
      if (this.waiting.delete(once)) draw();
    };
    this.waiting.add(once);
    const [first] = this.waiting;
    if (this.waiting.size > WAITING) first?.();
    execution.atEnd(once);
  }
}

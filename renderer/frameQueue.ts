/** Live states of a view on their way to the screen. */
import type { ViewChange, ViewFrame } from '../kernel/protocol';

/** What arrived since the last refresh of the screen: the newest whole view, if one came, and what is new since. */
export interface Frames {
  whole: unknown;
  changes: unknown[];
  /** Whether nothing was left out. */
  isComplete: boolean;
}

/** A page that is not shown draws nothing, while a training continues telling. */
const MOST_WAITING = 1000;

const nothing = (): Frames => ({ whole: undefined, changes: [], isComplete: true });

/** Draws at the next refresh of the screen, however many states arrived since the last. */
export class FrameQueue {
  private frames = nothing();
  private isWaiting = false;

  constructor(private readonly draw: (frames: Frames) => void) {}

  push(frame: ViewFrame | ViewChange): void {
    const { frames } = this;
    if (frame.type === 'viewFrame') this.frames = { ...nothing(), whole: frame.view };
    else if (frames.changes.length < MOST_WAITING) frames.changes.push(frame.change);
    else this.frames = { ...nothing(), isComplete: false };
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      const arrived = this.frames;
      this.frames = nothing();
      this.draw(arrived);
    });
  }
}

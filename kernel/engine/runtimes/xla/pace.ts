/** How many steps one run takes: as many as end within this time, so that a training can be stopped and looked into. */
const MILLISECONDS = 40;
const MOST = 32;

/** Rooms that series are compiled with: the next run's length is not known before steps have been timed. */
const CAPACITIES = [1, 8, MOST];

/** The times of a training's steps. */
export class Pace {
  /** In the quickest run. */
  private millisecondsPerStep = Infinity;

  ran(steps: number, milliseconds: number): void {
    this.millisecondsPerStep = Math.min(this.millisecondsPerStep, milliseconds / steps);
  }

  /** Steps that the next run should take; 1 before any was timed. */
  get length(): number {
    return Math.max(1, Math.min(MOST, Math.floor(MILLISECONDS / this.millisecondsPerStep)));
  }

  /** The room that a series of that length is compiled with. */
  get capacity(): number {
    return CAPACITIES.findLast((capacity) => capacity <= this.length)!;
  }
}

/** Points that a curve keeps before it merges neighbours. */
const LIMIT = 4096;

/** Adds points to `steps` and `values` and keeps them bounded: each merge halves the points and doubles their span. */
export class Curve {
  /** How many pushed values one point is the mean of. */
  stepsPerPoint = 1;
  private sum = 0;
  private count = 0;
  private lastStep = 0;

  constructor(
    private readonly steps: number[],
    private readonly values: number[],
    private readonly limit = LIMIT,
  ) {}

  push(step: number, value: number): void {
    this.sum += value;
    this.count += 1;
    this.lastStep = step;
    if (this.count === this.stepsPerPoint) this.flush();
    if (this.steps.length >= this.limit) this.halve();
  }

  /** Makes a point of what has not filled one yet. */
  flush(): void {
    if (this.count === 0) return;
    this.steps.push(this.lastStep);
    this.values.push(this.sum / this.count);
    this.sum = 0;
    this.count = 0;
  }

  private halve(): void {
    const pairs = Math.floor(this.steps.length / 2);
    for (let i = 0; i < pairs; i++) {
      this.steps[i] = this.steps[2 * i + 1]!;
      this.values[i] = (this.values[2 * i]! + this.values[2 * i + 1]!) / 2;
    }
    this.steps.length = pairs;
    this.values.length = pairs;
    this.stepsPerPoint *= 2;
  }
}

/** Points that a curve keeps before it merges neighbours. */
const LIMIT = 4096;

export interface CurveState {
  stepsPerPoint: number;
  sum: number;
  weight: number;
  count: number;
  lastStep: number;
  weights: number[];
}

/** Adds points to `steps` and `values` and keeps them bounded: each merge halves the points and doubles their span. */
export class Curve {
  /** How many pushed values one point is the mean of. */
  stepsPerPoint = 1;
  private sum = 0;
  private weight = 0;
  private count = 0;
  private lastStep = 0;
  private readonly weights: number[] = [];

  constructor(
    private readonly steps: number[],
    private readonly values: number[],
    private readonly limit = LIMIT,
  ) {}

  /** What it is beside its points. */
  state(): CurveState {
    const { stepsPerPoint, sum, weight, count, lastStep, weights } = this;
    return { stepsPerPoint, sum, weight, count, lastStep, weights: [...weights] };
  }

  /** Goes on where another one with the same points was. */
  restore({ weights, ...rest }: CurveState): void {
    Object.assign(this, rest);
    this.weights.splice(0, this.weights.length, ...weights);
  }

  /** @param weight of the value in the mean that its point becomes: the samples that it is the mean of */
  push(step: number, value: number, weight = 1): void {
    this.sum += value * weight;
    this.weight += weight;
    this.count += 1;
    this.lastStep = step;
    if (this.count === this.stepsPerPoint) this.flush();
    if (this.steps.length >= this.limit) this.halve();
  }

  /** Makes a point of what has not filled one yet. */
  flush(): void {
    if (this.count === 0) return;
    this.steps.push(this.lastStep);
    this.values.push(this.sum / this.weight);
    this.weights.push(this.weight);
    this.sum = 0;
    this.weight = 0;
    this.count = 0;
  }

  private halve(): void {
    const { steps, values, weights } = this;
    const pairs = Math.floor(steps.length / 2);
    for (let i = 0; i < pairs; i++) {
      const [first, second] = [weights[2 * i]!, weights[2 * i + 1]!];
      steps[i] = steps[2 * i + 1]!;
      values[i] = (values[2 * i]! * first + values[2 * i + 1]! * second) / (first + second);
      weights[i] = first + second;
    }
    for (const list of [steps, values, weights]) list.length = pairs;
    this.stepsPerPoint *= 2;
  }
}

/** Lloyd's algorithm over flat arrays, for many rows: the same steps as `lloydStep`, which says what they are. */
import type { RandomStream } from '../random';
import { otherWork, turns } from './otherWork';
import { squaredDistanceAt } from './rows';
import type { FlatRows } from './rows';

/** Dimensions between two looks at whether a centre is too far already. */
const STRIDE = 16;

/** K different rows, by k-means++ (Arthur and Vassilvitskii 2007): each with a chance that grows with its distance². */
export async function firstCentres({ values, n, d }: FlatRows, K: number, stream: RandomStream): Promise<Float64Array> {
  const centres = new Float64Array(K * d);
  const nearest = new Float64Array(n).fill(Infinity);
  const due = turns();
  let chosen = stream.integer(n);
  for (let k = 0; k < K; k++) {
    centres.set(values.subarray(chosen * d, (chosen + 1) * d), k * d);
    let total = 0;
    for (let row = 0; row < n; row++) {
      nearest[row] = Math.min(nearest[row]!, squaredDistanceAt(values, row * d, centres, k * d, d));
      total += nearest[row]!;
      if (due()) await otherWork();
    }
    chosen = drawn(nearest, stream.uniform() * total);
  }
  return centres;
}

/** The first index whose weights up to it exceed `left`; the last with a weight, should rounding have lost some. */
function drawn(weights: Float64Array, left: number): number {
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i]! === 0) continue;
    last = i;
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return last;
}

export class Lloyd {
  /** [n]: the nearest centre of each row, the first where several are as near. */
  readonly assignments: Int32Array;
  /** Mean squared distance to it. */
  error = Infinity;
  private readonly K: number;

  constructor(
    private readonly rows: FlatRows,
    /** [K, d]. */
    readonly centres: Float64Array,
  ) {
    this.assignments = new Int32Array(rows.n);
    this.K = centres.length / rows.d;
  }

  /** Every row to its nearest centre. */
  async assign(): Promise<void> {
    const { n } = this.rows;
    const apart = this.distancesOfCentres();
    const due = turns();
    let sum = 0;
    for (let row = 0; row < n; row++) {
      sum += this.assignRow(row, apart);
      if (due()) await otherWork();
    }
    this.error = sum / n;
  }

  /** Every centre to the mean of its rows; one without rows stays. Tells whether any moved. */
  move(): boolean {
    const { K } = this;
    const { values, n, d } = this.rows;
    const sums = new Float64Array(K * d);
    const counts = new Float64Array(K);
    for (let row = 0; row < n; row++) {
      const k = this.assignments[row]!;
      counts[k]!++;
      for (let i = 0; i < d; i++) sums[k * d + i]! += values[row * d + i]!;
    }
    let moved = false;
    for (let i = 0; i < sums.length; i++) {
      const count = counts[Math.floor(i / d)]!;
      if (count === 0) continue;
      const mean = sums[i]! / count;
      moved ||= mean !== this.centres[i];
      this.centres[i] = mean;
    }
    return moved;
  }

  /** From the centre that it had: those too far to be nearer are seen to be, by the triangle inequality or half-way. */
  private assignRow(row: number, apart: Float64Array): number {
    const { K, centres, assignments } = this;
    const { values, d } = this.rows;
    const start = row * d;
    let nearest = assignments[row]!;
    let least = squaredDistanceAt(values, start, centres, nearest * d, d);
    for (let k = 0; k < K; k++) {
      // ‖c − c′‖ > 2‖x − c‖ makes ‖x − c′‖ > ‖x − c‖; the margin is for rounding.
      if (k === nearest || apart[nearest * K + k]! > 4 * least * (1 + 1e-9)) continue;
      let sum = 0;
      for (let i = 0; i < d && sum <= least;) {
        const end = Math.min(d, i + STRIDE);
        for (; i < end; i++) {
          const difference = values[start + i]! - centres[k * d + i]!;
          sum += difference * difference;
        }
      }
      if (sum < least || (sum === least && k < nearest)) [nearest, least] = [k, sum];
    }
    assignments[row] = nearest;
    return least;
  }

  /** Squared, [K, K]. */
  private distancesOfCentres(): Float64Array {
    const { K, centres } = this;
    const { d } = this.rows;
    const apart = new Float64Array(K * K);
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++) apart[k * K + l] = squaredDistanceAt(centres, k * d, centres, l * d, d);
    }
    return apart;
  }
}

/** The nearest rows of each row, by Euclidean distance. */

export interface Neighbours {
  /** [n][k], the row itself first, then by distance. */
  indices: number[][];
  distances: number[][];
}

/**
 * Exact: n² distances.
 *
 * @param rows [n · d]
 * @param k    1 … n, the row itself counted
 * @param tell hears the share of the work that is done
 */
export function nearestRows(
  rows: Float32Array,
  n: number,
  d: number,
  k: number,
  tell: (share: number) => void = () => undefined,
): Neighbours {
  const indices: number[][] = [];
  const distances: number[][] = [];
  const nearest = new Int32Array(k);
  const squares = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    let known = 0;
    for (let j = 0; j < n; j++) {
      const square = squareBetween(rows, d, i, j);
      if (known === k && square >= squares[k - 1]!) continue;
      // Into its place among the nearest; the row itself before others that lie where it lies.
      let at = known === k ? k - 1 : known++;
      while (at > 0 && (squares[at - 1]! > square || (j === i && squares[at - 1]! === square))) {
        squares[at] = squares[at - 1]!;
        nearest[at] = nearest[at - 1]!;
        at--;
      }
      squares[at] = square;
      nearest[at] = j;
    }
    indices.push(Array.from(nearest));
    distances.push(Array.from(squares, Math.sqrt));
    if (i % 64 === 0) tell(i / n);
  }
  return { indices, distances };
}

function squareBetween(rows: Float32Array, d: number, i: number, j: number): number {
  let square = 0;
  for (let c = 0; c < d; c++) {
    const difference = rows[i * d + c]! - rows[j * d + c]!;
    square += difference * difference;
  }
  return square;
}

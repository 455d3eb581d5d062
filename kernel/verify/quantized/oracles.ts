/** Float64 counterparts of what quantisers compute. */

export type Rows = number[][];

export function squaredDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
}

export function nearest(row: readonly number[], codes: Rows): number {
  const distances = codes.map((code) => squaredDistance(row, code));
  return distances.indexOf(Math.min(...distances));
}

/** The means of the rows nearest to each code; a code without rows stays where it is. */
export function lloydStep(rows: Rows, codes: Rows): Rows {
  const assignment = rows.map((row) => nearest(row, codes));
  return codes.map((code, k) => {
    const own = rows.filter((_, i) => assignment[i] === k);
    return own.length === 0 ? code : code.map((_, j) => mean(own.map((row) => row[j]!)));
  });
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The largest |a − b| of any entry. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

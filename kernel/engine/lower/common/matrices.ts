/** Constant matrices: sums and interpolations along one axis. */

/** A matrix [rows, columns], row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly elements: Float32Array;
}

/** @param element of row i, column j is the sum of the weights given for them */
export function matrixOf(rows: number, columns: number, weights: Iterable<readonly [number, number, number]>): Matrix {
  const elements = new Float32Array(rows * columns);
  for (const [row, column, weight] of weights) elements[row * columns + column]! += weight;
  return { rows, columns, elements };
}

export function transposed({ rows, columns, elements }: Matrix): Matrix {
  return {
    rows: columns,
    columns: rows,
    elements: elements.map((_, i) => elements[(i % rows) * columns + Math.floor(i / rows)]!),
  };
}

export function isIdentity({ rows, columns, elements }: Matrix): boolean {
  return rows === columns && elements.every((element, i) => element === (i % (columns + 1) === 0 ? 1 : 0));
}

/** Ones up to `radius` off the diagonal: each row sums what is around its place. */
export function band(size: number, radius: number): Matrix {
  const elements = new Float32Array(size * size);
  for (let from = 0; from < size; from++) {
    elements.fill(1, from * size + Math.max(0, from - radius), from * size + Math.min(size, from + radius + 1));
  }
  return { rows: size, columns: size, elements };
}

/** Orthogonal Procrustes: the turn and shift that bring points nearest to where they lie in another picture. */
import { Matrix, SVD } from 'ml-matrix';

export interface Alignment {
  /** [m · d] */
  aligned: Float32Array;
}

/**
 * min over R (orthogonal) and t of Σ ‖R xᵢ + t − yᵢ‖² (Schönemann 1966): with the centred X and Y and Xᵀ Y = U S Vᵀ, the rows
 * turn by U Vᵀ and their mean goes to that of Y. Sizes stay. Rows that are not finite in either are left out of it.
 *
 * @param x [m · d]
 * @param y [m · d] the same points where they shall lie
 */
export function alignedTo(x: Float32Array, y: Float32Array, d: number): Alignment {
  const m = x.length / d;
  const used = Array.from({ length: m }, (_, i) => i).filter((i) => isFinite(x, d, i) && isFinite(y, d, i));
  if (used.length === 0) return { aligned: x.slice() };
  const [from, to] = [meanOf(x, d, used), meanOf(y, d, used)];
  const products = Matrix.zeros(d, d);
  for (const i of used) {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        const value = products.get(a, b) + (x[i * d + a]! - from[a]!) * (y[i * d + b]! - to[b]!);
        products.set(a, b, value);
      }
    }
  }
  const { leftSingularVectors, rightSingularVectors } = new SVD(products);
  const turn = leftSingularVectors.mmul(rightSingularVectors.transpose());
  const aligned = new Float32Array(x.length);
  for (let i = 0; i < m; i++) {
    for (let b = 0; b < d; b++) {
      let sum = to[b]!;
      for (let a = 0; a < d; a++) sum += (x[i * d + a]! - from[a]!) * turn.get(a, b);
      aligned[i * d + b] = sum;
    }
  }
  return { aligned };
}

function meanOf(rows: Float32Array, d: number, used: readonly number[]): Float64Array {
  const mean = new Float64Array(d);
  for (const i of used) for (let j = 0; j < d; j++) mean[j]! += rows[i * d + j]! / used.length;
  return mean;
}

function isFinite(rows: Float32Array, d: number, row: number): boolean {
  for (let j = 0; j < d; j++) if (!Number.isFinite(rows[row * d + j])) return false;
  return true;
}

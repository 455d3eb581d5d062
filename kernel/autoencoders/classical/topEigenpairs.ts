/** Largest eigenvalues of symmetric matrices. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { otherWork, turns } from './otherWork';
import { rotatedBack, tridiagonal, tridiagonalEigenvalues, tridiagonalEigenvectors } from './tridiagonal';

export interface Eigenpairs {
  /** Largest first. */
  values: number[];
  /** [d, k], one unit vector a column. */
  vectors: Matrix;
}

/** Up to this size the whole decomposition is as fast. */
const SMALL = 64;
/** ‖Sv − λv‖ relative to the largest eigenvalue, and |vᵢᵀvⱼ| for i ≠ j. */
const TOLERANCE = 1e-9;

/**
 * The k largest eigenvalues of a symmetric S [d, d], and their eigenvectors, in float64. Other work of the process
 * continues beside it.
 *
 * S is made tridiagonal, whose eigenvalues take little; eigenvectors are computed for the k wanted alone and are checked,
 * and should they not be orthonormal eigenvectors, the whole of S is decomposed.
 */
export async function topEigenpairs(s: Matrix, k: number): Promise<Eigenpairs> {
  if (s.rows <= SMALL) return largest(s, k);
  return (await fromTridiagonal(s, k)) ?? largest(s, k);
}

/** By the whole decomposition. */
export function largest(s: Matrix, k: number): Eigenpairs {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(s, { assumeSymmetric: true });
  const columns = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const kept = columns.slice(0, k);
  return { values: kept.map((i) => realEigenvalues[i]!), vectors: eigenvectorMatrix.subMatrixColumn(kept) };
}

async function fromTridiagonal(s: Matrix, k: number): Promise<Eigenpairs | undefined> {
  const d = s.rows;
  const rows = Float64Array.from(s.to1DArray());
  const t = await tridiagonal(Float64Array.from(rows), d);
  const lambda = tridiagonalEigenvalues(t)?.subarray(0, k);
  if (!lambda) return undefined;
  const vectors = await tridiagonalEigenvectors(t, lambda);
  await rotatedBack(t, vectors);
  if (!(await areEigenpairs(rows, d, lambda, vectors))) return undefined;
  return { values: [...lambda], vectors: Matrix.from1DArray(k, d, vectors).transpose() };
}

async function areEigenpairs(
  s: Float64Array,
  d: number,
  lambda: Float64Array,
  vectors: Float64Array,
): Promise<boolean> {
  const scale = Math.max(Math.abs(lambda[0]!), Math.abs(lambda.at(-1)!));
  const due = turns();
  for (const [k, value] of lambda.entries()) {
    const v = vectors.subarray(k * d, (k + 1) * d);
    let squares = 0;
    for (let i = 0; i < d; i++) squares += (dot(s.subarray(i * d, (i + 1) * d), v) - value * v[i]!) ** 2;
    if (!(Math.sqrt(squares) <= TOLERANCE * scale)) return false;
    for (let j = 0; j <= k; j++) {
      const expected = j === k ? 1 : 0;
      if (!(Math.abs(dot(v, vectors.subarray(j * d, (j + 1) * d)) - expected) <= TOLERANCE)) return false;
    }
    if (due()) await otherWork();
  }
  return true;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

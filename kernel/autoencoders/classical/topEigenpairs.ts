/** Largest eigenvalues of symmetric matrices. */
import { EigenvalueDecomposition, Matrix, QrDecomposition } from 'ml-matrix';
import { randomStream } from '../random';

export interface Eigenpairs {
  /** Largest first. */
  values: number[];
  /** [d, k], one unit vector a column. */
  vectors: Matrix;
}

/** Up to this size the whole decomposition is as fast. */
const SMALL = 256;
/** Blocks of a Krylov space before it is begun anew. */
const DEPTH = 6;
/** ‖Sv − λv‖ relative to the largest eigenvalue. */
const TOLERANCE = 1e-6;
const RESTARTS = 4;

/**
 * The k largest eigenvalues of a symmetric positive semidefinite S [d, d], and their eigenvectors.
 *
 * Block Krylov iteration (Golub and Underwood 1977; Musco and Musco 2015) with restarts: the eigenpairs of S seen from the
 * space of Q, SQ, …, S^DEPTH Q approach those of S from outside in. Where that would not pay, or does not settle, the
 * whole of S is decomposed.
 */
export function topEigenpairs(s: Matrix, k: number): Eigenpairs {
  const block = k + 8;
  if (s.rows > SMALL && 2 * block * (DEPTH + 1) <= s.rows) {
    const found = krylovEigenpairs(s, k, block);
    if (found) return found;
  }
  return largest(s, k);
}

/** By the whole decomposition. */
export function largest(s: Matrix, k: number): Eigenpairs {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(s, { assumeSymmetric: true });
  const columns = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const kept = columns.slice(0, k);
  return { values: kept.map((i) => realEigenvalues[i]!), vectors: eigenvectorMatrix.subMatrixColumn(kept) };
}

function krylovEigenpairs(s: Matrix, k: number, block: number): Eigenpairs | undefined {
  const start = randomStream(0, 'eigenpairs').normals(s.rows * block);
  let q = orthonormal(Matrix.from1DArray(s.rows, block, start));
  for (let restart = 0; restart < RESTARTS; restart++) {
    const basis = [q];
    const images = [s.mmul(q)];
    while (basis.length <= DEPTH) {
      // Twice: what is left of a block that lay in the span already is rounding errors, in any direction.
      const next = orthonormal(withoutSpan(orthonormal(withoutSpan(images.at(-1)!, basis)), basis));
      basis.push(next);
      images.push(s.mmul(next));
    }
    const [space, image] = [sideBySide(basis), sideBySide(images)];
    const projected = space.transpose().mmul(image);
    const symmetric = Matrix.add(projected, projected.transpose()).mul(0.5);
    const { values, vectors } = largest(symmetric, block);
    q = orthonormal(space.mmul(vectors));
    const residual = Matrix.sub(image.mmul(vectors), space.mmul(vectors).mulRowVector(values));
    const wanted = residual.subMatrix(0, s.rows - 1, 0, k - 1);
    if (Math.sqrt(Math.max(...wanted.transpose().to2DArray().map(squaredNorm))) <= TOLERANCE * values[0]!) {
      return { values: values.slice(0, k), vectors: space.mmul(vectors).subMatrix(0, s.rows - 1, 0, k - 1) };
    }
  }
  return undefined;
}

/** x less its part in the span of the blocks. */
function withoutSpan(x: Matrix, blocks: Matrix[]): Matrix {
  return blocks.reduce((rest, q) => Matrix.sub(rest, q.mmul(q.transpose().mmul(rest))), x);
}

function orthonormal(x: Matrix): Matrix {
  return new QrDecomposition(x).orthogonalMatrix;
}

function sideBySide(blocks: Matrix[]): Matrix {
  const columns = blocks.reduce((sum, { columns: width }) => sum + width, 0);
  const joined = Matrix.zeros(blocks[0]!.rows, columns);
  let at = 0;
  for (const one of blocks) {
    joined.setSubMatrix(one, 0, at);
    at += one.columns;
  }
  return joined;
}

function squaredNorm(vector: number[]): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}

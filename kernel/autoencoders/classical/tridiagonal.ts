/**
 * Symmetric matrices as tridiagonal ones, T = QᵀSQ, whose eigenvalues are cheap: Householder's reduction, the implicit QL
 * method and inverse iteration (Golub and Van Loan 2013, Matrix Computations, sections 8.3.1, 8.3.3 and 8.2.2). In float64,
 * over flat arrays.
 */
import { randomStream } from '../random';
import { otherWork, turns } from './otherWork';

/** T, and the reflections that Q is the product of. */
export interface Tridiagonal {
  /** [d]. */
  diagonal: Float64Array;
  /** [d]: entry i lies beside i and i + 1; the last is 0. */
  beside: Float64Array;
  /** Row i of [d, d], from 0 to i − 1: u of the reflection H = I − 2uuᵀ/‖u‖² that cleared row i; all 0 for none. */
  reflections: Float64Array;
}

/**
 * Householder's reduction of a symmetric matrix to tridiagonal form: one reflection a row, from the last to the second.
 *
 * @param s [d, d], row by row; its lower half is overwritten with the reflections
 */
export async function tridiagonal(s: Float64Array, d: number): Promise<Tridiagonal> {
  const [diagonal, beside] = [new Float64Array(d), new Float64Array(d)];
  const q = new Float64Array(d);
  const due = turns();
  for (let i = d - 1; i >= 1; i--) {
    const u = s.subarray(i * d, i * d + i);
    diagonal[i] = s[i * d + i]!;
    let largest = 0;
    for (let j = 0; j < i - 1; j++) largest = Math.max(largest, Math.abs(u[j]!));
    if (largest === 0) {
      beside[i - 1] = u[i - 1]!;
      u.fill(0);
      continue;
    }
    beside[i - 1] = reflection(u);
    rotate(s, d, u, q);
    if (due()) await otherWork();
  }
  diagonal[0] = s[0]!;
  return { diagonal, beside, reflections: s };
}

/** Turns x into the u whose reflection takes it to (0, …, 0, α); returns α. */
function reflection(x: Float64Array): number {
  const last = x.length - 1;
  let largest = 0;
  for (const value of x) largest = Math.max(largest, Math.abs(value));
  let squares = 0;
  for (const value of x) squares += (value / largest) ** 2;
  // The sign opposite to the last entry's, so that nothing cancels.
  const alpha = (x[last]! > 0 ? -1 : 1) * largest * Math.sqrt(squares);
  x[last] = x[last]! - alpha;
  let norm = 0;
  for (const value of x) norm += (value / largest) ** 2;
  const scale = 1 / (largest * Math.sqrt(norm));
  for (let j = 0; j <= last; j++) x[j]! *= scale;
  return alpha;
}

/** S ← H S H for the leading rows, H = I − 2uuᵀ with u of norm 1, in the lower half: S − u qᵀ − q uᵀ. */
function rotate(s: Float64Array, d: number, u: Float64Array, q: Float64Array): void {
  const m = u.length;
  q.fill(0, 0, m);
  for (let i = 0; i < m; i++) {
    const row = i * d;
    const ui = u[i]!;
    let sum = s[row + i]! * ui;
    for (let j = 0; j < i; j++) {
      const value = s[row + j]!;
      sum += value * u[j]!;
      q[j]! += value * ui;
    }
    q[i]! += sum;
  }
  let half = 0;
  for (let i = 0; i < m; i++) half += u[i]! * q[i]!;
  // q = 2 (Su − (uᵀSu) u).
  for (let i = 0; i < m; i++) q[i] = 2 * (q[i]! - half * u[i]!);
  for (let i = 0; i < m; i++) {
    const row = i * d;
    const [ui, qi] = [u[i]!, q[i]!];
    for (let j = 0; j <= i; j++) s[row + j]! -= ui * q[j]! + qi * u[j]!;
  }
}

/** Q y for the columns y [k, d], in place: the reflections from the first row that has one to the last. */
export async function rotatedBack({ reflections, diagonal }: Tridiagonal, y: Float64Array): Promise<void> {
  const d = diagonal.length;
  const due = turns();
  for (let start = 0; start < y.length; start += d) {
    for (let i = 1; i < d; i++) {
      const u = reflections.subarray(i * d, i * d + i);
      let dot = 0;
      for (let j = 0; j < i; j++) dot += u[j]! * y[start + j]!;
      if (dot === 0) continue;
      for (let j = 0; j < i; j++) y[start + j]! -= 2 * dot * u[j]!;
    }
    if (due()) await otherWork();
  }
}

const MOST_SWEEPS = 60;

/** All eigenvalues of T, largest first; undefined should one not settle. */
export function tridiagonalEigenvalues({ diagonal, beside }: Tridiagonal): Float64Array | undefined {
  const [a, b] = [Float64Array.from(diagonal), Float64Array.from(beside)];
  const d = a.length;
  for (let l = 0; l < d; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l;
      while (m < d - 1 && Math.abs(b[m]!) > Number.EPSILON * (Math.abs(a[m]!) + Math.abs(a[m + 1]!))) m++;
      if (m === l) break;
      if (sweep === MOST_SWEEPS) return undefined;
      implicitSweep(a, b, l, m);
    }
  }
  return a.sort((x, y) => y - x);
}

/** One step of QL with Wilkinson's shift, on the unreduced part from l to m. */
function implicitSweep(a: Float64Array, b: Float64Array, l: number, m: number): void {
  let g = (a[l + 1]! - a[l]!) / (2 * b[l]!);
  let r = Math.hypot(g, 1);
  g = a[m]! - a[l]! + b[l]! / (g + (g >= 0 ? r : -r));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const [f, h] = [s * b[i]!, c * b[i]!];
    r = Math.hypot(f, g);
    b[i + 1] = r;
    if (r === 0) {
      a[i + 1]! -= p;
      b[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = a[i + 1]! - p;
    r = (a[i]! - g) * s + 2 * c * h;
    p = s * r;
    a[i + 1] = g + p;
    g = c * r - h;
  }
  a[l]! -= p;
  b[l] = g;
  b[m] = 0;
}

const ITERATIONS = 4;

/**
 * Unit eigenvectors of T for its eigenvalues λ, largest first: [k, d]. Inverse iteration from random vectors; those of
 * eigenvalues that lie close are kept orthogonal to each other.
 */
export async function tridiagonalEigenvectors(t: Tridiagonal, lambda: ArrayLike<number>): Promise<Float64Array> {
  const d = t.diagonal.length;
  const norm = t.diagonal.reduce((most, value, i) => Math.max(most, Math.abs(value) + Math.abs(t.beside[i]!)), 0);
  const found = new Float64Array(lambda.length * d);
  const stream = randomStream(0, 'eigenvectors');
  const due = turns();
  // Vectors of one eigenvalue, to the precision that inverse iteration tells them apart with.
  let cluster = 0;
  for (let i = 0; i < lambda.length; i++) {
    if (i > 0 && lambda[i - 1]! - lambda[i]! > 1e-3 * norm) cluster = i;
    const y = found.subarray(i * d, (i + 1) * d);
    y.set(stream.normals(d));
    const solve = shifted(t, lambda[i]!, norm);
    for (let step = 0; step < ITERATIONS; step++) {
      solve(y);
      normalize(y);
      // Twice, since the first leaves rounding errors of a vector that lay in the span.
      for (let pass = 0; pass < 2; pass++) {
        for (let j = cluster; j < i; j++) without(y, found.subarray(j * d, (j + 1) * d));
      }
      normalize(y);
    }
    if (due()) await otherWork();
  }
  return found;
}

/** y ← (T − λI)⁻¹ y, by Gaussian elimination with partial pivoting; pivots of 0 become tiny. */
function shifted({ diagonal, beside }: Tridiagonal, lambda: number, norm: number): (y: Float64Array) => void {
  const d = diagonal.length;
  const tiny = Number.EPSILON * (norm || 1);
  // Rows of the upper triangle: main, first and second entry beside it.
  const [u0, u1, u2, factor] = [0, 1, 2, 3].map(() => new Float64Array(d)) as Float64Array[] & { length: 4 };
  const swapped = new Uint8Array(d);
  let [main, next] = [diagonal[0]! - lambda, d > 1 ? beside[0]! : 0];
  for (let i = 0; i < d - 1; i++) {
    const below = beside[i]!;
    const [belowMain, belowNext] = [diagonal[i + 1]! - lambda, i < d - 2 ? beside[i + 1]! : 0];
    if (Math.abs(below) > Math.abs(main)) {
      swapped[i] = 1;
      [u0![i], u1![i], u2![i]] = [below, belowMain, belowNext];
      factor![i] = main / below;
      [main, next] = [next - factor![i]! * belowMain, -factor![i]! * belowNext];
    } else {
      [u0![i], u1![i], u2![i]] = [main || tiny, next, 0];
      factor![i] = below / u0![i]!;
      [main, next] = [belowMain - factor![i]! * next, belowNext];
    }
  }
  u0![d - 1] = main;
  for (let i = 0; i < d; i++) if (Math.abs(u0![i]!) < tiny) u0![i] = tiny;
  return (y) => {
    for (let i = 0; i < d - 1; i++) {
      if (swapped[i]) [y[i], y[i + 1]] = [y[i + 1]!, y[i]!];
      y[i + 1]! -= factor![i]! * y[i]!;
    }
    for (let i = d - 1; i >= 0; i--) {
      const rest = (i < d - 1 ? u1![i]! * y[i + 1]! : 0) + (i < d - 2 ? u2![i]! * y[i + 2]! : 0);
      y[i] = (y[i]! - rest) / u0![i]!;
      // Long before it overflows.
      if (Math.abs(y[i]!) > 1e200) for (let j = 0; j < d; j++) y[j]! *= 1e-200;
    }
  };
}

function normalize(y: Float64Array): void {
  let largest = 0;
  for (const value of y) largest = Math.max(largest, Math.abs(value));
  let squares = 0;
  for (const value of y) squares += (value / largest) ** 2;
  const scale = 1 / (largest * Math.sqrt(squares));
  for (let i = 0; i < y.length; i++) y[i]! *= scale;
}

/** y less its part along the unit vector v. */
function without(y: Float64Array, v: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < y.length; i++) dot += y[i]! * v[i]!;
  for (let i = 0; i < y.length; i++) y[i]! -= dot * v[i]!;
}

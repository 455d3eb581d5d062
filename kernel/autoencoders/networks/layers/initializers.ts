/** How kernels start, by name. */
import type { RandomStream } from '../../random';
import { isRectifier } from './activations';
import type { Activation } from './activations';

export const INITIALIZERS = [
  'default',
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunNormal',
  'orthogonal',
  'zeros',
] as const;

/**
 * How a kernel is initialised. Entries are independent and have mean 0 unless the list says otherwise.
 *
 * - `default`: `heNormal` before a rectifier (relu, leaky, elu, gelu, silu), `glorotNormal` elsewhere
 * - `glorotUniform`, `glorotNormal`: variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010)
 * - `heUniform`, `heNormal`: variance 2 / fan-in (He et al. 2015)
 * - `lecunNormal`: variance 1 / fan-in (LeCun et al. 1998)
 * - `orthogonal`: the kernel as a matrix [its other axes, last axis] has orthonormal columns, or rows where it is wide
 *   (Saxe et al. 2014); uniform among those
 * - `zeros`: 0
 *
 * Normal distributions are not truncated.
 */
export type Initializer = (typeof INITIALIZERS)[number];

export interface KernelToFill {
  shape: readonly number[];
  /** How many inputs meet in one output, and how many outputs one input has a part in. */
  fan: { in: number; out: number };
  /** The activation that follows. */
  activation: Activation;
}

/** Values of a kernel, row by row, from draws of this stream alone. */
export function initialValues(initializer: Initializer, kernel: KernelToFill, random: RandomStream): Float32Array {
  const { shape, fan, activation } = kernel;
  const size = shape.reduce((product, length) => product * length, 1);
  const normal = (variance: number) => scaled(random.normals(size), Math.sqrt(variance));
  // U(−a, a) has the variance a²/3.
  const uniform = (variance: number) => {
    const bound = Math.sqrt(3 * variance);
    return random.uniforms(size).map((value) => (2 * value - 1) * bound);
  };
  switch (initializer) {
    case 'default':
      return normal(isRectifier(activation) ? 2 / fan.in : 2 / (fan.in + fan.out));
    case 'glorotUniform':
      return uniform(2 / (fan.in + fan.out));
    case 'glorotNormal':
      return normal(2 / (fan.in + fan.out));
    case 'heUniform':
      return uniform(2 / fan.in);
    case 'heNormal':
      return normal(2 / fan.in);
    case 'lecunNormal':
      return normal(1 / fan.in);
    case 'orthogonal':
      return orthogonal(size / shape.at(-1)!, shape.at(-1)!, random);
    case 'zeros':
      return new Float32Array(size);
  }
}

function scaled(draws: Float32Array, deviation: number): Float32Array {
  return draws.map((value) => value * deviation);
}

/** [rows, columns]: normal draws made orthonormal along the shorter axis, by Gram and Schmidt, twice for float64's sake. */
function orthogonal(rows: number, columns: number, random: RandomStream): Float32Array {
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from(random.normals(length));
    for (const basis of [...vectors, ...vectors]) subtractPart(vector, basis);
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] = rows < columns ? vectors[row]![column]! : vectors[column]![row]!;
    }
  }
  return values;
}

/** vector − ⟨vector, basis⟩ basis, for a basis of norm 1. */
function subtractPart(vector: Float64Array, basis: Float64Array): void {
  const part = dot(vector, basis);
  for (let i = 0; i < vector.length; i++) vector[i]! -= part * basis[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The Jacobian of the rotation trick, vector by vector. */
import * as tf from '@tensorflow/tfjs';
import { randomStream, rotationTrick } from '../../autoencoders/index';
import type { Verification } from '../verification';
import { largestDifference } from './oracles';
import type { Rows } from './oracles';

const system = 'rotation trick';
const [PAIRS, D] = [200, 6];

interface Turned {
  z: Rows;
  q: Rows;
  value: Rows;
  /** The Jacobian of each pair: J[i][j] = ∂ output i / ∂ z_j. */
  jacobians: Rows[];
}

/** 200 random pairs, the last one opposite, with norms from 1/20 to 20 times the other's. */
function turned(): Turned {
  return tf.tidy(() => {
    const stream = randomStream(4, 'verify/rotation');
    const z = tf.tensor2d(stream.normals(PAIRS * D), [PAIRS, D]);
    const scales = tf.tensor2d(stream.uniforms(PAIRS), [PAIRS, 1]).sub(0.5).mul(6).exp();
    const others = tf.tensor2d(stream.normals((PAIRS - 1) * D), [PAIRS - 1, D]);
    const q = tf.concat([others, z.slice(PAIRS - 1).neg()]).mul<tf.Tensor2D>(scales);
    const rows = Array.from({ length: D }, (_, i) => {
      const output = (at: tf.Tensor) =>
        rotationTrick(at as tf.Tensor2D, q)
          .slice([0, i], [PAIRS, 1])
          .sum();
      return tf.grad(output)(z).arraySync() as Rows;
    });
    const jacobians = Array.from({ length: PAIRS }, (_, pair) => rows.map((row) => row[pair]!));
    return { z: z.arraySync(), q: q.arraySync(), value: rotationTrick(z, q).arraySync(), jacobians };
  });
}

const norm = (v: readonly number[]) => Math.hypot(...v);
const times = (J: Rows, v: readonly number[]) => J.map((row) => dot(row, v));
const transposed = (J: Rows) => J[0]!.map((_, j) => J.map((row) => row[j]!));
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const cosine = (a: readonly number[], b: readonly number[]) => dot(a, b) / norm(a) / norm(b);

/** The largest over all pairs of what `of` gives. */
function largest(of: (z: number[], q: number[], J: Rows, value: number[], pair: number) => number): number {
  const { z, q, value, jacobians } = turned();
  return Math.max(...jacobians.map((J, pair) => of(z[pair]!, q[pair]!, J, value[pair]!, pair)));
}

function offOrthogonal(J: Rows, lambda: number): number {
  const columns = transposed(J).map((column) => column.map((value) => value / lambda));
  const products = columns.flatMap((a) => columns.map((b) => dot(a, b)));
  const identity = columns.flatMap((_, i) => columns.map((__, j) => (i === j ? 1 : 0)));
  return largestDifference(products, identity);
}

/** J comes from float32: entries of JᵀJ and Jz are sums of D rounded products. */
const TOLERANCE = 8 * D * 2 ** -24;

/** A gradient that arrives at q. */
const arriving = (pair: number) => [...randomStream(5, 'verify/gradient', pair).normals(D)];

const row = (id: string, identity: string, found: () => number): Verification => ({
  id: `quantized/rotation-${id}`,
  system,
  identity: `${identity}; 200 pairs, one of them opposite, largest difference`,
  quick: true,
  measure: () => ({ expected: 0, found: found(), tolerance: TOLERANCE }),
});

export const gradients: Verification[] = [
  row('value', 'forward, the value is the code: |out − q|/‖q‖', () =>
    largest((_, q, __, value) => largestDifference(value, q) / norm(q)),
  ),
  row('orthogonal', 'JᵀJ = (‖q‖/‖z‖)² I', () => largest((z, q, J) => offOrthogonal(J, norm(q) / norm(z)))),
  row('takes-z-to-q', 'J z = q: |J z − q|/‖q‖', () =>
    largest((z, q, J) => largestDifference(times(J, z), q) / norm(q)),
  ),
  row('gradient-norm', '‖Jᵀg‖ / ‖g‖ = ‖q‖/‖z‖, relative', () =>
    largest((z, q, J, _, pair) => {
      const g = arriving(pair);
      return Math.abs((norm(times(transposed(J), g)) / norm(g)) * (norm(z) / norm(q)) - 1);
    }),
  ),
  row('angle', 'the angle between gradient and z is that between gradient and code: cosines', () =>
    largest((z, q, J, _, pair) => {
      const g = arriving(pair);
      return Math.abs(cosine(times(transposed(J), g), z) - cosine(g, q));
    }),
  ),
];

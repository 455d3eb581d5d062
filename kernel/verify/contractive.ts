/** The contractive penalty and its gradient, against finite differences in float64. */
import * as tf from '@tensorflow/tfjs';
import { ContractiveAutoencoder, randomStream } from '../autoencoders/index';
import type { Verification } from './verification';

const [INPUT, ROWS] = [12, 3];

const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));

/** g(x) of sigmoid layers without biases, as a new model has them. */
function encode(kernels: number[][][], x: number[]): number[] {
  const layer = (h: number[], kernel: number[][]) =>
    kernel[0]!.map((_, j) => sigmoid(h.reduce((sum, value, i) => sum + value * kernel[i]![j]!, 0)));
  return kernels.reduce(layer, x);
}

/** ‖∂g/∂x‖²_F by central differences, mean over the rows. */
function penaltyOf(kernels: number[][][], rows: number[][]): number {
  const h = 1e-5;
  const squares = rows.flatMap((row) =>
    row.map((_, i) => {
      const at = (step: number) => encode(kernels, row.map((value, j) => (i === j ? value + step : value))); // prettier-ignore
      const [up, down] = [at(h), at(-h)];
      return up.reduce((sum, value, j) => sum + ((value - down[j]!) / (2 * h)) ** 2, 0);
    }),
  );
  return squares.reduce((sum, value) => sum + value, 0) / rows.length;
}

interface Compared {
  expected: number;
  found: number;
  /** Largest difference of the gradient by an entry of an encoder's kernel, over the largest entry of the gradient. */
  gradient: number;
}

function compared(hidden: number[]): Compared {
  const model = new ContractiveAutoencoder({ input: INPUT, hidden, latent: 4, seed: 2 });
  const rows = Array.from({ length: ROWS }, (_, n) => [...randomStream(3, 'x', n).normals(INPUT)]);
  const layers = [...hidden, 4].map((_, l) => model.parameters[`encoder.${l}.kernel`]!);
  const result = tf.tidy(() => {
    const kernels = layers.map((kernel) => kernel.arraySync() as number[][]);
    const penalty = () => model.losses({ x: tf.tensor2d(rows) }).contraction as tf.Scalar;
    const { value, grads } = tf.variableGrads(penalty, layers);
    const expected = penaltyOf(kernels, rows);
    let [off, most] = [0, 0];
    layers.forEach(({ name }, l) => {
      const gradient = grads[name]!.arraySync() as number[][];
      kernels[l]!.forEach((row, i) =>
        row.forEach((start, j) => {
          const at = (step: number) => {
            row[j] = start + step;
            return penaltyOf(kernels, rows);
          };
          const difference = (at(1e-4) - at(-1e-4)) / 2e-4;
          row[j] = start;
          off = Math.max(off, Math.abs(gradient[i]![j]! - difference));
          most = Math.max(most, Math.abs(difference));
        }),
      );
    });
    return { expected, found: value.dataSync()[0]!, gradient: off / most };
  });
  model.dispose();
  return result;
}

export const contractive: Verification[] = (
  [
    ['one sigmoid layer', 'one', []],
    ['three sigmoid layers', 'three', [8, 6]],
  ] as const
).flatMap(([encoder, id, hidden]): Verification[] => [
  {
    id: `autoencoders/contractive-penalty-${id}`,
    system: 'Contractive autoencoder',
    identity: `‖J_g(x)‖²_F of ${encoder} = that of central differences in float64`,
    quick: true,
    measure() {
      const { expected, found } = compared([...hidden]);
      return { expected, found, tolerance: 1e-3 * expected };
    },
  },
  {
    id: `autoencoders/contractive-gradient-${id}`,
    system: 'Contractive autoencoder',
    identity: `∂‖J_g(x)‖²_F/∂W of ${encoder} and of central differences: largest difference over the largest entry`,
    quick: true,
    measure: () => ({ expected: 0, found: compared([...hidden]).gradient, tolerance: 1e-3 }),
  },
]);

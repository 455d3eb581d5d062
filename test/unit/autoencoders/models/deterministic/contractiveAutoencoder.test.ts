import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ContractiveAutoencoder, randomStream } from '../../../../../kernel/autoencoders/index';
import type { ContractiveAutoencoderConfig } from '../../../../../kernel/autoencoders/index';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Activation = NonNullable<ContractiveAutoencoderConfig['activation']>;

const PHI: Record<Activation, (a: number) => number> = {
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  tanh: Math.tanh,
  relu: (a) => Math.max(0, a),
  leaky: (a) => (a > 0 ? a : 0.01 * a),
  elu: (a) => (a > 0 ? a : Math.expm1(a)),
  softplus: (a) => Math.log1p(Math.exp(a)),
  linear: (a) => a,
};

/** The encoder in float64; its biases are 0 at the start. */
function encode(kernels: number[][][], phi: (a: number) => number, x: number[]): number[] {
  return kernels.reduce(
    (h, kernel) => kernel[0]!.map((_, j) => phi(h.reduce((sum, value, i) => sum + value * kernel[i]![j]!, 0))),
    x,
  );
}

/** ‖∂g/∂x‖²_F, mean over the rows, by central differences in float64. */
function penaltyByDifferences(kernels: number[][][], phi: (a: number) => number, rows: number[][]): number {
  const h = 1e-5;
  const squares = rows.map((row) =>
    row.reduce((sum, _, i) => {
      const at = (step: number) =>
        encode(
          kernels,
          phi,
          row.map((value, j) => (i === j ? value + step : value)),
        );
      const [up, down] = [at(h), at(-h)];
      return sum + up.reduce((inner, value, j) => inner + ((value - down[j]!) / (2 * h)) ** 2, 0);
    }, 0),
  );
  return squares.reduce((sum, value) => sum + value, 0) / rows.length;
}

const rows = Array.from({ length: 4 }, (_, n) => [...randomStream(3, 'x', n).normals(5)]);

const encoders: [string, ContractiveAutoencoderConfig & { activation: Activation }][] = [
  ['one sigmoid layer', { input: 5, latent: 3, activation: 'sigmoid' }],
  ['one tanh layer', { input: 5, latent: 3, activation: 'tanh', tied: false }],
  ['two sigmoid layers', { input: 5, hidden: [4], latent: 3, activation: 'sigmoid' }],
  ['three tanh layers', { input: 5, hidden: [6, 4], latent: 2, activation: 'tanh' }],
  ['two rectified layers', { input: 5, hidden: [6], latent: 3, activation: 'relu' }],
  ['two leaky layers', { input: 5, hidden: [6], latent: 3, activation: 'leaky' }],
  ['two layers of elu', { input: 5, hidden: [6], latent: 3, activation: 'elu' }],
  ['three layers of softplus', { input: 5, hidden: [6, 4], latent: 3, activation: 'softplus' }],
  ['two linear layers', { input: 5, hidden: [4], latent: 3, activation: 'linear' }],
];

describe.each(encoders)('the penalty of a contractive autoencoder with %s', (_, config) => {
  it('is the squared Jacobian of finite differences, and so is its gradient by every weight', () => {
    const model = new ContractiveAutoencoder({ ...config, seed: 2 });
    const phi = PHI[config.activation];
    const variables = Object.entries(model.parameters).filter(([name]) => /^encoder.*kernel$/.test(name));
    const kernels = variables.map(([, variable]) => variable.arraySync() as number[][]);
    const penalty = () => model.losses({ x: tf.tensor2d(rows) }).contraction as tf.Scalar;
    const expected = penaltyByDifferences(kernels, phi, rows);
    expect(penalty().dataSync()[0]! / expected).toBeCloseTo(1, 4);

    const { grads } = tf.variableGrads(penalty, Object.values(model.parameters));
    variables.forEach(([, variable], l) => {
      const gradient = grads[variable.name]!.arraySync() as number[][];
      kernels[l]!.forEach((row, i) =>
        row.forEach((start, j) => {
          const at = (step: number) => {
            row[j] = start + step;
            return penaltyByDifferences(kernels, phi, rows);
          };
          const difference = (at(1e-4) - at(-1e-4)) / 2e-4;
          row[j] = start;
          expect(Math.abs(gradient[i]![j]! - difference)).toBeLessThan(1e-3 * Math.max(1, Math.abs(difference)));
        }),
      );
    });
    model.dispose();
  });
});

describe('a contractive autoencoder', () => {
  it('has the decoder’s kernels from the encoder, unless you say otherwise', () => {
    const tied = new ContractiveAutoencoder({ input: 5, hidden: [4], latent: 2 });
    const free = new ContractiveAutoencoder({ input: 5, hidden: [4], latent: 2, tied: false });
    const kernels = (model: ContractiveAutoencoder) => Object.keys(model.parameters).filter((name) => /decoder.*kernel/.test(name));
    expect([kernels(tied), kernels(free)]).toEqual([[], ['decoder.0.kernel', 'decoder.1.kernel']]);
    tied.dispose();
    free.dispose();
  }); // prettier-ignore

  it('weighs its penalty by λ', async () => {
    const model = new ContractiveAutoencoder({ input: 5, latent: 2 });
    const { reconstruction, contraction, total } = await model.score(rows);
    expect(total).toBeCloseTo(reconstruction! + 0.1 * contraction!, 5);
    model.dispose();
  });
});

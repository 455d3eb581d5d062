import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GridVQVAE } from '../../../../../kernel/autoencoders/models/quantized/gridVqvae';
import { TransposedGridConvolution, GridConvolution } from '../../../../../kernel/autoencoders/networks/maps/grid';
import { randomStream } from '../../../../../kernel/autoencoders/random';
import { setRuntime } from '../../../../../kernel/engine/runtime';
import { lowRankSamples } from '../../data';

// The wasm backend lacks the gradient of a convolution by its kernel.
beforeAll(() => tf.setBackend('cpu'));

const SMALL = { channels: 4, residualBlocks: 1, residualChannels: 2, codebookSize: 8, codeDimension: 3, seed: 4 };
const product = (sizes: number[]) => sizes.reduce((a, b) => a * b);
const normals = (shape: number[], purpose: string) =>
  tf.tensor(randomStream(1, purpose).normals(product(shape)), shape);

// Trained as one graph, which is faster.
beforeEach(() => setRuntime('cpu'));
afterEach(() => setRuntime('eager'));

describe.each([
  [[9], [3]],
  [
    [5, 8],
    [2, 2],
  ],
  [
    [4, 5, 6],
    [1, 2, 2],
  ],
])('a VQ-VAE of grids of %j points', (grid, codeGrid) => {
  const d = 2 * product(grid);
  const model = () => new GridVQVAE({ ...SMALL, input: d, grid, features: 2 });

  it('has a quarter of the points along every axis as codes, and makes samples of them again', () => {
    const vqvae = model();
    const x = tf.tensor2d(lowRankSamples(5, d, 2).values, [5, d]);
    const codes = vqvae.codes(x);
    expect([vqvae.codeGrid, codes.shape]).toEqual([codeGrid, [5, product(codeGrid)]]);
    expect(vqvae.name).toBe(`${grid.length}-D convolutional VQ-VAE, ${product(codeGrid)} of 8 codes`);
    expect(vqvae.decodeCodes(codes).shape).toEqual([5, d]);
    vqvae.dispose();
  });

  it('learns', async () => {
    const vqvae = model();
    const train = lowRankSamples(24, d, 2);
    const before = await vqvae.score(train);
    await vqvae.fit(train, { epochs: 40, batchSize: 24, learningRate: 0.01 });
    expect((await vqvae.score(train))['reconstruction']).toBeLessThan(0.95 * before['reconstruction']!);
    vqvae.dispose();
  });

  it('has transposed convolutions that are the transposes, with their gradients', () => {
    const rank = grid.length;
    const shared = { name: 'c', size: 3, stride: 2, activation: 'linear', seed: 1 } as const;
    const forward = new GridConvolution({ ...shared, rank, in: 2, out: 3 });
    const back = new TransposedGridConvolution({ ...shared, in: 3, out: 2, to: grid });
    const [kernel, own] = [forward.parameters['c.kernel']!, back.parameters['c.kernel']!];
    const x = normals([2, ...grid, 2], 'x');
    const y = normals([2, ...grid.map((size) => Math.ceil(size / 2)), 3], 'y');
    // ⟨W x, y⟩ = ⟨x, Wᵀ y⟩, and so are the derivatives of both sides by W and by y.
    own.assign(kernel);
    expect(inner(forward.apply(x), y).dataSync()[0]).toBeCloseTo(inner(x, back.apply(y)).dataSync()[0]!, 3);
    const { grads: byForward } = tf.variableGrads(() => inner(forward.apply(x), y), [kernel]);
    const { grads: byBack } = tf.variableGrads(() => inner(x, back.apply(y)), [own]);
    const expected = byForward[kernel.name]!.dataSync();
    byBack[own.name]!.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3));
    const byInput = tf
      .grad((at) => inner(x, back.apply(at)))(y)
      .dataSync();
    forward
      .apply(x)
      .dataSync()
      .forEach((value, i) => expect(byInput[i]).toBeCloseTo(value, 3));
  });
});

function inner(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  return a.mul(b).sum().asScalar();
}

describe('the codes of a sequence', () => {
  it('stand in the order of time: a change at the end changes the last codes', () => {
    const model = new GridVQVAE({ ...SMALL, input: 40, grid: [40], residualBlocks: 0, codebookSize: 64 });
    const still = new Array<number>(40).fill(0);
    const [before, after] = model.codes([still, still.map((_, i) => (i > 37 ? 5 : 0))]).arraySync();
    const changed = after!.flatMap((code, i) => (code === before![i] ? [] : [i]));
    expect(changed.length).toBeGreaterThan(0);
    expect(Math.min(...changed)).toBeGreaterThan(6);
    model.dispose();
  });
});

describe('the configuration of a VQ-VAE of grids', () => {
  it.each([
    [{ grid: [13] }, 'GridVQVAE: "grid" is [13], expected a grid of 12 values, as a sample has; found 13, with 1'],
    [{ grid: [3, 4] }, 'GridVQVAE: "grid.0" is 3, allowed: at least 4'],
    [{ grid: [] }, 'GridVQVAE: "grid" is [], allowed: at least 1 entries'],
    [{ grid: [12], channels: 3 }, '"channels" is 3, expected an even number'],
  ])('names what is wrong with %j', (config, message) => {
    expect(() => new GridVQVAE({ input: 12, ...config })).toThrow(message);
  });
});

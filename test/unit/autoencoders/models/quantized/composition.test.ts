import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  convolutional,
  ConvolutionalVQVAE,
  Dataset,
  defineNetwork,
  gridDecoder,
  gridEncoder,
  GridVQVAE,
  initial,
  mlp,
  network,
  randomStream,
  residual,
  VQVAE,
} from '../../../../../kernel/autoencoders/index';
import type { VQVAEConfig } from '../../../../../kernel/autoencoders/index';
import { describeTracedSteps } from '../../../engine/tracedIsEager';

const colour = { kind: 'image', height: 8, width: 8, channels: 3 } as const;
const code = { codebookSize: 6, codeDimension: 3 };
const maps = { channels: 4, residualBlocks: 1, residualChannels: 2 };

/** With moving averages of its own, and dropout, beside those of the codebook. */
const layers = () => {
  const kernelInitializer = (seed: number) => tf.initializers.glorotNormal({ seed });
  return tf.sequential({
    layers: [
      tf.layers.dense({
        name: 'in',
        units: 6,
        activation: 'tanh',
        inputShape: [10],
        kernelInitializer: kernelInitializer(1),
      }),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.dropout({ name: 'drop', rate: 0.3 }),
      tf.layers.dense({ name: 'out', units: 9, kernelInitializer: kernelInitializer(2) }),
    ],
  });
};

const linear = defineNetwork('linearForVqvae', () => ({
  parameters: ({ from, to }) => ({ w: initial.glorot([size(from), size(to)]) }),
  apply: (x, { w }) => x.reshape([x.shape[0]!, -1]).matMul(w!),
}));
const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

const compositions: Record<string, () => Omit<VQVAEConfig, 'seed' | 'optimizer'>> = {
  'multilayer perceptrons': () => ({ input: 10, positions: 2, ...code, encoder: mlp([7]), decoder: mlp([5, 4]) }),
  'convolutions of colour images': () => ({
    input: colour,
    positions: 4,
    ...code,
    encoder: convolutional({ channels: [4, 6] }),
    decoder: convolutional({ channels: [6, 4] }),
  }),
  'residual networks of colour images': () => ({
    input: colour,
    positions: 4,
    ...code,
    encoder: residual({ channels: [4], blocks: 1 }),
    decoder: residual({ channels: [4], blocks: 1 }),
  }),
  'maps of vectors': () => ({
    input: colour,
    positions: [2, 2],
    ...code,
    encoder: gridEncoder(maps),
    decoder: gridDecoder(maps),
  }),
  'a model of layers': () => ({ input: 10, positions: 3, ...code, encoder: layers(), hidden: [8] }),
  'networks of your own': () => ({ input: 10, positions: 3, ...code, encoder: linear(), decoder: linear() }),
  'networks of your own and signs for codes': () => ({
    input: 10,
    positions: 3,
    encoder: linear(),
    decoder: linear(),
    quantizer: { kind: 'lookupFree', bits: 3 },
  }),
};

beforeAll(() => tf.setBackend('cpu'));

describeTracedSteps(
  Object.fromEntries(
    Object.entries(compositions).map(([name, config]) => [
      `VQ-VAE of ${name}`,
      (common) => new VQVAE({ ...common, ...config() }),
    ]),
  ),
);

const rows = (n: number, shape: VQVAE['inputShape']) => {
  const width = shape.kind === 'image' ? shape.height * shape.width * shape.channels : shape.features.length;
  return new Dataset({ name: 'rows', values: randomStream(3, 'rows').uniforms(n * width), shape, labels: null });
};

describe('a VQ-VAE of any networks', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latentlab-vqvae-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(Object.keys(compositions))(
    'with %s is trained, saved and loaded, and its codes are decoded',
    async (name) => {
      const model = new VQVAE({ ...compositions[name]!(), seed: 4 });
      const data = rows(20, model.inputShape);
      await model.fit(data, { epochs: 1, batchSize: 10 });
      const path = join(folder, name.replaceAll(/\W/g, '-'));
      await model.save(path);
      const loaded = await VQVAE.load(path);
      expect(loaded.reconstruct(data).dataSync()).toEqual(model.reconstruct(data).dataSync());
      const codes = loaded.codes(data);
      expect(codes.shape).toEqual([20, model.positions]);
      expect(loaded.decodeCodes(codes).dataSync()).toEqual(model.reconstruct(data).dataSync());
      for (const one of [model, loaded]) one.dispose();
    },
  );

  it('moves its codebook and the moving averages of its layers in the same step', async () => {
    const model = new VQVAE({ ...compositions['a model of layers']!(), seed: 4 });
    const values = () =>
      Object.entries(model.state).map(([name, variable]) => [name, [...variable.dataSync()]] as const);
    const first = Object.fromEntries(values());
    await model.fit(rows(20, model.inputShape), { epochs: 1, batchSize: 10 });
    expect(Object.keys(first).filter((name) => name.includes('moving'))).toHaveLength(2);
    for (const [name, now] of values()) expect(now, name).not.toEqual(first[name]);
    model.dispose();
  });

  it('leaves its codebook as it is where it is only scored', async () => {
    const model = new VQVAE({ ...compositions['multilayer perceptrons']!(), seed: 4 });
    const before = model.codebook.dataSync();
    await model.score(rows(20, model.inputShape));
    expect(model.codebook.dataSync()).toEqual(before);
    model.dispose();
  });

  it('has its codes on the given map', () => {
    const model = new VQVAE({ ...compositions['maps of vectors']!(), seed: 4 });
    expect([model.codeGrid, model.positions, model.name]).toEqual([[2, 2], 4, 'VQ-VAE, 4 of 6 codes']);
    model.dispose();
  });

  it('has the networks of a preset where they are named one by one', () => {
    const { seed, ...rest } = { seed: 4, input: colour, ...code };
    const preset = new ConvolutionalVQVAE({ ...rest, ...maps, seed });
    const composed = new VQVAE({ ...rest, seed, positions: [2, 2], encoder: gridEncoder(maps), decoder: gridDecoder(maps) }); // prettier-ignore
    const data = rows(5, colour);
    expect(composed.reconstruct(data).dataSync()).toEqual(preset.reconstruct(data).dataSync());
    for (const model of [preset, composed]) model.dispose();
  });

  it('is loaded as the preset that it was', async () => {
    const model = new GridVQVAE({ input: 12, grid: [12], ...maps, ...code, seed: 4 });
    const path = join(folder, 'preset');
    await model.save(path);
    const loaded = await GridVQVAE.load(path);
    expect(loaded).toBeInstanceOf(GridVQVAE);
    expect([loaded.config, loaded.name, loaded.codeGrid]).toEqual([model.config, model.name, [3]]);
    await expect(VQVAE.load(path)).rejects.toThrow('holds a GridVQVAE, expected a VQVAE; use GridVQVAE.load.');
    for (const one of [model, loaded]) one.dispose();
  });
});

describe('a configuration of networks', () => {
  const config = { input: 10, positions: 2, ...code };

  it.each([
    [{ encoder: mlp([3]), decoder: mlp([3]), hidden: [4] }, 'VQVAE: "hidden" is [4], allowed only without "encoder"'],
    [{ encoder: 'perceptron' }, 'VQVAE: "encoder" is "perceptron", there is no network of this name'],
    [{ positions: 0 }, 'VQVAE: "positions" is 0, allowed: at least 1.'],
    [{ positions: 'many' }, 'VQVAE: "positions" is "many", expected a number ≥ 1 or a list of such'],
    [{ positions: [2, 0] }, 'VQVAE: "positions.1" is 0, allowed: at least 1.'],
    [{ encoder: gridEncoder() }, 'other data need "grid", the points along each axis'],
    [{ encoder: gridEncoder({ grid: [4] }) }, 'a grid of 4 points does not divide the 10 values of a sample'],
    [{ positions: 4, encoder: gridEncoder({ grid: [10] }), codeDimension: 4 }, 'the encoder has 16 numbers beside its samples, expected a vector at each of 3 points'], // prettier-ignore
    [{ encoder: convolutional() }, 'expected images'],
  ])('that cannot be says why: %#', (wrong, message) => {
    expect(() => new VQVAE({ ...config, ...wrong } as VQVAEConfig)).toThrow(message);
  });

  it('says what a network gives that gives too little', () => {
    const model = new VQVAE({ ...config, encoder: network({ apply: (x) => x }) });
    expect(() => model.encode(rows(2, model.inputShape))).toThrow(
      'The network of the encoder gives [2, 10], expected [2, 6].',
    );
    model.dispose();
  });
});

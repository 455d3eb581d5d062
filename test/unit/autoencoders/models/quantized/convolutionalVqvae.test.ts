import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { codebookUsage, ConvolutionalVQVAE, meanReconstructionError } from '../../../../../kernel/autoencoders/index';
import type { ConvolutionalVQVAEConfig } from '../../../../../kernel/autoencoders/index';
import { GridEncoder } from '../../../../../kernel/autoencoders/networks/maps/grid';
import { alive } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { expectFiniteDifferences, leaveKinks } from '../../gradients';

// The wasm backend lacks the gradient of a convolution by its kernel.
beforeAll(() => tf.setBackend('cpu'));

const input = { kind: 'image', height: 8, width: 5, channels: 1 } as const;
const CONFIG: ConvolutionalVQVAEConfig = {
  input,
  channels: 4,
  residualChannels: 2,
  codebookSize: 8,
  codeDimension: 3,
  seed: 4,
};
const [n, d, positions] = [12, 40, 4];
const data = binarySamples(n, d);
const x = () => tf.tensor2d(data.values, [n, d]);

/** z_e of every position, [n·P, D], by a network with the model's weights. */
function encoded(model: ConvolutionalVQVAE): tf.Tensor2D {
  const { height, width, channels: features } = input;
  const shared = { channels: 4, residualBlocks: 2, residualChannels: 2, codeDimension: 3, seed: 4 };
  const encoder = new GridEncoder({ ...shared, grid: [height, width], features, name: 'encoder' });
  for (const [name, variable] of Object.entries(encoder.parameters)) variable.assign(model.parameters[name]!);
  return encoder.apply(x()).reshape([n * positions, 3]);
}

describe('the terms of a convolutional VQ-VAE', () => {
  it('are summed over pixels, a mean over images; and summed over D, a mean over images and positions', () => {
    const model = new ConvolutionalVQVAE(CONFIG);
    const { reconstruction, commitment } = model.losses({ x: x() });
    const e = model.encode(data);
    const squares = (a: tf.Tensor, b: tf.Tensor) =>
      Array.from(a.sub(b).dataSync()).reduce((sum, value) => sum + value ** 2, 0);
    expect(reconstruction.dataSync()[0]).toBeCloseTo(squares(x(), model.decode(e)) / n, 4);
    const apart = squares(encoded(model), e.reshape([n * positions, 3]));
    expect(commitment!.dataSync()[0]).toBeCloseTo(apart / (n * positions), 4);
    model.dispose();
  });

  it('have the gradient of finite differences where the codes stay the same', () => {
    const model = new ConvolutionalVQVAE({ ...CONFIG, residualBlocks: 1 });
    const { parameters } = model;
    leaveKinks(parameters);
    const decoder = Object.fromEntries(Object.entries(parameters).filter(([name]) => name.startsWith('decoder')));
    const encoder = Object.fromEntries(Object.entries(parameters).filter(([name]) => name.startsWith('encoder')));
    const codes = [...model.codes(data).dataSync()];
    expectFiniteDifferences(decoder, () => model.losses({ x: x() }).reconstruction.asScalar(), 3e-3);
    expectFiniteDifferences(encoder, () => model.losses({ x: x() })['commitment']!.asScalar(), 3e-3);
    expect([...model.codes(data).dataSync()]).toEqual(codes);
    model.dispose();
  });

  it('pass the gradient at the codes straight through to the encoder', () => {
    const model = new ConvolutionalVQVAE(CONFIG);
    const bias = model.parameters['encoder.3.bias']!;
    const { grads } = tf.variableGrads(() => model.losses({ x: x() }).reconstruction.asScalar(), [bias]);
    const atCodes = tf.grad((e) =>
      x()
        .sub(model.decode(e as tf.Tensor2D))
        .square()
        .sum(1)
        .mean(),
    )(model.encode(data));
    // The bias is added to z_e at every position, so its gradient is the sum over them.
    const expected = atCodes
      .reshape([n * positions, 3])
      .sum(0)
      .dataSync();
    expect(expected.some((value) => Math.abs(value) > 1e-3)).toBe(true);
    expected.forEach((value, i) => expect(grads[bias.name]!.dataSync()[i]).toBeCloseTo(value, 4));
    model.dispose();
  });
});

describe('a convolutional VQ-VAE', () => {
  it('has 7 × 7 codes for images of 28 × 28 pixels, and the settings of the reference', () => {
    const model = new ConvolutionalVQVAE({ input: { ...input, height: 28, width: 28 } });
    expect(model.codeGrid).toEqual([7, 7]);
    expect(model.codes([new Array<number>(784).fill(0.5)]).shape).toEqual([1, 49]);
    expect(model.codebook.shape).toEqual([512, 64]);
    expect(model.name).toBe('convolutional VQ-VAE, 49 of 512 codes');
    expect(model.config).toMatchObject({ channels: 128, residualBlocks: 2, residualChannels: 32 });
    expect(model.config).toMatchObject({ commitment: (0.25 * 784) / 64, decay: 0.99, epsilon: 1e-5 });
    model.dispose();
  });

  it('takes an image to codes, codes to vectors of the codebook, and codes back to images', () => {
    const model = new ConvolutionalVQVAE(CONFIG);
    const codes = model.codes(data);
    expect([codes.shape, codes.dtype, model.codeGrid]).toEqual([[n, positions], 'int32', [2, 2]]);
    const codebook = model.codebook.arraySync();
    const latents = codes.arraySync().map((row) => row.flatMap((code) => codebook[code]!));
    expect(model.encode(data).arraySync()).toEqual(latents);
    expect(model.decodeCodes(codes).dataSync()).toEqual(model.decode(model.encode(data)).dataSync());
    expect(() => model.decodeCodes([[0, 1]])).toThrow('expects rows of 4 codes from 0 to 7; found 2 values at row 0');
    model.dispose();
  });

  it('gives codes row by row: a change in one corner of an image changes the codes of that corner', () => {
    const model = new ConvolutionalVQVAE({
      ...CONFIG,
      input: { ...input, height: 40, width: 40 },
      residualBlocks: 0,
      codebookSize: 64,
    });
    const blank = new Array<number>(1600).fill(0);
    const corner = blank.map((_, i) => (i % 40 > 36 && i < 3 * 40 ? 5 : 0));
    const [before, after] = model.codes([blank, corner]).arraySync();
    const changed = after!.flatMap((code, i) => (code === before![i] ? [] : [[Math.floor(i / 10), i % 10]]));
    expect(changed.length).toBeGreaterThan(0);
    for (const [row, column] of changed) {
      expect(row).toBeLessThan(4);
      expect(column).toBeGreaterThan(5);
    }
    model.dispose();
  });

  it('learns to reconstruct with its codes, and its codebook follows', async () => {
    const train = binarySamples(48, d);
    const model = new ConvolutionalVQVAE({ ...CONFIG, channels: 6 });
    const start = model.codebook;
    const before = await meanReconstructionError(model, train);
    const history = await model.fit(train, { epochs: 40, batchSize: 16, learningRate: 0.01 });
    expect(await meanReconstructionError(model, train)).toBeLessThan(0.5 * before);
    const { reconstruction, commitment, total } = history.final.train;
    expect(total).toBeCloseTo(reconstruction! + ((0.25 * d) / CONFIG.codeDimension!) * commitment!, 4);
    expect(model.codebook.sub(start).abs().max().dataSync()[0]).toBeGreaterThan(0.1);
    expect((await codebookUsage(model, train)).perplexity).toBeGreaterThan(1.5);
    model.dispose();
  });

  it('keeps no tensors but its results, and none when it is disposed', async () => {
    const start = alive();
    const model = new ConvolutionalVQVAE(CONFIG);
    await model.fit(data, { epochs: 1 });
    const before = alive();
    tf.dispose([model.codes(data), model.encode(data), model.decodeCodes([[1, 2, 3, 0]]), model.codebook]);
    await model.fit(data, { epochs: 2 });
    await model.score(data);
    expect(alive()).toEqual(before);
    model.dispose();
    expect(alive()).toEqual(start);
  });
});

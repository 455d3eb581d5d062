import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { codebookUsage, meanReconstructionError, VQVAE } from '../../../../../kernel/autoencoders/index';
import type { VQVAEConfig } from '../../../../../kernel/autoencoders/index';
import { alive, useWasm } from '../../../engine/backends';
import { lowRankSamples } from '../../data';

beforeAll(useWasm);

const CONFIG: VQVAEConfig = { input: 6, hidden: [5], positions: 3, codebookSize: 8, codeDimension: 2, seed: 4 };
const data = lowRankSamples(40, 6, 2);

describe('the terms of a VQ-VAE', () => {
  it('are squared errors: summed over values, a mean over samples; and summed over D, a mean over positions too', () => {
    const model = new VQVAE(CONFIG);
    const x = tf.tensor2d(data.values, [40, 6]);
    const { reconstruction, commitment } = model.losses({ x });
    const e = model.encode(data);
    const xHat = model.decode(e);
    expect(reconstruction.dataSync()[0]).toBeCloseTo(x.sub(xHat).square().sum().dataSync()[0]! / 40, 4);

    const weights = ['encoder.0.kernel', 'encoder.0.bias', 'encoder.1.kernel', 'encoder.1.bias'];
    const [w0, b0, w1, b1] = weights.map((name) => model.parameters[name]!);
    const zE = x.matMul(w0!).add(b0!).relu().matMul(w1!).add(b1!);
    expect(commitment!.dataSync()[0]).toBeCloseTo(zE.sub(e).square().sum().dataSync()[0]! / (40 * 3), 4);
    model.dispose();
  });

  it('have a gradient that passes straight through the codes to the encoder', () => {
    const model = new VQVAE(CONFIG);
    const x = tf.tensor2d(data.values, [40, 6]);
    const { parameters } = model;
    const { grads } = tf.variableGrads(() => model.losses({ x }).reconstruction.asScalar(), Object.values(parameters));

    // ∂reconstruction/∂z_q at the codes, handed to the encoder as if z_e had been there.
    const codes = model.encode(data);
    const decoded = (zQ: tf.Tensor) => x.sub(decoder(model, zQ)).square().sum(1).mean();
    const atCodes = tf.grad(decoded)(codes);
    const encoded = () => encoder(model, x).mul(atCodes).sum().asScalar();
    const names = ['encoder.0.kernel', 'encoder.1.bias'];
    const expected = tf.variableGrads(
      encoded,
      names.map((name) => parameters[name]!),
    ).grads;
    for (const name of names) {
      const { name: id } = parameters[name]!;
      const [found, wanted] = [grads[id]!.dataSync(), expected[id]!.dataSync()];
      expect(wanted.some((value) => Math.abs(value) > 1e-3)).toBe(true);
      wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 4));
    }
    model.dispose();
  });

  it('pull the encoder to the codes, not the codes to the encoder', () => {
    const model = new VQVAE(CONFIG);
    const x = tf.tensor2d(data.values, [40, 6]);
    const bias = model.parameters['encoder.1.bias']!;
    const { grads } = tf.variableGrads(() => model.losses({ x })['commitment']!.asScalar(), [bias]);
    // ∂/∂b of the mean over 3 positions and 40 samples of ‖z_e − e‖² with e constant.
    const expected = encoder(model, x)
      .sub(model.encode(data))
      .mul(2 / 120)
      .sum(0);
    expected.dataSync().forEach((value, i) => expect(grads[bias.name]!.dataSync()[i]).toBeCloseTo(value, 4));
    model.dispose();
  });
});

/** The networks as the model's parameters define them. */
function encoder({ parameters: p }: VQVAE, x: tf.Tensor): tf.Tensor {
  const hidden = x.matMul(p['encoder.0.kernel']!).add(p['encoder.0.bias']!).relu();
  return hidden.matMul(p['encoder.1.kernel']!).add(p['encoder.1.bias']!);
}
function decoder({ parameters: p }: VQVAE, z: tf.Tensor): tf.Tensor {
  const hidden = z.matMul(p['decoder.0.kernel']!).add(p['decoder.0.bias']!).relu();
  return hidden.matMul(p['decoder.1.kernel']!).add(p['decoder.1.bias']!);
}

describe('a VQ-VAE', () => {
  it('learns to reconstruct with its codes, and its codebook follows', async () => {
    const model = new VQVAE({ ...CONFIG, hidden: [16] });
    const train = lowRankSamples(300, 6, 2);
    const start = model.codebook;
    const before = await meanReconstructionError(model, train);
    const history = await model.fit(train, { epochs: 40, batchSize: 50, learningRate: 0.005 });
    expect(await meanReconstructionError(model, train)).toBeLessThan(0.25 * before);
    expect(history.unit).toBe('squared error per sample');
    expect(Object.keys(history.final.train).sort()).toEqual(['commitment', 'reconstruction', 'total']);
    const { reconstruction, commitment, total } = history.final.train;
    expect(total).toBeCloseTo(reconstruction! + ((0.25 * 6) / 2) * commitment!, 4);
    expect(model.codebook.sub(start).abs().max().dataSync()[0]).toBeGreaterThan(0.1);
    expect((await codebookUsage(model, train)).perplexity).toBeGreaterThan(3);
    model.dispose();
  });

  it('takes a sample to codes, codes to vectors of the codebook, and codes back to samples', () => {
    const model = new VQVAE(CONFIG);
    const codes = model.codes(data);
    expect([codes.shape, codes.dtype]).toEqual([[40, 3], 'int32']);
    const codebook = model.codebook.arraySync();
    const latents = codes.arraySync().map((row) => row.flatMap((code) => codebook[code]!));
    expect(model.encode(data).arraySync()).toEqual(latents);
    expect(model.decodeCodes(codes).dataSync()).toEqual(model.decode(model.encode(data)).dataSync());
    expect(model.decodeCodes([[0, 7, 3]]).shape).toEqual([1, 6]);
    expect(() => model.decodeCodes([[0, 1]])).toThrow('expects rows of 3 codes from 0 to 7; found 2 values at row 0');
    expect(() => model.decodeCodes([[0, 1, 8]])).toThrow('8');
    expect([model.name, model.latentDimensions]).toEqual(['VQ-VAE, 3 of 8 codes', 6]);
    model.dispose();
  });

  it('draws what revives dead codes from the seed', async () => {
    const books = [];
    for (const seed of [1, 1, 2]) {
      const model = new VQVAE({ ...CONFIG, decay: 0.5, reviveBelow: 0.9 });
      await model.fit(data, { epochs: 3, batchSize: 10, seed });
      books.push([...model.codebook.dataSync()]);
      model.dispose();
    }
    expect(books[1]).toEqual(books[0]);
    expect(books[2]).not.toEqual(books[0]);
  });

  it('keeps no tensors but its results', async () => {
    const model = new VQVAE(CONFIG);
    await model.fit(data, { epochs: 1 });
    const before = alive();
    tf.dispose([model.codes(data), model.encode(data), model.decodeCodes([[1, 2, 3]]), model.codebook]);
    await model.fit(data, { epochs: 2 });
    await model.score(data);
    expect(alive()).toEqual(before);
    model.dispose();
  });
});

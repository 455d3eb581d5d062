import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convolutional, loadLayersModel, recurrent, VAE } from '../../../../kernel/autoencoders/index';
import { useWasm } from '../../engine/backends';
import { describeTracedSteps } from '../../engine/tracedIsEager';
import { binarySamples } from '../data';

const data = binarySamples(40, 6);
const options = { epochs: 2, batchSize: 20, learningRate: 0.02 };
let folder: string;
beforeAll(async () => {
  await useWasm();
  folder = await mkdtemp(join(tmpdir(), 'latentlab-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** 6 → 4 with batch normalisation and dropout. */
function encoderOf(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.dense({ name: 'hidden', inputShape: [6], units: 5, activation: 'tanh' }),
      tf.layers.batchNormalization({ name: 'norm', momentum: 0.9 }),
      tf.layers.dropout({ name: 'dropout', rate: 0.5 }),
      tf.layers.dense({ name: 'out', units: 4 }),
    ],
  });
}

describe('a model of tfjs’s layers as an encoder', () => {
  it('is that model where nothing is trained: moving averages, and no dropout', () => {
    const encoder = encoderOf();
    const model = new VAE({ input: 6, latent: 2, encoder });
    const expected = tf.tidy(() => (encoder.predict(tf.tensor2d(data.values, [40, 6])) as tf.Tensor2D).slice([0, 0], [-1, 2]).arraySync()); // prettier-ignore
    expect(model.encode(data).arraySync()).toEqual(expected);
    model.dispose();
  });

  it('moves the averages of its normalisation by the batch, as its momentum says', async () => {
    const encoder = encoderOf();
    const model = new VAE({ input: 6, latent: 2, encoder });
    const hidden = encoder.layers[0]!.apply(tf.tensor2d(data.values, [40, 6])) as tf.Tensor2D;
    const mean = hidden.mean(0).arraySync() as number[];
    expect(Object.keys(model.state)).toEqual(['encoder.norm.moving_mean', 'encoder.norm.moving_variance']);
    await model.fit(data, { epochs: 1, batchSize: 40, learningRate: 0.01 });
    const moved = model.state['encoder.norm.moving_mean']!.arraySync() as number[];
    moved.forEach((value, j) => expect(value).toBeCloseTo(0.1 * mean[j]!, 5));
    model.dispose();
  });

  it('is saved with its averages, loaded, and goes on to the last bit', async () => {
    const model = new VAE({ input: 6, latent: 2, encoder: encoderOf(), seed: 3 });
    await model.fit(data, options);
    await model.save(join(folder, 'layers'));
    const loaded = await VAE.load(join(folder, 'layers'));
    for (const one of [model, loaded]) await one.fit(data, options);
    expect(await loaded.score(data)).toEqual(await model.score(data));
    for (const one of [model, loaded]) one.dispose();
  });

  it('that is read from files stays as it is where it is not trainable', async () => {
    const source = encoderOf();
    await source.save(
      tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
        const manifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
        const json = { format: 'layers-model', modelTopology, weightsManifest: manifest };
        await writeFile(join(folder, 'model.json'), JSON.stringify(json));
        await writeFile(join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const encoder = await loadLayersModel(join(folder, 'model.json'));
    encoder.trainable = false;
    const before = encoder.getWeights().map((weight) => Array.from(weight.dataSync()));
    const model = new VAE({ input: 6, latent: 2, encoder });
    expect(Object.keys(model.parameters).some((name) => name.startsWith('encoder'))).toBe(false);
    await model.fit(data, options);
    const kernels = encoder.getWeights().map((weight) => Array.from(weight.dataSync()));
    expect(kernels[0]).toEqual(before[0]);
    expect(source.getWeights()[0]!.dataSync()).toEqual(Float32Array.from(before[0]!));
    await expect(loadLayersModel('model.h5')).rejects.toThrow('convert it with tensorflowjs_converter');
    model.dispose();
  });
});

describeTracedSteps({
  'VAE of sequences': ({ seed, optimizer }) =>
    new VAE({
      seed,
      optimizer,
      input: [4, 3],
      latent: 2,
      encoder: recurrent({ units: 5 }),
      decoder: recurrent({ units: 5 }),
    }),
  'VAE of 32 × 32 images of 5 channels': ({ seed, optimizer }) =>
    new VAE({
      ...{ seed, optimizer: { ...optimizer, clipNorm: 1 }, latent: 2 },
      input: [32, 32, 5],
      encoder: convolutional({ channels: [2, 3] }),
      decoder: convolutional({ channels: [3, 2] }),
    }),
});

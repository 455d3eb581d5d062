import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConvolutionalVAE, Dataset, VAE } from '../../../../kernel/autoencoders/index';
import type { SampleShape, ShapeInput, VAEConfig } from '../../../../kernel/autoencoders/index';
import { readNpy, streamNpz, streamSafetensors, streamNpy } from '../../../../kernel/autoencoders/data/index';
import { collect } from '../../../../kernel/autoencoders/data/collect';
import { shapeText, widthOf } from '../../../../kernel/autoencoders/samples';
import { encodeSafetensors } from '../../../../kernel/autoencoders/training/checkpoints/safetensors';
import { npy } from './npyFile';
import { temporaryFile } from './temporaryFolder';
import { zipFile } from './zipFile';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const counting = (shape: number[]) => Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => i / 1000);

describe('images of any number of channels', () => {
  it.each([1, 2, 3, 4, 5, 7])('are read from arrays: %i', async (channels) => {
    const shape = [2, 4, 6, channels];
    const values = counting(shape);
    const drawn: SampleShape = { kind: 'image', height: 4, width: 6, channels };
    const file = temporaryFile('a.npy', npy('<f4', shape, values));
    const zipped = temporaryFile('a.npz', zipFile({ 'x.npy': npy('<f4', shape, values) }, true));
    const safe = temporaryFile('a.safetensors', encodeSafetensors({ x: { values, shape } }));
    const read = [
      await readNpy(file),
      await collect(await streamNpz(zipped)),
      await collect(await streamSafetensors(safe)),
      Dataset.from(tf.tensor(values, shape)),
      Dataset.from({ values, shape }),
    ];
    for (const data of read) {
      expect(data.shape).toEqual(drawn);
      expect([...data.values]).toEqual([...values]);
    }
  });

  it('are scaled to [0, 1] where they are bytes', async () => {
    const data = await readNpy(temporaryFile('a.npy', npy('|u1', [1, 1, 1, 4], Uint8Array.of(0, 51, 102, 255))));
    expect([...data.values]).toEqual([0, 0.2, 0.4, 1].map(Math.fround));
  });

  it('are not channels before rows, as another library lays them out, unless that is said', async () => {
    const shape = [2, 3, 8, 9];
    const file = temporaryFile('a.npy', npy('<f4', shape, counting(shape)));
    const advice = 'which looks like 3 channels before height and width';
    await expect(readNpy(file)).rejects.toThrow(advice);
    expect(() => Dataset.from({ values: counting(shape), shape })).toThrow(advice);
    const told = { kind: 'image', height: 3, width: 8, channels: 9 };
    expect((await readNpy(file, { as: 'image' })).shape).toEqual(told);
    expect(Dataset.from({ values: counting(shape), shape }, { as: 'image' }).shape).toEqual(told);
  });

  it.each([2, 4, 5])('train convolutions: %i channels', async (channels) => {
    const shape = [12, 8, 8, channels];
    const data = Dataset.from(tf.randomUniform(shape, 0, 1, 'float32', 3));
    const model = new ConvolutionalVAE({ input: [8, 8, channels], channels: [4, 6], latent: 2 });
    const { total: before } = await model.score(data);
    await model.fit(data, { epochs: 20, batchSize: 6, learningRate: 0.01 });
    expect((await model.score(data)).total).toBeLessThan(before);
    expect(model.inputShape).toEqual(data.shape);
    model.dispose();
  });

  it('are said', () => {
    const text = (channels: number) => shapeText({ kind: 'image', height: 4, width: 6, channels });
    expect([1, 2, 3, 5].map(text)).toEqual(['4 × 6 image', '4 × 6 image of 2 channels', '4 × 6 RGB image', '4 × 6 image of 5 channels']); // prettier-ignore
  });
});

describe('sequences', () => {
  const shape = [3, 4, 2];
  const values = counting(shape);
  const drawn: SampleShape = { kind: 'sequence', steps: 4, features: ['x0', 'x1'] };

  it('are read from arrays where you say so; else these are images', async () => {
    const file = temporaryFile('a.npy', npy('<f4', shape, values));
    const zipped = temporaryFile('a.npz', zipFile({ 'x.npy': npy('<f4', shape, values) }, true));
    const safe = temporaryFile('a.safetensors', encodeSafetensors({ x: { values, shape } }));
    const as = 'sequence';
    for (const data of [
      await collect(await streamNpy(file, { as })),
      await collect(await streamNpz(zipped, { as })),
      await collect(await streamSafetensors(safe, { as })),
      Dataset.from(tf.tensor(values, shape), { as }),
    ]) {
      expect(data.shape).toEqual(drawn);
      expect([...data.values]).toEqual([...values]);
      expect([data.length, data.width]).toEqual([3, 8]);
    }
    expect((await readNpy(file)).shape).toEqual({ kind: 'image', height: 4, width: 2, channels: 1 });
    const single = Dataset.from({ values: counting([3, 4]), shape: [3, 4] }, { as });
    expect(single.shape).toEqual({ kind: 'sequence', steps: 4, features: ['x0'] });
  });

  it('keep bytes as they are', async () => {
    const file = temporaryFile('a.npy', npy('|u1', [1, 2, 2], Uint8Array.of(0, 7, 100, 255)));
    expect([...(await readNpy(file, { as: 'sequence' })).values]).toEqual([0, 7, 100, 255]);
  });

  it('are not images with channels, nor anything else', async () => {
    const file = temporaryFile('a.npy', npy('<f4', [1, 2, 2, 2], counting([1, 2, 2, 2])));
    await expect(readNpy(file, { as: 'sequence' })).rejects.toThrow('expected [samples, steps, features]');
    await expect(readNpy(file, { as: 'sound' as 'image' })).rejects.toThrow(
      '"as" is "sound"; allowed: "image", "sequence"',
    );
  });

  it('name step and feature of a value that is none', () => {
    const broken = Float32Array.from(values);
    broken[8 + 5] = NaN;
    const data = new Dataset({ values: broken, shape: drawn });
    expect(() => data.checked()).toThrow('row 1, column 5 (“x1 of step 2”) (both counted from 0) is NaN');
    expect(data.firstNonFinite()).toMatchObject({ row: 1, column: 5, feature: 'x1 of step 2' });
  });

  it('are trained on, drawn and printed', async () => {
    const model = new VAE({ input: [4, 2], latent: 2, hidden: [8] });
    expect(model.inputShape).toEqual({ kind: 'sequence', steps: 4, features: ['x1', 'x2'] });
    const data = new Dataset({ values, shape: drawn });
    await model.fit(data, { epochs: 1 });
    expect(shapeText(data.shape)).toBe('4 steps of 2 features');
    await expect(model.fit([[1]], { epochs: 1 })).rejects.toThrow('rows of 8 values (4 steps of 2 features)');
    model.dispose();
  });
});

describe('the input of a model', () => {
  const inputs: [ShapeInput, SampleShape][] = [
    [3, { kind: 'vector', features: ['x1', 'x2', 'x3'] }],
    [[3], { kind: 'vector', features: ['x1', 'x2', 'x3'] }],
    [[5, 2], { kind: 'sequence', steps: 5, features: ['x1', 'x2'] }],
    [[4, 3, 2], { kind: 'image', height: 4, width: 3, channels: 2 }],
    [
      { kind: 'sequence', steps: 2, features: ['a'] },
      { kind: 'sequence', steps: 2, features: ['a'] },
    ],
  ];
  it.each(inputs)('may be %j', (input, shape) => {
    const model = new VAE({ input, latent: 1, hidden: [2] });
    expect(model.inputShape).toEqual(shape);
    expect(model.parameters['encoder.0.kernel']!.shape[0]).toBe(widthOf(shape));
    // What a checkpoint holds makes the same model again.
    const config = JSON.parse(JSON.stringify(model.config)) as VAEConfig;
    expect(new VAE(config).inputShape).toEqual(shape);
  });

  it.each([[[]], [[0]], [[1, 2, 3, 4]], [[2.5]], ['3'], [{ kind: 'sequence', steps: 0, features: ['a'] }]])(
    'is not %j',
    (input) => {
      expect(() => new VAE({ input: input as ShapeInput, latent: 1 })).toThrow(/VAE: "input/);
    },
  );
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConvolutionalVQVAE, defineQuantizer, VQVAE, VQVAE2 } from '../../../../../kernel/autoencoders/index';
import { alive } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { ownSigns, ownVectors } from './ownQuantizers';

let folder: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'own-quantizer-'));
});
afterAll(() => rm(folder, { recursive: true }));

const data = binarySamples(12, 10);
const images = { ...binarySamples(6, 144), shape: { kind: 'image', height: 12, width: 12, channels: 1 } as const };
const base = { input: 10, hidden: [6], positions: 2, seed: 3 };
const level = { input: images.shape, channels: 4, residualBlocks: 1, residualChannels: 2, seed: 3 };

describe('a quantizer of your own', () => {
  it('trains as the library’s does where it says the same', async () => {
    const own = new VQVAE({ ...base, quantizer: ownVectors({ beta: 0.7 }) });
    const quantizer = { kind: 'vector', learning: 'gradient', initialization: 'normal' } as const;
    const library = new VQVAE({ ...base, codebookSize: 6, codeDimension: 3, commitment: 0.7, quantizer });
    own.parameters['quantizer.e']!.assign(library.parameters['codebook.vectors']!);
    for (const model of [own, library]) await model.fit(data, { epochs: 4, batchSize: 6, learningRate: 0.01 });
    const [found, expected] = [await own.score(data), await library.score(data)];
    for (const term of ['reconstruction', 'codebook', 'commitment', 'total']) {
      expect(found[term], term).toBeCloseTo(expected[term]!, 4);
    }
    expect([...own.codes(data).dataSync()]).toEqual([...library.codes(data).dataSync()]);
    expect(own.explain().effectiveCommitment).toBeCloseTo((0.7 * 3) / 10, 10);
    expect([own.codebookSize, own.stages, own.latentDimensions]).toEqual([6, 1, 6]);
    own.dispose();
    library.dispose();
  });

  it('has state of its own: it starts from data, follows the steps, and is part of the checkpoint', async () => {
    const model = new VQVAE({ ...base, quantizer: ownSigns() });
    const size = model.state['quantizer.size']!;
    await model.prepare(data);
    const start = [...size.dataSync()];
    expect(start).not.toEqual([1, 1, 1]);
    await model.fit(data, { epochs: 2, batchSize: 6 });
    expect([...size.dataSync()]).not.toEqual(start);
    expect(model.explain().source).toBe('a test');
    // All codes are ± the sizes.
    expect(model.codebook.abs().arraySync()).toEqual(Array.from({ length: 8 }, () => [...size.dataSync()]));
    await model.save(join(folder, 'signs'));
    const again = await VQVAE.load(join(folder, 'signs'));
    expect(await again.score(data)).toEqual(await model.score(data));
    for (const one of [model, again]) await one.fit(data, { epochs: 1, batchSize: 6 });
    expect(await again.score(data)).toEqual(await model.score(data));
    model.dispose();
    again.dispose();
  });

  it('serves the presets, and each level of VQ-VAE-2', async () => {
    const map = new ConvolutionalVQVAE({ ...level, quantizer: ownSigns({ bits: 2 }) });
    await map.fit(images, { epochs: 1 });
    expect(map.codes(images).shape).toEqual([6, 9]);
    map.dispose();

    const model = new VQVAE2({ ...level, quantizer: ownVectors({ K: 5, D: 2 }) });
    const names = Object.keys(model.parameters).filter((name) => name.startsWith('quantizer'));
    expect(names).toEqual(['quantizer.top.e', 'quantizer.bottom.e']);
    await model.fit(images, { epochs: 2 });
    const score = await model.score(images);
    expect(Object.keys(score)).toEqual(['reconstruction', 'topCodebook', 'topCommitment', 'bottomCodebook', 'bottomCommitment', 'total']); // prettier-ignore
    const codes = model.codes(images);
    expect([codes.top.shape, codes.bottom.shape]).toEqual([
      [6, 4],
      [6, 9],
    ]);
    const decoded = model.decodeCodes(codes).dataSync<'float32'>();
    model
      .reconstruct(images)
      .dataSync<'float32'>()
      .forEach((value, i) => expect(decoded[i]).toBeCloseTo(value, 4));
    await model.save(join(folder, 'levels'));
    const again = await VQVAE2.load(join(folder, 'levels'));
    expect(await again.score(images)).toEqual(score);
    model.dispose();
    again.dispose();
  });

  it('leaves no tensors behind', async () => {
    const model = new VQVAE2({ ...level, quantizer: ownSigns({ bits: 2 }) });
    await model.fit(images, { epochs: 1 });
    const before = alive();
    await model.fit(images, { epochs: 1 });
    await model.score(images);
    tf.dispose(Object.values(model.codes(images)));
    expect(alive()).toEqual(before);
    model.dispose();
  });

  it('is missed by name where its definition has not run', async () => {
    const path = join(folder, 'missing');
    const model = new VQVAE({ ...base, quantizer: ownVectors() });
    await model.save(path);
    const file = join(path, 'checkpoint.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"ownVectors"', '"neverDefined"'));
    await expect(VQVAE.load(path)).rejects.toThrow(
      /there is no quantizer of this name .*define your own with defineQuantizer\('neverDefined', …\), in a cell that you run first/,
    );
    model.dispose();
  });
});

describe('the options of a quantizer', () => {
  it.each([
    [{ quantizer: ownVectors(), codebookSize: 4 }, '"codebookSize" is 4, allowed only with quantizer.kind "vector"; "ownVectors" has its own options'], // prettier-ignore
    [{ quantizer: { kind: 'finiteScalar', levels: [1] } }, '"quantizer.levels.0" is 1, allowed: at least 2'],
    [{ quantizer: { kind: 'grid' } }, 'or a part that defineQuantizer made'],
    [{ quantizer: { kind: 'vector', stages: 0 } }, '"quantizer.stages" is 0, allowed: at least 1'],
    [{ quantizer: 3 }, '"quantizer'],
  ])('%#: are refused where they are not known', (config, message) => {
    expect(() => new VQVAE({ ...base, ...config } as never)).toThrow(message);
  });

  const broken = (over: object) => () => {
    const right = {
      codebookSize: 2,
      dimensions: 1,
      indices: (z: tf.Tensor2D) => z.greater(0).toInt(),
      lookup: (k: tf.Tensor2D) => k.toFloat(),
    };
    const model = new VQVAE({
      ...base,
      quantizer: defineQuantizer('broken', () => ({ ...right, ...over }) as never)(),
    });
    tf.tidy(() => void model.losses({ x: tf.zeros([2, 10]) }));
  };
  it.each([
    [broken({ lookup: undefined }), 'The quantizer "broken" gives an object with codebookSize, dimensions, indices, lookup without "lookup"'], // prettier-ignore
    [broken({ codebookSize: 1 }), 'The quantizer "broken": "codebookSize" gives the number 1, expected a whole number from 2'], // prettier-ignore
    [broken({ indices: (z: tf.Tensor2D) => z.flatten() }), 'The quantizer "broken": "indices" gives a tensor of shape [4] and type float32, expected a tensor of shape [4, S] and type int32: the codes of each vector'], // prettier-ignore
    [broken({ lookup: (k: tf.Tensor2D) => k }), 'The quantizer "broken": "lookup" gives a tensor of shape [4, 1] and type int32, expected a tensor of shape [4, n] and type float32'], // prettier-ignore
    [broken({ terms: (z: tf.Tensor) => ({ size: z }) }), 'The quantizer "broken": "terms": the term "size" is a tensor of shape [4, 1] and type float32, expected a scalar'], // prettier-ignore
    [broken({ stages: 2 }), 'The quantizer "broken" has 2 stages and no "codes", expected it beside several stages'],
  ])('%#: what its functions give is checked', (run, message) => {
    expect(run).toThrow(message);
  });

  it('gives one code for a vector in VQ-VAE-2', () => {
    const two = defineQuantizer('twoStages', () => ({ codebookSize: 2, dimensions: 1, stages: 2, indices: (z) => z.toInt(), lookup: (k) => k.toFloat(), codes: () => tf.zeros([4, 1]) })); // prettier-ignore
    expect(() => new VQVAE2({ ...level, quantizer: two() })).toThrow(
      'VQVAE2: the quantizer "twoStages" gives 2 codes for a vector, expected one.',
    );
  });
});

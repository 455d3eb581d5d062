import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DeterministicAutoencoder,
  CheckpointError,
  ConvolutionalVAE,
  ConvolutionalVQVAE,
  linearWarmup,
  observeTraining,
  VAE,
  VQVAE,
} from '../../../../../kernel/autoencoders/index';
import type { FitOptions } from '../../../../../kernel/autoencoders/index';
import { alive, useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';

const train = binarySamples(50, 16);
const OPTIONS: FitOptions = { epochs: 2, batchSize: 16, learningRate: 0.01, validation: binarySamples(20, 16, 7) };

const newVAE = () =>
  new VAE({ input: 16, latent: 2, hidden: [8], likelihood: 'gaussian', beta: linearWarmup(12), seed: 1 });
const newVQVAE = () =>
  new VQVAE({ input: 16, hidden: [8], positions: 2, codebookSize: 8, codeDimension: 3, reviveBelow: 0.5, seed: 1 });
const newAutoencoder = () => new DeterministicAutoencoder({ input: 16, latent: 2, hidden: [8], seed: 1 });
const image = { kind: 'image', height: 4, width: 4, channels: 1 } as const;
const newConvolutionalVAE = () =>
  new ConvolutionalVAE({ input: image, channels: [2, 3], beta: linearWarmup(12), seed: 1 });
const newConvolutionalVQVAE = () =>
  new ConvolutionalVQVAE({
    input: image,
    channels: 4,
    residualChannels: 2,
    codebookSize: 8,
    codeDimension: 3,
    seed: 1,
  });

let folder: string;
beforeAll(async () => {
  await useWasm();
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function everything(model: ReturnType<(typeof KINDS)[number][1]>): Promise<number[]> {
  const { tensors } = model.step.optimizerState();
  const all = [model.parameters, model.state, tensors].flatMap((group) => Object.values(group));
  return (await Promise.all(all.map((tensor) => tensor.data()))).flatMap((values) => [...values]);
}

// The wasm backend lacks the gradient of a convolution by its kernel.
const KINDS = [
  ['VAE', newVAE, (path: string) => VAE.load(path), 'wasm'],
  ['VQVAE', newVQVAE, (path: string) => VQVAE.load(path), 'wasm'],
  ['DeterministicAutoencoder', newAutoencoder, (path: string) => DeterministicAutoencoder.load(path), 'wasm'],
  ['ConvolutionalVAE', newConvolutionalVAE, (path: string) => ConvolutionalVAE.load(path), 'cpu'],
  ['ConvolutionalVQVAE', newConvolutionalVQVAE, (path: string) => ConvolutionalVQVAE.load(path), 'cpu'],
] as const;

describe.each(KINDS)('a checkpoint of a %s', (kind, create, load, backend) => {
  beforeAll(() => tf.setBackend(backend));
  afterAll(() => tf.setBackend('wasm'));

  it('resumes exactly: 2 epochs, saved, loaded, 2 more are 4', async () => {
    const through = create();
    const losses = (await through.fit(train, OPTIONS)).series.length;
    const expected = await through.fit(train, OPTIONS);
    const stopped = create();
    await stopped.fit(train, OPTIONS);
    const path = join(folder, `${kind}-halfway`);
    await stopped.save(path);
    const resumed = await load(path);
    const found = await resumed.fit(train, OPTIONS);
    expect(losses).toBeGreaterThan(0);
    expect(found.series).toEqual(expected.series);
    expect(await everything(resumed)).toEqual(await everything(through));
    for (const model of [through, stopped, resumed]) model.dispose();
  });

  it('goes on in the middle of an epoch', async () => {
    const through = create();
    await through.fit(train, OPTIONS);
    const stopped = create();
    const stopObserving = observeTraining({
      started: () => {},
      ended: () => {},
      stepped: (run) => {
        if (run.history.progress.step === 3) run.cancel();
      },
    });
    await stopped.fit(train, OPTIONS);
    stopObserving();
    const path = join(folder, `${kind}-cancelled`);
    await stopped.save(path);
    const resumed = await load(path);
    expect((await resumed.fit(train, OPTIONS)).progress).toMatchObject({ state: 'done', step: 8 });
    expect(await everything(resumed)).toEqual(await everything(through));
    for (const model of [through, stopped, resumed]) model.dispose();
  });

  it('holds the whole configuration', async () => {
    const model = create();
    const path = join(folder, `${kind}-config`);
    await model.save(path);
    const loaded = await load(path);
    expect(JSON.parse(JSON.stringify(loaded.config))).toEqual(JSON.parse(JSON.stringify(model.config)));
    expect(loaded.kind).toBe(kind);
    for (const one of [model, loaded]) one.dispose();
  });
});

describe('a checkpoint of a training with another optimizer', () => {
  it.each(['adamw', 'adamax', { name: 'sgd', nesterov: true }] as const)('resumes exactly: %j', async (optimizer) => {
    const create = () => new DeterministicAutoencoder({ input: 16, latent: 2, hidden: [8], optimizer, seed: 1 });
    const [through, stopped] = [create(), create()];
    for (let run = 0; run < 2; run++) await through.fit(train, OPTIONS);
    await stopped.fit(train, OPTIONS);
    const path = join(folder, JSON.stringify(optimizer).replaceAll(/\W/g, ''));
    await stopped.save(path);
    const resumed = await DeterministicAutoencoder.load(path);
    await resumed.fit(train, OPTIONS);
    expect(await everything(resumed)).toEqual(await everything(through));
    for (const model of [through, stopped, resumed]) model.dispose();
  });
});

describe('saving', () => {
  it('replaces a checkpoint and leaves two files', async () => {
    const path = join(folder, 'replaced');
    const model = newVAE();
    await model.save(path);
    await model.fit(train, OPTIONS);
    await model.save(path);
    const names = await readdir(path);
    expect(names).toHaveLength(2);
    expect(names).toContain('checkpoint.json');
    const loaded = await VAE.load(path);
    expect(loaded.position.step).toBe(8);
    for (const one of [model, loaded]) one.dispose();
  });

  it('while a training is under way takes one moment of it', async () => {
    const path = join(folder, 'live');
    const model = newVAE();
    let saved: Promise<void> | undefined;
    const stopObserving = observeTraining({
      started: () => {},
      ended: () => {},
      stepped: (run) => {
        if (run.history.progress.step === 3) saved ??= model.save(path);
      },
    });
    await model.fit(train, OPTIONS);
    stopObserving();
    await saved;
    const resumed = await VAE.load(path);
    expect(resumed.position.step).toBe(3);
    await resumed.fit(train, OPTIONS);
    expect(await everything(resumed)).toEqual(await everything(model));
    for (const one of [model, resumed]) one.dispose();
  });

  it('does not fill a folder or replace a file of another kind', async () => {
    const model = newVAE();
    const file = join(folder, 'notes.txt');
    await writeFile(file, 'mine');
    await expect(model.save(file)).rejects.toThrow(`${file} is a file; a checkpoint is a folder.`);
    await expect(model.save(folder)).rejects.toThrow('so it is no checkpoint. Give another name.');
    expect(await readFile(file, 'utf8')).toBe('mine');
    model.dispose();
  });

  it('keeps no tensors', async () => {
    const model = newVAE();
    await model.save(join(folder, 'memory'));
    const before = alive();
    await model.save(join(folder, 'memory'));
    (await VAE.load(join(folder, 'memory'))).dispose();
    expect(alive()).toEqual(before);
    model.dispose();
  });
});

describe('loading', () => {
  async function saved(name: string): Promise<{ path: string; weights: string; json: string }> {
    const path = join(folder, name);
    const model = newVAE();
    await model.save(path);
    model.dispose();
    const weights = (await readdir(path)).find((file) => file.endsWith('.safetensors'))!;
    return { path, weights: join(path, weights), json: join(path, 'checkpoint.json') };
  }

  async function edit(file: string, change: (json: Record<string, unknown>) => void): Promise<void> {
    const json = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    change(json);
    await writeFile(file, JSON.stringify(json));
  }

  it('another class says which', async () => {
    const path = join(folder, 'quantised');
    const model = newVQVAE();
    await model.save(path);
    model.dispose();
    await expect(VAE.load(path)).rejects.toThrow(`${path} holds a VQVAE, expected a VAE; use VQVAE.load.`);
    await expect(VAE.load(path)).rejects.toThrow(CheckpointError);
  });

  it('nothing, or something that is no checkpoint, says so', async () => {
    const path = join(folder, 'absent');
    await expect(VAE.load(path)).rejects.toThrow(`${path} is no checkpoint: ${join(path, 'checkpoint.json')} cannot`);
    const { path: other, json } = await saved('not-json');
    await writeFile(json, '<html>');
    await expect(VAE.load(other)).rejects.toThrow('is not the JSON of a latentlab checkpoint');
  });

  it('truncated, altered or missing weights says which file', async () => {
    const truncated = await saved('truncated');
    await truncate(truncated.weights, 700);
    await expect(VAE.load(truncated.path)).rejects.toThrow(`${truncated.weights} is damaged: it is cut off`);
    const altered = await saved('altered');
    const bytes = await readFile(altered.weights);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(altered.weights, bytes);
    await expect(VAE.load(altered.path)).rejects.toThrow('is damaged: its SHA-256');
    const missing = await saved('missing');
    await rm(missing.weights);
    await expect(VAE.load(missing.path)).rejects.toThrow(`${missing.path} has no weights`);
  });

  it('a later format, a damaged field, or weights of another shape says what was expected', async () => {
    const { path, json } = await saved('edited');
    await edit(json, (checkpoint) => (checkpoint['version'] = 2));
    await expect(VAE.load(path)).rejects.toThrow(
      'has format version 2; this latentlab reads version 1. Most likely a newer latentlab saved it: update this one.',
    );
    await edit(json, (checkpoint) => (checkpoint['version'] = 0));
    await expect(VAE.load(path)).rejects.toThrow('an older latentlab saved it: load it there and export it as ONNX');
    await edit(json, (checkpoint) => Object.assign(checkpoint, { version: 1, training: { step: -1 } }));
    await expect(VAE.load(path)).rejects.toThrow('is damaged: “training.step” is missing or wrong.');
    await edit(json, (checkpoint) => {
      checkpoint['training'] = { step: 0, epoch: 0, unfinished: null };
      Object.assign(checkpoint['config'] as object, { encoder: { name: 'mlp', hidden: [9] } });
    });
    const before = alive();
    await expect(VAE.load(path)).rejects.toThrow('encoder.0.kernel has shape [16, 8], expected [16, 9].');
    expect(alive()).toEqual(before);
  });

  it('a configuration from before there was a choice of optimizers means Adam', async () => {
    const { path, json } = await saved('before-optimizers');
    await edit(json, (checkpoint) => {
      delete (checkpoint['config'] as Record<string, unknown>)['optimizer'];
      checkpoint['optimizer'] = { name: 'adam', step: 3 };
    });
    const model = await VAE.load(path);
    const { name, step, tensors } = model.step.optimizerState();
    expect({ name, step }).toEqual({ name: 'adam', step: 3 });
    tf.dispose(tensors);
    model.dispose();
  });

  it('the state of another optimizer than the configuration names says which', async () => {
    const { path, json } = await saved('other-optimizer');
    await edit(json, (checkpoint) => Object.assign(checkpoint['config'] as object, { optimizer: 'sgd' }));
    const before = alive();
    const message = 'it holds the state of the optimizer adam, expected that of sgd, which its configuration names.';
    await expect(VAE.load(path)).rejects.toThrow(`${path}: ${message}`);
    await expect(VAE.load(path)).rejects.toThrow(CheckpointError);
    await edit(json, (checkpoint) => (checkpoint['optimizer'] = { name: 'sgd', step: 0 }));
    await expect(VAE.load(path)).rejects.toThrow('the weights lack optimizer/encoder.0.kernel/momentum');
    expect(alive()).toEqual(before);
  });
});

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CheckpointError, DivergenceError, VAE } from '../../../../../kernel/autoencoders/index';
import type { FitOptions } from '../../../../../kernel/autoencoders/index';
import { decodeSafetensors } from '../../../../../kernel/autoencoders/training/checkpoints/safetensors';
import { useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { everything, temporaryFolder } from '../support';

beforeAll(useWasm);

const path = temporaryFolder();
const train = binarySamples(40, 12);
/** Four steps an epoch. */
const OPTIONS: FitOptions = { epochs: 3, batchSize: 10, learningRate: 0.01 };
const newModel = () => new VAE({ input: 12, latent: 2, hidden: [8], likelihood: 'gaussian', seed: 1 });

async function savedStep(checkpoint: string): Promise<number | undefined> {
  if (!(await readdir(checkpoint)).includes('checkpoint.json')) return undefined;
  const json = JSON.parse(await readFile(join(checkpoint, 'checkpoint.json'), 'utf8')) as {
    training: { step: number };
  };
  return json.training.step;
}

describe('a training with checkpoints', () => {
  it('saves the model every so many minutes, and at the end', async () => {
    const model = newModel();
    const checkpoint = { path: path('minutes'), everyMinutes: 1e-9 };
    const seen: (number | undefined)[] = [];
    // A step's checkpoint is made after its callback.
    const callbacks = { stepEnded: async () => void seen.push(await savedStep(checkpoint.path)) };
    await model.fit(train, { ...OPTIONS, epochs: 1, checkpoint, callbacks });
    expect(seen).toEqual([undefined, 1, 2, 3]);
    const loaded = await VAE.load(checkpoint.path);
    expect(loaded.position).toMatchObject({ step: 4, epoch: 1, unfinished: null });
    expect(await everything(loaded)).toEqual(await everything(model));
    for (const one of [model, loaded]) one.dispose();
  });

  it('saves the model every so many epochs and keeps the last ones', async () => {
    const model = newModel();
    await model.fit(train, { ...OPTIONS, epochs: 5, checkpoint: { path: path('epochs'), everyEpochs: 2, keep: 2 } });
    expect((await readdir(path('epochs'))).sort()).toEqual(['step-00000016', 'step-00000020']);
    const loaded = await VAE.load(join(path('epochs'), 'step-00000016'));
    expect(loaded.position).toMatchObject({ step: 16, epoch: 4 });
    await loaded.fit(train, { ...OPTIONS, epochs: 5 });
    expect(await everything(loaded)).toEqual(await everything(model));
    for (const one of [model, loaded]) one.dispose();
  });

  it('resumes exactly from the checkpoint of a training that was aborted in an epoch', async () => {
    const [through, stopped] = [newModel(), newModel()];
    await through.fit(train, OPTIONS);
    const controller = new AbortController();
    const callbacks = {
      stepEnded: ({ step }: { step: number }) => {
        if (step === 6) controller.abort(new Error('the machine is needed'));
      },
    };
    const checkpoint = { path: path('aborted') };
    const aborted = stopped.fit(train, { ...OPTIONS, signal: controller.signal, callbacks, checkpoint });
    await expect(aborted).rejects.toThrow('the machine is needed');
    const resumed = await VAE.load(checkpoint.path);
    expect(resumed.position).toMatchObject({ step: 6, epoch: 1, unfinished: { batch: 2 } });
    await resumed.fit(train, OPTIONS);
    expect(await everything(resumed)).toEqual(await everything(through));
    for (const model of [through, stopped, resumed]) model.dispose();
  });

  it('that diverges saves the last good state, and the batch beside it', async () => {
    const model = newModel();
    const labels = Int32Array.from({ length: train.length }, (_, i) => i % 2);
    const options = { ...OPTIONS, epochs: 200, learningRate: 1e4, checkpoint: { path: path('diverged') } };
    const failure: unknown = await model.fit({ ...train, labels }, options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DivergenceError);
    const { batch, batchFile, step, message } = failure as DivergenceError;
    expect(batchFile).toBe(`${path('diverged')}-diverged-step-${step}.safetensors`);
    expect(message).toContain(`Its batch is in ${batchFile}.`);
    const { x, y, rows } = decodeSafetensors(await readFile(batchFile!));
    expect(x!.shape).toEqual([10, 12]);
    [...rows!.values].forEach((row, i) => {
      expect(x!.values.slice(12 * i, 12 * (i + 1))).toEqual(train.values.slice(12 * row, 12 * (row + 1)));
      expect(y!.values[i]).toBe(row % 2);
    });
    expect(rows!.values).toEqual(batch.rows);
    const loaded = await VAE.load(path('diverged'));
    expect(loaded.position.step).toBe(step - 1);
    const kept = await everything(loaded);
    expect(kept.every(Number.isFinite)).toBe(true);
    expect(kept).toEqual(await everything(model));
    for (const one of [model, loaded]) one.dispose();
  });

  it('refuses a folder that holds something else before the first step', async () => {
    const model = newModel();
    await writeFile(path('notes.txt'), 'mine');
    const refused = model.fit(train, { ...OPTIONS, checkpoint: { path: path('.') } });
    await expect(refused).rejects.toThrow(CheckpointError);
    await expect(refused).rejects.toThrow('so it is no checkpoint. Give another name.');
    expect(model.position.step).toBe(0);
    model.dispose();
  });
});

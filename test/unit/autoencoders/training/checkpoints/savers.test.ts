/** What happens to a checkpoint when others write, read or watch its folder, or the disk does not take it. */
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DeterministicAutoencoder, CheckpointError, DivergenceError } from '../../../../../kernel/autoencoders/index';
import { useWasm } from '../../../engine/backends';
import { PLACES } from '../../../files/places';
import { binarySamples } from '../../data';
import { everything, temporaryFolder } from '../support';

beforeAll(useWasm);

const path = temporaryFolder();
const train = binarySamples(40, 12);
const newModel = (seed = 1) => new DeterministicAutoencoder({ input: 12, latent: 2, hidden: [8], seed });
/** Too large for a disk that is full. */
const newLargeModel = () => new DeterministicAutoencoder({ input: 12, latent: 2, hidden: [4000], seed: 1 });

describe('savers of one path', () => {
  it('in one process leave the checkpoint of one of them, and every reader meanwhile gets a whole one', async () => {
    const models = Array.from({ length: 4 }, (_, seed) => newModel(seed));
    const weights = await Promise.all(models.map(everything));
    const place = path('contended');
    await models[0]!.save(place);
    const saves = Array.from({ length: 40 }, (_, i) => models[i % 4]!.save(place));
    let open = saves.length;
    for (const save of saves) void save.then(() => (open -= 1));
    let read = 0;
    while (open > 0) {
      const loaded = await DeterministicAutoencoder.load(place);
      expect(weights).toContainEqual(await everything(loaded));
      loaded.dispose();
      read += 1;
    }
    await Promise.all(saves);
    expect(read).toBeGreaterThan(0);
    expect(await readdir(place)).toHaveLength(2);
    models.forEach((model) => model.dispose());
  });

  it('clear away what one that was ended has left', async () => {
    const model = newModel();
    const place = path('ended');
    await model.save(place);
    const left = [
      'weights-0123456789ab-01234567.safetensors',
      'checkpoint.json.7-0123456789ab.partial',
      'checkpoint.json.partial',
    ];
    for (const name of left) await writeFile(join(place, name), 'half');
    (await DeterministicAutoencoder.load(place)).dispose();
    await model.save(place);
    expect(await readdir(place)).toHaveLength(2);
    model.dispose();
  });
});

describe('a folder', () => {
  it('may hold what systems leave there, which stays', async () => {
    const model = newModel();
    const clutter = ['.DS_Store', 'desktop.ini', 'Thumbs.db', '._weights', '.gitkeep', '.directory', '.nfs0000000123'];
    const options = { epochs: 1, batchSize: 10 };
    for (const name of ['checkpoint', 'onnx', 'kept']) {
      await mkdir(path(name));
      for (const file of clutter) await writeFile(join(path(name), file), 'theirs');
    }
    for (let time = 0; time < 2; time++) {
      await model.save(path('checkpoint'));
      await model.save(path('onnx'), { format: 'onnx' });
      await model.fit(train, { ...options, checkpoint: { path: path('kept'), everyEpochs: 1, keep: 1 } });
    }
    (await DeterministicAutoencoder.load(path('checkpoint'))).dispose();
    for (const [name, own] of [
      ['checkpoint', 2],
      ['onnx', 3],
      ['kept', 1],
    ] as const) {
      const names = await readdir(path(name));
      expect(names).toEqual(expect.arrayContaining(clutter));
      expect(names).toHaveLength(clutter.length + own);
    }
    await writeFile(join(path('checkpoint'), 'thesis.txt'), 'mine');
    await expect(model.save(path('checkpoint'))).rejects.toThrow('holds thesis.txt, so it is no checkpoint.');
    model.dispose();
  });

  it('of checkpoints never shows one that is not whole', async () => {
    const model = newModel();
    const place = path('steps');
    const seen: string[] = [];
    const look = async () => {
      for (const name of (await readdir(place)).filter((one) => /^step-\d+$/.test(one))) {
        seen.push(name);
        expect(await readdir(join(place, name))).toContain('checkpoint.json');
      }
    };
    let watching = true;
    const training = model
      .fit(train, { epochs: 6, batchSize: 10, checkpoint: { path: place, everyEpochs: 1, keep: 2 } })
      .finally(() => (watching = false));
    await Promise.all([
      training,
      (async () => {
        for (; watching; await new Promise(setImmediate)) await look().catch(missing);
      })(),
    ]);
    expect(new Set(seen).size).toBeGreaterThan(2);
    expect((await readdir(place)).sort()).toEqual(['step-00000020', 'step-00000024']);
    model.dispose();
  });
});

/** A checkpoint or a folder that was there when it was listed may be gone when it is opened. */
function missing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

describe.each(PLACES)('on $what', ({ reason, make }) => {
  it('a save says why not, and the checkpoint that was there stays whole', async () => {
    const [model, large] = [newModel(), newLargeModel()];
    const { folder, remove } = await make((made) => model.save(join(made, 'old')));
    try {
      const before = [await readdir(folder), await readdir(join(folder, 'old'))];
      for (const name of ['old', 'new']) {
        const refused = large.save(join(folder, name));
        await expect(refused).rejects.toThrow(CheckpointError);
        await expect(refused).rejects.toThrow(`The checkpoint ${join(folder, name)} was not saved: ${reason}.`);
        await expect(large.save(join(folder, `${name}-onnx`), { format: 'onnx' })).rejects.toThrow(
          `The folder of ONNX files ${join(folder, `${name}-onnx`)} was not saved: ${reason}.`,
        );
      }
      expect([await readdir(folder), await readdir(join(folder, 'old'))]).toEqual(before);
      const loaded = await DeterministicAutoencoder.load(join(folder, 'old'));
      expect(await everything(loaded)).toEqual(await everything(model));
      loaded.dispose();
    } finally {
      await remove();
      for (const one of [model, large]) one.dispose();
    }
  });

  it('a training says so before its first step, or with what ended it', async () => {
    const model = newModel();
    const { folder, remove } = await make((made) => model.save(join(made, 'old')));
    const options = { epochs: 1, batchSize: 10 };
    try {
      const large = newLargeModel();
      // A full disk may still take the lock: then the first save tells, and the model keeps what it has learnt.
      const refused = large.fit(train, { ...options, checkpoint: { path: join(folder, 'old') } });
      await expect(refused).rejects.toThrow(reason);
      await expect(model.fit(train, { ...options, tensorboard: join(folder, 'board') })).rejects.toThrow(reason);
      large.dispose();
    } finally {
      await remove();
      model.dispose();
    }
  });
});

describe('logs', () => {
  it('are written by one training at a time, and the other hears of it', async () => {
    const [first, second] = [newModel(), newModel(2)];
    const log = path('shared.jsonl');
    const options = { epochs: 1, batchSize: 10, log };
    let refused: unknown;
    const callbacks = {
      stepEnded: async ({ step }: { step: number }) => {
        if (step === 2) refused = await second.fit(train, options).catch((error: unknown) => error);
      },
    };
    await first.fit(train, { ...options, callbacks });
    expect(String(refused)).toContain(`"log" is ${log}: This process has been writing the log ${log} since `);
    await second.fit(train, options);
    const lines = (await readFile(log, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    const one = ['training', 'step', 'step', 'step', 'step', 'epoch', 'end'];
    expect(lines.map(({ type }) => type)).toEqual([...one, ...one]);
    expect(await readdir(path('.'))).not.toContain('shared.jsonl.lock');
    for (const model of [first, second]) model.dispose();
  });

  it('that a kernel left locked are taken over', async () => {
    const model = newModel();
    const past = new Date(Date.now() - 3_600_000);
    await mkdir(path('left.jsonl.lock'));
    await writeFile(path('left.jsonl.lock/theirs.json'), '');
    await utimes(path('left.jsonl.lock/theirs.json'), past, past);
    await model.fit(train, { epochs: 1, batchSize: 10, log: path('left.jsonl') });
    expect(await readdir(path('.'))).not.toContain('left.jsonl.lock');
    model.dispose();
  });
});

describe('a training that diverges', () => {
  it('says so also where its batch cannot be kept', async () => {
    const model = newModel();
    // The batch's file would lie beside the checkpoint, where a folder of its name already is.
    const place = path('diverging');
    for (let step = 1; step < 60; step++) await mkdir(`${place}-diverged-step-${step}.safetensors`);
    const failed = model.fit(train, { epochs: 50, batchSize: 10, learningRate: 1e30, checkpoint: { path: place } });
    const error: unknown = await failed.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DivergenceError);
    expect((error as DivergenceError).batchFile).toBeNull();
    expect((error as DivergenceError).message).toMatch(/could not be saved to .*: it is a folder \(EISDIR\)\./);
    model.dispose();
  });
});

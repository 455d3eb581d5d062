import { beforeAll, describe, expect, it } from 'vitest';
import {
  augmentation,
  crop,
  Dataset,
  flip,
  noise,
  PixelCNN,
  randomStream,
  shift,
  VAE,
} from '../../../../../../kernel/autoencoders/index';
import type { Augment, AugmentedBatch, FitOptions } from '../../../../../../kernel/autoencoders/index';
import { useWasm } from '../../../../engine/backends';
import { everything, stoppedAt, streamOf, temporaryFolder } from '../../support';

beforeAll(useWasm);
const path = temporaryFolder();

const SHAPE = { kind: 'image', height: 4, width: 3, channels: 1 } as const;
const images = (n: number, seed: number) =>
  new Dataset({ name: 'images', values: randomStream(seed, 'images').uniforms(n * 12), shape: SHAPE });
const train = images(50, 1);
const heldOut = images(20, 2);
const ALL: Augment = [flip({ vertical: true }), crop({ pad: 1 }), shift({ pixels: 1 }), noise({ sigma: 0.1 })];
const OPTIONS: FitOptions = {
  epochs: 3,
  batchSize: 16,
  learningRate: 0.01,
  validation: heldOut,
  seed: 3,
  augment: ALL,
};

const newModel = () => new VAE({ input: SHAPE, latent: 2, hidden: [8], seed: 1 });

describe('fit with augmentations', () => {
  it('is exactly the same when it is stopped in the middle of an epoch, saved, loaded and gone on with', async () => {
    const whole = newModel();
    await whole.fit(train, OPTIONS);
    const begun = newModel();
    await stoppedAt(6, () => begun.fit(train, OPTIONS));
    expect(begun.position.unfinished).not.toBeNull();
    await begun.save(path('begun'));
    const resumed = await VAE.load(path('begun'));
    const history = await resumed.fit(train, OPTIONS);
    expect(history.notes[0]).toContain('Resumes after step 6');
    expect(await everything(resumed)).toEqual(await everything(whole));
    for (const model of [whole, begun, resumed]) model.dispose();
  });

  it('trains on what the augmentations make of each batch, and on nothing else', async () => {
    const seen: number[][] = [];
    const record = (batch: AugmentedBatch) => {
      seen.push([...batch.values]);
      return batch;
    };
    const same = newModel();
    await same.fit(train, { ...OPTIONS, augment: record });
    const plain = newModel();
    await plain.fit(train, { ...OPTIONS, augment: undefined });
    expect(await everything(same)).toEqual(await everything(plain));
    // 4 batches in each of 3 epochs: every sample once an epoch, and none of the validation data.
    expect(seen.map((values) => values.length / 12)).toEqual([16, 16, 16, 2, 16, 16, 16, 2, 16, 16, 16, 2]);
    const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
    expect(sorted(seen.slice(0, 4).flat())).toEqual(sorted(train.values));

    const changed = newModel();
    await changed.fit(train, OPTIONS);
    expect(await everything(changed)).not.toEqual(await everything(plain));
    for (const model of [same, plain, changed]) model.dispose();
  });

  it('is the same for a stream that holds the same samples in one buffer and one order', async () => {
    const batchesOf = async (data: Parameters<VAE['fit']>[0]) => {
      const seen: number[][] = [];
      const model = newModel();
      const record = augmentation('record', (batch) => {
        seen.push([...batch.values]);
        return batch;
      });
      await model.fit(data, { ...OPTIONS, epochs: 1, augment: [noise({ sigma: 0.2 }), record] });
      model.dispose();
      return seen;
    };
    expect(await batchesOf(streamOf(train, 7))).toEqual(await batchesOf(streamOf(train, 20)));
  });

  it('is another training with other augmentations or other options of one', async () => {
    for (const augment of [
      undefined,
      [flip()],
      [...(ALL as []), flip()],
      [flip({ vertical: true, probability: 0.4 })],
    ]) {
      const model = newModel();
      await stoppedAt(2, () => model.fit(train, OPTIONS));
      const history = await model.fit(train, { ...OPTIONS, augment });
      expect(history.notes.join()).not.toContain('Goes on');
      model.dispose();
    }
  });

  it('takes functions of your own by their names, with labels, one after the other', async () => {
    const labelled = new Dataset({ ...train, labels: Int32Array.from({ length: 50 }, (_, i) => i % 5) });
    const labels: number[][] = [];
    async function second(batch: AugmentedBatch) {
      await Promise.resolve();
      labels.push([...batch.labels!]);
      expect(batch.values.every((value) => value === 0.25)).toBe(true);
      expect(batch.shape).toEqual(SHAPE);
      expect(batch.support).toMatchObject({ low: 0, high: 1 });
      return batch.values;
    }
    const first = augmentation('first', ({ values }) => ({ values: values.fill(0.25) }));
    const model = newModel();
    await model.fit(labelled, { epochs: 1, batchSize: 25, augment: [first, second] });
    expect(labels.map((batch) => batch.length)).toEqual([25, 25]);
    expect(train.values.some((value) => value === 0.25)).toBe(false);
    model.dispose();
  });

  it.each<[string, unknown, string]>([
    ['values outside the support', augmentation('brighter', ({ values }) => values.map((v) => v + 1)), 'A batch after the augmentation (brighter): the value at row 0, column 0'],
    ['NaN', augmentation('gone', ({ values }) => values.fill(NaN)), '(gone): the value at row 0, column 0 (both counted from 0) is NaN'],
    ['fewer values', augmentation('half', ({ values }) => values.slice(12)), 'The augmentation "half" gave 180 values for 192'],
    ['nothing', augmentation('void', (() => {}) as never), 'The augmentation "void" gave no values'],
    ['other numbers', augmentation('list', (() => [1]) as never), 'The augmentation "list" gave no values'],
    ['labels that are none', augmentation('labels', ({ values }) => ({ values, labels: [1] as never })), '"labels" gave labels that are no Int32Array'],
    ['a function without a name', [(batch: AugmentedBatch) => batch], '"augment.0" is a function without a name'],
    ['a name', 'flip', '"augment" is no augmentation; expected flip()'],
    ['an option that is missing', [flip, { name: 'x' }], '"augment.1" is no augmentation'],
  ])('refuses %s', async (_, augment, message) => {
    const model = newModel();
    await expect(model.fit(train, { ...OPTIONS, augment: augment as Augment })).rejects.toThrow(message);
    expect(model.position.step).toBe(0);
    model.dispose();
  }); // prettier-ignore

  it('refuses what moves pixels for data without any, before the first step', async () => {
    const model = new VAE({ input: 12, latent: 2, hidden: [8] });
    const rows = Dataset.from(Array.from({ length: 4 }, () => new Array<number>(12).fill(0)));
    const fit = model.fit(rows, { epochs: 1, augment: flip() });
    await expect(fit).rejects.toThrow('fit: the augmentation "flip": it needs images, the data are 12 features');
    model.dispose();
  });

  it('refuses to change codes, which are names', async () => {
    const model = new PixelCNN({ height: 2, width: 2, codebookSize: 4 });
    const codes = [[0, 1, 2, 3]];
    await expect(model.fit(codes, { epochs: 1, augment: noise({ sigma: 1 }) })).rejects.toThrow(
      'a code is the name of one',
    );
    model.dispose();
  });
});
